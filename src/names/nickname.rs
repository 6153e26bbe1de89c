//! Names that are another name: national spellings, cognates, diminutives.
//!
//! Aleksandr, Oleksandr and Aliaksandr are one name as three states write it; Ivan and Juan are the
//! same saint's name but seldom the same person's; Sasha may stand for Aleksandr. The three kinds are
//! told apart because they weigh differently. `data/cognates.txt` and `data/nicknames.txt` say how
//! their lines are written. Words are lower-case Latin a to z, or Arabic letters as folded: of the
//! commonest names the table says which spellings without vowels and with them belong together.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// How two names are the same, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// One name in the spellings of several states or periods; one person bears all of them.
    Spelling,
    /// A familiar or short form.
    Nickname,
    /// The same name grown apart in other languages; a migrant may bear both.
    Cognate,
}

/// Names that stand for each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// How they are the same.
    pub kind: Kind,
    /// The names, distinct; of a class of nicknames the formal ones first.
    pub names: Vec<&'static str>,
    /// How many of the first `names` are formal; all, unless this is a class of nicknames. Two
    /// nicknames of one name are as near to each other as either to the name.
    pub formal: usize,
    /// Whether a spelling in Arabic letters is among them.
    pub has_arabic: bool,
}

impl Class {
    fn new(kind: Kind, names: Vec<&'static str>, formal: usize) -> Self {
        let has_arabic = names.iter().any(|n| !n.is_ascii());
        Self { kind, names, formal, has_arabic }
    }
}

/// All classes. A name may be in several: Sasha stands for Aleksandr and for Aleksandra.
pub fn classes() -> &'static [Class] {
    &TABLE.classes
}

/// The indices in [`classes`] of those that `name` belongs to; none for most names.
pub fn classes_of(name: &str) -> &'static [u32] {
    TABLE.of.get(name).map_or(&[], Vec::as_slice)
}

/// The indices in [`classes`] of the spelling classes of a father's name, given by the stem of a
/// patronymic (`grigor` of Grigorievich, `hryhor` of Hryhoravich).
pub fn classes_of_father(stem: &str) -> &'static [u32] {
    TABLE.fathers.get(open_end(stem)).map_or(&[], Vec::as_slice)
}

/// A given name or the stem of a patronymic without the vowels that patronymics drop or change.
fn open_end(name: &str) -> &str {
    name.trim_end_matches(['a', 'e', 'i', 'o', 'u', 'y', 'j'])
}

/// Whether a word with these classes is a name whose spellings the tables know.
pub fn is_spelt(of: &[u16]) -> bool {
    of.iter().any(|&c| classes().get(usize::from(c)).is_some_and(|c| c.kind == Kind::Spelling))
}

/// The Latin spellings of a name in Arabic letters; none for most.
pub fn latin_spellings(name: &str) -> impl Iterator<Item = &'static str> {
    let spelt = |c: &&u32| classes()[**c as usize].kind == Kind::Spelling;
    let of = classes_of(name).iter().find(spelt);
    of.into_iter().flat_map(|&c| classes()[c as usize].names.iter().copied()).filter(|n| n.is_ascii())
}

/// The closest way in which two names are the same; `None` if the tables know of none, or if they are
/// equal.
///
/// ```
/// use zeef::names::nickname::{Kind, relation};
/// assert_eq!(relation("aleksandr", "oleksandr"), Some(Kind::Spelling));
/// assert_eq!(relation("sasha", "oleksandr"), Some(Kind::Nickname));
/// assert_eq!(relation("mohammed", "mahmud"), None);
/// ```
pub fn relation(one: &str, other: &str) -> Option<Kind> {
    if one == other {
        return None;
    }
    let others = classes_of(other);
    classes_of(one).iter().filter(|c| others.contains(c)).map(|c| classes()[*c as usize].kind).min()
}

const COGNATES: &str = include_str!("data/cognates.txt");
const NICKNAMES: &str = include_str!("data/nicknames.txt");

struct Table {
    classes: Vec<Class>,
    of: FxHashMap<&'static str, Vec<u32>>,
    /// Spelling classes by name without its last vowels.
    fathers: FxHashMap<&'static str, Vec<u32>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    // Malformed lines are a defect of the build, which the tests find; here they are left out.
    let mut classes: Vec<Class> = Vec::new();
    // Which spelling class a name is in, to give nicknames to all spellings of their formal names.
    let mut spellings: FxHashMap<&'static str, usize> = FxHashMap::default();
    for groups in lines(COGNATES).filter_map(|line| cognates(line).ok()) {
        for group in groups.iter().filter(|g| g.len() > 1) {
            for name in group {
                spellings.entry(name).or_insert(classes.len());
            }
            classes.push(Class::new(Kind::Spelling, group.clone(), group.len()));
        }
        if groups.len() > 1 {
            let names = groups.concat();
            let formal = names.len();
            classes.push(Class::new(Kind::Cognate, names, formal));
        }
    }
    for (formal, short) in lines(NICKNAMES).filter_map(|line| nicknames(line).ok()) {
        let mut names: Vec<&'static str> = Vec::new();
        for name in formal {
            let all = spellings.get(name).map_or(&[][..], |class| &classes[*class].names);
            for spelling in std::iter::once(&name).chain(all) {
                if !names.contains(spelling) {
                    names.push(spelling);
                }
            }
        }
        let formal = names.len();
        for name in short {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        classes.push(Class::new(Kind::Nickname, names, formal));
    }
    let mut of: FxHashMap<&'static str, Vec<u32>> = FxHashMap::default();
    for (index, class) in (0..).zip(&classes) {
        for name in &class.names {
            of.entry(name).or_default().push(index);
        }
    }
    let mut fathers: FxHashMap<&'static str, Vec<u32>> = FxHashMap::default();
    for (index, class) in (0..).zip(&classes) {
        for name in class.names.iter().filter(|_| class.kind == Kind::Spelling) {
            let of_stem = fathers.entry(open_end(name)).or_default();
            if !of_stem.contains(&index) {
                of_stem.push(index);
            }
        }
    }
    Table { classes, of, fathers }
});

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A line of cognates: spellings of one name apart by spaces, names of other languages by ` | `.
fn cognates(line: &'static str) -> Result<Vec<Vec<&'static str>>, &'static str> {
    let groups = line.split(" | ").map(words).collect::<Option<Vec<_>>>().ok_or(line)?;
    if groups.concat().len() < 2 { Err(line) } else { Ok(groups) }
}

/// Formal names and the short forms that stand for each of them.
type Nicknames = (Vec<&'static str>, Vec<&'static str>);

/// A line of nicknames: formal names, ` : `, short forms.
fn nicknames(line: &'static str) -> Result<Nicknames, &'static str> {
    let (formal, short) = line.split_once(" : ").ok_or(line)?;
    words(formal).zip(words(short)).ok_or(line)
}

/// Words of a to z, or of Arabic letters, apart by single spaces; `None` if there is anything else.
fn words(text: &'static str) -> Option<Vec<&'static str>> {
    text.split(' ')
        .map(|word| {
            let latin = word.bytes().all(|b| b.is_ascii_lowercase());
            let arabic = word.chars().all(|c| matches!(c, '\u{620}'..='\u{6d3}'));
            (!word.is_empty() && (latin || arabic)).then_some(word)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_is_well_formed() {
        for line in lines(COGNATES) {
            assert!(cognates(line).is_ok(), "cognates: {line}");
        }
        for line in lines(NICKNAMES) {
            assert!(nicknames(line).is_ok(), "nicknames: {line}");
        }
    }

    #[test]
    fn spellings_in_arabic_letters_are_folded() {
        for name in classes().iter().flat_map(|c| &c.names).filter(|n| !n.is_ascii()) {
            assert_eq!(crate::names::script::fold(name), **name, "would never be met");
        }
    }

    #[test]
    fn fathers_of_patronymics() {
        for (one, other) in [("grigori", "hryhor"), ("vladimir", "uladzimir"), ("nikola", "mikala")] {
            let of = classes_of_father(other);
            assert!(classes_of_father(one).iter().any(|c| of.contains(c)), "{one} {other}");
        }
        assert!(classes_of_father("valer").iter().all(|c| !classes_of_father("vasil").contains(c)));
    }

    #[test]
    fn classes_hold_each_name_once_and_spellings_do_not_overlap() {
        let mut spelled: HashSet<&str> = HashSet::new();
        for class in classes() {
            let distinct: HashSet<_> = class.names.iter().collect();
            assert_eq!(distinct.len(), class.names.len(), "twice in one class: {:?}", class.names);
            assert!((1..=class.names.len()).contains(&class.formal));
            if class.kind == Kind::Spelling {
                for name in &class.names {
                    assert!(spelled.insert(name), "{name} is a spelling of two names");
                }
            }
        }
    }

    #[test]
    fn relations() {
        for (one, other, kind) in [
            ("aleksandr", "oleksandr", Some(Kind::Spelling)),
            ("aliaksandr", "alexander", Some(Kind::Spelling)),
            ("vladimir", "volodymyr", Some(Kind::Spelling)),
            ("vladimir", "uladzimir", Some(Kind::Spelling)),
            ("sergei", "siarhei", Some(Kind::Spelling)),
            ("mikhail", "mykhailo", Some(Kind::Spelling)),
            ("evgeny", "yauhen", Some(Kind::Spelling)),
            ("nikolai", "mykola", Some(Kind::Spelling)),
            ("elena", "olena", Some(Kind::Spelling)),
            ("ekaterina", "kateryna", Some(Kind::Spelling)),
            ("igor", "ihar", Some(Kind::Spelling)),
            ("mohammed", "muhammad", Some(Kind::Spelling)),
            ("mohammed", "mehmet", Some(Kind::Cognate)),
            ("mohammed", "mamadou", Some(Kind::Cognate)),
            ("yusuf", "joseph", Some(Kind::Cognate)),
            ("ibrahim", "abraham", Some(Kind::Cognate)),
            ("yahya", "ivan", Some(Kind::Cognate)),
            ("ivan", "juan", Some(Kind::Cognate)),
            ("sasha", "aliaksandr", Some(Kind::Nickname)),
            ("sasha", "alexandra", Some(Kind::Nickname)),
            ("bill", "william", Some(Kind::Nickname)),
            ("bob", "rob", Some(Kind::Nickname)),
            ("pepe", "jose", Some(Kind::Nickname)),
            ("mohammed", "mahmud", None),
            ("محمد", "muhammad", Some(Kind::Spelling)),
            ("محمد", "mahmud", None),
            ("محمد", "محمود", None),
            ("kathy", "kathleen", Some(Kind::Nickname)),
            ("ivan", "ivanov", None),
            ("william", "wilhelmina", None),
            ("putin", "vladimir", None),
            ("ivan", "ivan", None),
        ] {
            assert_eq!(relation(one, other), kind, "{one} {other}");
            assert_eq!(relation(other, one), kind, "{other} {one}");
        }
    }
}
