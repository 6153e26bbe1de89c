//! Devanagari, and through it its sisters.
//!
//! A consonant carries an inherent a unless another vowel sign or a virama stands on it; speech drops
//! that a at the end and between syllables (schwa deletion), and Latin spellings follow speech: राजनाथ
//! is Rajnath, not Rajanatha. The scripts of the other Indian languages are laid out in Unicode in the
//! same order, 128 code points apart, so one table reads them all.

use super::any;

/// The first code points of the blocks that are laid out like Devanagari's: Bengali, Gurmukhi,
/// Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam.
const SISTERS: [u32; 8] = [0x980, 0xa00, 0xa80, 0xb00, 0xb80, 0xc00, 0xc80, 0xd00];

/// What a character does in a syllable.
enum Role {
    Consonant(&'static str),
    /// A vowel that is a syllable of its own.
    Vowel(&'static str),
    /// A vowel sign on the consonant before.
    Sign(&'static str),
    /// Virama: no vowel.
    Silent,
    /// Anusvara and candrabindu: a nasal after the vowel.
    Nasal,
    /// Visarga.
    Breath,
    /// Nukta: Persian and Arabic sounds.
    Nukta,
}

/// A consonant and its vowel; either may be empty.
struct Syllable {
    onset: String,
    vowel: &'static str,
    /// The vowel is the unwritten a.
    inherent: bool,
    /// The onset is of several consonants.
    cluster: bool,
    coda: &'static str,
}

/// The spellings of a run of Devanagari: as spoken, with only the last a dropped, and in full.
pub(super) fn forms(run: &str) -> Vec<String> {
    let syllables = syllables(run.chars());
    let count = syllables.len();
    let mut spoken: Vec<bool> = Vec::with_capacity(count);
    for (at, syllable) in syllables.iter().enumerate() {
        let keep = if !syllable.inherent || at == 0 || !syllable.coda.is_empty() {
            true
        } else if at + 1 == count {
            // A cluster cannot be spoken without it: Chandra, Krishna.
            syllable.cluster
        } else {
            // It falls between syllables with vowels of their own (VC_CV), if it parts single consonants.
            let before = &syllables[at - 1];
            let next = &syllables[at + 1];
            let open_before = spoken[at - 1] && !before.vowel.is_empty() && before.coda.is_empty();
            let vowel_after = !next.vowel.is_empty() && (!next.inherent || at + 2 < count || next.cluster);
            !open_before || !vowel_after || syllable.cluster || next.onset.is_empty()
        };
        spoken.push(keep);
    }
    let write = |keep: &dyn Fn(usize) -> bool| -> String {
        let mut out = String::new();
        for (at, syllable) in syllables.iter().enumerate() {
            out.push_str(&syllable.onset);
            if keep(at) {
                out.push_str(syllable.vowel);
            }
            out.push_str(match (syllable.coda, syllables.get(at + 1).and_then(|s| s.onset.chars().next())) {
                ("n", Some('h')) => "ng",
                ("n", Some('p' | 'b' | 'm' | 'f')) => "m",
                (coda, _) => coda,
            });
        }
        out
    };
    vec![write(&|at| spoken[at]), write(&|at| spoken[at] || at + 1 != count), write(&|_| true)]
}

/// The spellings of a run of a script without a module of its own: the sisters of Devanagari by its
/// table, all others letter by letter.
pub(super) fn sister_forms(run: &str) -> Vec<String> {
    let is_sister = |c: char| SISTERS.iter().any(|s| (*s..*s + 0x80).contains(&u32::from(c)));
    if !run.chars().any(is_sister) {
        return vec![run.chars().map(any).collect()];
    }
    let shifted = run.chars().map(|c| {
        let code = u32::from(c);
        SISTERS
            .iter()
            .find(|s| (**s..**s + 0x80).contains(&code))
            .and_then(|s| char::from_u32(0x900 + (code - s)))
            // What Devanagari has no counterpart of stays as it is.
            .filter(|d| role(*d).is_some())
            .unwrap_or(c)
    });
    let shifted: String = shifted.collect();
    forms(&shifted)
}

fn syllables(letters: impl Iterator<Item = char>) -> Vec<Syllable> {
    let mut out: Vec<Syllable> = Vec::new();
    // Whether the last consonant had its vowel taken, so that the next joins it in a cluster.
    let mut joined = false;
    for c in letters {
        let plain = |onset: &str| Syllable {
            onset: onset.to_owned(),
            vowel: "",
            inherent: false,
            cluster: false,
            coda: "",
        };
        match (role(c), out.last_mut()) {
            (Some(Role::Consonant(latin)), Some(last)) if joined => {
                last.onset.push_str(latin);
                last.vowel = "a";
                last.inherent = true;
                last.cluster = true;
            }
            (Some(Role::Consonant(latin)), _) => {
                out.push(Syllable { vowel: "a", inherent: true, ..plain(latin) });
            }
            (Some(Role::Vowel(latin)), _) => out.push(Syllable { vowel: latin, ..plain("") }),
            (Some(Role::Sign(latin)), Some(last)) => {
                last.vowel = latin;
                last.inherent = false;
            }
            (Some(Role::Silent), Some(last)) if last.inherent => {
                last.vowel = "";
                last.inherent = false;
                joined = true;
                continue;
            }
            (Some(Role::Nasal), Some(last)) => last.coda = "n",
            (Some(Role::Breath), Some(last)) => last.coda = "h",
            (Some(Role::Nukta), Some(last)) => {
                let with = match last.onset.as_str() {
                    "k" => "q",
                    "j" => "z",
                    "ph" => "f",
                    "d" | "dh" => "r",
                    other => other,
                };
                last.onset = with.to_owned();
            }
            (Some(_), _) => {}
            (None, _) => out.push(plain(any(c))),
        }
        joined = false;
    }
    // A final virama leaves a consonant without vowel; nothing more to do.
    out
}

fn role(c: char) -> Option<Role> {
    use Role::{Breath, Consonant, Nasal, Nukta, Sign, Silent, Vowel};
    Some(match c {
        '\u{901}' | '\u{902}' | '\u{900}' => Nasal,
        '\u{903}' => Breath,
        '\u{93c}' => Nukta,
        '\u{94d}' => Silent,
        'अ' => Vowel("a"),
        'आ' => Vowel("a"),
        'इ' | 'ई' => Vowel("i"),
        'उ' | 'ऊ' => Vowel("u"),
        'ऋ' => Vowel("ri"),
        'ए' | 'ऍ' | 'ऎ' => Vowel("e"),
        'ऐ' => Vowel("ai"),
        'ओ' | 'ऑ' | 'ऒ' => Vowel("o"),
        'औ' => Vowel("au"),
        '\u{93e}' => Sign("a"),
        '\u{93f}' | '\u{940}' => Sign("i"),
        '\u{941}' | '\u{942}' => Sign("u"),
        '\u{943}' => Sign("ri"),
        '\u{945}'..='\u{947}' => Sign("e"),
        '\u{948}' => Sign("ai"),
        '\u{949}'..='\u{94b}' => Sign("o"),
        '\u{94c}' => Sign("au"),
        'क' => Consonant("k"),
        'ख' => Consonant("kh"),
        'ग' => Consonant("g"),
        'घ' => Consonant("gh"),
        'ङ' | 'ञ' | 'ण' | 'न' | 'ऩ' => Consonant("n"),
        'च' => Consonant("ch"),
        'छ' => Consonant("chh"),
        'ज' => Consonant("j"),
        'झ' => Consonant("jh"),
        'ट' | 'त' => Consonant("t"),
        'ठ' | 'थ' => Consonant("th"),
        'ड' | 'द' => Consonant("d"),
        'ढ' | 'ध' => Consonant("dh"),
        'प' => Consonant("p"),
        'फ' => Consonant("ph"),
        'ब' => Consonant("b"),
        'भ' => Consonant("bh"),
        'म' => Consonant("m"),
        'य' => Consonant("y"),
        'र' | 'ऱ' => Consonant("r"),
        'ल' | 'ळ' | 'ऴ' => Consonant("l"),
        'व' => Consonant("v"),
        'श' | 'ष' => Consonant("sh"),
        'स' => Consonant("s"),
        'ह' => Consonant("h"),
        _ => return None,
    })
}
