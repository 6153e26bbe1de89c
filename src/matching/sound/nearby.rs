//! Sound strings that lie one step from another: what a writer puts by one liberty of a tradition, or by the
//! commonest typing error.

use crate::names::sound::{SYMBOLS, Symbol};

use super::{Cost, MAX_SOUNDS, SWAP, Table, bits, other_first};

/// The most that a sound written for another costs here: up to it traditions differ (kh and ch, s and sh);
/// beyond it one sound is misheard for another, which of a word of few sounds leaves little.
const LIBERTY: Cost = bits(16);

/// Gives `each` the strings that [`super::cost`] puts within `most` of this one by one sound written for another,
/// at no more than 1.6 bits, or by two neighbours swapped. Both write their vowels.
pub fn nearby(sounds: &[Symbol], most: Cost, mut each: impl FnMut(&[Symbol])) {
    let table = Table::between(false, false);
    let mut string = sounds[..sounds.len().min(MAX_SOUNDS)].to_vec();
    for at in 0..string.len() {
        let own = string[at];
        for other in (0..SYMBOLS as Symbol).filter(|&other| other != own) {
            let cost = table.substitute[usize::from(own)][usize::from(other)];
            let first = if at == 0 { other_first(cost, own, other) } else { 0 };
            if cost <= LIBERTY && cost + first <= most {
                string[at] = other;
                each(&string);
            }
        }
        string[at] = own;
        if SWAP <= most && string.get(at + 1).is_some_and(|next| *next != own) {
            string.swap(at, at + 1);
            each(&string);
            string.swap(at, at + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cost;
    use super::*;
    use crate::matching::sound::Vowels;
    use crate::names::sound::encode;
    use proptest::prelude::*;

    proptest! {
        /// All lie as near as said, and each is told once.
        #[test]
        fn strings_lie_within_the_cost(word in "[a-z]{1,8}", most in 0u16..120) {
            let sounds = encode(&word);
            let mut told: Vec<Vec<Symbol>> = Vec::new();
            nearby(&sounds, most, |string| told.push(string.to_vec()));
            for string in &told {
                let cost = cost(&sounds, string, Vowels::Written, Vowels::Written, most);
                prop_assert!(cost.is_some_and(|cost| cost > 0), "{:?} {:?}", sounds, string);
            }
            let count = told.len();
            told.sort();
            told.dedup();
            prop_assert_eq!(told.len(), count);
        }
    }

    #[test]
    fn traditions_and_slips_are_told() {
        for (word, other) in [("khan", "chan"), ("azhar", "ajar"), ("gashi", "gasi"), ("shang", "shagn")] {
            let (sounds, other) = (encode(word), encode(other));
            let mut is_told = false;
            nearby(&sounds, bits(60), |string| is_told |= string == other);
            assert!(is_told, "{word} {other:?}");
        }
    }
}
