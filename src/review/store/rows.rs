//! Many rows with few statements.

use jiff::Timestamp;

/// How many rows one statement takes. Few sizes, so that few statements are prepared; the largest stays far
/// below the databases' limits of parameters.
const CHUNKS: [usize; 3] = [64, 8, 1];

/// Cuts `rows` into the chunks for which statements are prepared.
pub fn in_chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = CHUNKS.into_iter().find(|size| *size <= rows.len())?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}

/// The placeholders of `rows` rows with `columns` columns each: `($1, $2), ($3, $4)`.
pub fn placeholders(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            if column > 1 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&(row * columns + column).to_string());
        }
        text.push(')');
    }
    text
}

/// Now, in microseconds since 1970.
pub fn now_micros() -> i64 {
    Timestamp::now().as_microsecond()
}

/// The time of a column; 1970 where the number is out of all range.
pub fn time_of(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_goes_into_exactly_one_chunk() {
        for n in [0, 1, 7, 8, 9, 63, 64, 65, 200] {
            let rows: Vec<usize> = (0..n).collect();
            let chunks: Vec<&[usize]> = in_chunks(&rows).collect();
            assert_eq!(chunks.concat(), rows);
            assert!(chunks.iter().all(|c| CHUNKS.contains(&c.len())));
        }
        assert_eq!(placeholders(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }
}
