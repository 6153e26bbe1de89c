//! How rare a name word is among people, in bits.
//!
//! A word borne by a share *p* of the people of the culture where it is commonest says −log2 *p* bits
//! when it agrees: "Kim" (a fifth of all Koreans) little over 2, a surname nobody has met some 15. The
//! shares come from [`super::frequency`] and never from the screened list, on which "Wei Zhang" is
//! rare. Taking the culture where the word is commonest is careful: whoever is screened is compared
//! with namesakes from the same part of the world.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::frequency;
use super::sound::{self, Symbol};
use super::word::Form;

/// Rarity of a word in bits: more is rarer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rarity {
    /// Of the word as it sounds.
    pub exact: f32,
    /// Of its consonants alone, for words of scripts without vowels.
    pub skeleton: f32,
}

/// Shares by sound, by pattern and by skeleton, each the largest over the cultures.
struct Shares {
    sound: FxHashMap<Box<[Symbol]>, f32>,
    pattern: FxHashMap<Box<[u8]>, f32>,
    skeleton: FxHashMap<Box<[u8]>, f32>,
}

static SHARES: LazyLock<Shares> = LazyLock::new(|| {
    let mut tables: HashMap<_, (FxHashMap<_, f32>, FxHashMap<_, f32>, FxHashMap<_, f32>)> = HashMap::new();
    for entry in frequency::entries() {
        let (by_sound, by_pattern, by_skeleton) =
            tables.entry((entry.culture, entry.kind)).or_insert_with(Default::default);
        let sounds = sound::encode(entry.name);
        let share = entry.share as f32;
        *by_pattern.entry(sound::pattern(&sounds).into_boxed_slice()).or_insert(0.0) += share;
        *by_skeleton.entry(sound::skeleton(&sounds).into_boxed_slice()).or_insert(0.0) += share;
        *by_sound.entry(sounds.into_boxed_slice()).or_insert(0.0) += share;
    }
    let mut shares =
        Shares { sound: FxHashMap::default(), pattern: FxHashMap::default(), skeleton: FxHashMap::default() };
    for (by_sound, by_pattern, by_skeleton) in tables.into_values() {
        largest(&mut shares.sound, by_sound);
        largest(&mut shares.pattern, by_pattern);
        largest(&mut shares.skeleton, by_skeleton);
    }
    shares
});

fn largest<K: Hash + Eq>(into: &mut FxHashMap<K, f32>, from: FxHashMap<K, f32>) {
    for (key, share) in from {
        let slot = into.entry(key).or_insert(0.0);
        *slot = slot.max(share);
    }
}

/// Bits of a word that no table knows, by the number of its sounds. Short unknown words are mostly
/// unlisted spellings of common syllables; long ones are borne by about one in 2^15, the share of
/// the rarest surnames that the US census counts.
const UNSEEN: [f32; 10] = [6.0, 6.0, 7.5, 9.0, 10.5, 12.0, 13.0, 14.0, 14.5, 15.0];

/// Bits added when only the pattern of a word is known as common: some vowels differ from all
/// spellings the tables know.
const PATTERN_ONLY: f32 = 3.0;
/// Likewise when only its consonants are.
const SKELETON_ONLY: f32 = 4.5;

/// Likewise when the word itself is known, as a rare one.
const KNOWN_AS_RARE: f32 = 4.5;

/// Bits each consonant adds to its class: the classes put some two letters together that unvowelled
/// scripts keep apart, not all of them equally common.
const SKELETON_LETTER: f32 = 0.8;

/// Bits of an unknown skeleton, by its length.
const UNSEEN_SKELETON: [f32; 8] = [3.0, 4.0, 6.0, 8.5, 11.0, 12.5, 13.5, 14.0];

fn bits(share: f32) -> f32 {
    -share.clamp(1e-7, 1.0).log2()
}

fn by_length(table: &[f32], length: usize) -> f32 {
    table[length.min(table.len() - 1)]
}

/// Rarity of a word given its Latin spellings: that of the commonest of them.
pub fn of(forms: &[Form]) -> Rarity {
    let mut rarity = Rarity { exact: f32::MAX, skeleton: f32::MAX };
    for form in forms {
        let one = of_sounds(&form.sounds);
        rarity.exact = rarity.exact.min(one.exact);
        rarity.skeleton = rarity.skeleton.min(one.skeleton);
    }
    if forms.is_empty() {
        // Characters or digits that have no Latin reading.
        return Rarity { exact: UNSEEN[4], skeleton: UNSEEN[4] };
    }
    rarity
}

/// Rarity of one sound string.
pub fn of_sounds(sounds: &[Symbol]) -> Rarity {
    let shares = &*SHARES;
    let pattern = sound::pattern(sounds);
    let skeleton = sound::skeleton(sounds);
    let skeleton_bits = shares
        .skeleton
        .get(skeleton.as_slice())
        .map_or(by_length(&UNSEEN_SKELETON, skeleton.len()), |&s| bits(s));
    let known = shares.sound.get(sounds).map(|&share| bits(share));
    let mut exact = known.unwrap_or_else(|| by_length(&UNSEEN, sounds.len()));
    // A spelling that the tables know as rare may still be a usual one of a common name elsewhere.
    if let Some(&share) = shares.pattern.get(pattern.as_slice()) {
        exact = exact.min(bits(share) + if known.is_some() { KNOWN_AS_RARE } else { PATTERN_ONLY });
    }
    // One or two consonants are shared by too many unlike names to say anything.
    if known.is_none() && skeleton.len() > 2 {
        exact = exact.min(skeleton_bits + SKELETON_ONLY);
    }
    // Whole sixteenths, as the snapshot stores them, so that a stored word scores like a fresh one.
    let round = |bits: f32| (bits * 16.0).round() / 16.0;
    let skeleton_bits = skeleton_bits + SKELETON_LETTER * skeleton.len() as f32;
    Rarity { exact: round(exact), skeleton: round(skeleton_bits.min(exact)) }
}
