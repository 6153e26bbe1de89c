//! Names of organisations: a founder or a made-up word, a place, a field, a sort, a legal form.

use zeef::model::{Name, NameQuality};

use super::random::Random;
use super::scripts::{Script, capital};

const PLACES: &[&str] = &[
    "Tehran",
    "Isfahan",
    "Moscow",
    "Minsk",
    "Kyiv",
    "Novosibirsk",
    "Beijing",
    "Shanghai",
    "Harbin",
    "Wuhan",
    "Xi'an",
    "Pyongyang",
    "Damascus",
    "Baghdad",
    "Beirut",
    "Dubai",
    "Istanbul",
    "Ankara",
    "Karachi",
    "Lahore",
    "Delhi",
    "Mumbai",
    "Jakarta",
    "Manila",
    "Hanoi",
    "Lagos",
    "Nairobi",
    "Cairo",
    "Tunis",
    "Madrid",
    "Lisbon",
    "Rome",
    "Paris",
    "Berlin",
    "London",
    "Warsaw",
    "Belgrade",
    "Caracas",
    "Bogota",
    "Lima",
];
const FIELDS: &[&str] = &[
    "Trading",
    "Shipping",
    "Petroleum",
    "Chemical",
    "Aviation",
    "Electronics",
    "Construction",
    "Investment",
    "Technology",
    "Engineering",
    "Industrial",
    "Marine",
    "Machinery",
    "Steel",
    "Energy",
    "Logistics",
    "Textile",
    "Agricultural",
    "Medical",
    "Defence",
    "Aerospace",
    "Financial",
    "Gas",
    "Mining",
    "Telecommunications",
];
const SORTS: &[&str] = &[
    "Company",
    "Group",
    "Company",
    "Industries",
    "Institute",
    "University",
    "Bank",
    "Foundation",
    "Corporation",
    "Research Center",
    "Holding",
    "Services",
    "Enterprise",
    "Bureau",
    "Ministry",
    "Factory",
    "Association",
];
const LEGAL: &[&str] =
    &["Ltd", "LLC", "Co., Ltd.", "JSC", "OOO", "GmbH", "S.A.", "PJSC", "FZE", "Inc.", "Limited", ""];

/// The names of an organisation whose made-up word is `brand`, in lower case.
pub fn names(brand: &str, script: Option<Script>, random: &mut Random) -> Vec<Name> {
    let (place, field) = (random.one_of(PLACES), random.one_of(FIELDS));
    let (sort, legal) = (random.one_of(SORTS), random.one_of(LEGAL));
    let word = capital(brand);
    let plain = match random.below(6) {
        0 => format!("{word} {field} {sort}"),
        1 => format!("{place} {word} {field} {sort}"),
        2 => format!("{field} {sort} of {place} {word}"),
        3 => format!("{word} {sort}"),
        4 => format!("{word} {field}"),
        _ => format!("{place} {field} {sort} {word}"),
    };
    let mut names = vec![Name::of(format!("{plain} {legal}").trim_end())];
    if random.chance(0.35) && !legal.is_empty() {
        names.push(Name::of(plain.clone()));
    }
    if random.chance(0.3) {
        names.push(Name::of(format!("{word} {field} {}", random.one_of(SORTS))));
    }
    if let Some(script) = script {
        names.push(Name::of(script.write(&plain.to_lowercase())));
    }
    if random.chance(0.25) {
        let acronym: String = plain.split(' ').filter_map(|w| w.chars().next()).collect();
        let quality = NameQuality::Acronym;
        names.push(Name { quality, ..Name::of(acronym.to_uppercase()) });
    }
    names
}
