//! Which entity has which document number. A number always makes a candidate, whatever the name.

use super::Card;

/// The key of a folded number.
pub fn key(number: &str) -> u64 {
    let digest = blake3::hash(number.as_bytes());
    u64::from_le_bytes(digest.as_bytes()[..8].try_into().unwrap_or_default())
}

/// Keys of all entities' numbers, sorted.
pub fn table(cards: &[Card]) -> Vec<(u64, u32)> {
    let mut out: Vec<(u64, u32)> = cards
        .iter()
        .enumerate()
        .flat_map(|(entity, card)| card.attributes.numbers.iter().map(move |n| (key(n), entity as u32)))
        .collect();
    out.sort_unstable();
    out
}
