//! Where in a text the analysed words stand.

use std::ops::Range;

use crate::names::script;

use super::AnalysedOrganisation;
use super::fold::{ends_kept, folded_words};

/// Analyses a text as [`AnalysedOrganisation::of`] does, and says which bytes of it each word was read
/// from. The ranges lie on character boundaries, rise, and neither begin nor end with a sign.
///
/// Where folding changed how many characters a written word has, all of that word is meant.
///
/// ```
/// let text = "• PhD — Harbin Inst. of Technol.";
/// let (analysed, places) = zeef::names::organisation::located(text);
/// let at = analysed.words.iter().position(|w| w.key == "technology").unwrap();
/// assert_eq!(&text[places[at].clone()], "Technol");
/// ```
pub fn located(text: &str) -> (AnalysedOrganisation, Vec<Range<usize>>) {
    // Word by word, so that each folded character is known to come from that word.
    let kept = ends_kept(text);
    let mut folded = String::with_capacity(kept.len());
    let mut sources: Vec<Range<usize>> = Vec::with_capacity(kept.len());
    let mut written: Vec<Range<usize>> = Vec::new();
    let mut letters = text.char_indices().zip(kept.chars()).peekable();
    let mut word = String::new();
    while let Some(((at, c), kept)) = letters.next() {
        if !kept.is_whitespace() {
            word.push(kept);
            written.push(at..at + c.len_utf8());
        }
        let ends = letters.peek().is_none_or(|(_, next)| next.is_whitespace());
        if ends && !word.is_empty() {
            let (from, to) = (written[0].start, written[written.len() - 1].end);
            let clean = script::fold(&word);
            if !clean.is_empty() {
                if !folded.is_empty() {
                    folded.push(' ');
                    sources.push(from..from);
                }
                if clean.chars().count() == written.len() {
                    sources.append(&mut written);
                } else {
                    sources.extend(std::iter::repeat_n(from..to, clean.chars().count()));
                }
                folded.push_str(&clean);
            }
            word.clear();
            written.clear();
        }
    }
    let analysed = AnalysedOrganisation::of_words(folded_words(&folded), text);
    let places = analysed.words.iter().map(|word| {
        let (from, to) = (word.place.0 as usize, word.place.1 as usize);
        let start = sources.get(from).map_or(0, |s| s.start);
        let end = to.checked_sub(1).and_then(|last| sources.get(last)).map_or(start, |s| s.end);
        without_signs(text, start..end.max(start))
    });
    let places = places.collect();
    (analysed, places)
}

/// A range without the signs at its ends; as it is where it is nothing else.
fn without_signs(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = &text[range.clone()];
    let front = slice.trim_start_matches(|c: char| !c.is_alphanumeric());
    let inner = front.trim_end_matches(|c: char| !c.is_alphanumeric());
    if inner.is_empty() {
        return range;
    }
    let start = range.start + (slice.len() - front.len());
    start..start + inner.len()
}
