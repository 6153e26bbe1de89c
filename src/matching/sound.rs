//! How far two sound strings lie apart: the cost, in bits, of one being a spelling of the other.
//!
//! A weighted edit distance. A cost of n bits says that a writer of the same name puts the one for
//! the other about once in 2^n times. The costs come from what transliteration traditions do: vowels
//! are chosen freely, `w` stands for `v`, `j` for `y` or `dzh`, and so on; costs between sounds that
//! no tradition confuses are those of typing errors.
//!
//! [`cost`] compares two strings; [`Against`] compares one with many that are sorted, as the candidates of
//! a search are, and takes up each where it parts from the one before. [`nearby`] tells strings that lie near one.

mod against;
mod cells;
mod nearby;

use std::sync::LazyLock;

use crate::names::sound::*;

pub use against::{Against, Rows};
pub use nearby::nearby;

/// A cost in sixteenths of a bit, so that the table is small and the arithmetic exact.
pub type Cost = u16;

/// How many of a [`Cost`] are a bit.
pub const UNIT: f32 = 16.0;

const fn bits(tenths: u16) -> Cost {
    tenths * 16 / 10
}

/// A sound written for one no tradition confuses it with: a typing or hearing error.
const OTHER: Cost = bits(60);
/// A consonant too many or too few.
const CONSONANT: Cost = bits(48);
/// A vowel too many or too few.
const VOWEL: Cost = bits(13);
/// A last i too many or too few: it makes a surname or adjective of a name (Jalal, Jalali).
const LAST_I: Cost = bits(26);
/// Two neighbours swapped: the commonest typing error.
const SWAP: Cost = bits(30);

/// Longest sound string compared; what is longer is cut (no name word has so many sounds).
pub const MAX_SOUNDS: usize = 40;

/// Pairs of sounds that traditions write for each other, with the cost in tenths of a bit.
const NEAR: &[(Symbol, Symbol, u16)] = &[
    // Vowels: unstressed vowels are written by ear.
    (A, E, 7),
    (A, I, 12),
    (A, O, 8),
    (A, U, 11),
    (E, I, 6),
    (E, O, 10),
    (E, U, 13),
    (I, O, 15),
    (I, U, 13),
    (O, U, 5),
    // Half-vowels.
    (I, Y, 4),
    (I, J, 10),
    (E, Y, 9),
    (E, J, 15),
    (U, W, 4),
    (O, W, 8),
    (U, V, 12),
    (O, V, 20),
    (V, W, 4),
    (Y, J, 8),
    (A, H, 12),
    // Lips.
    (V, F, 12),
    (W, F, 16),
    (V, B, 15),
    (W, B, 30),
    (P, B, 18),
    (P, F, 16),
    (M, N, 25),
    // Teeth.
    (T, D, 18),
    (T, TH, 5),
    (D, DH, 4),
    (D, TH, 15),
    (TH, DH, 10),
    (TH, S, 10),
    (TH, F, 20),
    (DH, Z, 6),
    (D, Z, 18),
    (TH, Z, 18),
    (S, Z, 10),
    (S, TS, 10),
    (Z, TS, 12),
    (T, TS, 20),
    (S, SH, 12),
    (S, CH, 18),
    (SH, CH, 10),
    (SH, ZH, 16),
    (SH, TS, 20),
    (CH, TS, 12),
    (CH, T, 25),
    (CH, J, 15),
    (CH, ZH, 20),
    (ZH, J, 7),
    (ZH, Z, 8),
    (ZH, G, 20),
    (Z, J, 16),
    (J, G, 12),
    (J, D, 22),
    (J, SH, 25),
    (J, H, 25),
    (J, X, 25),
    // Throat.
    (K, G, 18),
    (K, X, 10),
    (K, GH, 18),
    (K, CH, 20),
    (K, TS, 18),
    (K, S, 35),
    (K, H, 28),
    (X, H, 6),
    (X, CH, 9),
    (X, GH, 15),
    (X, G, 25),
    (G, GH, 5),
    (G, H, 14),
    (GH, H, 20),
    (GH, R, 28),
    // Liquids.
    (L, R, 30),
    (L, V, 40),
    (N, L, 40),
];

struct Table {
    substitute: [[Cost; SYMBOLS]; SYMBOLS],
    /// Cost of a symbol standing on one side alone.
    alone: [Cost; SYMBOLS],
}

impl Table {
    /// The costs between two words of which each leaves its vowels out or writes them.
    fn between(left: bool, other_left: bool) -> &'static Self {
        if left != other_left { &ABJAD } else { &FULL }
    }

    /// Cost of a symbol that stands on one side alone, between its neighbours there. `other_left`: the other
    /// side, and only that, leaves its vowels out.
    fn alone(&self, s: Symbol, other_left: bool, previous: Option<Symbol>, next: Option<Symbol>) -> Cost {
        if is_vowel(s) {
            if other_left {
                // In an unvowelled script the other side's vowels cost next to nothing. A last i is long:
                // even these scripts write it.
                return if s == I && next.is_none() { bits(18) } else { 2 };
            }
            if s == I && next.is_none() && !previous.is_some_and(is_vowel) {
                return LAST_I;
            }
            // One vowel more beside a vowel is a diphthong written out.
            if previous.is_some_and(is_vowel) || next.is_some_and(is_vowel) {
                return bits(8);
            }
        }
        self.alone[s as usize]
    }
}

/// Costs between two words that both write their vowels.
static FULL: LazyLock<Table> = LazyLock::new(|| table(false));
/// Costs between an unvowelled word (first) and a vowelled one.
static ABJAD: LazyLock<Table> = LazyLock::new(|| table(true));

fn table(abjad: bool) -> Table {
    let mut substitute = [[OTHER; SYMBOLS]; SYMBOLS];
    for (v, costs) in substitute.iter_mut().enumerate() {
        for (w, cost) in costs.iter_mut().enumerate() {
            if v == w {
                *cost = 0;
            } else if is_vowel(v as Symbol) != is_vowel(w as Symbol) {
                // A vowel for a consonant is two errors.
                *cost = OTHER + VOWEL;
            }
        }
    }
    for &(a, b, tenths) in NEAR {
        substitute[a as usize][b as usize] = bits(tenths);
        substitute[b as usize][a as usize] = bits(tenths);
    }
    let mut alone = [CONSONANT; SYMBOLS];
    for v in [A, E, I, O, U] {
        alone[v as usize] = VOWEL;
    }
    // h and y come and go between traditions.
    alone[H as usize] = bits(10);
    alone[Y as usize] = bits(10);
    if abjad {
        for vowel in [A, E, I, O, U] {
            // The long vowels that the script does write stand for any vowel near them.
            if vowel != A {
                substitute[A as usize][vowel as usize] = bits(2);
                substitute[vowel as usize][A as usize] = bits(2);
            }
        }
        for (letter, sound, tenths) in [
            (W, U, 1),
            (W, O, 2),
            (W, V, 1),
            (Y, I, 1),
            (Y, E, 3),
            (I, E, 3),
            (I, Y, 1),
            (U, O, 2),
            (Y, A, 8),
        ] {
            substitute[letter as usize][sound as usize] = bits(tenths);
            substitute[sound as usize][letter as usize] = bits(tenths);
        }
        alone[W as usize] = bits(22);
        alone[Y as usize] = bits(18);
    }
    Table { substitute, alone }
}

/// How a word writes its vowels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vowels {
    /// All of them (Latin, Cyrillic, Greek …).
    Written,
    /// Long ones at most (Arabic, Hebrew).
    Left,
}

/// Cost of `a` and `b` being spellings of one name, or `None` when it is above `limit`.
///
/// Symmetric. 0 for equal strings.
pub fn cost(a: &[Symbol], b: &[Symbol], a_vowels: Vowels, b_vowels: Vowels, limit: Cost) -> Option<Cost> {
    let (a, b) = (&a[..a.len().min(MAX_SOUNDS)], &b[..b.len().min(MAX_SOUNDS)]);
    if a == b {
        return Some(0);
    }
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let left_a = a_vowels == Vowels::Left;
    let left_b = b_vowels == Vowels::Left;
    let table = Table::between(left_a, left_b);
    let mut best_before = 0;
    let mut before = [0 as Cost; MAX_SOUNDS + 1];
    let mut row = [0 as Cost; MAX_SOUNDS + 1];
    let mut now = [0 as Cost; MAX_SOUNDS + 1];
    let one_left = left_a != left_b;
    let mut alone_b = [0 as Cost; MAX_SOUNDS];
    for j in 0..b.len() {
        let previous = j.checked_sub(1).map(|k| b[k]);
        alone_b[j] = table.alone(b[j], one_left && left_a, previous, b.get(j + 1).copied());
    }
    for j in 0..b.len() {
        row[j + 1] = row[j] + alone_b[j] + initial(j, b[j]);
    }
    for i in 0..a.len() {
        let previous = i.checked_sub(1).map(|k| a[k]);
        let alone_a = table.alone(a[i], one_left && left_b, previous, a.get(i + 1).copied());
        now[0] = row[0] + alone_a + initial(i, a[i]);
        let mut best = now[0];
        for j in 0..b.len() {
            let mut substitute = table.substitute[a[i] as usize][b[j] as usize];
            if i == 0 && j == 0 {
                substitute += other_first(substitute, a[i], b[j]);
            }
            let mut least = (row[j] + substitute).min(row[j + 1] + alone_a).min(now[j] + alone_b[j]);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] && a[i] != a[i - 1] {
                least = least.min(before[j - 1] + SWAP);
            }
            now[j + 1] = least;
            best = best.min(least);
        }
        // Two sounds swapped go on from the row before.
        if best > limit && best_before + SWAP > limit {
            return None;
        }
        best_before = best;
        std::mem::swap(&mut before, &mut row);
        std::mem::swap(&mut row, &mut now);
    }
    let total = row[b.len()];
    (total <= limit).then_some(total)
}

/// Extra cost of another first consonant: beginnings are the part of a name that is rarely mistaken.
const FIRST: Cost = bits(20);

/// What a consonant put for another adds where both stand first.
fn other_first(substitute: Cost, a: Symbol, b: Symbol) -> Cost {
    if substitute > 0 && !is_vowel(a) && !is_vowel(b) { FIRST } else { 0 }
}

fn initial(position: usize, symbol: Symbol) -> Cost {
    if position == 0 && !is_vowel(symbol) && symbol != H && symbol != Y { FIRST } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The cost in bits, up to `most` bits.
    fn in_bits(a: &[Symbol], b: &[Symbol], left: Vowels, other_left: Vowels, most: f32) -> Option<f32> {
        cost(a, b, left, other_left, (most * UNIT) as Cost).map(|c| f32::from(c) / UNIT)
    }

    fn near(a: &str, b: &str) -> Option<f32> {
        in_bits(&encode(a), &encode(b), Vowels::Written, Vowels::Written, 12.0)
    }

    #[test]
    fn spellings_lie_nearer_than_other_names() {
        for (same, other) in [
            (("soleimani", "sulaymani"), ("soleimani", "salmani")),
            (("yeltsin", "jelzin"), ("yeltsin", "yeltsov")),
            (("lukashenko", "lukaschenka"), ("lukashenko", "lukashin")),
            (("gaddafi", "qadhafi"), ("gaddafi", "gaffari")),
            (("chafiq", "shafik"), ("chafiq", "tariq")),
            (("ivanov", "iwanow"), ("ivan", "ivanov")),
            (("mohammed", "muhamad"), ("mohammed", "mahmud")),
        ] {
            let (s, o) = (near(same.0, same.1).unwrap(), near(other.0, other.1).unwrap_or(99.0));
            assert!(s < o, "{same:?} {s} {other:?} {o}");
        }
    }

    #[test]
    fn unvowelled_words_meet_vowelled_ones() {
        for (abjad, latin) in [("mhmd", "mohammed"), ("hsyn", "hussein"), ("jmal", "jamal"), ("mwsa", "musa")]
        {
            let c = in_bits(&encode(abjad), &encode(latin), Vowels::Left, Vowels::Written, 12.0).unwrap();
            assert!(c < 1.5, "{abjad} {latin} {c}");
        }
        let mahmud = in_bits(&encode("mhmd"), &encode("mahmud"), Vowels::Left, Vowels::Written, 12.0);
        let own = in_bits(&encode("mhmwd"), &encode("mahmud"), Vowels::Left, Vowels::Written, 12.0);
        assert!(own < mahmud);
    }

    #[test]
    fn a_half_vowel_first_is_no_other_consonant_on_either_side() {
        for (a, b) in [("ouattara", "wattara"), ("e", "ye"), ("ibrahim", "ybrahim")] {
            for (x, y) in [(Vowels::Written, Vowels::Written), (Vowels::Left, Vowels::Written)] {
                let forth = in_bits(&encode(a), &encode(b), x, y, 12.0);
                assert_eq!(forth, in_bits(&encode(b), &encode(a), y, x, 12.0), "{a} {b}");
                assert!(forth.is_some_and(|c| c < 2.0), "{a} {b} {forth:?}");
            }
        }
    }

    proptest! {
        /// strsim's distance, in which all errors weigh one, bounds the cost from both sides.
        #[test]
        fn costs_follow_the_plain_distance(a in "[a-z]{1,12}", b in "[a-z]{1,12}") {
            let (x, y) = (encode(&a), encode(&b));
            prop_assume!(!x.is_empty() && !y.is_empty());
            let text = |sounds: &[Symbol]| -> String { sounds.iter().map(|&s| char::from(b'A' + s)).collect() };
            let plain = strsim::osa_distance(&text(&x), &text(&y)) as f32;
            let most = f32::from(OTHER + VOWEL + FIRST) / UNIT;
            let least = f32::from(bits(4)) / UNIT;
            let cost = in_bits(&x, &y, Vowels::Written, Vowels::Written, 1000.0).unwrap();
            prop_assert!(cost >= plain * least, "{} {} {} {}", a, b, cost, plain);
            prop_assert!(cost <= plain * most, "{} {} {} {}", a, b, cost, plain);
        }

        /// What a limit cuts short is above it, and what it lets through is the same.
        #[test]
        fn limits_change_no_cost(a in "[a-z]{1,10}", b in "[a-z]{1,10}", limit in 0.0f32..30.0) {
            let (x, y) = (encode(&a), encode(&b));
            let whole = in_bits(&x, &y, Vowels::Written, Vowels::Written, 1000.0);
            let cut = in_bits(&x, &y, Vowels::Written, Vowels::Written, limit);
            let limit = (limit * UNIT).floor() / UNIT;
            prop_assert_eq!(cut, whole.filter(|c| *c <= limit));
        }

        #[test]
        fn symmetric_and_bounded(a in "[a-z]{0,50}", b in "[a-z]{0,50}", la: bool, lb: bool) {
            let v = |l| if l { Vowels::Left } else { Vowels::Written };
            let (x, y) = (encode(&a), encode(&b));
            let ab = in_bits(&x, &y, v(la), v(lb), 30.0);
            prop_assert_eq!(ab, in_bits(&y, &x, v(lb), v(la), 30.0));
            if let Some(c) = ab { prop_assert!((0.0..=30.0).contains(&c)); }
            prop_assert_eq!(in_bits(&x, &x, v(la), v(la), 1.0), Some(0.0));
        }
    }
}
