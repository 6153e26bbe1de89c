//! Kana: Hepburn by `wana_kana`, long vowels in full and shortened, as passports write them.

use wana_kana::ConvertJapanese;

/// The spellings of a run of kana: long vowels shortened first (Ono for おおの), then in full.
pub(super) fn forms(run: &str) -> Vec<String> {
    let full = run.to_romaji();
    let short = full.replace("ou", "o").replace("oo", "o").replace("uu", "u").replace('-', "");
    vec![short, full]
}
