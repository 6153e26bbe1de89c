//! Coarse classes of sound for retrieval: all spellings of a syllable in any system share one.

use super::hangul;

/// Onsets that spellings confuse are one class.
fn onset(letters: &str) -> u8 {
    const ONSETS: [(&str, u8); 30] = [
        ("zh", 8),
        ("ch", 8),
        ("sh", 9),
        ("ng", 6),
        ("gw", 6),
        ("kw", 6),
        ("ph", 1),
        ("th", 4),
        ("ts", 8),
        ("tz", 8),
        ("b", 1),
        ("p", 1),
        ("m", 2),
        ("f", 3),
        ("d", 4),
        ("t", 4),
        ("n", 5),
        ("l", 5),
        ("r", 5),
        ("g", 6),
        ("k", 6),
        ("h", 7),
        ("j", 8),
        ("q", 8),
        ("z", 8),
        ("c", 8),
        ("x", 9),
        ("s", 9),
        ("v", 3),
        ("y", 0),
    ];
    ONSETS.iter().find(|(o, _)| letters.starts_with(o)).map_or(0, |o| o.1)
}

/// Class of a syllable in the standard romanisation of its lect: onset in the low four bits, ending
/// above.
pub(super) fn of_latin(letters: &str) -> u8 {
    let ending = match letters.as_bytes() {
        [.., b'n', b'g'] => 2,
        [.., b'n'] => 1,
        [.., b'm'] => 3,
        [.., b'p' | b't' | b'k'] => 4,
        _ => 0,
    };
    onset(letters) | ending << 4
}

/// Class of a Hangul syllable.
pub(super) fn of_hangul(c: char) -> u8 {
    let Some((initial, _, last)) = hangul::letters(c) else { return 0 };
    let onset = match initial {
        'ㅂ' | 'ㅃ' | 'ㅍ' => 1,
        'ㅁ' => 2,
        'ㄷ' | 'ㄸ' | 'ㅌ' => 4,
        'ㄴ' | 'ㄹ' => 5,
        'ㄱ' | 'ㄲ' | 'ㅋ' => 6,
        'ㅎ' => 7,
        'ㅈ' | 'ㅉ' | 'ㅊ' => 8,
        'ㅅ' | 'ㅆ' => 9,
        _ => 0,
    };
    let ending = match last {
        Some('ㄴ') => 1,
        Some('ㅇ') => 2,
        Some('ㅁ') => 3,
        Some('ㄹ') => 5,
        None | Some('ㅎ') => 0,
        Some(_) => 4,
    };
    onset | ending << 4
}
