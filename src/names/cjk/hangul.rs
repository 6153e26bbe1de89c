//! Hangul syllables: their letters, and the spelling by which North and South agree.

/// First precomposed syllable, 가.
const FIRST: u32 = 0xAC00;
/// How many precomposed syllables Unicode has.
pub(super) const COUNT: u16 = 11_172;

const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ',
    'ㅍ', 'ㅎ',
];
const MEDIALS: [char; 21] = [
    'ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅘ', 'ㅙ', 'ㅚ', 'ㅛ', 'ㅜ', 'ㅝ', 'ㅞ', 'ㅟ',
    'ㅠ', 'ㅡ', 'ㅢ', 'ㅣ',
];
/// Finals in Unicode's order, pairs of consonants by the one that sounds.
const FINALS: [Option<char>; 28] = [
    None,
    Some('ㄱ'),
    Some('ㄱ'),
    Some('ㄱ'),
    Some('ㄴ'),
    Some('ㄴ'),
    Some('ㄴ'),
    Some('ㄷ'),
    Some('ㄹ'),
    Some('ㄱ'),
    Some('ㅁ'),
    Some('ㄹ'),
    Some('ㄹ'),
    Some('ㄹ'),
    Some('ㅍ'),
    Some('ㄹ'),
    Some('ㅁ'),
    Some('ㅂ'),
    Some('ㅂ'),
    Some('ㅅ'),
    Some('ㅅ'),
    Some('ㅇ'),
    Some('ㅈ'),
    Some('ㅊ'),
    Some('ㅋ'),
    Some('ㅌ'),
    Some('ㅍ'),
    Some('ㅎ'),
];

const NIEUN: u16 = 2;
const RIEUL: u16 = 5;
const IEUNG: u16 = 11;

/// Place of `c` among the precomposed syllables, if it is one.
pub(super) fn number(c: char) -> Option<u16> {
    let n = u32::from(c).checked_sub(FIRST)?;
    u16::try_from(n).ok().filter(|n| *n < COUNT)
}

/// Initial, medial and sounding final of a syllable.
pub(super) fn letters(c: char) -> Option<(char, char, Option<char>)> {
    let n = usize::from(number(c)?);
    Some((INITIALS[n / 588], MEDIALS[n % 588 / 28], FINALS[n % 28]))
}

/// Whether the medial begins with i or y, before which the South drops ㄹ at a word's beginning.
fn palatal(medial: u16) -> bool {
    // ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ
    matches!(medial, 2 | 3 | 6 | 7 | 12 | 17 | 20)
}

/// The syllable by which its northern and southern spellings agree.
///
/// The South's initial law (두음법칙) writes 이, 유, 임 where the North writes 리, 류, 림, and
/// 노, 나 for 로, 라, at the beginning of a word; families may keep either. So ㄹ before i and y
/// counts as silent everywhere, and ㄹ before other vowels as ㄴ in a family name.
pub(super) fn canonical(n: u16, family: bool) -> u16 {
    let (initial, medial, last) = (n / 588, n % 588 / 28, n % 28);
    let initial = match initial {
        RIEUL if palatal(medial) => IEUNG,
        NIEUN if family && palatal(medial) => IEUNG,
        RIEUL if family => NIEUN,
        other => other,
    };
    initial * 588 + medial * 28 + last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canon(c: char, family: bool) -> char {
        let n = u32::from(canonical(number(c).unwrap(), family));
        char::from_u32(FIRST + n).unwrap()
    }

    #[test]
    fn letters_of_syllables() {
        assert_eq!(letters('김'), Some(('ㄱ', 'ㅣ', Some('ㅁ'))));
        assert_eq!(letters('이'), Some(('ㅇ', 'ㅣ', None)));
        assert_eq!(letters('힣'), Some(('ㅎ', 'ㅣ', Some('ㅎ'))));
        assert_eq!(letters('ㄱ'), None);
        assert_eq!(letters('a'), None);
    }

    #[test]
    fn north_and_south_agree() {
        for (north, south) in
            [('리', '이'), ('림', '임'), ('류', '유'), ('로', '노'), ('라', '나'), ('녀', '여')]
        {
            assert_eq!(canon(north, true), south);
            assert_eq!(canon(south, true), south);
        }
        assert_eq!(canon('룡', false), '용');
        assert_eq!(canon('란', false), '란');
        assert_eq!(canon('니', false), '니');
    }
}
