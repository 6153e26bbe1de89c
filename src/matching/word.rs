//! Evidence of two words of people's names standing for each other.

use crate::names::nickname::{self, Kind};
use crate::names::rarity::Rarity;
use crate::names::script::Script;
use crate::names::sound::{Consonants, Symbol};
use crate::names::word::{Form, Word, WordKind};

use super::sound::{self, Vowels};

/// How two words agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordRelation {
    /// Equal after folding.
    Same,
    /// Another spelling in the same script.
    Spelling,
    /// The same word in another script.
    Script,
    /// A national form, nickname or diminutive.
    Nickname,
    /// An initial and a word beginning with it.
    Initial,
}

/// Two words that agree, with the evidence in bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordMatch {
    /// How they agree.
    pub relation: WordRelation,
    /// How much it says.
    pub bits: f32,
}

/// Bits of an initial that fits: the commonest initials begin one name in ten.
pub const INITIAL_BITS: f32 = 2.5;

/// Cost of a national form of one name (Aleksandr, Oleksandr): chosen by the writer's language.
const NATIONAL_COST: f32 = 1.0;
/// Cost of another spelling of a name that Arabic letters leave the vowels out of, where the table knows
/// both: the writer's tradition alone decides.
const TRADITION_COST: f32 = 0.5;
/// Cost of two words that the tables know as two names, however alike they are written (محمد, Mahmud).
const OTHER_NAME: f32 = 4.0;
/// Cost of a cognate (Yusuf, Joseph): far less often written for the same person.
const COGNATE_COST: f32 = 3.0;
/// Cost of a nickname or diminutive.
const NICKNAME_COST: f32 = 2.5;

/// Spelling costs weigh more in short words: each sound is a larger part of what the word says, and
/// the words near it are more and commoner. Factor by the number of sounds of the shorter word.
const SHORT_WORD: [f32; 7] = [3.0, 3.0, 2.6, 2.0, 1.5, 1.2, 1.05];

/// The least share of what a word says that must be left for another to count as a spelling of it:
/// what costs more than the rest is another word. Also what keeps the search short.
const LEAST_SHARE: f32 = 0.2;

/// The most a spelling may cost at this rarity before it is stretched and weighed by `factor`.
fn limit(rarity: f32, factor: f32) -> f32 {
    let most = rarity - LEAST_BITS.max(LEAST_SHARE * rarity);
    // The inverse of `stretched`.
    let unstretched = STRETCH / 2.0 * ((1.0 + 4.0 * most.max(0.0) / STRETCH).sqrt() - 1.0);
    unstretched / factor
}

/// What a spelling cost weighs once it is large: several liberties at once, or one that no tradition
/// takes, are more often another word than another spelling. Adds the square of the cost over this.
const STRETCH: f32 = 16.0;

fn stretched(cost: f32) -> f32 {
    cost + cost * cost / STRETCH
}

/// Bits of each sound of a short form that begins the longer word (Ron, Ronald; Shiv, Shivkumar), less
/// what short forms cost: fewer people go by one than by the whole name.
const SHORT_FORM_SOUND: f32 = 1.5;
const SHORT_FORM_COST: f32 = 1.5;
/// Fewest letters of a short form.
const SHORT_FORM_LEAST: usize = 3;
/// Fewest letters that the whole form goes on for.
pub const SHORT_FORM_REST: usize = 2;

/// Endings that make a family name of a given name (Ivan, Ivanov): another name, whose beginning is no short
/// form of it. Latin spellings only: words of all scripts are read in them. Not -ova: Czech and Slovak
/// give it to women of any family name (Thatcher, Thatcherová).
const FAMILY_ENDINGS: [&str; 23] = [
    "ov", "ev", "off", "eff", "eva", "ovic", "evic", "enko", "chuk", "sky", "ski", "skiy", "skaya", "yan",
    "ian", "shvili", "dze", "zada", "zade", "zadeh", "pour", "oglu", "son",
];

/// Weight of a spelling cost between an unvowelled word and a vowelled one: the consonants are all there
/// is.
const UNVOWELLED: f32 = 1.4;

/// The least a match of two words may say to count as one.
const LEAST_BITS: f32 = 0.75;

/// Cost factor of sounds between two words that both write their vowels, by the length of the shorter.
fn short_factor(length: usize) -> f32 {
    SHORT_WORD[length.min(SHORT_WORD.len() - 1)]
}

/// The most that a spelling of a word of this rarity and length may cost, whatever the other word is.
/// `one_unvowelled`: one of the two leaves its vowels out.
pub fn most_cost(rarity: f32, length: usize, one_unvowelled: bool) -> sound::Cost {
    let factor = if one_unvowelled { UNVOWELLED } else { short_factor(length) };
    (limit(rarity, factor) * sound::UNIT) as sound::Cost
}

/// Bits left of two words that say `rarity` together when their sounds lie `cost` apart; `None` where too
/// little is left. `length`: that of the shorter; `extra`: what else it costs.
pub fn bits_left(
    rarity: f32,
    cost: sound::Cost,
    length: usize,
    one_unvowelled: bool,
    extra: f32,
) -> Option<f32> {
    if cost > most_cost(rarity, length, one_unvowelled) {
        return None;
    }
    let factor = if one_unvowelled { UNVOWELLED } else { short_factor(length) };
    let bits = rarity - (stretched(f32::from(cost) / sound::UNIT * factor) + extra);
    (bits >= LEAST_BITS).then_some(bits)
}

/// What two words say at most as spellings of one name.
pub fn rarity_of_spellings(a: Rarity, a_unvowelled: bool, b: Rarity, b_unvowelled: bool) -> f32 {
    let exact = a.exact.min(b.exact);
    if a_unvowelled || b_unvowelled {
        // The consonants are all there is to agree.
        exact.min(a.skeleton.max(b.skeleton))
    } else {
        exact
    }
}

/// What two words written together, of which `two` is the rarity, and one say at most.
pub fn rarity_of_joined(two: f32, two_unvowelled: bool, one: Rarity, one_unvowelled: bool) -> f32 {
    let exact = one.exact.min(two);
    if two_unvowelled != one_unvowelled { exact.min(one.skeleton + JOIN_SKELETON) } else { exact }
}

/// The evidence of `a` and `b` standing for each other; `None` if they do not agree. Symmetric.
pub fn compare(a: &Word, b: &Word) -> Option<WordMatch> {
    if a.kind == WordKind::Initial || b.kind == WordKind::Initial {
        return initial(a, b);
    }
    let rarity = a.rarity.exact.min(b.rarity.exact);
    if a.text == b.text {
        return Some(WordMatch { relation: WordRelation::Same, bits: rarity });
    }
    let mut spelling = spelling(a, b);
    let class = class(a, b).map(|cost| rarity - cost);
    if class.is_none()
        && let Some(found) = &mut spelling
        && nickname::is_spelt(&a.classes)
        && nickname::is_spelt(&b.classes)
    {
        found.bits -= OTHER_NAME;
        if found.bits < LEAST_BITS {
            return None;
        }
    }
    let relation = if a.script == b.script { WordRelation::Nickname } else { WordRelation::Script };
    match (spelling, class) {
        (Some(s), Some(c)) if c > s.bits => Some(WordMatch { relation, bits: c }),
        (None, Some(c)) if c >= LEAST_BITS => Some(WordMatch { relation, bits: c }),
        (None, None) => short_form(a, b),
        (spelling, _) => spelling,
    }
}

/// A given name cut short. Only between words of one script: it is a habit of writing.
fn short_form(a: &Word, b: &Word) -> Option<WordMatch> {
    if !may_be_short_form(a) || !may_be_short_form(b) || a.script != b.script {
        return None;
    }
    let (x, y) = (&a.forms.first()?.letters, &b.forms.first()?.letters);
    let (short, long) = if x.len() < y.len() { (x, y) } else { (y, x) };
    let rest = long.strip_prefix(short.as_str())?;
    if short.len() < SHORT_FORM_LEAST || rest.len() < SHORT_FORM_REST || FAMILY_ENDINGS.contains(&rest) {
        return None;
    }
    let bits = SHORT_FORM_SOUND * short.len().min(6) as f32 - SHORT_FORM_COST;
    Some(WordMatch { relation: WordRelation::Nickname, bits: bits.min(a.rarity.exact).min(b.rarity.exact) })
}

/// Whether a word may be a short form of another, or have one.
pub fn may_be_short_form(word: &Word) -> bool {
    word.kind == WordKind::Name && !word.unvowelled
}

fn initial(a: &Word, b: &Word) -> Option<WordMatch> {
    let (one, other) = if a.kind == WordKind::Initial { (a, b) } else { (b, a) };
    if one.text == other.text {
        return Some(WordMatch { relation: WordRelation::Same, bits: INITIAL_BITS });
    }
    let fits = one.script == other.script && one.text.chars().next() == other.text.chars().next()
        || one.forms.iter().any(|f| {
            let first = f.letters.as_bytes().first();
            other.forms.iter().any(|g| g.letters.as_bytes().first() == first)
                || other.forms.iter().any(|g| g.sounds.first() == f.sounds.first())
        });
    fits.then_some(WordMatch { relation: WordRelation::Initial, bits: INITIAL_BITS })
}

/// The ways something sounds, wherever they are kept.
pub trait Sounds {
    /// How many ways there are.
    fn count(&self) -> usize;
    /// One of them, and how many consonants of each class it has.
    fn get(&self, at: usize) -> (&[Symbol], Consonants);
}

impl Sounds for [Form] {
    fn count(&self) -> usize {
        self.len()
    }

    fn get(&self, at: usize) -> (&[Symbol], Consonants) {
        (&self[at].sounds, self[at].consonants)
    }
}

impl Sounds for [(Vec<Symbol>, Consonants)] {
    fn count(&self) -> usize {
        self.len()
    }

    fn get(&self, at: usize) -> (&[Symbol], Consonants) {
        (&self[at].0, self[at].1)
    }
}

/// A word, or two written as one, as far as spellings are compared.
pub struct Spelt<'a, S: Sounds + ?Sized> {
    /// The ways it sounds.
    pub sounds: &'a S,
    /// How many of these stand for the word as written; see [`Word::own_forms`].
    pub own_forms: usize,
    /// Whether its script leaves vowels out.
    pub unvowelled: bool,
    /// How rare it is.
    pub rarity: Rarity,
}

impl<S: Sounds + ?Sized> Spelt<'_, S> {
    fn vowels(&self) -> Vowels {
        if self.unvowelled { Vowels::Left } else { Vowels::Written }
    }
}

impl<'a> Spelt<'a, [Form]> {
    /// A word.
    pub fn of(word: &'a Word) -> Self {
        Self {
            sounds: &word.forms,
            own_forms: word.own_forms,
            unvowelled: word.unvowelled,
            rarity: word.rarity,
        }
    }
}

/// Bits of two words being spellings of one name; `None` if they are not. Symmetric.
pub fn spelling_bits<A: Sounds + ?Sized, B: Sounds + ?Sized>(
    a: Spelt<'_, A>,
    b: Spelt<'_, B>,
) -> Option<f32> {
    let rarity = rarity_of_spellings(a.rarity, a.unvowelled, b.rarity, b.unvowelled);
    // Dropping an article on both sides is no more than keeping it on both.
    let reduced = |i, j| if (i >= a.own_forms) != (j >= b.own_forms) { REDUCED_COST } else { 0.0 };
    least_cost(&a, &b, rarity, reduced)
}

/// Bits of two words written together, `two`, being the spelling of one; `None` if they are not.
pub fn joined_bits<A: Sounds + ?Sized, B: Sounds + ?Sized>(
    two: Spelt<'_, A>,
    one: Spelt<'_, B>,
) -> Option<f32> {
    let rarity = rarity_of_joined(two.rarity.exact, two.unvowelled, one.rarity, one.unvowelled);
    least_cost(&two, &one, rarity, |_, _| JOIN_COST)
}

/// What the nearest two ways of sounding leave of the rarity, `extra` included in their costs.
fn least_cost<A: Sounds + ?Sized, B: Sounds + ?Sized>(
    a: &Spelt<'_, A>,
    b: &Spelt<'_, B>,
    rarity: f32,
    extra: impl Fn(usize, usize) -> f32,
) -> Option<f32> {
    let one_unvowelled = a.unvowelled != b.unvowelled;
    let mut best: Option<f32> = None;
    for i in 0..a.sounds.count() {
        let (x, x_consonants) = a.sounds.get(i);
        for j in 0..b.sounds.count() {
            let (y, y_consonants) = b.sounds.get(j);
            if !x_consonants.may_spell(y_consonants) {
                continue;
            }
            let length = x.len().min(y.len());
            let most = most_cost(rarity, length, one_unvowelled);
            if let Some(cost) = sound::cost(x, y, a.vowels(), b.vowels(), most)
                && let Some(bits) = bits_left(rarity, cost, length, one_unvowelled, extra(i, j))
                && best.is_none_or(|b| bits > b)
            {
                best = Some(bits);
            }
        }
    }
    best
}

fn spelling(a: &Word, b: &Word) -> Option<WordMatch> {
    let bits = spelling_bits(Spelt::of(a), Spelt::of(b))?;
    let relation = if a.script == b.script { WordRelation::Spelling } else { WordRelation::Script };
    Some(WordMatch { relation, bits })
}

fn class(a: &Word, b: &Word) -> Option<f32> {
    // A father's name in a patronymic is no given name.
    if (a.kind == WordKind::Patronymic) != (b.kind == WordKind::Patronymic) {
        return None;
    }
    let mut least: Option<f32> = None;
    for &x in &a.classes {
        if b.classes.binary_search(&x).is_ok() {
            let Some(class) = nickname::classes().get(usize::from(x)) else { continue };
            let cost = match class.kind {
                Kind::Spelling if class.has_arabic => TRADITION_COST,
                Kind::Spelling => NATIONAL_COST,
                Kind::Cognate => COGNATE_COST,
                Kind::Nickname => NICKNAME_COST,
            };
            least = Some(least.map_or(cost, |l| l.min(cost)));
        }
    }
    least
}

/// Two neighbouring words as they sound when written as one.
#[derive(Clone, Debug)]
pub struct JoinedWords {
    sounds: Vec<(Vec<Symbol>, Consonants)>,
    rarity: f32,
    unvowelled: bool,
}

impl JoinedWords {
    /// The two words joined; `None` where nobody would join them.
    pub fn of(first: &Word, second: &Word) -> Option<Self> {
        if !may_join(first, second) {
            return None;
        }
        let mut sounds: Vec<(Vec<Symbol>, Consonants)> = Vec::with_capacity(2);
        for f in first.forms.iter().take(JOINED_FORMS) {
            for s in second.forms.iter().take(JOINED_FORMS) {
                let joined = join_sounds(&f.letters, &s.letters);
                if !sounds.iter().any(|(s, _)| *s == joined) {
                    let consonants = Consonants::of(&joined);
                    sounds.push((joined, consonants));
                }
            }
        }
        let most =
            |w: &Word| if w.kind.is_core() { w.rarity.exact } else { w.rarity.exact.min(LEADING_BITS) };
        Some(Self { sounds, rarity: most(first) + most(second), unvowelled: first.unvowelled })
    }

    /// The ways it sounds.
    pub fn sounds(&self) -> impl Iterator<Item = &[Symbol]> {
        self.sounds.iter().map(|(sounds, _)| sounds.as_slice())
    }

    /// As spellings are compared.
    pub fn spelt(&self) -> Spelt<'_, [(Vec<Symbol>, Consonants)]> {
        let rarity = Rarity { exact: self.rarity, skeleton: self.rarity };
        Spelt { sounds: &self.sounds, own_forms: self.sounds.len(), unvowelled: self.unvowelled, rarity }
    }

    /// Whether its script leaves vowels out.
    pub fn is_unvowelled(&self) -> bool {
        self.unvowelled
    }
}

/// Whether two words could be one written together, by how many consonants they have: says no only where
/// [`compare_joined`] would, and far sooner.
pub fn may_be_one(first: &Word, second: &Word, one: &Word) -> bool {
    first.forms.iter().take(JOINED_FORMS).any(|f| {
        let second = second.forms.iter().take(JOINED_FORMS);
        second
            .into_iter()
            .any(|s| one.forms.iter().any(|o| o.consonants.may_be_joined(f.consonants, s.consonants)))
    })
}

/// How many spellings of each word are joined.
const JOINED_FORMS: usize = 2;

/// The evidence of two neighbouring words on one side being written as one on the other.
pub fn compare_joined(two: &JoinedWords, one: &Word) -> Option<WordMatch> {
    if one.kind != WordKind::Name || one.forms.is_empty() {
        return None;
    }
    let bits = joined_bits(two.spelt(), Spelt::of(one))?;
    Some(WordMatch { relation: WordRelation::Spelling, bits })
}

/// The most that a title or particle says when it is written together with the name after it.
const LEADING_BITS: f32 = 2.5;
/// Cost of a word that only one side has with an article or ending of another language.
const REDUCED_COST: f32 = 0.5;
/// Cost of writing two words as one.
pub const JOIN_COST: f32 = 0.7;
/// Two words' consonants together are rarer than either's.
const JOIN_SKELETON: f32 = 2.0;

/// The sounds of two words written as one.
fn join_sounds(first: &str, second: &str) -> Vec<Symbol> {
    let mut letters = String::with_capacity(first.len() + second.len());
    letters.push_str(first);
    letters.push_str(second);
    crate::names::sound::encode(&letters)
}

/// Places of the words that neighbour each other and so may be written as one: names with nothing but
/// titles and particles between, and a title or particle with the name after it (`della Pietra`,
/// `Mullah Baradar`). Whether they may is for [`may_join`] to say.
pub fn neighbours<'w>(words: impl Iterator<Item = &'w Word>) -> impl Iterator<Item = (usize, usize)> {
    let (mut last_core, mut before_is_core) = (None, true);
    words.enumerate().flat_map(move |(at, word)| {
        let is_core = word.kind.is_core();
        let core = if is_core { last_core.replace(at) } else { None };
        let other = (is_core && !before_is_core).then(|| at - 1);
        before_is_core = is_core;
        [core, other].into_iter().flatten().map(move |first| (first, at))
    })
}

/// Whether two neighbouring words may be written as one.
///
/// Not where pinyin would part them elsewhere: `yan an` written together is `yan'an`; `yanan` is
/// `ya nan`.
pub fn may_join(first: &Word, second: &Word) -> bool {
    let is_name = |w: &Word| matches!(w.kind, WordKind::Name | WordKind::Kunya);
    // The Arabic article is dropped from words it is written together with; see `Word::own_forms`.
    let leads = matches!(first.kind, WordKind::Title | WordKind::Particle | WordKind::Filiation)
        && !matches!(first.text.as_str(), "al" | "el" | "ul" | "ال");
    let reads = !first.forms.is_empty() && !second.forms.is_empty() && first.script == second.script;
    if !reads || !is_name(second) || !(is_name(first) || leads) {
        return false;
    }
    let (f, s) = (&first.forms[0].letters, &second.forms[0].letters);
    if f.len() + s.len() > 24 {
        return false;
    }
    let syllable = |w: &str| w.len() <= 6;
    !(first.script == Script::Latin
        && syllable(f)
        && syllable(s)
        && f.ends_with(['n', 'g', 'r'])
        && s.starts_with(['a', 'e', 'i', 'o', 'u'])
        && crate::names::cjk::is_pinyin_syllable(f)
        && crate::names::cjk::is_pinyin_syllable(s))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::PersonName;

    fn words(a: &str, b: &str) -> Option<WordMatch> {
        compare(&PersonName::analyse(a).words[0], &PersonName::analyse(b).words[0])
    }

    #[test]
    fn same_word_says_its_rarity() {
        let plyshevsky = words("Plyshevsky", "plyshevsky").unwrap();
        let ali = words("Ali", "ALI").unwrap();
        assert_eq!(plyshevsky.relation, WordRelation::Same);
        assert!(plyshevsky.bits > ali.bits + 4.0, "{plyshevsky:?} {ali:?}");
    }

    #[test]
    fn a_short_form_is_no_root_of_a_family_name() {
        for (short, whole) in [("Ron", "Ronald"), ("Shiv", "Shivkumar"), ("Thatcher", "Thatcherova")] {
            let m = words(short, whole);
            assert!(m.is_some_and(|m| m.relation == WordRelation::Nickname), "{short} {whole} {m:?}");
        }
        for (name, family) in [("Ivan", "Ivanov"), ("Iwan", "Iwanenko"), ("Jack", "Jackson")] {
            let m = words(name, family);
            assert!(m.is_none_or(|m| m.relation != WordRelation::Nickname), "{name} {family} {m:?}");
        }
    }

    #[test]
    fn short_words_do_not_stretch() {
        for (a, b) in [("Li", "Lu"), ("Wu", "Hu"), ("Ivan", "Ivanov"), ("Kim", "Kam")] {
            let m = words(a, b);
            assert!(m.is_none_or(|m| m.bits < 2.5), "{a} {b} {m:?}");
        }
    }
}
