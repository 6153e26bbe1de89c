//! Stocks of names: the common ones by their shares, and rare ones made of the common ones' syllables.
//!
//! The tables of the crate hold a hundred or so names of each culture, which some half of its people
//! bear. The other half bear names of which nobody keeps a table; their number and how unevenly they
//! are borne decide what a long list costs. They follow Zipf's law, as names do everywhere: the share
//! of a name falls as its rank rises. A rare name is put together of beginnings, middles and ends of the
//! culture's common ones, always the same for the same rank.

use zeef::names::frequency::{Culture, Kind, entries};

use super::random::{Random, Weighted};

/// Given or family names of one culture.
pub struct Stock {
    common: Weighted<&'static str>,
    /// The share of people whose name is in no table.
    rare_share: f64,
    /// How many rare names there are.
    rare: f64,
    heads: Vec<&'static str>,
    middles: Vec<&'static str>,
    tails: Vec<&'static str>,
}

/// Rare family names of a culture that forms them freely. The United States alone count a hundred times
/// more; but cultures differ in that, and most listed people's names are among the commoner ones.
const RARE_FAMILIES: f64 = 200_000.0;
/// Rare given names: fewer, since parents choose from what others are called.
const RARE_GIVEN: f64 = 20_000.0;
/// Rare family names where there is a closed set of them.
const RARE_OF_CLOSED: f64 = 200.0;

impl Stock {
    /// The names of this kind in a culture's tables; none where it has no table of that kind.
    pub fn of(culture: Culture, kind: Kind) -> Option<Self> {
        let common = Weighted::new(
            entries().filter(|e| e.culture == culture && e.kind == kind).map(|e| (e.name, e.share)),
        );
        if common.things().is_empty() {
            return None;
        }
        // East Asian families come from a register of some hundred.
        let closed = matches!(
            culture,
            Culture::Chinese
                | Culture::Cantonese
                | Culture::Taiwanese
                | Culture::Korean
                | Culture::NorthernKorean
                | Culture::Vietnamese
        );
        let (rare, least) = match kind {
            _ if closed => (RARE_OF_CLOSED, 0.02),
            Kind::Family => (RARE_FAMILIES, 0.2),
            _ => (RARE_GIVEN, 0.08),
        };
        let rare_share = (1.0 - common.sum()).clamp(least, if closed { least } else { 0.8 });
        let (mut heads, mut middles, mut tails) = (Vec::new(), Vec::new(), Vec::new());
        for name in common.things() {
            let syllables = syllables(name);
            if let [head, between @ .., tail] = syllables.as_slice() {
                heads.push(*head);
                middles.extend_from_slice(between);
                tails.push(*tail);
            }
        }
        for pieces in [&mut heads, &mut middles, &mut tails] {
            pieces.sort_unstable();
            pieces.dedup();
        }
        Some(Self { common, rare_share, rare, heads, middles, tails })
    }

    /// A name as people bear it, in lower case.
    pub fn draw(&self, random: &mut Random) -> String {
        if self.heads.is_empty() || !random.chance(self.rare_share) {
            return self.common.draw(random).unwrap_or("x").to_owned();
        }
        self.rare_name(random)
    }

    /// A name that is in no table, by Zipf's law: the ranks begin behind those of the tables.
    pub fn rare_name(&self, random: &mut Random) -> String {
        let first = self.common.things().len() as f64;
        // The logarithm of a rank drawn by Zipf's law is spread evenly.
        let rank = first * ((first + self.rare) / first).powf(random.unit());
        self.of_rank(rank as u64)
    }

    fn of_rank(&self, rank: u64) -> String {
        let mut pieces = Random::of(rank, 0);
        let mut name = pieces.one_of(&self.heads).to_owned();
        // Rarer names are longer, and there are more long ones to be had.
        let most = if rank > 2_000 { 3 } else { 2 };
        for _ in 0..pieces.below(most) {
            name.push_str(pieces.one_of(&self.middles));
        }
        name.push_str(pieces.one_of(&self.tails));
        name
    }
}

/// A name cut before each consonant that a vowel follows.
fn syllables(name: &'static str) -> Vec<&'static str> {
    let vowel = |b: u8| b"aeiouy".contains(&b);
    let bytes = name.as_bytes();
    let mut out = Vec::new();
    let mut start = 0;
    for at in 1..bytes.len().saturating_sub(1) {
        let begun = bytes[start..at].iter().any(|b| vowel(*b));
        if begun && !vowel(bytes[at]) && vowel(bytes[at + 1]) {
            out.push(&name[start..at]);
            start = at;
        }
    }
    out.push(&name[start..]);
    out
}
