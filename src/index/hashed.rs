//! Tables sorted by hash: where a hash stands in one is nearly known from the hash itself.

/// A hash all of whose bits are as good as drawn at random.
pub(super) trait Hash: Ord + Copy {
    /// The place, of so many, that is this far along as the hash is among all hashes.
    fn place(self, places: usize) -> usize;
}

impl Hash for u32 {
    fn place(self, places: usize) -> usize {
        ((u64::from(self) * places as u64) >> 32) as usize
    }
}

impl Hash for u64 {
    fn place(self, places: usize) -> usize {
        ((u128::from(self) * places as u128) >> 64) as usize
    }
}

/// How far from where it should be a hash is looked for at first: in a table of thousands it is seldom further.
const NEAR: usize = 16;

/// The first entry of a sorted table whose hash is not below `hash`: as halving the table finds it, in fewer
/// steps, and those near each other. Right for any table; fast where its hashes are good ones.
pub(super) fn first_from<T, H: Hash>(table: &[T], hash: H, of: impl Fn(&T) -> H) -> usize {
    let is_before = |at: usize| of(&table[at]) < hash;
    let halve = |from: usize, to: usize| from + table[from..to].partition_point(|entry| of(entry) < hash);
    let place = hash.place(table.len());
    let mut step = NEAR;
    if place < table.len() && is_before(place) {
        let mut from = place + 1;
        loop {
            let to = from + step;
            if to >= table.len() {
                return halve(from, table.len());
            }
            if !is_before(to) {
                return halve(from, to);
            }
            from = to + 1;
            step *= 2;
        }
    }
    let mut to = place.min(table.len());
    loop {
        let from = to.saturating_sub(step);
        if from == 0 || is_before(from) {
            return halve(from, to);
        }
        to = from;
        step *= 2;
    }
}

/// What the entries of this hash lead to, in a sorted table.
pub(super) fn run<H: Hash>(table: &[(H, u32)], hash: H) -> impl Iterator<Item = u32> + '_ {
    let from = first_from(table, hash, |entry| entry.0);
    table[from..].iter().take_while(move |entry| entry.0 == hash).map(|entry| entry.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Halving the table is the oracle, however the hashes lie.
        #[test]
        fn finds_what_halving_finds(
            mut table in prop::collection::vec(prop_oneof![any::<u32>(), 0u32..50, (u32::MAX - 50)..], 0..300),
            hash in prop_oneof![any::<u32>(), 0u32..60, (u32::MAX - 60)..],
        ) {
            table.sort_unstable();
            let expected = table.partition_point(|&entry| entry < hash);
            prop_assert_eq!(first_from(&table, hash, |&entry| entry), expected);
            let wide = |hash: u32| u64::from(hash) << 32 | u64::from(hash);
            prop_assert_eq!(first_from(&table, wide(hash), |&entry| wide(entry)), expected);
            let pairs: Vec<(u32, u32)> = table.iter().copied().zip(0..).collect();
            let equal: Vec<u32> = pairs.iter().filter(|pair| pair.0 == hash).map(|pair| pair.1).collect();
            prop_assert_eq!(run(&pairs, hash).collect::<Vec<u32>>(), equal);
        }
    }
}
