//! Institutions mentioned in the plain text of a CV, proposed as affiliations.
//!
//! It proposes, with the place in the text; a person confirms. Nothing of the text is kept, logged or
//! quoted in an error. Two things are proposed: mentions of listed institutions, found by the same index
//! and scorer as in screening, and phrases that look like institutions though no list has them, so that
//! whoever confirms sees the whole of a career and not only its hits. A period beside a mention is read as
//! its dates.
//!
//! A mention never goes over the end of a line, a table cell or a sentence. A name that a line break cuts
//! in two is therefore met in pieces, or not at all.

mod line;
mod lookup;
mod period;
mod phrase;
#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::matching::Explanation;
use crate::model::PartialDate;

use super::{AnswerError, Options, Screener, Stamp, Strength};

use line::{Line, lines, parted};
use lookup::{Draft, Lookup};
use period::{Period, periods};

/// The largest text taken, in bytes. A CV with all its publications has a tenth of it.
pub const MAX_CV_BYTES: usize = 1 << 20;
/// Most mentions returned; further ones are counted.
pub const MAX_CV_MENTIONS: usize = 1_000;
/// Most listed institutions proposed for one mention when the caller sets no limit.
const DEFAULT_LIMIT: usize = 3;

/// A text in which institutions cannot be looked for. Never quotes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CvError {
    /// It is too long.
    #[error("the text has {bytes} bytes, more than {MAX_CV_BYTES}; leave out what is no part of the CV")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// It is not UTF-8.
    #[error("line {line} (byte {byte}): not UTF-8; save the text again as UTF-8")]
    NotUtf8 {
        /// Where, counted from 1.
        line: usize,
        /// Where, counted from 0.
        byte: usize,
    },
    /// It is a document of another kind.
    #[error("this is {0} and no plain text; save its text as a UTF-8 text file")]
    NotText(&'static str),
    /// The options are at fault.
    #[error(transparent)]
    Options(#[from] AnswerError),
}

/// A listed institution that a mention may mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CvProposal {
    /// The list.
    pub list: String,
    /// The list's own reference.
    pub entity_id: String,
    /// The institution's display name.
    pub name: String,
    /// The listed name that matched.
    pub matched_name: String,
    /// 0 to 1.
    pub score: f64,
    /// In words.
    pub strength: Strength,
    /// Why.
    pub explanation: Explanation,
}

/// A period beside a mention, as far as it can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CvPeriod {
    /// Its beginning. A single date is both beginning and end.
    pub start: Option<PartialDate>,
    /// Its end; none where it has not come or is not told.
    pub end: Option<PartialDate>,
    /// The text says that it lasts (`heden`, `present`, `since`).
    pub ongoing: bool,
}

/// An institution mentioned in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CvMention {
    /// The mention as it is written.
    pub text: String,
    /// Its line, counted from 1.
    pub line: u32,
    /// Its first character in that line, counted from 1.
    pub column: u32,
    /// Its bytes in the text, counted from 0; they lie on borders of characters.
    pub bytes: Range<usize>,
    /// Listed institutions that it may mean, best first; empty for one that merely looks like an
    /// institution.
    pub proposals: Vec<CvProposal>,
    /// The period nearest to it in its line, or in a line beside it that holds nothing else of the kind.
    pub period: Option<CvPeriod>,
}

/// What was found in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CvFindings {
    /// Mentions in the order of the text; no two of them overlap.
    pub mentions: Vec<CvMention>,
    /// How many further mentions there are beyond [`MAX_CV_MENTIONS`].
    pub left_out: usize,
    /// How many pieces of the text were looked up in the lists: grows with its length and no faster.
    pub searches: usize,
    /// What the proposals were derived from.
    pub stamp: Stamp,
}

/// The text of a CV file: UTF-8, at most [`MAX_CV_BYTES`], a byte-order mark taken off (places in the text
/// count without it).
///
/// # Errors
/// See [`CvError`].
pub fn cv_text(bytes: &[u8]) -> Result<&str, CvError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let document = match bytes {
        [b'%', b'P', b'D', b'F', ..] => Some("a PDF"),
        [b'P', b'K', 3 | 5, ..] => Some("a packed document (DOCX, ODT, ZIP)"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("an old Word document"),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some("a rich text document"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("a text in UTF-16"),
        _ => None,
    };
    if let Some(document) = document {
        return Err(CvError::NotText(document));
    }
    if bytes.len() > MAX_CV_BYTES {
        return Err(CvError::TooLarge { bytes: bytes.len() });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let byte = error.valid_up_to();
        CvError::NotUtf8 { line: 1 + bytes[..byte].iter().filter(|b| **b == b'\n').count(), byte }
    })
}

/// Finds the institutions that a text mentions.
///
/// `options` are those of screening: lists, threshold, and how many proposals one mention may have (3 when
/// absent). `now` dates the stamp.
///
/// ```
/// # use std::sync::Arc;
/// # use zeef::{index::Snapshot, screening::{Options, Screener, cv_text, find_institutions}};
/// let screener = Screener::new(Arc::new(Snapshot::demo()?), vec![]);
/// let file = "2011–2015  Harbin Inst. of Technol., Harbin\n2015–heden Fictional University".as_bytes();
/// let text = cv_text(file)?;
/// let found = find_institutions(text, &screener, &Options::default(), jiff::Timestamp::now())?;
/// let told: Vec<String> = found
///     .mentions
///     .iter()
///     .map(|m| {
///         let listed = m.proposals.first().map_or("on no list", |p| p.entity_id.as_str());
///         format!("line {}, column {}: {} ({listed})", m.line, m.column, m.text)
///     })
///     .collect();
/// assert_eq!(
///     told,
///     [
///         "line 1, column 12: Harbin Inst. of Technol (harbin-institute-of-technology)",
///         "line 2, column 12: Fictional University (on no list)",
///     ]
/// );
/// println!("{}", serde_json::to_string_pretty(&found)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`CvError::TooLarge`], or options at fault.
pub fn find_institutions(
    text: &str,
    screener: &Screener,
    options: &Options,
    now: jiff::Timestamp,
) -> Result<CvFindings, CvError> {
    if text.len() > MAX_CV_BYTES {
        return Err(CvError::TooLarge { bytes: text.len() });
    }
    let limit = options.limit.unwrap_or(DEFAULT_LIMIT);
    let mut lookup = Lookup::new(screener, options)?;
    let lines = lines(text);
    let mut dated: Vec<(Vec<Period>, Vec<Draft>)> = Vec::with_capacity(lines.len());
    for line in &lines {
        let drafts = lookup.line(&parted(line.text))?;
        dated.push((periods(line.text), drafts));
    }
    let mut dates = Dates { lines: &dated, claimed: vec![None; dated.len()] };
    let mut mentions = Vec::new();
    let mut left_out = 0;
    for (at, line) in lines.iter().enumerate() {
        let mut columns = Columns { line: line.text, byte: 0, column: 1 };
        for draft in &dated[at].1 {
            if mentions.len() == MAX_CV_MENTIONS {
                left_out += 1;
                continue;
            }
            let column = columns.of(draft.range.start);
            mentions.push(mention(line, column, draft, limit, dates.of(at, &draft.range)));
        }
    }
    let stamp = screener.stamp(options, now);
    Ok(CvFindings { mentions, left_out, searches: lookup.searches(), stamp })
}

fn mention(line: &Line<'_>, column: u32, draft: &Draft, limit: usize, period: Option<CvPeriod>) -> CvMention {
    CvMention {
        text: line.text.get(draft.range.clone()).unwrap_or("").to_owned(),
        line: line.number,
        column,
        bytes: line.start + draft.range.start..line.start + draft.range.end,
        proposals: draft.proposals.iter().take(limit).map(|(_, proposal)| proposal.clone()).collect(),
        period,
    }
}

/// Columns of bytes that come in their order: a line may be the whole text.
struct Columns<'t> {
    line: &'t str,
    byte: usize,
    column: u32,
}

impl Columns<'_> {
    fn of(&mut self, byte: usize) -> u32 {
        let between = self.line.get(self.byte..byte).unwrap_or("");
        self.column = self.column.saturating_add(u32::try_from(between.chars().count()).unwrap_or(u32::MAX));
        self.byte = self.byte.max(byte);
        self.column
    }
}

/// Periods of all lines, and which lines beside a mention have given theirs away.
struct Dates<'a> {
    lines: &'a [(Vec<Period>, Vec<Draft>)],
    /// The line whose mentions took the period of this one.
    claimed: Vec<Option<usize>>,
}

impl Dates<'_> {
    /// The period of a mention in line `at`.
    fn of(&mut self, at: usize, mention: &Range<usize>) -> Option<CvPeriod> {
        // Periods stand in their order: the nearest is the last before the mention or the first after it.
        let periods = &self.lines[at].0;
        let before = periods.partition_point(|p| p.range.end <= mention.start).checked_sub(1);
        let after = periods.partition_point(|p| p.range.start < mention.end);
        let gap = |p: &&Period| {
            p.range.start.saturating_sub(mention.end) + mention.start.saturating_sub(p.range.end)
        };
        let nearest =
            [before, Some(after)].into_iter().flatten().filter_map(|p| periods.get(p)).min_by_key(gap);
        if let Some(period) = nearest {
            return Some(told(period));
        }
        // The line above, then the one below, unless they belong to another mention.
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        for other in beside.filter(|&other| other < self.lines.len()) {
            let (periods, mentions) = &self.lines[other];
            let free = self.claimed[other].is_none_or(|by| by == at);
            if let (Some(period), true, true) = (periods.first(), mentions.is_empty(), free) {
                self.claimed[other] = Some(at);
                return Some(told(period));
            }
        }
        None
    }
}

fn told(period: &Period) -> CvPeriod {
    CvPeriod { start: period.start, end: period.end, ongoing: period.ongoing }
}
