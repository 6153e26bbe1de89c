//! Where the names that were met stand in the list of them.

/// No name: there are fewer.
const EMPTY: u32 = u32::MAX;
/// Slots of a table of few names. A power of two.
const LEAST: usize = 256;

/// Which of very many names stand in a list of some thousands, and where.
///
/// A table of open addressing as long as the list asks for. A bit and a place for each name there is are found
/// with one look and no sooner (measured at a million), and take four bytes a name of every thread.
pub(super) struct Places {
    /// The names, each at the slot that its hash says or the next that was free.
    names: Vec<u32>,
    /// By slot.
    places: Vec<u32>,
    len: usize,
}

impl Default for Places {
    fn default() -> Self {
        Self { names: vec![EMPTY; LEAST], places: vec![0; LEAST], len: 0 }
    }
}

impl Places {
    /// Where a name stands, if it does.
    pub fn get(&self, name: u32) -> Option<usize> {
        let mut slot = self.slot(name);
        loop {
            match self.names[slot] {
                EMPTY => return None,
                found if found == name => return Some(self.places[slot] as usize),
                _ => slot = self.next(slot),
            }
        }
    }

    /// Adds a name that is not there, at the end of the list. False, and nothing added, where the table has to be
    /// made anew first: [`Places::of`].
    #[must_use]
    pub fn add(&mut self, name: u32) -> bool {
        // Half of the slots stay free, so that two or three looks find out that a name is not there.
        if self.len * 2 >= self.names.len() {
            return false;
        }
        let mut slot = self.slot(name);
        while self.names[slot] != EMPTY {
            slot = self.next(slot);
        }
        self.names[slot] = name;
        self.places[slot] = self.len as u32;
        self.len += 1;
        true
    }

    /// Makes the table anew, of the names of a list in their order, with room for as many again.
    pub fn of(&mut self, names: impl ExactSizeIterator<Item = u32>) {
        let slots = (names.len() * 4).next_power_of_two().max(LEAST);
        self.names.clear();
        self.names.resize(slots, EMPTY);
        self.places.resize(slots, 0);
        self.len = 0;
        for name in names {
            let added = self.add(name);
            debug_assert!(added, "there is room for twice as many");
        }
    }

    /// Forgets all names.
    pub fn clear(&mut self) {
        self.of(std::iter::empty());
    }

    fn slot(&self, name: u32) -> usize {
        // Fibonacci hashing: names that follow each other are spread evenly.
        let hash = name.wrapping_mul(0x9e37_79b1);
        (hash >> (u32::BITS - self.names.len().trailing_zeros())) as usize
    }

    fn next(&self, slot: usize) -> usize {
        (slot + 1) & (self.names.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn names_stand_where_they_were_put(
            lists in prop::collection::vec((0u32..5, prop::collection::hash_set(0u32..4_000, 0..900)), 1..4)
        ) {
            let mut places = Places::default();
            for (step, names) in lists {
                places.clear();
                // Also names whose hashes differ in their upper bits alone, or in none that counts.
                let names: Vec<u32> = names.into_iter().map(|n| n << (step * 5)).collect();
                let mut listed: Vec<u32> = Vec::new();
                let mut expected = HashMap::new();
                for &name in &names {
                    if !places.add(name) {
                        places.of(listed.iter().copied());
                        prop_assert!(places.add(name));
                    }
                    expected.insert(name, listed.len());
                    listed.push(name);
                }
                for name in names.iter().copied().chain((0..4_000).map(|n| n << (step * 5))) {
                    prop_assert_eq!(places.get(name), expected.get(&name).copied());
                }
            }
        }
    }
}
