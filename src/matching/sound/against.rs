//! One sound string against many that come in sorted order.
//!
//! The distance is that of [`super::cost`], row by row of its table. Rows say what the beginnings of the
//! listed string cost, so a string that begins like the one before it takes over that one's rows, and
//! where a beginning is already too far off, all strings that begin so are passed over.
//!
//! The cells of a row are computed together ([`super::cells`]). What they hand on to each other, a symbol of the
//! one asked that stands alone, is a prefix minimum: of each cell less what all symbols up to it cost alone.

use super::cells::{Cell, Cells, FAR, Fast, TOGETHER, cell};
use super::{Cost, MAX_SOUNDS, SWAP, SYMBOLS, Symbol, Table, Vowels, initial, other_first};

/// What a symbol costs in place of one beyond the end: more than any string.
const BEYOND: Cell = FAR / 2;

/// Memory for the rows, reused from one string to the next: for words of few sounds, as most are, and for all
/// others.
#[derive(Default)]
pub struct Rows {
    short: Box<Memory<1>>,
    middling: Box<Memory<2>>,
    long: Box<Memory<{ MAX_SOUNDS.div_ceil(TOGETHER) }>>,
}

/// A row: the cost of no symbol of the one asked, and of its first one, two … symbols. Cells beyond its end
/// repeat the last.
#[derive(Clone, Copy)]
struct Row<const N: usize> {
    none: Fast,
    cells: [Fast; N],
}

impl<const N: usize> Row<N> {
    /// Whether any cell is at most so much.
    fn any_at_most(&self, most: Cell) -> bool {
        self.cells.iter().fold(self.none, |least, cells| least.min(*cells)).any_at_most(most)
    }

    /// The cost of the first `symbols` of the one asked.
    fn get(&self, symbols: usize) -> Cell {
        match symbols.checked_sub(1) {
            None => self.none.get(0),
            Some(at) => self.cells[at / TOGETHER].get(at % TOGETHER),
        }
    }
}

struct Memory<const N: usize> {
    rows: [Row<N>; MAX_SOUNDS + 1],
    /// For each symbol what it costs in place of each of those asked.
    substitute: [[Fast; N]; SYMBOLS],
}

impl<const N: usize> Default for Memory<N> {
    fn default() -> Self {
        let none = Fast::splat(0);
        Self { rows: [Row { none, cells: [none; N] }; MAX_SOUNDS + 1], substitute: [[none; N]; SYMBOLS] }
    }
}

/// A sound string held against many.
pub struct Against<'a>(Length<'a>);

enum Length<'a> {
    Short(Run<'a, 1>),
    Middling(Run<'a, 2>),
    Long(Run<'a, { MAX_SOUNDS.div_ceil(TOGETHER) }>),
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
        let left = [asked_vowels == Vowels::Left, listed_vowels == Vowels::Left];
        Self(match asked.len().div_ceil(TOGETHER) {
            0 | 1 => Length::Short(Run::new(asked, left, most, &mut memory.short)),
            2 => Length::Middling(Run::new(asked, left, most, &mut memory.middling)),
            _ => Length::Long(Run::new(asked, left, most, &mut memory.long)),
        })
    }

    /// The cost to a string that begins with the same `shared` symbols as the one asked for before it (or
    /// fewer; 0 is always right). `None` where it is above what was set, and for empty strings.
    #[inline]
    pub fn cost(&mut self, listed: &[Symbol], shared: usize) -> Option<Cost> {
        match &mut self.0 {
            Length::Short(run) => run.cost(listed, shared),
            Length::Middling(run) => run.cost(listed, shared),
            Length::Long(run) => run.cost(listed, shared),
        }
    }
}

struct Run<'a, const N: usize> {
    asked: &'a [Symbol],
    table: &'static Table,
    /// Only the one asked leaves its vowels out.
    asked_left: bool,
    /// What its first one, two … symbols cost alone; beyond the end the same as all.
    alone: [Fast; N],
    /// For each symbol a bit for each that follows it in the one asked.
    followed_by: [u32; SYMBOLS],
    /// The symbols whose costs `memory` has.
    known: u32,
    memory: &'a mut Memory<N>,
    most: Cell,
    /// How many rows stand as the last string computed left them.
    valid: usize,
    /// How many symbols the strings since then began alike with it.
    shared: usize,
    /// The row at which it was given up; 0 where it was not.
    given_up: usize,
}

impl<'a, const N: usize> Run<'a, N> {
    fn new(
        asked: &'a [Symbol],
        [left, other_left]: [bool; 2],
        most: Cost,
        memory: &'a mut Memory<N>,
    ) -> Self {
        let (asked_left, listed_left) = (left && !other_left, other_left && !left);
        let table = Table::between(left, other_left);
        let mut all = 0;
        let alone = cells(|j| {
            if let Some(&symbol) = asked.get(j) {
                let previous = j.checked_sub(1).map(|k| asked[k]);
                all += cell(table.alone(symbol, listed_left, previous, asked.get(j + 1).copied()));
            }
            all
        });
        let first = Fast::splat(asked.first().map_or(0, |&symbol| cell(initial(0, symbol))));
        memory.rows[0] = Row { none: Fast::splat(0), cells: alone.map(|cells| cells.add(first)) };
        let mut followed_by = [0; SYMBOLS];
        asked.windows(2).for_each(|pair| followed_by[usize::from(pair[0])] |= 1 << pair[1]);
        Self {
            asked,
            table,
            asked_left,
            alone,
            followed_by,
            known: 0,
            memory,
            most: cell(most),
            valid: 0,
            shared: usize::MAX,
            given_up: 0,
        }
    }

    #[inline]
    fn cost(&mut self, listed: &[Symbol], shared: usize) -> Option<Cost> {
        self.shared = self.shared.min(shared);
        // A row knows the symbol after its own as well.
        if self.given_up > 0 && self.shared > self.given_up {
            return None;
        }
        self.compute(&listed[..listed.len().min(MAX_SOUNDS)])
    }

    fn compute(&mut self, listed: &[Symbol]) -> Option<Cost> {
        if self.asked.is_empty() || listed.is_empty() {
            return None;
        }
        let from = self.valid.min(self.shared.saturating_sub(1)).min(listed.len());
        (self.shared, self.given_up) = (usize::MAX, 0);
        let mut row = self.memory.rows[from];
        for i in from..listed.len() {
            let before = row;
            row = self.row(&before, listed, i);
            self.memory.rows[i + 1] = row;
            // Two sounds swapped go on from the row before.
            if !row.any_at_most(self.most) && !before.any_at_most(self.most - SWAP as Cell) {
                (self.valid, self.given_up) = (i + 1, i + 1);
                return None;
            }
        }
        self.valid = listed.len();
        let total = row.cells[N - 1].last().get(0);
        (total <= self.most).then_some(total as Cost)
    }

    /// The row of the listed string's symbol `i`.
    fn row(&mut self, before: &Row<N>, listed: &[Symbol], i: usize) -> Row<N> {
        let symbol = listed[i];
        let previous = i.checked_sub(1).map(|k| listed[k]);
        let alone = self.table.alone(symbol, self.asked_left, previous, listed.get(i + 1).copied());
        if self.known >> symbol & 1 == 0 {
            self.learn(symbol);
        }
        let mut substitute = self.memory.substitute[usize::from(symbol)];
        let first = if i == 0 {
            // Beginnings cost more.
            let other = other_first(cell_cost(substitute[0].get(0)), symbol, self.asked[0]);
            let mut more = [0; TOGETHER];
            more[0] = cell(other);
            substitute[0] = substitute[0].add(Fast::of(more));
            initial(i, symbol)
        } else {
            0
        };
        let none = before.none.add(Fast::splat(cell(alone + first)));
        let alone = Fast::splat(cell(alone));
        // What comes from the row before.
        let mut last = before.none;
        let mut cells = [none; N];
        for (now, (&above, substitute)) in cells.iter_mut().zip(before.cells.iter().zip(substitute)) {
            *now = above.after(last).add(substitute).min(above.add(alone));
            last = above;
        }
        if let Some(previous) = previous
            && previous != symbol
            && self.followed_by[usize::from(symbol)] >> previous & 1 == 1
        {
            self.swap(&mut cells, i, symbol, previous);
        }
        // What comes from the cells before.
        let mut least = none;
        for (now, &alone) in cells.iter_mut().zip(&self.alone) {
            let own = now.sub(alone).least_so_far().min(least);
            least = own.last();
            *now = own.add(alone);
        }
        Row { none, cells }
    }

    /// Takes up that a symbol and the one before it may be two neighbours of the one asked, swapped.
    #[inline(never)]
    fn swap(&self, cells: &mut [Fast; N], i: usize, symbol: Symbol, previous: Symbol) {
        for (at, _) in self.asked.windows(2).enumerate().filter(|(_, pair)| **pair == [symbol, previous]) {
            let swapped = self.memory.rows[i - 1].get(at) + SWAP as Cell;
            let j = at + 1;
            let mut other = [FAR; TOGETHER];
            other[j % TOGETHER] = swapped;
            cells[j / TOGETHER] = cells[j / TOGETHER].min(Fast::of(other));
        }
    }

    /// Takes up what a symbol costs in place of those asked.
    #[cold]
    fn learn(&mut self, symbol: Symbol) {
        self.known |= 1 << symbol;
        let costs = &self.table.substitute[usize::from(symbol)];
        self.memory.substitute[usize::from(symbol)] =
            cells(|j| self.asked.get(j).map_or(BEYOND, |&other| cell(costs[usize::from(other)])));
    }
}

/// Cells by their places.
fn cells<const N: usize>(mut of: impl FnMut(usize) -> Cell) -> [Fast; N] {
    std::array::from_fn(|n| Fast::of(std::array::from_fn(|at| of(n * TOGETHER + at))))
}

/// A cell as a cost.
fn cell_cost(cell: Cell) -> Cost {
    Cost::try_from(cell).unwrap_or_default()
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
            asked in "[a-z]{1,12}|[a-z]{13,48}",
            mut run in prop::collection::vec("[a-eij]{1,9}|[a-eij]{10,50}", 1..30),
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
