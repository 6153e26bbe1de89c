//! Thai, roughly by the Royal system.
//!
//! Five vowels are written before the consonant after which they are spoken, a mark silences letters
//! that only spelling keeps, and many short vowels are not written at all: where two consonants stand
//! together the form lacks one, and the word is to be compared by consonants.

use super::any;

/// The spellings of a run of Thai, and whether vowels are missing in them.
pub(super) fn forms(run: &str) -> (Vec<String>, bool) {
    let letters = spoken_order(run);
    let missing = letters.windows(2).any(|pair| initial(pair[0]).is_some() && initial(pair[1]).is_some());
    let as_written: String = letters.iter().map(|c| letter(*c, false)).collect();
    let ending: String = letters
        .iter()
        .enumerate()
        .map(|(at, c)| {
            let closes = letters.get(at + 1).is_none_or(|next| initial(*next).is_some()) && at > 0;
            letter(*c, closes)
        })
        .collect();
    (vec![ending, as_written], missing)
}

/// The letters in the order in which they are spoken, silenced ones left out.
fn spoken_order(run: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::new();
    let mut leading = None;
    for c in run.chars() {
        match c {
            'เ'..='ไ' => leading = Some(c),
            // Thanthakhat: the consonant before (with a vowel sign on it, if any) is silent.
            '\u{e4c}' => while out.pop().is_some_and(|c| initial(c).is_none()) {},
            // Tone marks and the repetition sign.
            '\u{e47}'..='\u{e4b}' | '\u{e4d}' | '\u{e4e}' | 'ๆ' => {}
            _ => {
                out.push(c);
                if initial(c).is_some()
                    && let Some(vowel) = leading.take()
                {
                    out.push(vowel);
                }
            }
        }
    }
    out.extend(leading);
    out
}

fn letter(c: char, closes: bool) -> &'static str {
    if closes && let Some(latin) = closing(c) {
        return latin;
    }
    if let Some(latin) = initial(c) {
        return latin;
    }
    match c {
        'ะ' | 'า' | '\u{e31}' => "a",
        'ำ' => "am",
        '\u{e34}' | '\u{e35}' => "i",
        '\u{e36}' | '\u{e37}' | '\u{e38}' | '\u{e39}' => "u",
        'เ' => "e",
        'แ' => "ae",
        'โ' => "o",
        'ใ' | 'ไ' => "ai",
        'ฤ' => "rue",
        // The carrier of vowels.
        'อ' => "o",
        other => any(other),
    }
}

/// A consonant at the beginning of a syllable; `None` for what is none.
fn initial(c: char) -> Option<&'static str> {
    Some(match c {
        'ก' => "k",
        'ข'..='ฆ' => "kh",
        'ง' => "ng",
        'จ' => "ch",
        'ฉ' | 'ช' | 'ฌ' => "ch",
        'ซ' | 'ศ' | 'ษ' | 'ส' => "s",
        'ญ' | 'ย' => "y",
        'ฎ' | 'ด' => "d",
        'ฏ' | 'ต' => "t",
        'ฐ' | 'ฑ' | 'ฒ' | 'ถ' | 'ท' | 'ธ' => "th",
        'ณ' | 'น' => "n",
        'บ' => "b",
        'ป' => "p",
        'ผ' | 'พ' | 'ภ' => "ph",
        'ฝ' | 'ฟ' => "f",
        'ม' => "m",
        'ร' => "r",
        'ล' | 'ฬ' => "l",
        'ว' => "w",
        'ห' | 'ฮ' => "h",
        _ => return None,
    })
}

/// A consonant that closes a syllable, where it sounds otherwise than at the beginning.
fn closing(c: char) -> Option<&'static str> {
    Some(match c {
        'ข'..='ฆ' => "k",
        'จ' | 'ช' | 'ซ' | 'ฎ'..='ฒ' | 'ด'..='ธ' | 'ศ'..='ส' => "t",
        'ญ' | 'ณ' | 'ร' | 'ล' | 'ฬ' => "n",
        'บ' | 'ป' | 'พ' | 'ฟ' | 'ภ' => "p",
        'ย' => "i",
        _ => return None,
    })
}
