//! How the sounds of Mandarin, Cantonese and Korean are written in Latin letters.
//!
//! Every sound is an initial and a final (Korean: an initial, a medial and a final), each with its
//! spellings and their shares, read from `data/romanisation.txt`. Their product gives all
//! spellings of a syllable: no system is written down as a whole, so that mixtures of systems,
//! which people's own names are full of, come out as well.

use std::collections::HashMap;

use super::hangul;

/// Spellings of one sound with the share of writers who use each, 0..1.
type Shares = Vec<(String, f32)>;

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
            .unwrap_or_else(|| vec![(plain(sound).to_owned(), 1.0)])
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

/// `_` stands for the empty string in the rules.
fn plain(sound: &str) -> &str {
    if sound == "_" { "" } else { sound }
}

/// One `spelling:permille` of the rules.
fn share(text: &str) -> Option<(String, f32)> {
    let (spelling, permille) = text.split_once(':')?;
    let permille: f32 = permille.parse().ok()?;
    (permille > 0.0).then(|| (plain(spelling).to_owned(), permille / 1000.0))
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
    let mut out: Shares = vec![(String::new(), 1.0)];
    for part in parts {
        let mut next: Shares = Vec::with_capacity(out.len() * part.len());
        for (head, p) in &out {
            for (tail, q) in part {
                if p * q >= LEAST_SHARE {
                    next.push((format!("{head}{tail}"), p * q));
                }
            }
        }
        out = next;
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out.dedup_by(|b, a| {
        let same = a.0 == b.0;
        if same {
            a.1 += b.1;
        }
        same
    });
    out.retain(|(spelling, _)| !spelling.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(shares: &Shares, spellings: &str) {
        for s in spellings.split(' ') {
            assert!(shares.iter().any(|(x, _)| x == s), "{s} missing in {shares:?}");
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
                let sum: f32 = shares.iter().map(|(_, s)| s).sum();
                assert!(!shares.is_empty() && sum > 0.0 && sum < 1.02, "{sound}: {sum}");
            }
        }
    }
}
