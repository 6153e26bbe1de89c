//! How sure it is that a name in Latin letters is of a language, and cut as a reading cuts it.
//!
//! Kim may be 김, but hardly 檢; Yanan is ya-nan rather than yan-an; Wu Li may be a Wu or a Li. Each
//! reading's probability in each language, by the shares of its family name, syllables and
//! spellings, is held against the sum over all of the name's readings.

use super::atom::{self, Kind};
use super::tables::{Lect, Part, Tables};
use super::{CHINESE, KOREAN, LANGUAGES, MIXED, MOST_GIVEN, Reading};

/// Shares of Mandarin, Cantonese, southern and Korean names, and of mixed Chinese ones, among East
/// Asian names in Latin letters: an estimate.
const SHARES: [f64; LANGUAGES] = [0.53, 0.12, 0.05, 0.26, 0.04];
/// Shares of given names of one, two and three syllables.
const LENGTHS: [f64; MOST_GIVEN] = [0.15, 0.84, 0.006];
/// Probability of any one word that is not of the language: 2^-14.
const FOREIGN_WORD: f64 = 6e-5;
/// Probability of any one initial.
const INITIAL: f64 = 0.04;

/// Fills in the doubt of each of a name's readings.
pub(super) fn weigh(readings: &mut [Reading], tables: &Tables) {
    let weights: Vec<[f64; LANGUAGES]> = readings.iter().map(|r| likelihoods(r, tables)).collect();
    let whole: f64 = weights.iter().flatten().sum();
    for (reading, weights) in readings.iter_mut().zip(weights) {
        for (doubt, weight) in reading.doubt.iter_mut().zip(weights) {
            // No likelihood at all leaves the most doubt; the conversion saturates there.
            *doubt = if weight > 0.0 { (-8.0 * (weight / whole).log2()).round() as u8 } else { u8::MAX };
        }
    }
}

/// Probability of the reading and each language.
fn likelihoods(r: &Reading, tables: &Tables) -> [f64; LANGUAGES] {
    let chinese: f64 = SHARES[..3].iter().sum();
    let rest = FOREIGN_WORD.powi(i32::from(r.left_readable)) * INITIAL.powi(i32::from(r.left_initials));
    let mut out = SHARES.map(|s| s * rest * LENGTHS[r.given().len() - 1]);
    // The halves of a compound family name are read as the words they are.
    let part = if r.family_length == 2 { Part::Given } else { Part::Family };
    let atoms = r.family().iter().map(|a| (*a, part)).chain(r.given().iter().map(|a| (*a, Part::Given)));
    for (a, part) in atoms {
        let mut shares = [0.0; LANGUAGES];
        if matches!(atom::kind(a), Kind::Initial(_)) {
            shares = [INITIAL; LANGUAGES];
        } else {
            for (share, mass) in shares.iter_mut().zip(tables.masses(a, part)) {
                *share = f64::from(mass);
            }
            shares[MIXED] = (0..3).map(|n| SHARES[n] / chinese * shares[n]).sum();
        }
        for (l, s) in out.iter_mut().zip(shares) {
            *l *= s;
        }
    }
    for (n, l) in out.iter_mut().enumerate() {
        let group = if n == Lect::Korean as usize { KOREAN } else { CHINESE };
        if r.groups & group == 0 {
            *l = 0.0;
        }
    }
    out
}
