//! Names in the letters of their own languages, and in other Latin spellings.
//!
//! Rough on purpose: what counts is that lists hold words of several scripts in the proportions in which
//! real ones do, not that a reader of the language would write them so.

use std::sync::LazyLock;

use zeef::names::frequency::Culture;

use super::random::{Random, Weighted};

/// The script that a culture writes its names in beside Latin, where the generator knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Russian and its neighbours.
    Cyrillic,
    /// Arabic and Persian.
    Arabic,
}

impl Script {
    /// That of a culture.
    pub fn of(culture: Culture) -> Option<Self> {
        match culture {
            Culture::Russian
            | Culture::Ukrainian
            | Culture::Belarusian
            | Culture::Bulgarian
            | Culture::Serbian
            | Culture::CentralAsian
            | Culture::Mongolian => Some(Self::Cyrillic),
            Culture::Arabic | Culture::Persian | Culture::SouthAsianMuslim | Culture::Kurdish => {
                Some(Self::Arabic)
            }
            _ => None,
        }
    }

    /// A name in lower-case Latin letters in this script.
    pub fn write(self, name: &str) -> String {
        match self {
            Self::Cyrillic => {
                name.split(' ').map(|w| capital(&spelled(w, CYRILLIC))).collect::<Vec<_>>().join(" ")
            }
            Self::Arabic => name.split(' ').map(arabic).collect::<Vec<_>>().join(" "),
        }
    }
}

/// Longest first.
const CYRILLIC: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("sh", "ш"),
    ("ch", "ч"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("yu", "ю"),
    ("ya", "я"),
    ("ye", "е"),
    ("yo", "ё"),
    ("a", "а"),
    ("b", "б"),
    ("c", "к"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "х"),
    ("i", "и"),
    ("j", "дж"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("x", "кс"),
    ("y", "й"),
    ("z", "з"),
];

/// Short vowels inside a word are not written.
const ARABIC: &[(&str, &str)] = &[
    ("sh", "ش"),
    ("kh", "خ"),
    ("gh", "غ"),
    ("th", "ث"),
    ("dh", "ذ"),
    ("ch", "چ"),
    ("ou", "و"),
    ("oo", "و"),
    ("ei", "ي"),
    ("ee", "ي"),
    ("aa", "ا"),
    ("mm", "م"),
    ("ss", "س"),
    ("ll", "ل"),
    ("a", ""),
    ("b", "ب"),
    ("c", "ك"),
    ("d", "د"),
    ("e", ""),
    ("f", "ف"),
    ("g", "گ"),
    ("h", "ح"),
    ("i", "ي"),
    ("j", "ج"),
    ("k", "ك"),
    ("l", "ل"),
    ("m", "م"),
    ("n", "ن"),
    ("o", ""),
    ("p", "پ"),
    ("q", "ق"),
    ("r", "ر"),
    ("s", "س"),
    ("t", "ت"),
    ("u", "و"),
    ("v", "و"),
    ("w", "و"),
    ("x", "كس"),
    ("y", "ي"),
    ("z", "ز"),
];

fn arabic(word: &str) -> String {
    let begins = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "ا" } else { "" };
    let ends = if word.len() > 2 && word.ends_with('a') { "ا" } else { "" };
    format!("{begins}{}{ends}", spelled(word.trim_start_matches(['a', 'e', 'i', 'o', 'u']), ARABIC))
}

/// A word spelled by a table.
fn spelled(word: &str, table: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(next) = rest.chars().next() {
        match table.iter().find(|(from, _)| rest.starts_with(from)) {
            Some((from, to)) => {
                out.push_str(to);
                rest = &rest[from.len()..];
            }
            None => {
                out.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    out
}

/// A word with a capital at its beginning.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What languages write for one another's sounds.
const RESPELLINGS: &[(&str, &str)] = &[
    ("sh", "sch"),
    ("sh", "ch"),
    ("kh", "h"),
    ("zh", "j"),
    ("ou", "u"),
    ("u", "ou"),
    ("oo", "u"),
    ("ee", "i"),
    ("i", "y"),
    ("y", "i"),
    ("ya", "ia"),
    ("yu", "iu"),
    ("q", "k"),
    ("k", "q"),
    ("ph", "f"),
    ("w", "v"),
    ("v", "w"),
    ("ts", "tz"),
    ("e", "a"),
    ("o", "u"),
    ("ss", "s"),
    ("mm", "m"),
    ("dj", "j"),
    ("j", "dj"),
];

/// A name as another language or clerk would spell it: one sound of it, if it has any of these.
pub fn respelled(name: &str, random: &mut Random) -> String {
    for _ in 0..6 {
        let (from, to) = random.one_of(RESPELLINGS);
        if let Some(at) = name.find(from) {
            return format!("{}{to}{}", &name[..at], &name[at + from.len()..]);
        }
    }
    name.to_owned()
}

/// Chinese names: families and characters of given names by how common they are, each with its pinyin.
pub struct Chinese {
    families: Weighted<char>,
    given: Weighted<char>,
    pinyin: std::collections::HashMap<char, &'static str>,
}

/// The crate's tables of Chinese names.
pub static CHINESE: LazyLock<Chinese> = LazyLock::new(Chinese::read);

impl Chinese {
    fn read() -> Self {
        let lines = |text: &'static str| {
            text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'))
        };
        let mut pinyin = std::collections::HashMap::new();
        for (characters, readings) in lines(include_str!("../../src/names/cjk/data/han.tsv")) {
            // The column of pinyin may hold several readings, the commonest first.
            let reading = readings.split(['\t', ' ']).next().unwrap_or_default();
            if !reading.is_empty() {
                pinyin.extend(characters.chars().map(|c| (c, reading)));
            }
        }
        let families = lines(include_str!("../../src/names/cjk/data/chinese_families.tsv"))
            .filter_map(|(characters, share)| Some((characters, share.parse::<f64>().ok()?)))
            .flat_map(|(characters, share)| characters.chars().map(move |c| (c, share)))
            .filter(|(c, _)| pinyin.contains_key(c));
        let given = lines(include_str!("../../src/names/cjk/data/chinese_given.tsv"))
            .filter_map(|(weight, characters)| Some((weight.parse::<f64>().ok()?, characters)))
            .flat_map(|(weight, characters)| characters.chars().map(move |c| (c, weight)))
            .filter(|(c, _)| pinyin.contains_key(c));
        Self { families: Weighted::new(families), given: Weighted::new(given), pinyin }
    }

    /// A person's name: family, given name in Latin letters, and all of it in Han.
    pub fn draw(&self, random: &mut Random) -> (String, String, String) {
        let family = self.families.draw(random).unwrap_or('王');
        let syllables = if random.chance(0.8) { 2 } else { 1 };
        let given: Vec<char> = (0..syllables).filter_map(|_| self.given.draw(random)).collect();
        let read = |c: &char| self.pinyin.get(c).copied().unwrap_or("li");
        let latin: String = given.iter().map(read).collect();
        let han = std::iter::once(family).chain(given).collect();
        (read(&family).to_owned(), latin, han)
    }
}
