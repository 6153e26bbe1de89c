//! Names: analysed, compared, screened.

use zeef::names::organisation::{AnalysedOrganisation, listed_variants};
use zeef::names::{PersonName, place_words};
use zeef::screening::{Explanation, Options, Screener, Subject, SubjectKind};

/// Pieces of names, and what can be in the way.
pub const WORDS: &[&str] = &[
    "Vladimir",
    "Путин",
    "محمد",
    "عبد",
    "ابو",
    "bin",
    "al-",
    "van der",
    "von",
    "Jr.",
    "Dr.",
    "O'",
    "d'",
    "ß",
    "ŉ",
    "İ",
    "ı",
    "ﷺ",
    "ﬁ",
    "㎏",
    "김",
    "金正恩",
    "诸葛",
    "たなか",
    "ตัว",
    "देव",
    "გი",
    "Հայ",
    "שלום",
    "ΟΥ",
    "ντ",
    "University of",
    "Harbin Inst. of Technol.",
    "大学",
    "Ltd",
    "GmbH",
    "(",
    ")",
    "/",
    ",",
    ";",
    " - ",
    "1",
    "\u{202e}",
    "\u{200f}",
    "\u{200d}",
    "\u{feff}",
    "\u{0301}",
    "\u{0489}",
    "\u{fffd}",
    "\u{0}",
    "\u{10ffff}",
    "\u{1f468}\u{200d}\u{1f469}",
    "\u{e0041}",
    "\u{ad}",
    "\u{3000}",
    "\u{1160}",
    "\u{fdfa}",
];

/// Longest line fed to the analysis by itself: the service takes names of 2,000 characters, lists half of that.
const LONGEST: usize = 2_000;

/// A name a line: the first is asked for, the second compared with it, the others are aliases of the first.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines: Vec<String> = text.split('\n').take(6).map(|l| l.chars().take(LONGEST).collect()).collect();
    for line in &lines {
        let name = PersonName::analyse(line);
        let again = PersonName::analyse(line);
        assert_eq!(name.fold_hash, again.fold_hash, "analysed otherwise the second time");
        assert_eq!(name.words.len(), again.words.len(), "analysed otherwise the second time");
        let _ = place_words(line);
        let whole = AnalysedOrganisation::of(line);
        assert!(whole.total_bits().is_finite());
        for variant in listed_variants(line) {
            assert!(variant.total_bits().is_finite());
        }
    }
    // Long names take their time: once, as both.
    let kinds: &[SubjectKind] = match data.len() {
        0..=500 => &[SubjectKind::Person, SubjectKind::Organisation, SubjectKind::Any],
        _ => &[SubjectKind::Any],
    };
    for &kind in kinds {
        let mut asked = Subject::named(lines[0].clone(), kind);
        asked.aliases = lines.iter().skip(2).cloned().collect();
        let listed = Subject::named(lines.get(1).unwrap_or(&lines[0]).clone(), kind);
        if let Ok(comparison) = Screener::compare(&asked, &listed, None) {
            holds(comparison.score, &comparison.explanation);
        }
        if let Ok(answer) = super::SCREENER.screen(&asked, &Options::default(), super::now()) {
            for hit in answer.hits.iter().chain(&answer.set_aside) {
                holds(hit.score, &hit.explanation);
                assert!(!hit.explanation.summary.is_empty(), "nothing is said of a hit");
            }
        }
    }
}

/// A score is one, and its parts add up to it.
fn holds(score: f64, explanation: &Explanation) {
    assert!((0.0..=1.0).contains(&score), "a score of {score}");
    assert!(explanation.bits.is_finite(), "bits that are no number");
}
