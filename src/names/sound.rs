//! How a romanised word sounds, as a short string of symbols.
//!
//! Spellings of one name from different traditions (`Chtcherbakov`, `Shcherbakov`, `Sjtjerbakov`;
//! `Ouattara`, `Wattara`) differ in letters far more than in sounds. A word in the letters a to z is
//! therefore read into [`SYMBOLS`] sound symbols by the digraphs of the transliteration traditions;
//! [`crate::matching::sound`] then weighs how easily one symbol is written for another. Letters that
//! traditions read differently (`j`, `c`, `ch`, `w`) keep a symbol of their own.
//!
//! Doubled letters are one symbol: traditions double consonants at will (`Muhammad`, `Mohamed`).

/// A sound symbol, below [`SYMBOLS`].
pub type Symbol = u8;

/// How many symbols there are.
pub const SYMBOLS: usize = 31;

macro_rules! symbols {
    ($($name:ident = $value:literal, $doc:literal;)*) => {
        $(#[doc = $doc] pub const $name: Symbol = $value;)*
    };
}

symbols! {
    A = 0, "a";
    E = 1, "e";
    I = 2, "i, and y as a vowel";
    O = 3, "o";
    U = 4, "u, ou, oo";
    P = 5, "p";
    B = 6, "b";
    F = 7, "f, ph";
    V = 8, "v";
    W = 9, "w";
    M = 10, "m";
    N = 11, "n";
    T = 12, "t";
    D = 13, "d";
    TH = 14, "th";
    S = 15, "s, sz, ss";
    Z = 16, "z, dz";
    TS = 17, "ts, tz, and c before e, i and y";
    CH = 18, "ch, tch, tsch, cz, tj";
    SH = 19, "sh, sch, shch, sj";
    ZH = 20, "zh, zj";
    J = 21, "j, dj, dzh";
    Y = 22, "y before a vowel";
    K = 23, "k, q, ck, and c elsewhere";
    G = 24, "g";
    X = 25, "kh";
    GH = 26, "gh";
    H = 27, "h";
    L = 28, "l";
    R = 29, "r";
    DH = 30, "dh";
}

/// Whether a symbol is a vowel.
#[inline]
pub fn is_vowel(symbol: Symbol) -> bool {
    symbol <= U
}

/// Letters that are read together, and what they read as.
type Digraph = (&'static [u8], &'static [Symbol]);

/// The digraphs that begin with a letter, longest first. Looking for one is the slow part of reading a word.
fn digraphs(first: u8) -> &'static [Digraph] {
    match first {
        b'c' => &[(b"chtch", &[SH]), (b"ch", &[CH]), (b"cz", &[CH]), (b"ck", &[K])],
        b'd' => &[(b"dsch", &[J]), (b"dzh", &[J]), (b"dh", &[DH]), (b"dj", &[J]), (b"dz", &[Z])],
        b'e' => &[(b"ee", &[I])],
        b'g' => &[(b"gh", &[GH])],
        b'k' => &[(b"kh", &[X])],
        b'o' => &[(b"ou", &[U]), (b"oo", &[U])],
        b'p' => &[(b"ph", &[F])],
        b's' => &[
            (b"schtsch", &[SH]),
            (b"shtch", &[SH]),
            (b"sjtj", &[SH]),
            (b"shch", &[SH]),
            (b"sch", &[SH]),
            (b"sh", &[SH]),
            (b"sj", &[SH]),
            (b"sz", &[S]),
        ],
        b't' => &[
            (b"tsch", &[CH]),
            (b"tch", &[CH]),
            (b"tsj", &[CH]),
            (b"tsh", &[CH]),
            (b"tj", &[CH]),
            (b"th", &[TH]),
            (b"ts", &[TS]),
            (b"tz", &[TS]),
        ],
        b'z' => &[(b"zh", &[ZH]), (b"zj", &[ZH])],
        _ => &[],
    }
}

/// Reads a word in the letters a to z (others are skipped) into sound symbols.
pub fn encode(word: &str) -> Vec<Symbol> {
    let letters = word.as_bytes();
    let mut out = Vec::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        let reads = |(digraph, _): &&Digraph| digraph.get(1) == rest.get(1) && rest.starts_with(digraph);
        if let Some((digraph, read)) = digraphs(rest[0]).iter().find(reads) {
            read.iter().for_each(|&s| push(&mut out, s));
            at += digraph.len();
            continue;
        }
        let next = rest.get(1).copied().unwrap_or(0);
        let symbol = match rest[0] {
            b'a' => A,
            b'e' => E,
            b'i' => I,
            b'o' => O,
            b'u' => U,
            b'p' => P,
            b'b' => B,
            b'f' => F,
            b'v' => V,
            b'w' => W,
            b'm' => M,
            b'n' => N,
            b't' => T,
            b'd' => D,
            b's' => S,
            b'z' => Z,
            b'c' if matches!(next, b'e' | b'i' | b'y') => TS,
            b'c' | b'k' | b'q' => K,
            b'j' => J,
            b'y' if matches!(next, b'a' | b'e' | b'i' | b'o' | b'u') => Y,
            b'y' => I,
            b'g' => G,
            b'h' => H,
            b'l' => L,
            b'r' => R,
            b'x' => {
                push(&mut out, K);
                S
            }
            _ => {
                at += 1;
                continue;
            }
        };
        push(&mut out, symbol);
        at += 1;
    }
    // -iy, -ij, -yj and -ii are spellings of one ending.
    if out.len() > 2 && out.ends_with(&[I, J]) {
        out.pop();
    }
    out
}

fn push(out: &mut Vec<Symbol>, symbol: Symbol) {
    match (out.last(), symbol) {
        (Some(&last), s) if last == s => {}
        // iy before a vowel is written i as often (Georgiyevich, Georgievich).
        (Some(&I), Y) => {}
        _ => out.push(symbol),
    }
}

/// Class of a consonant for retrieval: consonants that are often written for each other share one.
/// Vowels and y have none. `h` is class 0: dropped where the pattern is wanted without it.
fn class(symbol: Symbol) -> Option<u8> {
    Some(match symbol {
        P | B => b'P',
        F | V | W => b'F',
        M => b'M',
        N => b'N',
        T | D | TH | DH => b'T',
        S | Z | TS | CH | SH | ZH => b'S',
        J => b'J',
        K | G | X | GH => b'K',
        L => b'L',
        R => b'R',
        H => b'H',
        _ => return None,
    })
}

/// Class of a consonant within patterns: finer than [`class`], since a pattern is also looked up with
/// any one symbol left out, which covers one consonant written for another.
fn fine_class(symbol: Symbol) -> Option<u8> {
    Some(match symbol {
        B => b'B',
        D | DH => b'D',
        CH | SH | ZH => b'C',
        G | GH => b'G',
        _ => return class(symbol),
    })
}

/// The pattern of a sound string for retrieval: consonant classes, with `v` for each run of vowels.
/// `h` and y count as part of the vowels around them, because both come and go between traditions.
pub fn pattern(sound: &[Symbol]) -> Vec<u8> {
    let mut out = Vec::with_capacity(sound.len());
    for &s in sound {
        match fine_class(s) {
            Some(b'H') => {}
            Some(c) => {
                if out.last() != Some(&c) {
                    out.push(c);
                }
            }
            None => {
                if out.last() != Some(&b'v') {
                    out.push(b'v');
                }
            }
        }
    }
    out
}

/// The consonant skeleton for retrieval: classes of the consonants, `h` among them, no vowels, and
/// neither y nor w, which unvowelled scripts write for vowels.
pub fn skeleton(sound: &[Symbol]) -> Vec<u8> {
    let mut out = Vec::with_capacity(sound.len());
    for &s in sound {
        if s == W {
            continue;
        }
        if let Some(c) = class(s)
            && out.last() != Some(&c)
        {
            out.push(c);
        }
    }
    // A last h is often silent, or the feminine ending that some traditions write and some do not.
    if out.len() > 1 && out.last() == Some(&b'H') {
        out.pop();
    }
    out
}

/// How many consonants of each class a sound string has: four bits a class, at most 15. `h` and y have
/// none, since they come and go; so does w, which is counted apart because it may also stand for a v.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Consonants(u64);

/// Classes that [`Consonants`] counts.
const COUNTED: &[u8] = b"PFMNTSJKLR";

impl Consonants {
    /// Counts the consonants.
    pub fn of(sound: &[Symbol]) -> Self {
        let mut counts = 0u64;
        for &s in sound {
            let place = match s {
                W => Some(COUNTED.len()),
                _ => class(s).and_then(|c| COUNTED.iter().position(|&d| d == c)),
            };
            if let Some(place) = place
                && counts >> (4 * place) & 15 < 15
            {
                counts += 1 << (4 * place);
            }
        }
        Self(counts)
    }

    /// All counts, in so many bytes.
    pub fn to_bytes(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }

    /// Of what [`Consonants::to_bytes`] gave.
    pub fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }

    /// How many of a place there are; the w stand after the classes.
    fn at(self, place: usize) -> u64 {
        self.0 >> (4 * place) & 15
    }

    /// How many there are, w not among them.
    fn total(self) -> u32 {
        let (even, odd) = self.halves();
        over(even + odd, 0) as u32
    }

    /// Whether two words written together, at least as many consonants as `first` and `second`, may be a
    /// spelling of this one: see [`Consonants::may_spell`]. One consonant may fall together with another
    /// where the two meet.
    pub fn may_be_joined(self, first: Self, second: Self) -> bool {
        let own = self.total() + self.at(COUNTED.len()) as u32;
        first.total() + second.total() <= own + 3
    }

    /// Whether two words may be spellings of each other: of either's consonants, at most two find none
    /// of their class in the other, and at most one in words of three consonants or fewer. A v may find
    /// a w (Khrushchev, Chruschtschow); a w need find nothing.
    pub fn may_spell(self, other: Self) -> bool {
        if self == other {
            return true;
        }
        let ((even, odd), (other_even, other_odd)) = (self.halves(), other.halves());
        let only_here = over(even, other_even) + over(odd, other_odd + other.w());
        let only_there = over(other_even, even) + over(other_odd, odd + self.w());
        let most = only_here.max(only_there);
        most <= 1 || most == 2 && self.total().min(other.total()) > 3
    }

    /// The classes' counts, a byte each: those in even places and those in odd ones, f first among these.
    fn halves(self) -> (u64, u64) {
        let classes = self.0 & ((1 << (4 * COUNTED.len())) - 1);
        (classes & LOW_NIBBLES, classes >> 4 & LOW_NIBBLES)
    }

    /// How many w there are.
    fn w(self) -> u64 {
        self.at(COUNTED.len())
    }
}

const LOW_NIBBLES: u64 = 0x0f0f_0f0f_0f0f_0f0f;
const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// By how much the bytes of `a` exceed those of `b` in all, those not counted that do not. All bytes are below
/// 128, and the sum below 256.
fn over(a: u64, b: u64) -> u64 {
    // A byte keeps its high bit where it is not exceeded; no byte borrows from the next.
    let rest = (a | HIGH_BITS) - b;
    let kept = rest & HIGH_BITS;
    let over = rest & (kept - (kept >> 7));
    // The highest byte of the product is the sum of all.
    over.wrapping_mul(LOW_BITS) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    /// [`Consonants::may_spell`], class by class.
    fn may_spell(one: Consonants, other: Consonants) -> bool {
        let (mut only_here, mut only_there) = (0, 0);
        for (place, &class) in COUNTED.iter().enumerate() {
            let (a, b) = (one.at(place), other.at(place));
            let w = |side: Consonants| if class == b'F' { side.w() } else { 0 };
            only_here += a.saturating_sub(b + w(other));
            only_there += b.saturating_sub(a + w(one));
        }
        let most = only_here.max(only_there);
        one == other || most <= 1 || most == 2 && one.total().min(other.total()) > 3
    }

    proptest! {
        #[test]
        fn consonants_are_compared_class_by_class(
            one in "[a-z]{0,12}", other in "[a-z]{0,12}", few in "[bdfhjkvwx]{0,40}",
        ) {
            let of = |word: &str| Consonants::of(&encode(word));
            let near = of(&format!("{one}{}", few.get(..2).unwrap_or_default()));
            for (a, b) in [(of(&one), of(&other)), (of(&one), near), (of(&few), of(&one)), (of(&few), near)] {
                prop_assert_eq!(a.may_spell(b), may_spell(a, b));
                prop_assert_eq!(b.may_spell(a), may_spell(b, a));
            }
        }
    }

    #[test]
    fn traditions_read_alike() {
        for group in [
            &["mohammed", "mohamed"][..],
            &["shcherbakov", "chtcherbakov", "sjtjerbakov", "scherbakov"],
            &["oussama", "usama"],
            &["aleksiy", "aleksij", "alexi"],
            &["georgiyevich", "georgievich"],
            &["karim", "qarim"],
        ] {
            let first = encode(group[0]);
            for other in group {
                assert_eq!(encode(other), first, "{other} against {}", group[0]);
            }
        }
    }

    #[test]
    fn patterns_hold_over_spellings() {
        for (a, b) in [("mohammed", "muhamad"), ("soleimani", "sulaymani"), ("vladimir", "wladimir")] {
            assert_eq!(pattern(&encode(a)), pattern(&encode(b)), "{a} {b}");
        }
        // Of a w that stands for v only the pattern knows.
        for (a, b) in
            [("mohammed", "muhamad"), ("soleimani", "sulaymani"), ("hsyn", "hussein"), ("mwsa", "musa")]
        {
            assert_eq!(skeleton(&encode(a)), skeleton(&encode(b)), "{a} {b}");
        }
    }

    #[test]
    fn other_letters_are_skipped() {
        assert!(encode("").is_empty());
        assert!(encode("1234-\u{1F600}").is_empty());
    }
}
