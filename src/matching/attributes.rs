//! Evidence beside the name: birth, gender, documents. A person's citizenship and country of birth
//! are shown and never counted.

use crate::model::{DateSpan, Gender, PartialDate};

use super::{Evidence, EvidenceKind, Verdict, birth};

/// Bits of another gender. Some lists guess it, so it is no proof.
const OTHER_GENDER: f32 = -4.0;
/// Bits of a document number in common: as good as proof.
const SAME_NUMBER: f32 = 30.0;
/// Bits of the birth place being the same town.
const SAME_PLACE: f32 = 2.0;
/// How far agreeing attributes can lift a name: a birthday shared with a listed person is no reason to
/// suspect someone whose name does not come near.
pub const MOST_GAIN: f32 = 7.0;

/// What is known of a person beside the name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes {
    /// Birth date.
    pub birth_date: Option<PartialDate>,
    /// Words of the birth place, folded.
    pub birth_place: Vec<String>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Countries, capital letters. Shown only.
    pub countries: Vec<String>,
    /// Document numbers, folded by [`fold_number`].
    pub numbers: Vec<String>,
}

impl Attributes {
    /// The same as if a list said it, for comparing two subjects.
    pub fn as_listed(&self) -> ListedAttributes {
        ListedAttributes {
            births: self.birth_date.map(DateSpan::of).into_iter().collect(),
            birth_places: self.birth_place.clone(),
            gender: self.gender,
            countries: self.countries.clone(),
            numbers: self.numbers.clone(),
        }
    }
}

/// What a list says of a person beside the names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListedAttributes {
    /// Birth dates.
    pub births: Vec<DateSpan>,
    /// Words of all birth places, folded.
    pub birth_places: Vec<String>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Countries, capital letters. Shown only.
    pub countries: Vec<String>,
    /// Document numbers, folded by [`fold_number`].
    pub numbers: Vec<String>,
}

/// Letters and digits of a document number, in capitals.
pub fn fold_number(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Shortest document number that identifies anyone.
pub const SHORTEST_NUMBER: usize = 5;

/// The evidence in bits, without its reasons. Agreement is capped at [`MOST_GAIN`], a document number
/// in common excepted.
pub fn bits(subject: &Attributes, listed: &ListedAttributes) -> f32 {
    parts(subject, listed).map(|(_, _, bits)| bits).sum()
}

/// The most that [`bits`] gives beside a listed birth date of a year; of documents nothing is known.
pub fn most_of_year(subject: &Attributes, year: i32) -> f32 {
    let birth = subject.birth_date.map_or(0.0, |date| birth::most_of_year(date, year));
    most_with(subject, birth)
}

/// The same where the list tells the whole date, and its day and month are not the subject's.
pub fn most_of_other_day(subject: &Attributes, year: i32) -> f32 {
    let birth = subject.birth_date.map_or(0.0, |date| birth::most_of_other_day(date, year));
    most_with(subject, birth)
}

/// The most that [`bits`] gives beside a list that tells no birth date.
pub fn most_without_birth(subject: &Attributes) -> f32 {
    most_with(subject, 0.0)
}

/// The most where the birth date gives `birth`.
fn most_with(subject: &Attributes, birth: f32) -> f32 {
    let place = if subject.birth_place.is_empty() { 0.0 } else { SAME_PLACE };
    (birth + place).min(MOST_GAIN)
}

/// Birth date, place, gender and documents in turn, after the cap.
fn parts(
    subject: &Attributes,
    listed: &ListedAttributes,
) -> impl Iterator<Item = (EvidenceKind, Verdict, f32)> {
    let birth = match subject.birth_date.and_then(|d| birth::compare(d, &listed.births)) {
        Some((bits, verdict)) => (EvidenceKind::BirthDate, verdict, bits),
        None => (EvidenceKind::BirthDate, Verdict::Unknown, 0.0),
    };
    let place = if subject.birth_place.is_empty() || listed.birth_places.is_empty() {
        (EvidenceKind::BirthPlace, Verdict::Unknown, 0.0)
    } else if subject.birth_place.iter().any(|w| listed.birth_places.contains(w)) {
        // What the date has not used up of the cap.
        (EvidenceKind::BirthPlace, Verdict::Agrees, SAME_PLACE.min(MOST_GAIN - birth.2.max(0.0)))
    } else {
        // Places are named at any level (village, town, province): another word is no conflict.
        (EvidenceKind::BirthPlace, Verdict::Unknown, 0.0)
    };
    let gender = match (subject.gender, listed.gender) {
        (Some(a), Some(b)) if a == b => (EvidenceKind::Gender, Verdict::Agrees, 0.0),
        (Some(_), Some(_)) => (EvidenceKind::Gender, Verdict::Conflicts, OTHER_GENDER),
        _ => (EvidenceKind::Gender, Verdict::Unknown, 0.0),
    };
    let number = if subject.numbers.is_empty() || listed.numbers.is_empty() {
        (EvidenceKind::Identifier, Verdict::Unknown, 0.0)
    } else if subject.numbers.iter().any(|n| listed.numbers.contains(n)) {
        (EvidenceKind::Identifier, Verdict::Agrees, SAME_NUMBER)
    } else {
        // People hold many documents: another number says nothing.
        (EvidenceKind::Identifier, Verdict::Unknown, 0.0)
    };
    [birth, place, gender, number].into_iter()
}

/// The evidence with its reasons, countries among them as shown only.
pub fn explain(subject: &Attributes, listed: &ListedAttributes) -> Vec<Evidence> {
    let mut out: Vec<Evidence> = parts(subject, listed)
        .map(|(kind, verdict, bits)| Evidence {
            kind,
            verdict,
            bits: f64::from(bits),
            text: text(kind, verdict, subject, listed),
        })
        .collect();
    let verdict = if subject.countries.is_empty() || listed.countries.is_empty() {
        Verdict::Unknown
    } else if subject.countries.iter().any(|c| listed.countries.contains(c)) {
        Verdict::Agrees
    } else {
        Verdict::Conflicts
    };
    out.push(Evidence {
        kind: EvidenceKind::Country,
        verdict,
        bits: 0.0,
        text: text(EvidenceKind::Country, verdict, subject, listed),
    });
    out
}

fn text(kind: EvidenceKind, verdict: Verdict, subject: &Attributes, listed: &ListedAttributes) -> String {
    match kind {
        EvidenceKind::BirthDate => {
            let given = subject.birth_date.map_or("not given".into(), |d| d.to_string());
            let mut on_list: Vec<String> = listed.births.iter().map(span).collect();
            on_list.dedup();
            let on_list = if on_list.is_empty() { "not listed".into() } else { on_list.join(", ") };
            format!("birth date: given {given}, listed {on_list}")
        }
        EvidenceKind::BirthPlace => match verdict {
            Verdict::Agrees => "birth place: the same".into(),
            _ => "birth place: nothing in common, or unknown".into(),
        },
        EvidenceKind::Gender => match verdict {
            Verdict::Agrees => "gender: the same".into(),
            Verdict::Conflicts => "gender: another".into(),
            _ => "gender: unknown".into(),
        },
        EvidenceKind::Identifier => match verdict {
            Verdict::Agrees => "document number: the same".into(),
            _ => "document number: none in common".into(),
        },
        _ => {
            let list = |c: &[String]| if c.is_empty() { "none".to_owned() } else { c.join(", ") };
            format!(
                "countries (shown only, never counted for people): given {}, listed {}",
                list(&subject.countries),
                list(&listed.countries)
            )
        }
    }
}

fn span(s: &DateSpan) -> String {
    let circa = if s.circa { "about " } else { "" };
    match (s.date, s.first_year, s.last_year) {
        (Some(d), _, _) => format!("{circa}{d}"),
        (None, Some(a), Some(b)) if a == b => format!("{circa}{a}"),
        (None, Some(a), Some(b)) => format!("{circa}{a} to {b}"),
        (None, Some(a), None) => format!("{circa}{a} or later"),
        (None, None, Some(b)) => format!("{circa}{b} or earlier"),
        (None, None, None) => "unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed() -> ListedAttributes {
        ListedAttributes {
            births: vec![DateSpan::of("1965-04-14".parse().unwrap())],
            birth_places: vec!["springfield".into()],
            gender: Some(Gender::Male),
            countries: vec!["PK".into()],
            numbers: vec!["AB12345".into()],
        }
    }

    #[test]
    fn countries_are_shown_and_never_counted() {
        let mut subject = Attributes { birth_date: "1965".parse().ok(), ..Attributes::default() };
        let before = bits(&subject, &listed());
        for country in ["PK", "NL", "IR"] {
            subject.countries = vec![country.into()];
            assert_eq!(bits(&subject, &listed()), before);
            let evidence = explain(&subject, &listed());
            assert!(evidence.iter().any(|e| e.kind == EvidenceKind::Country && e.text.contains(country)));
        }
    }

    #[test]
    fn parts_add_up_and_gain_is_capped() {
        let subject = Attributes {
            birth_date: "1965-04-14".parse().ok(),
            birth_place: vec!["springfield".into()],
            gender: Some(Gender::Male),
            ..Attributes::default()
        };
        let total = bits(&subject, &listed());
        assert!(total <= MOST_GAIN);
        let sum: f64 = explain(&subject, &listed()).iter().map(|e| e.bits).sum();
        assert!((sum - f64::from(total)).abs() < 1e-6);
    }

    #[test]
    fn a_document_in_common_settles_it() {
        let subject = Attributes { numbers: vec![fold_number("ab-123 45")], ..Attributes::default() };
        assert!(bits(&subject, &listed()) > 20.0);
    }
}
