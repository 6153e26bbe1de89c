//! Cells of a row computed together.
//!
//! On x86-64 in its vector registers, which all its processors have; elsewhere one by one. The same results:
//! a test holds the one against the other.

use super::Cost;

/// A cost in a cell: sums over the longest strings stay far below the largest number.
pub type Cell = i16;
/// More than any sum of costs.
pub const FAR: Cell = 16_000;

/// How many cells a processor takes at once.
pub const TOGETHER: usize = 8;

/// A cost as a cell.
pub fn cell(cost: Cost) -> Cell {
    Cell::try_from(cost).unwrap_or(FAR).min(FAR)
}

/// [`TOGETHER`] cells.
pub trait Cells: Copy {
    fn of(cells: [Cell; TOGETHER]) -> Self;
    fn splat(cell: Cell) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn min(self, other: Self) -> Self;
    /// The cells one place further on, the last of `before` first.
    fn after(self, before: Self) -> Self;
    /// For each cell the least of it and all before it.
    fn least_so_far(self) -> Self;
    /// The last cell everywhere.
    fn last(self) -> Self;
    /// Whether any cell is at most so much.
    fn any_at_most(self, most: Cell) -> bool;
    fn get(self, at: usize) -> Cell;
}

/// Cells that are computed one by one.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plain([Cell; TOGETHER]);

#[cfg(any(test, not(target_arch = "x86_64")))]
impl Plain {
    fn zip(self, other: Self, with: impl Fn(Cell, Cell) -> Cell) -> Self {
        Self(std::array::from_fn(|at| with(self.0[at], other.0[at])))
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
impl Cells for Plain {
    fn of(cells: [Cell; TOGETHER]) -> Self {
        Self(cells)
    }

    fn splat(cell: Cell) -> Self {
        Self([cell; TOGETHER])
    }

    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }

    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }

    fn min(self, other: Self) -> Self {
        self.zip(other, Cell::min)
    }

    fn after(self, before: Self) -> Self {
        Self(std::array::from_fn(|at| if at == 0 { before.0[TOGETHER - 1] } else { self.0[at - 1] }))
    }

    fn least_so_far(self) -> Self {
        let mut least = Cell::MAX;
        Self(self.0.map(|cell| {
            least = least.min(cell);
            least
        }))
    }

    fn last(self) -> Self {
        Self::splat(self.0[TOGETHER - 1])
    }

    fn any_at_most(self, most: Cell) -> bool {
        self.0.iter().any(|cell| *cell <= most)
    }

    fn get(self, at: usize) -> Cell {
        self.0[at]
    }
}

#[cfg(not(target_arch = "x86_64"))]
pub use Plain as Fast;
#[cfg(target_arch = "x86_64")]
pub use vector::Vector as Fast;

#[cfg(target_arch = "x86_64")]
mod vector {
    use safe_arch::*;

    use super::{Cell, Cells, TOGETHER};

    /// Cells in a register of SSE2, which is part of x86-64.
    #[derive(Clone, Copy)]
    pub struct Vector(m128i);

    impl Cells for Vector {
        #[inline]
        fn of(cells: [Cell; TOGETHER]) -> Self {
            Self(cells.into())
        }

        #[inline]
        fn splat(cell: Cell) -> Self {
            Self(set_splat_i16_m128i(cell))
        }

        #[inline]
        fn add(self, other: Self) -> Self {
            Self(add_i16_m128i(self.0, other.0))
        }

        #[inline]
        fn sub(self, other: Self) -> Self {
            Self(sub_i16_m128i(self.0, other.0))
        }

        #[inline]
        fn min(self, other: Self) -> Self {
            Self(min_i16_m128i(self.0, other.0))
        }

        #[inline]
        fn after(self, before: Self) -> Self {
            let own = byte_shl_imm_u128_m128i::<2>(self.0);
            Self(bitor_m128i(own, byte_shr_imm_u128_m128i::<14>(before.0)))
        }

        #[inline]
        fn least_so_far(self) -> Self {
            // What is shifted in must not be the least.
            let most = set_splat_i16_m128i(Cell::MAX);
            let (cells, first) = (self.0, byte_shr_imm_u128_m128i::<14>(most));
            let cells = min_i16_m128i(cells, bitor_m128i(byte_shl_imm_u128_m128i::<2>(cells), first));
            let first = byte_shr_imm_u128_m128i::<12>(most);
            let cells = min_i16_m128i(cells, bitor_m128i(byte_shl_imm_u128_m128i::<4>(cells), first));
            let first = byte_shr_imm_u128_m128i::<8>(most);
            Self(min_i16_m128i(cells, bitor_m128i(byte_shl_imm_u128_m128i::<8>(cells), first)))
        }

        #[inline]
        fn last(self) -> Self {
            let last = byte_shr_imm_u128_m128i::<14>(self.0);
            Self(set_splat_i16_m128i(get_i32_from_m128i_s(last) as Cell))
        }

        #[inline]
        fn any_at_most(self, most: Cell) -> bool {
            let above = cmp_gt_mask_i16_m128i(self.0, set_splat_i16_m128i(most));
            move_mask_i8_m128i(above) != 0xffff
        }

        #[inline]
        fn get(self, at: usize) -> Cell {
            let cells: [Cell; TOGETHER] = self.0.into();
            cells[at]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(cells: impl Cells) -> [Cell; TOGETHER] {
        std::array::from_fn(|at| cells.get(at))
    }

    proptest! {
        #[test]
        fn all_kinds_of_cells_are_the_same(a: [Cell; TOGETHER], b: [Cell; TOGETHER], most: Cell) {
            let a = a.map(|cell| cell / 4);
            let b = b.map(|cell| cell / 4);
            let (fast, plain) = ((Fast::of(a), Fast::of(b)), (Plain::of(a), Plain::of(b)));
            prop_assert_eq!(read(fast.0), a);
            prop_assert_eq!(read(Fast::splat(most)), [most; TOGETHER]);
            prop_assert_eq!(read(fast.0.add(fast.1)), plain.0.add(plain.1).0);
            prop_assert_eq!(read(fast.0.sub(fast.1)), plain.0.sub(plain.1).0);
            prop_assert_eq!(read(fast.0.min(fast.1)), plain.0.min(plain.1).0);
            prop_assert_eq!(read(fast.0.after(fast.1)), plain.0.after(plain.1).0);
            prop_assert_eq!(read(fast.0.least_so_far()), plain.0.least_so_far().0);
            prop_assert_eq!(read(fast.0.last()), plain.0.last().0);
            prop_assert_eq!(fast.0.any_at_most(most), plain.0.any_at_most(most));
        }
    }
}
