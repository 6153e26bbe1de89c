//! Where a table has what: its header line recognised, and corrected where the caller says so.

use super::fold::fold;
use super::headings::Meaning;
use crate::batch::BatchError;

/// Most columns looked at; a heading further to the right is not found.
pub(super) const MAX_COLUMNS: usize = 1_024;
/// Most headings listed in a message, and most characters of each.
const LISTED: (usize, usize) = (30, 40);

/// A correction of what a column was taken for: `HEADING=MEANING`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The column's heading, or its letter where no heading is the same.
    column: String,
    /// What it holds; none to ignore it.
    meaning: Option<Meaning>,
}

impl Correction {
    /// A correction from its text.
    ///
    /// # Errors
    /// Says how one is written and which meanings there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        // The heading may hold a sign of equality, the meaning cannot.
        let (column, word) = text.rsplit_once('=').unwrap_or(("", text));
        if column.trim().is_empty() {
            return Err("write HEADING=MEANING, such as Opleiding=institution or F=ignore".into());
        }
        let word = word.trim().to_lowercase().replace([' ', '-'], "_");
        let meaning = match word.as_str() {
            "ignore" => None,
            word => {
                let known =
                    || format!("there is no meaning {word:?}; there are: ignore, {}", Meaning::words());
                Some(Meaning::named(word).ok_or_else(known)?)
            }
        };
        Ok(Self { column: column.trim().to_owned(), meaning })
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its place, the first being 0.
    pub index: usize,
    /// Its heading as written; empty where it has none.
    pub heading: String,
    /// What it was taken for; none where it is ignored.
    pub meaning: Option<Meaning>,
    /// Whether the caller said so.
    pub corrected: bool,
}

impl Column {
    /// Its letter in a spreadsheet: A, B, … Z, AA.
    pub fn letter(&self) -> String {
        letter(self.index)
    }
}

/// Where a table has what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The sheet's name; none for a table that is no workbook.
    pub sheet: Option<String>,
    /// Row of the header line, from 1.
    pub header_row: u64,
    /// All columns with a heading, and those without one that hold anything.
    pub columns: Vec<Column>,
    /// What else is to be said of how the table was taken, for people.
    pub remarks: Vec<String>,
}

impl Layout {
    /// Recognises a header line.
    ///
    /// # Errors
    /// A table without a column that names somebody, a column that stands twice, a correction that fits
    /// no column: says what was found and how to mend it.
    pub(super) fn new(
        place: &str,
        headings: &[String],
        corrections: &[Correction],
    ) -> Result<Self, BatchError> {
        let columns = headings.iter().take(MAX_COLUMNS).enumerate().map(|(index, heading)| Column {
            index,
            heading: heading.trim().to_owned(),
            meaning: Meaning::of_heading(heading),
            corrected: false,
        });
        let mut layout = Self { columns: columns.collect(), ..Self::default() };
        for correction in corrections {
            let index =
                layout.find(&correction.column).map_err(|e| BatchError::Table(format!("{place}{e}")))?;
            let column = &mut layout.columns[index];
            (column.meaning, column.corrected) = (correction.meaning, true);
        }
        layout.check(place)?;
        Ok(layout)
    }

    /// Whether a header line of these headings names anybody.
    pub(super) fn has_subject(headings: &[String], corrections: &[Correction]) -> bool {
        headings.iter().filter_map(|h| Meaning::of_heading(h)).any(Meaning::is_subject)
            || corrections.iter().any(|c| {
                c.meaning.is_some_and(Meaning::is_subject)
                    && headings.iter().any(|h| fold(h) == fold(&c.column) && !fold(h).is_empty())
            })
    }

    /// The columns of a meaning, from left to right.
    pub(super) fn of(&self, meaning: Meaning) -> impl Iterator<Item = usize> {
        let columns = self.columns.iter().filter(move |c| c.meaning == Some(meaning));
        columns.map(|c| c.index)
    }

    /// Whether there is a column of a meaning.
    pub(super) fn has(&self, meaning: Meaning) -> bool {
        self.of(meaning).next().is_some()
    }

    /// Whether a column `name` may hold only the family name: Dutch sheets write `Voornaam` and `Naam`.
    pub fn name_may_be_family_name(&self) -> bool {
        let given = [Meaning::GivenName, Meaning::CallName, Meaning::Initials];
        self.has(Meaning::Name) && !self.has(Meaning::FamilyName) && given.iter().any(|m| self.has(*m))
    }

    /// What a column was taken for, for people.
    pub fn taken_as(&self, column: &Column) -> String {
        let taken = match column.meaning {
            Some(Meaning::Name) if self.name_may_be_family_name() => {
                "name; family name in rows where the given name is not in it"
            }
            Some(meaning) => meaning.title(),
            None => "ignored",
        };
        let corrected = if column.corrected { " (as told)" } else { "" };
        format!("{taken}{corrected}")
    }

    /// The column that a correction names: by its heading, else by its letter.
    fn find(&self, named: &str) -> Result<usize, String> {
        let wanted = fold(named);
        let same: Vec<&Column> =
            self.columns.iter().filter(|c| !wanted.is_empty() && fold(&c.heading) == wanted).collect();
        match same.as_slice() {
            [one] => Ok(one.index),
            [] => self.columns.iter().position(|c| c.letter().eq_ignore_ascii_case(named)).ok_or_else(|| {
                format!("--column: there is no column {named:?}; the headings are: {}", self.headings())
            }),
            several => {
                let letters: Vec<String> = several.iter().map(|c| c.letter()).collect();
                let (last, letters) = (letters[letters.len() - 1].clone(), letters.join(", "));
                Err(format!(
                    "--column: columns {letters} are all called {named:?}; name one by its letter, such as {last}=…"
                ))
            }
        }
    }

    fn check(&self, place: &str) -> Result<(), BatchError> {
        let fault = |what: String| Err(BatchError::Table(format!("{place}{what}")));
        if !self.columns.iter().filter_map(|c| c.meaning).any(Meaning::is_subject) {
            // A line in which nothing is known may be no header but somebody's data: it is not quoted.
            let found = if self.columns.iter().any(|c| c.meaning.is_some()) {
                format!("the headings are: {}", self.headings())
            } else {
                let count = self.columns.iter().filter(|c| !c.heading.is_empty()).count();
                format!("none of its {count} cells is a heading that zeef knows")
            };
            return fault(format!(
                "the table has no column for the name; {found}. Call one \"name\" in the header line, or say \
                 which one it is: --column \"HEADING=name\" or, by its letter, --column \"A=name\"; meanings \
                 are: {}",
                Meaning::words()
            ));
        }
        for column in &self.columns {
            let Some(meaning) = column.meaning.filter(|m| !m.may_repeat()) else { continue };
            let all: Vec<String> = self.of(meaning).map(letter).collect();
            if let [_, .., last] = all.as_slice() {
                return fault(format!(
                    "the table has more than one column for {}: {}; say which one to leave out, such as \
                     --column \"{last}=ignore\"",
                    meaning.word(),
                    all.join(", "),
                ));
            }
        }
        Ok(())
    }

    /// All headings, for a message.
    fn headings(&self) -> String {
        let written: Vec<&Column> = self.columns.iter().filter(|c| !c.heading.is_empty()).collect();
        let short = |c: &&Column| format!("{:?}", c.heading.chars().take(LISTED.1).collect::<String>());
        let mut listed: Vec<String> = written.iter().take(LISTED.0).map(short).collect();
        if written.len() > LISTED.0 {
            listed.push(format!("and {} more", written.len() - LISTED.0));
        }
        if listed.is_empty() { "none".into() } else { listed.join(", ") }
    }
}

/// A column's letter in a spreadsheet.
pub(super) fn letter(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(headings: &[&str], corrections: &[&str]) -> Result<Layout, String> {
        let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        let corrections: Result<Vec<_>, _> = corrections.iter().map(|c| Correction::parse(c)).collect();
        Layout::new("row 1: ", &headings, &corrections?).map_err(|e| e.to_string())
    }

    fn meanings(layout: &Layout) -> Vec<&str> {
        layout.columns.iter().map(|c| c.meaning.map_or("-", Meaning::word)).collect()
    }

    #[test]
    fn letters_count_as_spreadsheets_do() {
        for (index, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (16_383, "XFD")] {
            assert_eq!(letter(index), expected);
        }
    }

    #[test]
    fn columns_are_recognised_and_corrected() {
        let headings = ["Code", "Achternaam", "Voornaam", "Vak", "Instelling 1", "Instelling 2", "Vak"];
        let plain = layout(&headings, &[]).unwrap();
        assert_eq!(
            meanings(&plain),
            ["-", "family_name", "given_name", "-", "institution", "institution", "-"]
        );
        let corrected = layout(&headings, &["code=id", "Instelling 2=ignore", "D=other names", "a=ID"]);
        assert!(corrected.unwrap_err().contains("no meaning \"other_names\""));
        let corrected = layout(&headings, &["code=id", "Instelling 2=ignore", "D=aliases", "a=ID"]).unwrap();
        assert_eq!(
            meanings(&corrected),
            ["id", "family_name", "given_name", "aliases", "institution", "-", "-"]
        );
        assert!(corrected.columns[5].corrected && !corrected.columns[1].corrected);
        assert!(layout(&["Naam", "Voornaam"], &[]).unwrap().name_may_be_family_name());
        assert!(!layout(&["Naam", "Voornaam", "Achternaam"], &[]).unwrap().name_may_be_family_name());
    }

    #[test]
    fn what_cannot_be_taken_says_what_was_found_and_how_to_mend_it() {
        for (headings, corrections, says) in [
            (vec!["id", "who"], vec![], "no column for the name; the headings are: \"id\", \"who\""),
            (vec!["id", "who"], vec![], "--column \"HEADING=name\""),
            (vec![], vec![], "no column for the name; none of its 0 cells"),
            (vec!["name", "naam"], vec![], "more than one column for name: A, B; say which one"),
            (vec!["name", "geboren", "DOB"], vec![], "more than one column for birth_date: B, C"),
            (vec!["name", "x"], vec!["y=id"], "there is no column \"y\"; the headings are: \"name\", \"x\""),
            (vec!["name", "x", "X"], vec!["x=id"], "columns B, C are all called \"x\""),
            (vec!["name"], vec!["name"], "write HEADING=MEANING"),
            (vec!["name"], vec!["=id"], "write HEADING=MEANING"),
            (vec!["name"], vec!["name=ignore"], "no column for the name"),
        ] {
            let error = layout(&headings, &corrections).unwrap_err();
            assert!(error.contains(says), "{headings:?} {corrections:?}: {error}");
        }
        // A header line that is none is not quoted: it could be somebody's data.
        let error = layout(&["Secret Person", "1970-01-01"], &[]).unwrap_err();
        assert!(!error.contains("Secret") && error.contains("none of its 2 cells"), "{error}");
    }
}
