//! One sound string against many that come in sorted order.
//!
//! The distance is that of [`super::cost`], row by row of its table. Rows say what the beginnings of the
//! listed string cost, so a string that begins like the one before it takes over that one's rows, and
//! where a beginning is already too far off, all strings that begin so are passed over.

use super::{Cost, MAX_SOUNDS, SWAP, Symbol, Table, Vowels, initial, other_first};

/// Memory for the rows, reused from one string to the next.
pub struct Rows {
    rows: Box<[[Cost; MAX_SOUNDS + 1]; MAX_SOUNDS + 1]>,
    /// The least of each row.
    best: [Cost; MAX_SOUNDS + 1],
}

impl Default for Rows {
    fn default() -> Self {
        Self { rows: Box::new([[0; MAX_SOUNDS + 1]; MAX_SOUNDS + 1]), best: [0; MAX_SOUNDS + 1] }
    }
}

/// A sound string held against many.
pub struct Against<'a> {
    asked: &'a [Symbol],
    table: &'static Table,
    /// Only the one asked leaves its vowels out.
    asked_left: bool,
    /// What each of its symbols costs alone.
    alone: [Cost; MAX_SOUNDS],
    memory: &'a mut Rows,
    most: Cost,
    /// How many rows stand as the last string computed left them.
    valid: usize,
    /// How many symbols the strings since then began alike with it.
    shared: usize,
    /// The row at which it was given up; 0 where it was not.
    given_up: usize,
}

impl<'a> Against<'a> {
    /// Readies a sound string. Costs above `most` are not told.
    pub fn new(
        asked: &'a [Symbol],
        asked_vowels: Vowels,
        listed_vowels: Vowels,
        most: Cost,
        memory: &'a mut Rows,
    ) -> Self {
        let asked = &asked[..asked.len().min(MAX_SOUNDS)];
        let (left, other_left) = (asked_vowels == Vowels::Left, listed_vowels == Vowels::Left);
        let table = Table::between(left, other_left);
        let (asked_left, listed_left) = (left && !other_left, other_left && !left);
        let mut alone = [0; MAX_SOUNDS];
        let first = &mut memory.rows[0];
        for (j, &symbol) in asked.iter().enumerate() {
            let previous = j.checked_sub(1).map(|k| asked[k]);
            alone[j] = table.alone(symbol, listed_left, previous, asked.get(j + 1).copied());
            first[j + 1] = first[j] + alone[j] + initial(j, symbol);
        }
        Self { asked, table, asked_left, alone, memory, most, valid: 0, shared: usize::MAX, given_up: 0 }
    }

    /// The cost to a string that begins with the same `shared` symbols as the one asked for before it (or
    /// fewer; 0 is always right). `None` where it is above what was set, and for empty strings.
    pub fn cost(&mut self, listed: &[Symbol], shared: usize) -> Option<Cost> {
        self.shared = self.shared.min(shared);
        // A row knows the symbol after its own as well.
        if self.given_up > 0 && self.shared > self.given_up {
            return None;
        }
        let listed = &listed[..listed.len().min(MAX_SOUNDS)];
        let (Some(_), Some(_)) = (self.asked.first(), listed.first()) else { return None };
        let from = self.valid.min(self.shared.saturating_sub(1)).min(listed.len());
        (self.shared, self.given_up) = (usize::MAX, 0);
        for i in from..listed.len() {
            self.row(listed, i);
            let (best, before) = (self.memory.best[i + 1], self.memory.best[i]);
            // Two sounds swapped go on from the row before.
            if best > self.most && before + SWAP > self.most {
                (self.valid, self.given_up) = (i + 1, i + 1);
                return None;
            }
        }
        self.valid = listed.len();
        let total = self.memory.rows[listed.len()][self.asked.len()];
        (total <= self.most).then_some(total)
    }

    /// Computes the row of the listed string's symbol `i`.
    fn row(&mut self, listed: &[Symbol], i: usize) {
        let asked = self.asked;
        let symbol = listed[i];
        let previous = i.checked_sub(1).map(|k| listed[k]);
        let alone = self.table.alone(symbol, self.asked_left, previous, listed.get(i + 1).copied());
        let substitute = &self.table.substitute[symbol as usize];
        let (done, rest) = self.memory.rows.split_at_mut(i + 1);
        let (before, now) = (&done[i], &mut rest[0]);
        let swapped = i.checked_sub(1).map(|k| &done[k]).filter(|_| previous != Some(symbol));
        now[0] = before[0] + alone + initial(i, symbol);
        let (mut left, mut best) = (now[0], now[0]);
        for (j, &other) in asked.iter().enumerate() {
            let mut step = substitute[other as usize];
            if i == 0 && j == 0 {
                step += other_first(step, symbol, other);
            }
            let mut least = (before[j] + step).min(before[j + 1] + alone).min(left + self.alone[j]);
            if let Some(swapped) = swapped
                && j > 0
                && symbol == asked[j - 1]
                && previous == Some(other)
            {
                least = least.min(swapped[j - 1] + SWAP);
            }
            now[j + 1] = least;
            left = least;
            best = best.min(least);
        }
        self.memory.best[i + 1] = best;
    }
}

#[cfg(test)]
mod tests {
    use super::super::cost;
    use super::*;
    use crate::names::sound::encode;
    use proptest::prelude::*;

    proptest! {
        /// Every string of a sorted run costs what it costs alone.
        #[test]
        fn a_run_costs_what_each_costs(
            asked in "[a-z]{1,12}",
            mut run in prop::collection::vec("[a-eij]{1,9}", 1..30),
            left: bool,
            other_left: bool,
            most in 0u16..200,
        ) {
            run.push(asked.clone());
            let vowels = |left| if left { Vowels::Left } else { Vowels::Written };
            let asked = encode(&asked);
            prop_assume!(!asked.is_empty());
            let mut sounds: Vec<Vec<Symbol>> =
                run.iter().map(|w| encode(w)).filter(|s| !s.is_empty()).collect();
            sounds.sort();
            let mut rows = Rows::default();
            let mut against = Against::new(&asked, vowels(left), vowels(other_left), most, &mut rows);
            let mut before: &[Symbol] = &[];
            for one in &sounds {
                let shared = before.iter().zip(one).take_while(|(a, b)| a == b).count();
                let expected = cost(&asked, one, vowels(left), vowels(other_left), most);
                prop_assert_eq!(against.cost(one, shared), expected, "{:?} {:?}", asked, one);
                before = one;
            }
        }
    }
}
