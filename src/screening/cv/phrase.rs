//! Phrases that look like institutions: a word for a sort of institution with what tells it apart.
//!
//! In scripts with capitals a phrase is a run of capitalised words and the small ones between them; in
//! Chinese and Japanese it ends with its type word; in other scripts without capitals it is the type word
//! and its neighbours. Nothing here asks a list.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::names::organisation::{AnalysedOrganisation, TypeClass, Word, WordKind, type_of_ending};

/// Most words of a phrase.
const LONGEST_RUN: usize = 32;

/// Words of a text that may be one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is taken for.
    pub sort: Sort,
}

/// What a phrase is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// An institution: it has a type word and what tells it apart.
    Institution,
    /// A type word and common words only ("Institute of Physics"): an institution, or a part of the one it
    /// stands beside.
    Common,
    /// No type word, but a rare proper word: worth looking up and nothing else.
    Proper,
}

/// Words that begin a run of capitalised words and belong to no institution's name. Folded.
static LEADING: LazyLock<FxHashSet<&str>> = LazyLock::new(|| words_of(include_str!("data/leading.txt")));

/// The words of a list; lines that begin with `#` are its head.
pub(super) fn words_of(list: &'static str) -> FxHashSet<&'static str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// English type words, which stand last in a name or before "of". (Those of other languages stand first.)
const ENGLISH: &[&str] = &[
    "university",
    "univ",
    "institute",
    "inst",
    "academy",
    "acad",
    "college",
    "school",
    "laboratory",
    "lab",
    "center",
    "centre",
    "hospital",
    "company",
    "corporation",
    "corp",
    "bank",
    "ministry",
    "association",
    "society",
    "foundation",
    "council",
    "key laboratory",
    "state key laboratory",
    "national key laboratory",
];

/// Legal forms that show a company by themselves; shorter ones are too many other things ("CV", "AS").
const LEGAL: &[&str] =
    &["ltd", "limited", "inc", "llc", "plc", "gmbh", "bv", "nv", "co ltd", "b v", "n v", "pte ltd"];

/// Prepositions of languages that write without capitals: they end a name.
const SMALL_WORDS: &[&str] = &["في", "من", "در", "از", "به", "و", "على", "הוא", "של"];

/// The sort of institution a word names by itself or by its ending, for the sorts that stand on a CV.
fn type_of(word: &Word) -> Option<TypeClass> {
    use TypeClass as T;
    let class = match word.kind {
        WordKind::Type(class) => class,
        WordKind::Word if !word.known => type_of_ending(&word.key)?,
        _ => return None,
    };
    matches!(
        class,
        T::University
            | T::Institute
            | T::Academy
            | T::College
            | T::School
            | T::Laboratory
            | T::KeyLaboratory
            | T::Centre
            | T::Hospital
            | T::Company
            | T::Bank
            | T::Ministry
            | T::Association
    )
    .then_some(class)
}

/// Whether institutions of a sort are known as such without a word that is theirs alone.
fn tells(class: TypeClass) -> bool {
    use TypeClass as T;
    matches!(class, T::University | T::Institute | T::Academy | T::KeyLaboratory)
}

/// A text's words with where they stand.
pub(super) struct Words<'t> {
    pub text: &'t str,
    pub words: &'t [Word],
    pub places: &'t [Range<usize>],
}

impl<'t> Words<'t> {
    /// An analysed text.
    pub fn new(text: &'t str, analysed: &'t AnalysedOrganisation, places: &'t [Range<usize>]) -> Self {
        Self { text, words: &analysed.words, places }
    }

    /// All phrases, in their order.
    pub fn phrases(&self) -> Vec<Phrase> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            let (phrase, next) = match self.case(at) {
                Case::Capital => self.capitalised(at),
                Case::None if self.words[at].han => self.han(at),
                Case::None => self.caseless(at),
                Case::Small => (None, at + 1),
            };
            found.extend(phrase);
            at = next.max(at + 1);
        }
        found
    }

    fn source(&self, at: usize) -> &'t str {
        self.text.get(self.places[at].clone()).unwrap_or("")
    }

    fn case(&self, at: usize) -> Case {
        match self.source(at).chars().find(|c| c.is_alphabetic()) {
            Some(c) if c.is_uppercase() => Case::Capital,
            Some(c) if c.is_lowercase() => Case::Small,
            Some(_) => Case::None,
            None => Case::Small,
        }
    }

    fn bytes(&self, words: &Range<usize>) -> Range<usize> {
        self.places[words.start].start..self.places[words.end - 1].end
    }

    /// Whether two neighbouring words stand in one segment.
    fn together(&self, a: usize, b: usize) -> bool {
        b < self.words.len() && self.words[a].segment == self.words[b].segment
    }

    fn is_english(&self, at: usize) -> bool {
        ENGLISH.contains(&self.words[at].text.as_str())
    }

    /// A run of capitalised words that begins at `from`.
    fn capitalised(&self, from: usize) -> (Option<Phrase>, usize) {
        let end = self.run_end(from);
        let mut start = from;
        while start < end && (self.is_leading(start) || self.words[start].kind == WordKind::Connector) {
            start += 1;
        }
        if start == end {
            return (None, end);
        }
        let types: Vec<usize> = (start..end).filter(|&at| type_of(&self.words[at]).is_some()).collect();
        let Some((&first, &last)) = types.first().zip(types.last()) else {
            return (self.without_type(start..end), end);
        };
        // "Dean of Leiden University": what stands before "of" without a type word is no part of it.
        let joint = (start..first).rev().find(|&at| self.words[at].kind == WordKind::Connector);
        let start = match joint {
            Some(joint) if self.words[joint].key == "of" => joint + 1,
            _ => start,
        };
        let end_of_name = self.name_end(last, end);
        let phrase = self.judge(start..end_of_name, &types);
        // What follows may be another name ("Leiden University Philips Research").
        (phrase, end_of_name.max(first + 1))
    }

    fn is_leading(&self, at: usize) -> bool {
        LEADING.contains(self.words[at].text.as_str())
    }

    /// Where the run of words that may be one name ends.
    fn run_end(&self, from: usize) -> usize {
        let mut end = from + 1;
        let mut typed = type_of(&self.words[from]).is_some();
        let mut of = false;
        while end < from + LONGEST_RUN && self.together(end - 1, end) {
            let word = &self.words[end];
            if word.kind == WordKind::Connector {
                let joins = match &*word.key {
                    "of" | "the" => true,
                    // "Centre for X", but not "Leiden for two years".
                    "for" => typed,
                    // "of Science and Technology", but not "X University and Y Institute".
                    "and" => of || !typed,
                    _ => false,
                };
                let next = (end + 1..self.words.len())
                    .take_while(|&at| self.together(end, at))
                    .find(|&at| self.words[at].kind != WordKind::Connector || self.words[at].key == "and")
                    .filter(|&at| at <= end + 3);
                let Some(next) = next.filter(|_| joins) else { break };
                of |= word.key == "of";
                let follows = self.case(next) == Case::Capital
                    || (self.case(next) == Case::Small && self.words[next].kind == WordKind::Field && of);
                let another = word.key == "and" && typed && self.has_type_before_end(next);
                if !follows || another || self.words[next].kind == WordKind::Connector {
                    break;
                }
                end = next + 1;
                typed |= type_of(&self.words[next]).is_some();
                continue;
            }
            let small = self.case(end) == Case::Small;
            let number = word.kind == WordKind::Number;
            let foreign = matches!(word.kind, WordKind::Field | WordKind::Type(_) | WordKind::Direction)
                && word.text != word.key
                && !self.is_english(end)
                && (!word.text.ends_with('s') || !word.text.is_ascii());
            let fields = of && word.kind == WordKind::Field;
            if self.case(end) == Case::None
                || (number && (!word.known && word.text.len() > 3))
                || (small && !number && !foreign && !fields && type_of_compound(word).is_none())
            {
                break;
            }
            typed |= type_of(word).is_some();
            end += 1;
        }
        // Numbers at the end are years and house numbers.
        while end > from + 1
            && (matches!(self.words[end - 1].kind, WordKind::Connector)
                || (self.words[end - 1].kind == WordKind::Number && !self.words[end - 1].known))
        {
            end -= 1;
        }
        end
    }

    /// Whether a name that begins at `from` has a type word of its own before anything joins it further.
    fn has_type_before_end(&self, from: usize) -> bool {
        (from..self.words.len())
            .take_while(|&at| at == from || self.together(at - 1, at))
            .take_while(|&at| self.words[at].kind != WordKind::Connector && self.case(at) == Case::Capital)
            .any(|at| type_of(&self.words[at]).is_some())
    }

    /// Where the name whose last type word is `last` ends, before `end`.
    fn name_end(&self, last: usize, end: usize) -> usize {
        let mut at = last + 1;
        if at < end && self.words[at].kind == WordKind::Connector {
            return end;
        }
        let mut more = if self.is_english(last) { 0 } else { 3 };
        while at < end {
            match self.words[at].kind {
                WordKind::Place | WordKind::Country | WordKind::Direction | WordKind::Legal => {}
                WordKind::Connector => return end,
                _ if more > 0 => more -= 1,
                _ => break,
            }
            at += 1;
        }
        at
    }

    /// A phrase with type words, if it looks like an institution.
    fn judge(&self, range: Range<usize>, types: &[usize]) -> Option<Phrase> {
        let classes = || types.iter().filter(|t| range.contains(t)).filter_map(|&t| type_of(&self.words[t]));
        let is_type = |at: &usize| type_of(&self.words[*at]).is_some();
        let own = range.clone().any(|at| {
            let word = &self.words[at];
            // A compound is its own distinguishing word: Rijksuniversiteit.
            let proper = match word.kind {
                WordKind::Place | WordKind::Country | WordKind::Direction | WordKind::Body => true,
                WordKind::Word => word.bits >= 6.0 && word.text.chars().count() >= 3,
                _ => false,
            };
            proper && !is_type(&at) && !self.is_leading(at)
        });
        let fields = range.clone().filter(|&at| self.words[at].kind == WordKind::Field).count();
        let compound = range.clone().any(|at| type_of_compound(&self.words[at]).is_some());
        let words = range.clone().filter(|&at| self.words[at].kind != WordKind::Connector).count();
        let telling = classes().any(tells);
        let sort = if ((own || compound) && words > 1) || (telling && fields >= 2) {
            Sort::Institution
        } else if telling && fields == 1 && range.clone().any(|at| self.words[at].key == "of") {
            Sort::Common
        } else {
            return None;
        };
        Some(Phrase { range: self.bytes(&range), sort })
    }

    /// A run without type word: a company by its legal form, or a rare word.
    fn without_type(&self, range: Range<usize>) -> Option<Phrase> {
        let proper = |at: usize| {
            let word = &self.words[at];
            (word.kind == WordKind::Word && word.bits >= 9.0 && !self.is_leading(at))
                || word.kind == WordKind::Body
        };
        if !range.clone().any(proper) {
            return None;
        }
        let legal = |at: usize| {
            self.words[at].kind == WordKind::Legal && LEGAL.contains(&self.words[at].text.as_str())
        };
        let sort = if range.clone().any(legal) { Sort::Institution } else { Sort::Proper };
        Some(Phrase { range: self.bytes(&range), sort })
    }

    /// A run of Chinese characters: up to the type word that ends the name.
    fn han(&self, from: usize) -> (Option<Phrase>, usize) {
        let next_to =
            |at: usize| self.words[at].han && self.together(at - 1, at) && self.adjacent(at - 1, at);
        let latest = self.words.len().min(from + LONGEST_RUN);
        let end = (from + 1..latest).find(|&at| !next_to(at)).unwrap_or(latest);
        let types: Vec<usize> = (from..end).filter(|&at| type_of(&self.words[at]).is_some()).collect();
        // A university ends a name; what follows it (学院, 系) is a part of it.
        let is_university = |at: &usize| type_of(&self.words[*at]) == Some(TypeClass::University);
        let university = types.iter().copied().find(|at| *at > from && is_university(at));
        let part = from > 0 && next_to(from) && is_university(&(from - 1));
        let last = if part { university } else { university.or(types.last().copied()) };
        let Some(last) = last else { return (None, end) };
        let range = from..last + 1;
        let before = || (from..last).filter(|at| !types.contains(at));
        let own = before().any(|at| {
            use WordKind as K;
            matches!(self.words[at].kind, K::Place | K::Country | K::Direction | K::Body | K::Word)
        });
        let fields = before().filter(|&at| self.words[at].kind == WordKind::Field).count();
        let telling = types.iter().filter_map(|&at| type_of(&self.words[at])).any(tells);
        let phrase = (own || (telling && fields >= 2))
            .then(|| Phrase { range: self.bytes(&range), sort: Sort::Institution });
        (phrase, if university == Some(last) { last + 1 } else { end })
    }

    /// Whether nothing stands between two words. (Two concepts of one word stand in the same place.)
    fn adjacent(&self, a: usize, b: usize) -> bool {
        self.places[b].start <= self.places[a].end
    }

    /// Scripts without capitals that part words: a compound by itself (Korean), or the type word with what
    /// follows it up to a preposition (Arabic, Persian).
    fn caseless(&self, from: usize) -> (Option<Phrase>, usize) {
        let word = &self.words[from];
        if type_of(word).is_none() {
            return (None, from + 1);
        }
        if type_of_compound(word).is_some() {
            let range = from..from + 1;
            return (Some(Phrase { range: self.bytes(&range), sort: Sort::Institution }), from + 1);
        }
        let mut end = from + 1;
        while end < from + 5
            && self.together(end - 1, end)
            && self.case(end) == Case::None
            && !SMALL_WORDS.contains(&self.words[end].text.as_str())
        {
            end += 1;
        }
        let types: Vec<usize> = (from..end).filter(|&at| type_of(&self.words[at]).is_some()).collect();
        (self.judge(from..end, &types), end)
    }
}

/// The sort of institution in which a compound ends.
fn type_of_compound(word: &Word) -> Option<TypeClass> {
    (word.kind == WordKind::Word && !word.known).then(|| type_of_ending(&word.key)).flatten()
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Capital,
    Small,
    /// Its script has no capitals.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::organisation::located;

    fn institutions(text: &str) -> Vec<String> {
        let (analysed, places) = located(text);
        let words = Words::new(text, &analysed, &places);
        let phrases = words.phrases().into_iter().filter(|p| p.sort != Sort::Proper);
        phrases.map(|p| text[p.range].to_owned()).collect()
    }

    #[test]
    fn phrases_end_where_the_name_ends() {
        for (text, expected) in [
            ("I studied at Leiden University from 2010", &["Leiden University"][..]),
            ("PhD, Dean of Leiden University", &["Leiden University"]),
            (
                "Visiting Scholar Nanjing University of Science and Technology",
                &["Nanjing University of Science and Technology"],
            ),
            (
                "Nanjing University of aeronautics and astronautics",
                &["Nanjing University of aeronautics and astronautics"],
            ),
            (
                "Harbin Institute of Technology and Leiden University",
                &["Harbin Institute of Technology", "Leiden University"],
            ),
            ("Utrecht University Lecturer", &["Utrecht University"]),
            ("University of Technology Sydney", &["University of Technology Sydney"]),
            ("Universiteit Leiden", &["Universiteit Leiden"]),
            ("Technische Universiteit Delft", &["Technische Universiteit Delft"]),
            ("Rijksuniversiteit Groningen", &["Rijksuniversiteit Groningen"]),
            ("Université de Lyon", &["Université de Lyon"]),
            ("Московский государственный университет", &["Московский государственный университет"]),
            ("Department of Physics, Leiden University", &["Leiden University"]),
            ("Institute of Physics, X", &["Institute of Physics"]),
            ("National Defence University", &["National Defence University"]),
            ("서울대학교 졸업", &["서울대학교"]),
            ("دانشگاه تهران", &["دانشگاه تهران"]),
            ("哈尔滨工业大学计算机学院", &["哈尔滨工业大学"]),
            ("中国科学院物理研究所", &["中国科学院物理研究所"]),
            ("Fictional Optics B.V.", &["Fictional Optics B.V"]),
        ] {
            assert_eq!(institutions(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_institution() {
        for text in [
            "I lived in Nanjing and Beijing",
            "Nanjing",
            "the university has many institutes",
            "University Degree",
            "High School Diploma",
            "Laboratory Skills",
            "My University",
            "Bachelor of Science in Physics",
            "Department of Physics",
            "School of Medicine",
            "Summer School",
            "Dutch research institutes",
            "大学英语四级",
            "北京",
            "Microsoft Office",
            "Curriculum Vitae",
        ] {
            assert_eq!(institutions(text), [""; 0], "{text}");
        }
    }
}
