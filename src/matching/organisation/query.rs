//! What is asked, and what is known of a listed institution beside its names.

use crate::model::Entity;
use crate::names::organisation::{AnalysedOrganisation, WordKind};

use super::score::whole_hash;
use super::words::WordRef;

/// An organisation or affiliation to look for, analysed once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrganisationQuery {
    /// The name or affiliation string.
    pub name: AnalysedOrganisation,
    /// What stands for the whole name: equal for names that are the same after folding.
    pub whole: u64,
    /// Countries that the caller ties to the institution.
    pub countries: Vec<[u8; 2]>,
    /// Countries in parts of the string that say nothing but where ("Harbin 150001", "China").
    pub written_countries: Vec<[u8; 2]>,
    /// Hashes of the places in the caller's address.
    pub address_places: Vec<u64>,
}

impl OrganisationQuery {
    /// Analyses a name with the countries (ISO 3166-1 alpha-2, any case; others are ignored) and the
    /// address (free text) that the caller knows.
    pub fn new(name: &str, countries: &[String], address: &str) -> Self {
        Self::of_analysed(AnalysedOrganisation::of(name), countries, address)
    }

    /// [`OrganisationQuery::new`] of a name that is analysed already.
    pub fn of_analysed(name: AnalysedOrganisation, countries: &[String], address: &str) -> Self {
        let mut countries: Vec<[u8; 2]> = countries.iter().filter_map(|c| code(c)).collect();
        let address = AnalysedOrganisation::of(address);
        if countries.is_empty() {
            countries.extend(
                address.words.iter().filter(|w| w.kind == WordKind::Country).filter_map(|w| w.country),
            );
        }
        let address_places =
            address.words.iter().filter(|w| w.kind == WordKind::Place).map(|w| w.hash).collect();
        let written_countries = written_countries(&name);
        Self { whole: whole_hash(&name), name, countries, written_countries, address_places }
    }

    /// The words as alignment sees them.
    pub fn words(&self) -> Vec<WordRef<'_>> {
        self.name.words.iter().map(WordRef::from).collect()
    }
}

/// Countries of the segments that hold only places, countries and numbers.
fn written_countries(name: &AnalysedOrganisation) -> Vec<[u8; 2]> {
    let mut found = Vec::new();
    for segment in name.words.chunk_by(|a, b| a.segment == b.segment) {
        let only_where = segment.iter().all(|w| {
            matches!(
                w.kind,
                WordKind::Place
                    | WordKind::Country
                    | WordKind::Number
                    | WordKind::Connector
                    | WordKind::Direction
            )
        });
        if only_where {
            found.extend(segment.iter().filter_map(|w| w.country));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn code(country: &str) -> Option<[u8; 2]> {
    match country.trim().as_bytes() {
        [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Some([a.to_ascii_uppercase(), b.to_ascii_uppercase()])
        }
        _ => None,
    }
}

/// Where a listed institution is, from its addresses and names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationFacts {
    /// Countries, sorted.
    pub countries: Vec<[u8; 2]>,
    /// Hashes of the keys of its places, sorted.
    pub places: Vec<u64>,
    /// The initials of each of its names of several words: what an acronym of it is made of.
    pub initials: Vec<String>,
    /// One of its names has small Latin letters.
    pub mixed_case: bool,
    /// One of its names is in Han.
    pub named_in_han: bool,
}

impl OrganisationFacts {
    /// Gathers what the list says. Where no address names a country, the names may.
    pub fn of(entity: &Entity) -> Self {
        let mut facts = Self::default();
        let mut named = Vec::new();
        for address in &entity.addresses {
            facts.countries.extend(code(&address.country));
            for text in [
                &address.city,
                &address.region,
                &address.place,
                &address.street,
                &address.country_description,
            ] {
                facts.places_in(text, &mut named);
            }
        }
        for name in &entity.names {
            facts.named_in_han |= facts.places_in(&name.whole, &mut named);
            facts.initials.extend(initials(&name.whole));
            facts.mixed_case |= name.whole.chars().any(|c| c.is_ascii_lowercase());
        }
        if facts.countries.is_empty() {
            facts.countries = named;
        }
        facts.countries.sort_unstable();
        facts.countries.dedup();
        facts.places.sort_unstable();
        facts.places.dedup();
        facts
    }

    /// Takes the places and countries of a text; whether it is in Han.
    fn places_in(&mut self, text: &str, countries: &mut Vec<[u8; 2]>) -> bool {
        let mut han = false;
        for word in AnalysedOrganisation::of(text).words {
            if word.kind == WordKind::Place {
                self.places.push(word.hash);
            }
            if matches!(word.kind, WordKind::Place | WordKind::Country) {
                countries.extend(word.country);
            }
            han |= word.han;
        }
        han
    }
}

/// The initials of a name in Latin letters, if it has several words.
fn initials(name: &str) -> Option<String> {
    let words = name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '\u{2019}'));
    let letters: String = words.filter_map(|w| w.chars().next()).filter(char::is_ascii_alphabetic).collect();
    (letters.len() > 1).then(|| letters.to_ascii_lowercase())
}
