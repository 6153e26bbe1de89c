//! Georgian: one letter, one sound. The national system of 2002 without its apostrophes, and the
//! spellings of the press, which hear ყ as k or q and ღ as gh or g.

use super::any;

/// The spellings of a run of Georgian, likeliest first.
pub(super) fn forms(run: &str) -> Vec<String> {
    [false, true].map(|press| run.chars().map(|c| letter(c, press)).collect()).into()
}

fn letter(c: char, press: bool) -> &'static str {
    match c {
        'ა' => "a",
        'ბ' => "b",
        'გ' => "g",
        'დ' => "d",
        'ე' => "e",
        'ვ' => "v",
        'ზ' => "z",
        'თ' | 'ტ' => "t",
        'ი' => "i",
        'კ' | 'ქ' => "k",
        'ლ' => "l",
        'მ' => "m",
        'ნ' => "n",
        'ო' => "o",
        'პ' => "p",
        'ჟ' => "zh",
        'რ' => "r",
        'ს' => "s",
        'უ' => "u",
        'ფ' => "p",
        'ღ' if press => "g",
        'ღ' => "gh",
        'ყ' if press => "k",
        'ყ' => "q",
        'შ' => "sh",
        'ჩ' => "ch",
        'ც' => "ts",
        'ძ' => "dz",
        'წ' => "ts",
        'ჭ' => "ch",
        'ხ' => "kh",
        'ჯ' => "j",
        'ჰ' => "h",
        other => any(other),
    }
}
