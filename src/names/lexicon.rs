//! Words in names that are not names: titles, particles, suffixes; and the endings of patronymics.
//!
//! Keys are folded, lower-case words without full stops, in the script they are written in ("dr",
//! "доктор", "شيخ"). The lists lie in `data`, each with a head that explains its lines.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What a title is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TitleKind {
    /// Mr, Frau, U, Daw, Señor.
    Courtesy,
    /// Doctor, Professor, Engineer, drs.
    Academic,
    /// Mullah, Sheikh, Hajji, Father, Rabbi.
    Religious,
    /// General, Colonel.
    Military,
    /// President, Minister, Governor, Judge.
    Office,
    /// Sir, Prince, Count.
    Noble,
}

/// A title or honorific.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// What it is about.
    pub kind: TitleKind,
    /// The word is also borne as a name (Sheikh Hasina, Khan, Dean): drop it only beside other words.
    pub also_name: bool,
}

/// What a particle does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParticleKind {
    /// The article before the name: al, el, le.
    Article,
    /// "Son of" or "daughter of": bin, ibn, ben, bint, ould, oglu, kyzy.
    Filiation,
    /// "Father of" or "mother of": with the next word it is a byname (kunya), not to be dropped alone.
    Kunya,
    /// Of a family name: von, van der, de, da, di.
    Nobiliary,
    /// "And" between two family names: y, e, i.
    Conjunction,
}

/// What a suffix says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SuffixKind {
    /// Which of several of the name: Jr, III, fils.
    Generation,
    /// A degree or profession: PhD, MD, Esq.
    Degree,
    /// Decorations, orders and offices: OBE, SJ, MP.
    Honour,
}

/// Whose child a patronymic makes its bearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gender {
    /// A son: -ovich.
    Male,
    /// A daughter: -ovna.
    Female,
}

/// A word with the ending of a patronymic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patronymic<'w> {
    /// What stands before the ending: the father's name without its last vowel.
    pub stem: &'w str,
    /// Son or daughter.
    pub gender: Gender,
}

/// The title that a folded, lower-case word is, without its full stop.
pub fn title(word: &str) -> Option<Title> {
    LEXICON.titles.get(word).copied()
}

/// The particle that a folded, lower-case word is.
pub fn particle(word: &str) -> Option<ParticleKind> {
    LEXICON.particles.get(word).copied()
}

/// The suffix that a folded, lower-case word is, without its full stops.
pub fn suffix(word: &str) -> Option<SuffixKind> {
    LEXICON.suffixes.get(word).copied()
}

/// Whether a folded, lower-case word has the form of a patronymic (Russian, Ukrainian, Belarusian and
/// Bulgarian endings in Latin and Cyrillic letters, Turkic ones written as one word). Some surnames
/// have the form as well (Abramovich): only its place in the name tells.
///
/// ```
/// use zeef::names::lexicon::{Gender, patronymic};
/// let found = patronymic("viktorovich").unwrap();
/// assert_eq!((found.stem, found.gender), ("viktor", Gender::Male));
/// assert_eq!(patronymic("ivanov"), None);
/// ```
pub fn patronymic(word: &str) -> Option<Patronymic<'_>> {
    // The endings have few last letters; each list is short and sorted with the longest first.
    let endings = LEXICON.patronymics.get(&word.chars().next_back()?)?;
    endings.iter().find_map(|(ending, gender)| {
        let stem = word.strip_suffix(ending)?;
        // No father's name has fewer letters (Ilya: Il-yich; Lev: Lv-ovich).
        (stem.chars().count() >= 2).then_some(Patronymic { stem, gender: *gender })
    })
}

/// Phrases that introduce the father or another name: folded lower-case words in sequence, the longest
/// phrases first ("son", "of").
pub fn filiation_phrases() -> &'static [Vec<&'static str>] {
    &LEXICON.phrases
}

const TITLES: &str = include_str!("data/titles.txt");
const PARTICLES: &str = include_str!("data/particles.txt");
const SUFFIXES: &str = include_str!("data/suffixes.txt");
const PATRONYMICS: &str = include_str!("data/patronymics.txt");

struct Lexicon {
    titles: FxHashMap<&'static str, Title>,
    particles: FxHashMap<&'static str, ParticleKind>,
    suffixes: FxHashMap<&'static str, SuffixKind>,
    patronymics: FxHashMap<char, Vec<(&'static str, Gender)>>,
    phrases: Vec<Vec<&'static str>>,
}

// Words of unknown class are a defect of the build, which the tests find; here they are left out.
static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let titles = words(TITLES).filter_map(|(class, word)| {
        let also_name = word.ends_with('?');
        Some((word.trim_end_matches('?'), Title { kind: title_kind(class)?, also_name }))
    });
    let mut patronymics: FxHashMap<char, Vec<(&'static str, Gender)>> = FxHashMap::default();
    for (class, ending) in words(PATRONYMICS) {
        if let Some((gender, last)) = gender(class).zip(ending.chars().next_back()) {
            patronymics.entry(last).or_default().push((ending, gender));
        }
    }
    for endings in patronymics.values_mut() {
        endings.sort_by_key(|(ending, _)| std::cmp::Reverse(ending.len()));
    }
    let mut phrases: Vec<Vec<&'static str>> = words(PARTICLES)
        .filter(|(class, _)| *class == "phrase")
        .map(|(_, p)| p.split('_').collect())
        .collect();
    phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
    Lexicon {
        titles: titles.collect(),
        particles: words(PARTICLES).filter_map(|(class, word)| Some((word, particle_kind(class)?))).collect(),
        suffixes: words(SUFFIXES).filter_map(|(class, word)| Some((word, suffix_kind(class)?))).collect(),
        patronymics,
        phrases,
    }
});

/// The (class, word) pairs of a list: lines of `class: word word …`.
fn words(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| {
        let (class, words) = line.split_once(": ").unwrap_or(("", line));
        words.split_whitespace().map(move |word| (class, word))
    })
}

fn title_kind(class: &str) -> Option<TitleKind> {
    Some(match class {
        "courtesy" => TitleKind::Courtesy,
        "academic" => TitleKind::Academic,
        "religious" => TitleKind::Religious,
        "military" => TitleKind::Military,
        "office" => TitleKind::Office,
        "noble" => TitleKind::Noble,
        _ => return None,
    })
}

fn particle_kind(class: &str) -> Option<ParticleKind> {
    Some(match class {
        "article" => ParticleKind::Article,
        "filiation" => ParticleKind::Filiation,
        "kunya" => ParticleKind::Kunya,
        "nobiliary" => ParticleKind::Nobiliary,
        "conjunction" => ParticleKind::Conjunction,
        _ => return None,
    })
}

fn suffix_kind(class: &str) -> Option<SuffixKind> {
    Some(match class {
        "generation" => SuffixKind::Generation,
        "degree" => SuffixKind::Degree,
        "honour" => SuffixKind::Honour,
        _ => return None,
    })
}

fn gender(class: &str) -> Option<Gender> {
    Some(match class {
        "male" => Gender::Male,
        "female" => Gender::Female,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::names::script::fold;

    #[test]
    fn every_word_has_a_known_class_is_folded_and_stands_once() {
        let known = |list: &str, class: &str| match list {
            "titles" => title_kind(class).is_some(),
            "particles" => particle_kind(class).is_some() || class == "phrase",
            "suffixes" => suffix_kind(class).is_some(),
            _ => gender(class).is_some(),
        };
        for (list, text) in [
            ("titles", TITLES),
            ("particles", PARTICLES),
            ("suffixes", SUFFIXES),
            ("patronymics", PATRONYMICS),
        ] {
            let mut seen = HashSet::new();
            for (class, word) in words(text) {
                assert!(known(list, class), "{list}: class {class:?} of {word}");
                let word = word.trim_end_matches('?');
                assert_eq!(fold(word).to_lowercase(), word, "{list}: not folded");
                assert!(seen.insert(word), "{list}: {word} twice");
                assert!(!word.contains('.'), "{list}: {word} has a full stop");
            }
            assert!(text.starts_with("# "), "{list}: no head");
        }
    }

    #[test]
    fn titles_by_kind() {
        for (word, kind, also_name) in [
            ("dr", TitleKind::Academic, false),
            ("prof", TitleKind::Academic, false),
            ("mullah", TitleKind::Religious, false),
            ("maulavi", TitleKind::Religious, false),
            ("sheikh", TitleKind::Religious, true),
            ("hajji", TitleKind::Religious, true),
            ("gen", TitleKind::Military, false),
            ("u", TitleKind::Courtesy, true),
            ("daw", TitleKind::Courtesy, true),
            ("sir", TitleKind::Noble, false),
            ("frau", TitleKind::Courtesy, false),
            ("мулла", TitleKind::Religious, false),
            ("генерал", TitleKind::Military, false),
        ] {
            assert_eq!(title(word), Some(Title { kind, also_name }), "{word}");
        }
        for word in ["مولوی", "الحاج", "شيخ", "دكتور"] {
            assert!(title(&fold(word)).is_some(), "{word}");
        }
        assert_eq!(title("putin"), None);
        assert_eq!(title(""), None);
    }

    #[test]
    fn particles_and_suffixes_by_kind() {
        for (word, kind) in [
            ("al", ParticleKind::Article),
            ("el", ParticleKind::Article),
            ("bin", ParticleKind::Filiation),
            ("ould", ParticleKind::Filiation),
            ("oglu", ParticleKind::Filiation),
            ("s/o", ParticleKind::Filiation),
            ("abu", ParticleKind::Kunya),
            ("von", ParticleKind::Nobiliary),
            ("der", ParticleKind::Nobiliary),
            ("y", ParticleKind::Conjunction),
            ("بن", ParticleKind::Filiation),
        ] {
            assert_eq!(particle(word), Some(kind), "{word}");
        }
        for (word, kind) in [
            ("jr", SuffixKind::Generation),
            ("iii", SuffixKind::Generation),
            ("phd", SuffixKind::Degree),
            ("obe", SuffixKind::Honour),
        ] {
            assert_eq!(suffix(word), Some(kind), "{word}");
        }
        assert!(filiation_phrases().contains(&vec!["son", "of"]));
    }

    #[test]
    fn patronymics_by_ending() {
        for (word, found) in [
            ("viktorovich", Some(("viktor", Gender::Male))),
            ("sergeevich", Some(("serge", Gender::Male))),
            ("sergeyevich", Some(("serge", Gender::Male))),
            ("viktaravich", Some(("viktar", Gender::Male))),
            ("serhiyovych", Some(("serh", Gender::Male))),
            ("ilyich", Some(("il", Gender::Male))),
            ("ivanovna", Some(("ivan", Gender::Female))),
            ("sergeyevna", Some(("serge", Gender::Female))),
            ("petrivna", Some(("petr", Gender::Female))),
            ("heydaroglu", Some(("heydar", Gender::Male))),
            ("владимирович", Some(("владимир", Gender::Male))),
            ("івановна", Some(("іван", Gender::Female))),
            ("ivanov", None),
            ("petrova", None),
            ("vich", None),
            ("ovich", None),
            ("", None),
        ] {
            assert_eq!(patronymic(word).map(|p| (p.stem, p.gender)), found, "{word}");
        }
    }
}
