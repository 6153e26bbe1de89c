//! What a column holds, told by its heading.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::fold;

/// Headings by meaning; the file's own head says how it is written.
const TABLE: &str = include_str!("../data/headings.tsv");

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meaning {
    /// The row's own id, given back with its answers.
    Id,
    /// The asker's reference of whom the row is about, by which they are known again.
    SubjectReference,
    /// The case that the row belongs to.
    CaseReference,
    /// A whole name.
    Name,
    /// Given names; several columns are joined.
    GivenName,
    /// The given name a person goes by.
    CallName,
    /// Initials of given names.
    Initials,
    /// What stands between given and family name (`van der`).
    Infix,
    /// Family name.
    FamilyName,
    /// Family name at birth.
    BirthFamilyName,
    /// Other names, also in another script.
    Aliases,
    /// Person or organisation.
    Kind,
    /// Birth date.
    BirthDate,
    /// Birth place.
    BirthPlace,
    /// Gender.
    Gender,
    /// Countries tied to the name: nationality, country of birth or residence.
    Countries,
    /// Address or city.
    Address,
    /// Numbers of documents and registrations.
    Identifiers,
    /// Institutions tied to the person, each screened by itself.
    Institution,
    /// Countries of these institutions.
    InstitutionCountry,
}

/// Every meaning with its word in [`TABLE`] and in corrections, and what people are told it is.
const MEANINGS: [(Meaning, &str, &str); 20] = [
    (Meaning::Id, "id", "the row's id"),
    (Meaning::SubjectReference, "subject_reference", "reference of whom the row is about"),
    (Meaning::CaseReference, "case_reference", "the case it belongs to"),
    (Meaning::Name, "name", "name"),
    (Meaning::GivenName, "given_name", "given names"),
    (Meaning::CallName, "call_name", "given name in use"),
    (Meaning::Initials, "initials", "initials"),
    (Meaning::Infix, "infix", "infix of the family name"),
    (Meaning::FamilyName, "family_name", "family name"),
    (Meaning::BirthFamilyName, "birth_family_name", "family name at birth"),
    (Meaning::Aliases, "aliases", "other names"),
    (Meaning::Kind, "kind", "person or organisation"),
    (Meaning::BirthDate, "birth_date", "birth date"),
    (Meaning::BirthPlace, "birth_place", "birth place"),
    (Meaning::Gender, "gender", "gender"),
    (Meaning::Countries, "countries", "countries (shown, never scored for a person)"),
    (Meaning::Address, "address", "address"),
    (Meaning::Identifiers, "identifiers", "document numbers"),
    (Meaning::Institution, "institution", "institution, screened as an organisation"),
    (Meaning::InstitutionCountry, "institution_country", "country of the institution"),
];

static BY_HEADING: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let entries = lines.filter_map(|line| line.split_once('\t'));
    let known = entries.filter_map(|(word, headings)| Meaning::named(word).map(|m| (m, headings)));
    known.flat_map(|(meaning, headings)| headings.split('|').map(move |h| (fold(h), meaning))).collect()
});

impl Meaning {
    /// The meaning of a heading, if it is known: by all of it, else without what stands in brackets, else
    /// without a number at its end (`Instelling 2`).
    pub(super) fn of_heading(heading: &str) -> Option<Self> {
        let whole = fold(heading);
        let unbracketed = fold(heading.split(['(', '[']).next().unwrap_or_default());
        let unnumbered = unbracketed.trim_end_matches(char::is_numeric);
        [whole.as_str(), &unbracketed, unnumbered].into_iter().find_map(|h| BY_HEADING.get(h)).copied()
    }

    /// The meaning with this word, as a correction names it.
    pub(super) fn named(word: &str) -> Option<Self> {
        MEANINGS.iter().find(|(_, w, _)| *w == word).map(|(meaning, _, _)| *meaning)
    }

    fn entry(self) -> &'static (Meaning, &'static str, &'static str) {
        // Every meaning is in the table; a test goes through all.
        MEANINGS.iter().find(|(m, _, _)| *m == self).unwrap_or(&MEANINGS[0])
    }

    /// The word by which corrections and faults name it, such as `family_name`.
    pub fn word(self) -> &'static str {
        self.entry().1
    }

    /// What people are told it is.
    pub fn title(self) -> &'static str {
        self.entry().2
    }

    /// All words, for messages: `id, name, …`.
    pub fn words() -> String {
        MEANINGS.map(|(_, word, _)| word).join(", ")
    }

    /// Whether several columns may hold parts of the same.
    pub(super) fn may_repeat(self) -> bool {
        matches!(
            self,
            Self::GivenName
                | Self::Aliases
                | Self::Countries
                | Self::Identifiers
                | Self::Institution
                | Self::InstitutionCountry
        )
    }

    /// Whether a table with such a column has something to screen.
    pub(super) fn is_subject(self) -> bool {
        matches!(self, Self::Name | Self::GivenName | Self::FamilyName | Self::Institution)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_has_headings_and_no_heading_has_two() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        let mut words = Vec::new();
        for line in TABLE.lines().filter(|l| !l.starts_with('#')) {
            let (word, headings) = line.split_once('\t').unwrap_or_else(|| panic!("{line}"));
            let meaning = Meaning::named(word).unwrap_or_else(|| panic!("{word}"));
            assert_eq!(meaning.word(), word);
            assert_eq!(Meaning::of_heading(word), Some(meaning), "the first heading is documented");
            words.push(word);
            for heading in headings.split('|') {
                assert!(!fold(heading).is_empty(), "{line}");
                let before = seen.insert(fold(heading), word);
                assert_eq!(before, None, "{heading} in {word}");
            }
        }
        assert_eq!(words, MEANINGS.map(|(_, word, _)| word));
    }

    #[test]
    fn headings_are_known_however_they_are_written() {
        for (heading, expected) in [
            ("Naam", Some(Meaning::Name)),
            ("NAAM:", Some(Meaning::Name)),
            ("Achternaam", Some(Meaning::FamilyName)),
            ("Voornaam", Some(Meaning::GivenName)),
            ("voorvoegsel(s)", Some(Meaning::Infix)),
            ("Tussenvoegsel", Some(Meaning::Infix)),
            ("Geboortedatum (dd-mm-jjjj)", Some(Meaning::BirthDate)),
            ("date_of_birth", Some(Meaning::BirthDate)),
            ("Date of Birth", Some(Meaning::BirthDate)),
            ("Nationaliteit 2", Some(Meaning::Countries)),
            ("Land", Some(Meaning::Countries)),
            ("Instelling 1", Some(Meaning::Institution)),
            ("Instelling\n(huidig)", Some(Meaning::Institution)),
            ("Werkgever", Some(Meaning::Institution)),
            ("Opleiding", Some(Meaning::Institution)),
            ("Universiteit", Some(Meaning::Institution)),
            ("Affiliation", Some(Meaning::Institution)),
            ("Employer #3", Some(Meaning::Institution)),
            ("Prénom", None),
            ("naäm", Some(Meaning::Name)),
            ("Opmerkingen", None),
            ("", None),
            ("(naam)", Some(Meaning::Name)),
            ("2", None),
        ] {
            assert_eq!(Meaning::of_heading(heading), expected, "{heading:?}");
        }
    }
}
