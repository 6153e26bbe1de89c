//! Countries' names, for lists and cases that write them out.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::spelling::key;

/// ISO 3166-1; its own head says where it comes from.
const TABLE: &str = include_str!("data/countries.tsv");

static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut codes = HashMap::new();
    for (code, names) in TABLE.lines().filter_map(|line| line.split_once('\t')) {
        codes.insert(key(code), code);
        codes.extend(names.split('|').map(|name| (key(name), code)));
    }
    codes
});

/// The ISO 3166-1 alpha-2 code, in capitals, of a country given by that code or by its English or Dutch
/// name; `None` for anything else.
pub fn code(text: &str) -> Option<&'static str> {
    CODES.get(&key(text)).copied()
}

/// Longest name of a country in the table, in words.
const MOST_WORDS: usize = 10;

/// The text of a place without the countries that it names: whole parts between commas, and the end of a
/// part (`Tehran, Iran`, `Tehran Iran`). What is left names towns and regions.
pub fn without_countries(place: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for part in place.split([',', ';', '/', '(', ')', '\n']) {
        let words: Vec<&str> = part.split_whitespace().collect();
        let longest = words.len().min(MOST_WORDS);
        let named = (1..=longest).rev().find(|n| code(&words[words.len() - n..].join(" ")).is_some());
        let rest = &words[..words.len() - named.unwrap_or(0)];
        if !rest.is_empty() {
            kept.push(rest.join(" "));
        }
    }
    kept.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_countries_by_code_and_name() {
        for (text, expected) in [
            ("cn", Some("CN")),
            ("People’s Republic of China", Some("CN")),
            ("Iran (Islamic Republic of)", Some("IR")),
            ("Democratic People's Republic of Korea", Some("KP")),
            ("Russian Federation", Some("RU")),
            ("the Netherlands", Some("NL")),
            ("Oekraïne", Some("UA")),
            ("VERENIGDE STATEN", Some("US")),
            ("Cote d'Ivoire", Some("CI")),
            ("Atlantis", None),
            ("", None),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn places_lose_their_countries() {
        for (place, expected) in [
            ("Tehran, Iran", "Tehran"),
            ("Tehran Iran", "Tehran"),
            ("Tehran (Islamic Republic of Iran)", "Tehran"),
            ("Rusland", ""),
            ("Seoul, South Korea", "Seoul"),
            ("Mexico City", "Mexico City"),
            ("Kuwait City, Kuwait", "Kuwait City"),
            ("Assen", "Assen"),
            ("", ""),
        ] {
            assert_eq!(without_countries(place), expected, "{place}");
        }
    }

    #[test]
    fn no_name_means_two_countries() {
        let mut seen = HashMap::new();
        for (code, names) in TABLE.lines().filter_map(|line| line.split_once('\t')) {
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
            for name in names.split('|') {
                assert_eq!(*seen.entry(key(name)).or_insert(code), code, "{name}");
            }
        }
        assert_eq!(TABLE.lines().filter(|l| !l.starts_with('#')).count(), 250);
    }
}
