//! Merged cells: a range of a sheet that shows one value, which the file stores in its first cell only.
//!
//! Merged over several rows, the value counts for each of them, as it is seen. Merged over columns that hold
//! different things, nobody can tell what it means: the row is refused.

use std::collections::BTreeSet;

use calamine::Dimensions;

use super::headings::Meaning;
use super::layout::{Layout, MAX_COLUMNS, letter};
use super::record::{Cell, Fault, Remark, Row};

/// Most merged ranges of a sheet.
const MAX_RANGES: usize = 50_000;
/// Most merged ranges that one row can lie in: as many as it has columns, for ranges do not overlap.
const MAX_IN_ROW: usize = MAX_COLUMNS;

/// A merged range that touches columns of the layout.
struct One {
    /// First and last row, from 1.
    rows: (u64, u64),
    /// The column of its value.
    from: usize,
    /// The first column of the layout that it covers.
    target: usize,
    /// Whether what it covers means different things.
    is_mixed: bool,
    /// `B2:B4`.
    name: String,
    /// Its value, once its first row was read.
    value: Cell,
}

/// The merged ranges of a sheet, met from the top down.
pub(super) struct Merged {
    /// Those not yet reached, the next one last.
    ahead: Vec<One>,
    /// Those that the current row may lie in.
    active: Vec<One>,
}

impl Merged {
    /// The ranges that reach below the header line and touch columns of the layout.
    ///
    /// # Errors
    /// When there are too many of them.
    pub(super) fn new(ranges: &[Dimensions], layout: &Layout) -> Result<Self, String> {
        if ranges.len() > MAX_RANGES {
            return Err(format!("has more than {MAX_RANGES} merged ranges; unmerge its cells"));
        }
        let mut ahead: Vec<One> = ranges.iter().filter_map(|range| One::of(range, layout)).collect();
        ahead.sort_by_key(|one| std::cmp::Reverse((one.rows, one.from)));
        Ok(Self { ahead, active: Vec::new() })
    }

    /// Gives a row the values of the ranges it lies in, and says so. Rows come from the top down.
    pub(super) fn apply(&mut self, row: &mut Row, layout: &Layout) {
        self.active.retain(|one| one.rows.1 >= row.number);
        while self.ahead.last().is_some_and(|one| one.rows.0 <= row.number) {
            self.active.extend(self.ahead.pop().filter(|one| one.rows.1 >= row.number));
        }
        if self.active.len() > MAX_IN_ROW {
            row.fault =
                Some(Fault::of_row("lies in more merged ranges than it has columns; unmerge its cells"));
            return;
        }
        for one in &mut self.active {
            if one.rows.0 == row.number {
                one.value = row.cells.get(one.from).cloned().unwrap_or_default();
            }
            if one.rows.0 <= layout.header_row {
                fault(row, one, "are merged with the header line; unmerge them");
            } else if one.value.is_empty() {
                continue;
            } else if one.is_mixed {
                let what = "are merged over columns that hold different things; unmerge them and write each \
                            value into its own cell";
                fault(row, one, what);
            } else if one.rows.0 < row.number || one.from != one.target {
                row.cells.resize(row.cells.len().max(one.target + 1), Cell::Empty);
                row.cells[one.target] = one.value.clone();
                let text = format!("cells {} are merged; their one value was taken for each row", one.name);
                row.remarks.push(Remark { column: Some(one.target), text });
            }
        }
    }
}

impl One {
    fn of(merged: &Dimensions, layout: &Layout) -> Option<Self> {
        let rows = (u64::from(merged.start.0) + 1, u64::from(merged.end.0) + 1);
        let (from, to) = (merged.start.1 as usize, merged.end.1 as usize);
        let covered = || {
            layout.columns.iter().skip(from).take(to.saturating_sub(from) + 1).filter(|c| c.meaning.is_some())
        };
        let target = covered().next()?.index;
        let meanings: BTreeSet<Option<Meaning>> = covered().map(|c| c.meaning).collect();
        (rows.1 > layout.header_row).then(|| Self {
            rows,
            from,
            target,
            is_mixed: meanings.len() > 1,
            name: range(merged),
            value: Cell::Empty,
        })
    }
}

fn fault(row: &mut Row, one: &One, what: &str) {
    let fault =
        Fault { column: Some(one.target), field: "row".into(), what: format!("cells {} {what}", one.name) };
    row.fault.get_or_insert(fault);
}

/// A range as spreadsheets write it: `B2:B4`.
pub(super) fn range(merged: &Dimensions) -> String {
    let cell = |(row, column): (u32, u32)| format!("{}{}", letter(column as usize), u64::from(row) + 1);
    format!("{}:{}", cell(merged.start), cell(merged.end))
}
