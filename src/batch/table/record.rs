//! A row of a table into whom it asks about: one person or organisation, and the institutions beside it.

use crate::model::{PartialDate, country};
use crate::review::check_reference;
use crate::screening::{Subject, SubjectIdentifier, SubjectKind};

use super::fold::fold;
use super::headings::Meaning;
use super::layout::Layout;
use super::values::{date_of, gender_of, is_nothing, kind_of};

/// Most institutions of one row.
const MAX_INSTITUTIONS: usize = 100;

/// What a cell holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, or a number as it is written.
    Text(String),
    /// A date that the file itself calls one.
    Date(PartialDate),
    /// What cannot be read, and why. Never quotes the cell.
    Fault(String),
}

impl Cell {
    /// As text; trimmed.
    fn text(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Text(text) => text.trim().into(),
            Self::Date(date) => date.to_string().into(),
            Self::Empty | Self::Fault(_) => "".into(),
        }
    }

    /// Whether there is anything in it.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Date(_) | Self::Fault(_) => false,
        }
    }
}

/// Something about a row that is said beside its answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Remark {
    /// The column it is about.
    pub column: Option<usize>,
    /// What is to be said.
    pub text: String,
}

/// Why a row, or one subject of it, cannot be answered. Never quotes the row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    /// The column at fault; none where it is the row.
    pub column: Option<usize>,
    /// The field at fault, as JSON rows call it.
    pub field: String,
    /// What is wrong and how to mend it.
    pub what: String,
}

impl Fault {
    /// A fault of the whole row.
    pub(super) fn of_row(what: impl Into<String>) -> Self {
        Self { column: None, field: "row".into(), what: what.into() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.what)
    }
}

/// A row as read.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// Its number in the table, the first line being 1.
    pub number: u64,
    /// Its cells from the left; those missing at the end are empty.
    pub cells: Vec<Cell>,
    /// What the reader has to say of it.
    pub remarks: Vec<Remark>,
    /// Why it cannot be read at all.
    pub fault: Option<Fault>,
}

/// One question of a row.
#[derive(Debug)]
pub(super) struct Asked {
    /// The columns it comes from.
    pub columns: Vec<usize>,
    /// Whether it is an institution beside the row's person.
    pub is_institution: bool,
    /// Whom to screen.
    pub subject: Subject,
}

/// What a row asks.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// The row's id; empty where it has none.
    pub id: String,
    /// The asker's reference of whom the row is about; empty where it has none.
    pub reference: String,
    /// The case that it belongs to; empty where it names none.
    pub case_reference: String,
    /// Its questions: the row's own name first, then its institutions.
    pub asked: Vec<Asked>,
    /// What is wrong with it; then nothing is asked.
    pub faults: Vec<Fault>,
    /// What is to be said beside the answers.
    pub remarks: Vec<Remark>,
}

/// Reads one row after another.
struct Reading<'a> {
    layout: &'a Layout,
    row: &'a Row,
    faults: Vec<Fault>,
    remarks: Vec<Remark>,
}

/// What a row asks. A fault anywhere in it refuses the whole row, with all its faults named: half an
/// answer would look like a whole one.
pub(super) fn record_of(row: &Row, layout: &Layout) -> Record {
    let mut reading = Reading { layout, row, faults: Vec::new(), remarks: row.remarks.clone() };
    let id = layout.of(Meaning::Id).next().map(|c| reading.cell(c).text().into_owned()).unwrap_or_default();
    if let Some(fault) = &row.fault {
        return Record { id, faults: vec![fault.clone()], remarks: reading.remarks, ..Record::default() };
    }
    for column in layout.columns.iter().filter(|c| c.meaning.is_some()) {
        if let Cell::Fault(what) = reading.cell(column.index) {
            let what = what.clone();
            reading.fault(column.index, &what);
        }
    }
    let mut asked = Vec::new();
    let institutions = reading.institutions();
    let has_names = [Meaning::Name, Meaning::GivenName, Meaning::FamilyName].iter().any(|m| layout.has(*m));
    if has_names {
        asked.extend(reading.own_subject(!institutions.is_empty()));
    } else if institutions.is_empty() {
        reading.faults.push(Fault {
            column: layout.of(Meaning::Institution).next(),
            field: "institution".into(),
            what: "is empty; give the name to screen".into(),
        });
    }
    asked.extend(institutions);
    for one in &asked {
        if let Err(error) = one.subject.check() {
            let field = if one.is_institution { "institution".into() } else { error.field };
            let column = reading.column_of(&field).or(one.columns.first().copied());
            reading.faults.push(Fault { column, field, what: error.what });
        }
    }
    let (reference, case_reference) = reading.references();
    let Reading { faults, remarks, .. } = reading;
    if !faults.is_empty() {
        asked.clear();
    }
    Record { id, reference, case_reference, asked, faults, remarks }
}

impl Reading<'_> {
    fn cell(&self, column: usize) -> &Cell {
        self.row.cells.get(column).unwrap_or(&Cell::Empty)
    }

    fn fault(&mut self, column: usize, what: &str) {
        let meaning = self.layout.columns.get(column).and_then(|c| c.meaning);
        let field = meaning.map_or("row", Meaning::word).to_owned();
        self.faults.push(Fault { column: Some(column), field, what: what.to_owned() });
    }

    fn remark(&mut self, column: usize, text: impl Into<String>) {
        self.remarks.push(Remark { column: Some(column), text: text.into() });
    }

    /// The cells of a meaning that hold anything.
    fn filled(&self, meaning: Meaning) -> Vec<(usize, String)> {
        let cells = self.layout.of(meaning).map(|c| (c, self.cell(c).text().into_owned()));
        cells.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// The parts of all cells of a meaning, cut at these characters.
    fn parts(&self, meaning: Meaning, at: &[char]) -> Vec<(usize, String)> {
        let cells = self.filled(meaning);
        let parts = cells.iter().flat_map(|(c, text)| text.split(at).map(|p| (*c, p.trim().to_owned())));
        parts.filter(|(_, part)| !part.is_empty()).collect()
    }

    /// The one cell of a meaning.
    fn one(&self, meaning: Meaning) -> Option<(usize, String)> {
        self.filled(meaning).into_iter().next()
    }

    fn text(&self, meaning: Meaning) -> String {
        self.one(meaning).map(|(_, text)| text).unwrap_or_default()
    }

    /// The column behind a field of a subject's fault.
    fn column_of(&self, field: &str) -> Option<usize> {
        let word = field.split('[').next().unwrap_or(field);
        Meaning::named(word).and_then(|meaning| self.layout.of(meaning).next())
    }

    /// The references of the row's subject and of its case, checked.
    fn references(&mut self) -> (String, String) {
        let mut read = |meaning: Meaning| {
            let text = self.text(meaning);
            if let (Err(error), Some(column)) =
                (check_reference(meaning.word(), &text), self.layout.of(meaning).next())
            {
                self.fault(column, &error.what);
            }
            text
        };
        (read(Meaning::SubjectReference), read(Meaning::CaseReference))
    }

    /// The person or organisation that the row is about.
    fn own_subject(&mut self, beside_institutions: bool) -> Option<Asked> {
        let (name, mut aliases, columns) = self.names();
        aliases.extend(self.parts(Meaning::Aliases, &[';', '|', '\n']).into_iter().map(|(_, part)| part));
        let kind = self.kind(beside_institutions);
        let birth_date = self.birth_date();
        let gender = self.one(Meaning::Gender).and_then(|(column, text)| {
            gender_of(&text).unwrap_or_else(|what| {
                self.fault(column, &what);
                None
            })
        });
        let identifiers = self.parts(Meaning::Identifiers, &[';', '|', '\n']).into_iter().map(|(_, part)| {
            let (kind, number) = part.split_once('=').unwrap_or(("", &part));
            SubjectIdentifier { kind: kind.trim().to_owned(), number: number.trim().to_owned() }
        });
        let identifiers = identifiers.collect();
        let countries = self.countries(Meaning::Countries, kind != SubjectKind::Organisation);
        let birth_place = self.text(Meaning::BirthPlace);
        let subject = Subject {
            name,
            aliases,
            kind,
            birth_date,
            birth_place: if is_nothing(&birth_place) { String::new() } else { birth_place },
            gender,
            countries: countries.into_iter().map(|(_, code)| code).collect(),
            address: self.text(Meaning::Address),
            identifiers,
        };
        Some(Asked { columns, is_institution: false, subject })
    }

    /// The row's name, other forms of it that its columns give, and the columns it comes from.
    fn names(&self) -> (String, Vec<String>, Vec<usize>) {
        let whole = self.one(Meaning::Name);
        let family = self.one(Meaning::FamilyName);
        let call_name = self.one(Meaning::CallName);
        let given_parts = self.filled(Meaning::GivenName);
        let mut given: Option<(usize, String)> = None;
        for (column, part) in &given_parts {
            match &mut given {
                None => given = Some((*column, part.clone())),
                // Voornaam and Voornamen beside each other: the longer holds the shorter.
                Some((_, text)) if holds(text, part) => {}
                Some((_, text)) if holds(part, text) => text.clone_from(part),
                Some((_, text)) => *text = format!("{text} {part}"),
            }
        }
        let given = given.or(call_name.clone()).or(self.one(Meaning::Initials));
        let infix = self.one(Meaning::Infix);
        let surname = match (&whole, &family) {
            (_, Some(family)) => Some(family.clone()),
            (Some(whole), None) if given.as_ref().is_some_and(|(_, g)| !holds(&whole.1, g)) => {
                self.layout.name_may_be_family_name().then(|| whole.clone())
            }
            _ => None,
        };
        let joined = |given: Option<&(usize, String)>| -> Option<(String, Vec<usize>)> {
            let surname = surname.as_ref()?;
            // Some sheets write the infix with the family name as well.
            let infix = infix.as_ref().filter(|(_, infix)| !holds(&surname.1, infix));
            let parts: Vec<&(usize, String)> =
                [given, infix, Some(surname)].into_iter().flatten().filter(|(_, t)| !t.is_empty()).collect();
            let text: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
            Some((text.join(" "), parts.iter().map(|(column, _)| *column).collect()))
        };
        let composed = joined(given.as_ref());
        let mut forms: Vec<(String, Vec<usize>)> = Vec::new();
        let surname_is_whole = family.is_none() && surname.is_some();
        if let Some((column, text)) = whole.filter(|_| !surname_is_whole) {
            forms.push((text, vec![column]));
        }
        forms.extend(composed);
        if forms.is_empty() {
            forms.extend(given.as_ref().map(|(column, text)| (text.clone(), vec![*column])));
        }
        if call_name.is_some() {
            forms.extend(joined(call_name.as_ref()));
        }
        if let Some((_, birth_name)) = self.one(Meaning::BirthFamilyName) {
            let given = given.as_ref().map(|(_, g)| g.as_str()).unwrap_or_default();
            forms.push((format!("{given} {birth_name}").trim().to_owned(), Vec::new()));
        }
        let mut forms = forms.into_iter();
        let Some((name, columns)) = forms.next() else {
            let subject = |m: &Meaning| self.layout.has(*m);
            let meaning = [Meaning::Name, Meaning::FamilyName, Meaning::GivenName].into_iter().find(subject);
            let column = meaning.and_then(|m| self.layout.of(m).next());
            return (String::new(), Vec::new(), column.into_iter().collect());
        };
        let mut seen = vec![fold(&name)];
        let mut aliases = Vec::new();
        for (form, _) in forms {
            let folded = fold(&form);
            if !folded.is_empty() && !seen.contains(&folded) {
                seen.push(folded);
                aliases.push(form);
            }
        }
        (name, aliases, columns)
    }

    /// The row's kind. Without a word for it, who has given names, a birth date or a gender is a person,
    /// and so is everybody in a table of people and their institutions.
    fn kind(&mut self, beside_institutions: bool) -> SubjectKind {
        if let Some((column, text)) = self.one(Meaning::Kind) {
            return kind_of(&text).unwrap_or_else(|what| {
                let what = format!(
                    "{what}; or leave the column out: --column \"{}=ignore\"",
                    super::layout::letter(column)
                );
                self.fault(column, &what);
                SubjectKind::Any
            });
        }
        let only_people_have = [
            Meaning::GivenName,
            Meaning::CallName,
            Meaning::Initials,
            Meaning::FamilyName,
            Meaning::BirthFamilyName,
            Meaning::BirthDate,
            Meaning::BirthPlace,
            Meaning::Gender,
        ];
        let person = beside_institutions || only_people_have.iter().any(|m| self.one(*m).is_some());
        if person { SubjectKind::Person } else { SubjectKind::Any }
    }

    fn birth_date(&mut self) -> Option<PartialDate> {
        let column = self.layout.of(Meaning::BirthDate).next()?;
        let text = match self.cell(column) {
            Cell::Date(date) => return Some(*date),
            cell => cell.text().into_owned(),
        };
        if is_nothing(&text) {
            return None;
        }
        match date_of(&text) {
            Ok(read) => {
                if read.ambiguous {
                    self.remark(column, format!("read as day, month, year: {}", read.date));
                }
                Some(read.date)
            }
            Err(what) => {
                let is_serial = text.parse::<f64>().is_ok_and(|n| (3_000.0..100_000.0).contains(&n));
                let hint = "; a number that a spreadsheet should show as a date needs the format of a date";
                self.fault(column, &format!("{what}{}", if is_serial { hint } else { "" }));
                None
            }
        }
    }

    /// Countries as codes, by their column. One that is not known is a fault where it is evidence, and a
    /// remark where it adds little or nothing: a person is screened whatever their nationality is called.
    fn countries(&mut self, meaning: Meaning, may_lack: bool) -> Vec<(usize, String)> {
        let mut codes = Vec::new();
        for (column, part) in self.parts(meaning, &[';', '|', ',', '\n', '/']) {
            match country::code(&part) {
                Some(code) => codes.push((column, code.to_owned())),
                None if is_nothing(&part) => {}
                None if may_lack => {
                    self.remark(column, "a country or nationality is not known by this name; it is not used");
                }
                None => self.fault(column, "is no country; write two letters, such as IR, or its name"),
            }
        }
        codes
    }

    /// The institutions beside the row's name, each once.
    fn institutions(&mut self) -> Vec<Asked> {
        let mut all: Vec<Asked> = Vec::new();
        let mut seen = Vec::new();
        for (column, part) in self.parts(Meaning::Institution, &[';', '|', '\n']) {
            let folded = fold(&part);
            if is_nothing(&part) || seen.contains(&folded) {
                continue;
            }
            seen.push(folded);
            if all.len() == MAX_INSTITUTIONS {
                self.fault(
                    column,
                    &format!("more than {MAX_INSTITUTIONS} in one row; spread them over rows"),
                );
                return Vec::new();
            }
            let subject = Subject::named(part, SubjectKind::Organisation);
            all.push(Asked { columns: vec![column], is_institution: true, subject });
        }
        let countries = self.countries(Meaning::InstitutionCountry, true);
        match (all.len(), countries.as_slice()) {
            (0, _) | (_, []) => {}
            (1, [(_, country)]) => {
                all[0].subject.countries.push(country.clone());
            }
            (institutions, several) if institutions == several.len() => {
                for (one, (_, country)) in all.iter_mut().zip(several) {
                    one.subject.countries.push(country.clone());
                }
            }
            (institutions, several) => {
                let what = format!(
                    "not used: {} for {institutions} institutions; which belongs to which cannot be told",
                    if several.len() == 1 {
                        "one country".into()
                    } else {
                        format!("{} countries", several.len())
                    },
                );
                self.remark(several[0].0, what);
            }
        }
        all
    }
}

/// Whether all words of `part` stand in `text`.
fn holds(text: &str, part: &str) -> bool {
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|w| !w.is_empty()).collect::<Vec<_>>()
    };
    let all = words(text);
    let part = words(part);
    !part.is_empty() && part.iter().all(|word| all.contains(word))
}
