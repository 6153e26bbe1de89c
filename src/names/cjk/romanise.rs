//! How the sounds of Mandarin, Cantonese and Korean are written in Latin letters.
//!
//! Every sound is an initial and a final (Korean: an initial, a medial and a final), each with its
//! spellings and their shares, read from `data/romanisation.txt`. Their product gives all
//! spellings of a syllable: no system is written down as a whole, so that mixtures of systems,
//! which people's own names are full of, come out as well.

use std::collections::HashMap;

use super::hangul;
use super::tables::pack;

/// One spelling: packed letters, how many, and the share of writers who use it, 0..1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spelling {
    pub packed: u64,
    length: u32,
    pub share: f32,
}

impl Spelling {
    /// The packed letters of two spellings in one word, if they are not too many.
    pub(super) fn followed_by(&self, next: &Spelling) -> Option<u64> {
        (self.length + next.length <= 12).then_some(self.packed << (5 * next.length) | next.packed)
    }
}

/// Spellings of one sound.
type Shares = Vec<Spelling>;

/// A spelling of a syllable that fewer than this share of writers use is left out.
const LEAST_SHARE: f32 = 0.0006;

/// The spelling rules, parsed from the embedded text.
pub(super) struct Rules {
    /// Section name, then sound, then spellings.
    sections: HashMap<&'static str, HashMap<&'static str, Shares>>,
}

impl Rules {
    /// Parses the embedded rules. A malformed line is skipped; a test holds that there is none.
    pub(super) fn load() -> Self {
        let mut sections: HashMap<&str, HashMap<&str, Shares>> = HashMap::new();
        let mut section = "";
        for line in super::tables::lines(include_str!("data/romanisation.txt")) {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = name;
            } else if let Some((sound, spellings)) = line.split_once('\t') {
                let shares = spellings.split(' ').filter_map(share).collect();
                sections.entry(section).or_default().insert(sound, shares);
            }
        }
        Rules { sections }
    }

    fn look_up(&self, section: &str, sound: &str) -> Option<&Shares> {
        self.sections.get(section)?.get(sound)
    }

    /// The spellings of `sound` in `section`, by the rule for `context` before it if there is one;
    /// itself where there is no rule.
    fn part(&self, section: &str, context: &str, sound: &str) -> Shares {
        self.look_up(section, &format!("{context}+{sound}"))
            .or_else(|| self.look_up(section, sound))
            .cloned()
            .unwrap_or_else(|| spelling(sound, 1.0).into_iter().collect())
    }

    /// The spellings of a Mandarin syllable given in pinyin without tones (ü written v).
    pub(super) fn mandarin(&self, pinyin: &str) -> Shares {
        if let Some(whole) = self.look_up("mandarin whole", pinyin) {
            return whole.clone();
        }
        let (initial, rest) = split(
            pinyin,
            &[
                "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r",
                "z", "c", "s",
            ],
        );
        // After j, q and x pinyin writes ü as u.
        let umlaut;
        let last = match (initial, rest.strip_prefix('u')) {
            ("j" | "q" | "x", Some(tail)) => {
                umlaut = format!("v{tail}");
                umlaut.as_str()
            }
            _ => rest,
        };
        product(&[self.part("mandarin initial", "", initial), self.part("mandarin final", initial, last)])
    }

    /// The spellings of a Cantonese syllable given in jyutping without tones.
    pub(super) fn cantonese(&self, jyutping: &str) -> Shares {
        if let Some(whole) = self.look_up("cantonese whole", jyutping) {
            return whole.clone();
        }
        let (initial, rest) = split(
            jyutping,
            &[
                "ng", "gw", "kw", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "w", "z", "c", "s",
                "j",
            ],
        );
        let initial = if initial.is_empty() { "_" } else { initial };
        product(&[self.part("cantonese initial", "", initial), self.part("cantonese final", initial, rest)])
    }

    /// The spellings of a Hangul syllable; none when `syllable` is not one.
    pub(super) fn korean(&self, syllable: char) -> Shares {
        let Some((initial, medial, last)) = hangul::letters(syllable) else {
            return Vec::new();
        };
        let (mut i, mut m, mut f) = ([0; 4], [0; 4], [0; 4]);
        let initial = &*initial.encode_utf8(&mut i);
        let medial = &*medial.encode_utf8(&mut m);
        let last = last.map_or("_", |l| l.encode_utf8(&mut f));
        let onset = match self.look_up("korean initial", &format!("{initial}+{medial}")) {
            Some(shares) => shares.clone(),
            None => self.part("korean initial", "", initial),
        };
        product(&[onset, self.part("korean medial", initial, medial), self.part("korean final", "", last)])
    }
}

/// A spelling of letters; `_` stands for none.
fn spelling(letters: &str, share: f32) -> Option<Spelling> {
    if letters.is_empty() || letters == "_" {
        return Some(Spelling { packed: 0, length: 0, share });
    }
    Some(Spelling { packed: pack(letters.as_bytes())?, length: letters.len() as u32, share })
}

/// One `spelling:permille` of the rules.
fn share(text: &str) -> Option<Spelling> {
    let (letters, permille) = text.split_once(':')?;
    let permille: f32 = permille.parse().ok()?;
    spelling(letters, permille / 1000.0).filter(|s| s.share > 0.0)
}

/// Parts `syllable` after the first of `initials` that it starts with, leaving a final.
fn split<'a>(syllable: &'a str, initials: &[&'a str]) -> (&'a str, &'a str) {
    initials
        .iter()
        .find_map(|initial| {
            let rest = syllable.strip_prefix(initial)?;
            (!rest.is_empty()).then_some((*initial, rest))
        })
        .unwrap_or(("", syllable))
}

/// All combinations of the parts' spellings that are not too rare, each spelling once.
fn product(parts: &[Shares]) -> Shares {
    let mut out: Shares = vec![Spelling { packed: 0, length: 0, share: 1.0 }];
    for part in parts {
        let mut next: Shares = Vec::with_capacity(out.len() * part.len());
        for head in &out {
            for tail in part {
                let (length, share) = (head.length + tail.length, head.share * tail.share);
                if let (true, Some(packed)) = (share >= LEAST_SHARE, head.followed_by(tail)) {
                    next.push(Spelling { packed, length, share });
                }
            }
        }
        out = next;
    }
    out.sort_by_key(|s| s.packed);
    out.dedup_by(|b, a| {
        let same = a.packed == b.packed;
        if same {
            a.share += b.share;
        }
        same
    });
    out.retain(|s| s.length > 0);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(shares: &Shares, spellings: &str) {
        for s in spellings.split(' ') {
            assert!(shares.iter().any(|x| Some(x.packed) == pack(s.as_bytes())), "{s} missing in {shares:?}");
        }
    }

    #[test]
    fn spellings_of_each_system() {
        let rules = Rules::load();
        has(&rules.mandarin("xiao"), "xiao hsiao shiau shyau shiao");
        has(&rules.mandarin("zhang"), "zhang chang jang");
        has(&rules.mandarin("quan"), "quan chuan chyuan");
        has(&rules.mandarin("zi"), "zi tzu tze tsu");
        has(&rules.mandarin("si"), "si szu ssu sze");
        has(&rules.mandarin("ren"), "ren jen");
        has(&rules.mandarin("ge"), "ge ko ke");
        has(&rules.mandarin("rui"), "rui jui ruey ruei");
        has(&rules.cantonese("zoeng"), "cheung");
        has(&rules.cantonese("jyun"), "yuen");
        has(&rules.cantonese("ng"), "ng");
        has(&rules.cantonese("gwok"), "kwok");
        has(&rules.korean('영'), "yeong young yong yung ryong");
        has(&rules.korean('희'), "hee hui hi heui");
        has(&rules.korean('철'), "cheol chul chol cheul");
        has(&rules.korean('정'), "jeong jung chong chung jong");
        assert!(rules.korean('x').is_empty());
    }

    #[test]
    fn shares_are_shares() {
        let rules = Rules::load();
        for section in rules.sections.values() {
            for (sound, shares) in section {
                let sum: f32 = shares.iter().map(|s| s.share).sum();
                assert!(!shares.is_empty() && sum > 0.0 && sum < 1.02, "{sound}: {sum}");
            }
        }
    }
}
