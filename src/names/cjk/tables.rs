//! The tables behind East Asian names: characters and their readings, syllables and their shares,
//! spellings and the syllables they may stand for. Built once, from the text files in `data/`.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::atom::{self, Atom};
use super::hangul;
use super::romanise::{Rules, Spelling};
use super::sound;

/// A language or group of speeches in which a name is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lect {
    /// Standard Chinese.
    Mandarin,
    /// Cantonese, as in Hong Kong.
    Cantonese,
    /// Hokkien, Teochew, Hakka and Hainanese, as in Singapore and Malaysia.
    Southern,
    /// Korean, of the North and the South.
    Korean,
}

impl Lect {
    /// All, in the order of their numbers.
    pub const ALL: [Lect; 4] = [Lect::Mandarin, Lect::Cantonese, Lect::Southern, Lect::Korean];
    /// The speeches of Chinese.
    pub const CHINESE: [Lect; 3] = [Lect::Mandarin, Lect::Cantonese, Lect::Southern];

    /// The lect to which a syllable's number belongs.
    pub(crate) fn of(syllable: Syllable) -> Lect {
        match syllable {
            0..CANTONESE => Lect::Mandarin,
            CANTONESE..SOUTHERN => Lect::Cantonese,
            SOUTHERN..KOREAN => Lect::Southern,
            _ => Lect::Korean,
        }
    }
}

/// Number of a syllable of one lect.
pub(crate) type Syllable = u16;

const CANTONESE: Syllable = 1024;
const SOUTHERN: Syllable = 2048;
const KOREAN: Syllable = 4096;
/// One past the last syllable.
const SYLLABLES: usize = KOREAN as usize + hangul::COUNT as usize;

/// A syllable and how likely: for a spelling, the share of writers who spell the syllable so; for a
/// character, the share of its bearers who read it so.
pub(crate) type Candidate = (Syllable, f32);

/// Which part of a name stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The family name.
    Family,
    /// The given name.
    Given,
}

/// Share of people with a family name that no table lists.
const RARE_FAMILY: f32 = 5e-6;
/// Share, among the syllables of Korean given names, of one that the table does not list.
const RARE_KOREAN_GIVEN: f32 = 2e-4;
/// A family name must have this share of people for a Latin spelling of it to be taken as one.
const LEAST_FAMILY: f32 = 3e-5;
/// Spellings of family names by rule that fewer writers use are not taken for one.
const LEAST_FAMILY_SPELLING: f32 = 0.004;

/// The candidates of one class of characters for each part of a name.
struct Candidates {
    family: Box<[Candidate]>,
    given: Box<[Candidate]>,
}

impl Candidates {
    fn of(&self, part: Part) -> &[Candidate] {
        match part {
            Part::Family => &self.family,
            Part::Given => &self.given,
        }
    }
}

/// The candidates of all spellings for one part of a name.
#[derive(Default)]
struct Spelt {
    /// Of all spellings, one after another, each sorted.
    candidates: Vec<Candidate>,
    /// Per spelling where its candidates end.
    ends: Vec<u32>,
    /// Per spelling and lect, how often anyone's name is spelt so.
    masses: Vec<[f32; 4]>,
}

impl Spelt {
    fn of(&self, number: usize) -> &[Candidate] {
        let end = |n: usize| self.ends.get(n).map_or(0, |e| *e as usize);
        let from = number.checked_sub(1).map_or(0, end);
        self.candidates.get(from..end(number)).unwrap_or(&[])
    }
}

/// All tables.
pub(crate) struct Tables {
    /// Character to the class of those that stand for each other.
    characters: FxHashMap<char, u16>,
    /// Per class its readings in every lect.
    readings: Vec<Candidates>,
    /// Per class its share as a Chinese family name and in given names.
    character_shares: Vec<(f32, f32)>,
    /// Per syllable its share in family names and given names of its lect.
    syllable_shares: Vec<(f32, f32)>,
    /// Per syllable its class of sound for retrieval.
    sounds: Vec<u8>,
    /// Packed letters to the number of the spelling.
    spellings: FxHashMap<u64, u16>,
    /// Per spelling the syllables it may stand for.
    family: Spelt,
    given: Spelt,
    /// Packed letters of all family names, of one syllable or two.
    families: FxHashSet<u64>,
    /// Packed letters of western given names that can be cut into syllables.
    western: FxHashSet<u64>,
    /// Per Mandarin syllable its spelling in Hanyu Pinyin.
    pinyin: Vec<Atom>,
    /// Pairs of atoms that are one family name.
    compounds: FxHashSet<(Atom, Atom)>,
    /// Packed letters of a family name of two syllables written as one word.
    joined: FxHashMap<u64, (Atom, Atom)>,
    /// Per lect and letter, a bit for each onset that some spelling beginning with it stands for.
    initials: [[u16; 26]; 4],
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::build);

/// The tables, built on first use.
pub(crate) fn tables() -> &'static Tables {
    &TABLES
}

/// Lines of an embedded text without comments and empty lines.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'))
}

/// Packs up to 12 letters a-z into a number; `None` for anything else.
pub(crate) fn pack(letters: &[u8]) -> Option<u64> {
    if letters.is_empty() || letters.len() > 12 {
        return None;
    }
    letters
        .iter()
        .try_fold(0u64, |packed, l| l.is_ascii_lowercase().then(|| packed << 5 | u64::from(l - b'a' + 1)))
}

impl Tables {
    /// The class of a character, if it is known.
    pub(crate) fn character(&self, c: char) -> Option<u16> {
        self.characters.get(&c).copied()
    }

    /// The spelling with these packed letters.
    pub(crate) fn spelling(&self, packed: u64) -> Option<Atom> {
        self.spellings.get(&packed).map(|n| atom::spelling(*n))
    }

    /// The two halves of a family name written as one word.
    pub(crate) fn joined(&self, packed: u64) -> Option<(Atom, Atom)> {
        self.joined.get(&packed).copied()
    }

    /// Whether two atoms together are a family name.
    pub(crate) fn is_compound(&self, first: Atom, second: Atom) -> bool {
        self.compounds.contains(&(first, second))
    }

    /// Whether packed letters spell a family name of one syllable or of two.
    pub(crate) fn is_family(&self, packed: u64) -> bool {
        self.families.contains(&packed)
    }

    /// Whether packed letters are a western given name that could be read as syllables.
    pub(crate) fn is_western(&self, packed: u64) -> bool {
        self.western.contains(&packed)
    }

    fn spelt(&self, part: Part) -> &Spelt {
        match part {
            Part::Family => &self.family,
            Part::Given => &self.given,
        }
    }

    /// Per [`Lect`], how often that part of a name is spelt as `spelling`: the sum over the
    /// syllables it stands for of their shares and the spelling's.
    pub(crate) fn masses(&self, spelling: Atom, part: Part) -> [f32; 4] {
        match atom::kind(spelling) {
            atom::Kind::Spelling(n) => {
                self.spelt(part).masses.get(usize::from(n)).copied().unwrap_or_default()
            }
            _ => [0.0; 4],
        }
    }

    /// The syllables of all lects that `atom` may stand for as `part` of a name. For initials none.
    /// A Hangul syllable is given by [`Tables::hangul`].
    pub(crate) fn candidates(&self, atom: Atom, part: Part) -> &[Candidate] {
        match atom::kind(atom) {
            atom::Kind::Han(n) => self.readings.get(usize::from(n)).map_or(&[], |c| c.of(part)),
            atom::Kind::Spelling(n) => self.spelt(part).of(usize::from(n)),
            atom::Kind::Hangul(_) | atom::Kind::Initial(_) => &[],
        }
    }

    /// All atoms but initials.
    pub(super) fn atoms(&self) -> impl Iterator<Item = Atom> {
        let han = (0..self.readings.len() as u16).map(atom::han);
        let spellings = (0..self.spellings.len() as u16).map(atom::spelling);
        han.chain((0..hangul::COUNT).map(atom::hangul)).chain(spellings)
    }

    /// The numbers of all syllables are below this.
    pub(super) const fn syllables() -> usize {
        SYLLABLES
    }

    /// The one Korean syllable of a Hangul syllable.
    pub(crate) fn hangul(&self, number: u16, part: Part) -> Syllable {
        KOREAN + hangul::canonical(number, part == Part::Family)
    }

    /// Whether `spelling` is how Hanyu Pinyin writes `syllable`.
    pub(crate) fn is_pinyin_of(&self, spelling: Atom, syllable: Syllable) -> bool {
        self.pinyin.get(usize::from(syllable)) == Some(&spelling)
    }

    /// Whether `spelling` is valid Hanyu Pinyin.
    pub(crate) fn is_pinyin(&self, spelling: Atom) -> bool {
        self.candidates(spelling, Part::Given).iter().any(|(s, _)| self.is_pinyin_of(spelling, *s))
    }

    /// Whether a family name spelt so is most likely so spelt in Hanyu Pinyin.
    pub(crate) fn is_mostly_pinyin(&self, spelling: Atom) -> bool {
        let (mut pinyin, mut whole) = (0.0, 0.0);
        for (s, share) in self.candidates(spelling, Part::Family) {
            if Lect::of(*s) == Lect::Mandarin {
                let share = share * self.share(*s, Part::Family);
                whole += share;
                if self.is_pinyin_of(spelling, *s) {
                    pinyin += share;
                }
            }
        }
        pinyin > whole / 2.0
    }

    /// Share of `syllable` among the family names, or among the syllables of given names, of its lect.
    pub(crate) fn share(&self, syllable: Syllable, part: Part) -> f32 {
        let (family, given) = self.syllable_shares.get(usize::from(syllable)).copied().unwrap_or_default();
        match part {
            Part::Family => family.max(RARE_FAMILY),
            Part::Given => given.max(RARE_KOREAN_GIVEN),
        }
    }

    /// Share of a class of characters among Chinese family names or the characters of given names.
    pub(crate) fn character_share(&self, class: u16, part: Part) -> f32 {
        let (family, given) = self.character_shares.get(usize::from(class)).copied().unwrap_or_default();
        match part {
            Part::Family => family.max(RARE_FAMILY),
            Part::Given => given.max(1e-6),
        }
    }

    /// Class of a syllable's sound: onset in the low four bits, ending above.
    pub(crate) fn sound(&self, syllable: Syllable) -> u8 {
        self.sounds.get(usize::from(syllable)).copied().unwrap_or_default()
    }

    /// A bit for each onset class that spellings beginning with `letter` (a-z) stand for in `lect`.
    pub(crate) fn onsets(&self, lect: Lect, letter: u8) -> u16 {
        self.initials[lect as usize].get(usize::from(letter.wrapping_sub(b'a'))).copied().unwrap_or(0)
    }

    fn build() -> Tables {
        let han = Han::load();
        let rules = Rules::load();
        let mut syllable_shares = vec![(0f32, 0f32); SYLLABLES];
        let mut sounds = vec![0u8; SYLLABLES];
        // Packed letters, syllable, share, part.
        let mut spelt: Vec<(u64, Syllable, f32, Part)> = Vec::with_capacity(100_000);
        // Shares of syllables follow from the shares of the characters that are read so.
        for (class, readings) in han.readings.iter().enumerate() {
            let (family, given) = han.shares[class];
            for (syllable, share) in &readings.family {
                syllable_shares[usize::from(*syllable)].0 += family * share;
            }
            for (syllable, share) in &readings.given {
                if *syllable < KOREAN {
                    syllable_shares[usize::from(*syllable)].1 += given * share;
                }
            }
        }
        // Korean shares are counted of syllables, not of characters.
        let mut written = FxHashMap::default();
        for s in &mut syllable_shares[usize::from(KOREAN)..] {
            s.0 = 0.0;
        }
        for line in lines(include_str!("data/korean_families.tsv")) {
            let mut columns = line.split('\t');
            let (Some(name), Some(share)) = (columns.next(), columns.next()) else { continue };
            let Some(number) = name.chars().next().and_then(hangul::number) else { continue };
            let syllable = KOREAN + hangul::canonical(number, true);
            syllable_shares[usize::from(syllable)].0 += share.parse().unwrap_or(0.0) / 100.0;
            let customs: Vec<(u64, f32)> = columns
                .next()
                .unwrap_or_default()
                .split_whitespace()
                .filter_map(|s| s.split_once(':'))
                .filter_map(|(s, n)| Some((pack(s.as_bytes())?, n.parse::<f32>().ok()? / 100.0)))
                .collect();
            written.insert(syllable, customs);
        }
        let korean_given: Vec<(Syllable, f32)> = lines(include_str!("data/korean_given.tsv"))
            .filter_map(|l| l.split_once('\t'))
            .filter_map(|(s, n)| {
                let number = s.chars().next().and_then(hangul::number)?;
                Some((KOREAN + hangul::canonical(number, false), n.parse::<f32>().ok()?))
            })
            .collect();
        let whole: f32 = korean_given.iter().map(|(_, n)| n).sum();
        for (syllable, n) in &korean_given {
            syllable_shares[usize::from(*syllable)].1 += n / whole;
        }

        for (number, pinyin) in han.mandarin.iter().enumerate() {
            let syllable = number as Syllable;
            sounds[number] = sound::of_latin(pinyin);
            let family = syllable_shares[number].0 >= LEAST_FAMILY;
            for text in rules.mandarin(pinyin) {
                spelt.push((text.packed, syllable, text.share, Part::Given));
                if family && text.share >= LEAST_FAMILY_SPELLING {
                    spelt.push((text.packed, syllable, text.share, Part::Family));
                }
            }
        }
        for (number, jyutping) in han.cantonese.iter().enumerate() {
            let syllable = CANTONESE + number as Syllable;
            sounds[usize::from(syllable)] = sound::of_latin(jyutping);
            let family = syllable_shares[usize::from(syllable)].0 >= LEAST_FAMILY;
            for text in rules.cantonese(jyutping) {
                spelt.push((text.packed, syllable, text.share, Part::Given));
                if family && text.share >= LEAST_FAMILY_SPELLING {
                    spelt.push((text.packed, syllable, text.share, Part::Family));
                }
            }
        }
        for (number, (spellings, family)) in han.southern.iter().enumerate() {
            let syllable = SOUTHERN + number as Syllable;
            sounds[usize::from(syllable)] = spellings.first().map_or(0, |s| sound::of_latin(s));
            let part = if *family { Part::Family } else { Part::Given };
            for (place, text) in spellings.iter().enumerate() {
                // The commonest first: shares fall off as 1/n.
                if let Some(packed) = pack(text.as_bytes()) {
                    spelt.push((packed, syllable, 0.6 / (place as f32 + 1.0), part));
                }
            }
        }
        let mut korean: Vec<Syllable> = han.korean.iter().copied().collect();
        korean.extend(korean_given.iter().map(|(s, _)| *s));
        korean.extend(written.keys());
        korean.sort_unstable();
        korean.dedup();
        for syllable in korean {
            let Some(c) = char::from_u32(0xAC00 + u32::from(syllable - KOREAN)) else { continue };
            sounds[usize::from(syllable)] = sound::of_hangul(c);
            let customs = written.get(&syllable);
            for text in rules.korean(c) {
                spelt.push((text.packed, syllable, text.share, Part::Given));
                // The rules stand behind the customary spellings of a family name with a twentieth.
                let custom = customs.is_some_and(|customs| customs.iter().any(|(s, _)| *s == text.packed));
                if customs.is_some_and(Vec::is_empty) {
                    spelt.push((text.packed, syllable, text.share, Part::Family));
                } else if customs.is_some() && text.share >= 0.02 && !custom {
                    spelt.push((text.packed, syllable, text.share / 20.0, Part::Family));
                }
            }
            for (text, share) in customs.into_iter().flatten() {
                spelt.push((*text, syllable, *share, Part::Family));
            }
        }
        for (number, sound) in sounds.iter_mut().enumerate().skip(usize::from(KOREAN)) {
            if *sound == 0
                && let Some(c) = char::from_u32(0xAC00 + number as u32 - u32::from(KOREAN))
            {
                *sound = sound::of_hangul(c);
            }
        }

        // Several rules may give one spelling of a syllable.
        spelt.sort_unstable_by_key(|s| (s.0, s.1, s.3 as u8));
        spelt.dedup_by(|b, a| {
            let same = (a.0, a.1, a.3) == (b.0, b.1, b.3);
            if same {
                a.2 += b.2;
            }
            same
        });
        let mut initials = [[0u16; 26]; 4];
        let mut spellings = FxHashMap::default();
        let (mut families, mut family, mut given) =
            (FxHashSet::default(), Spelt::default(), Spelt::default());
        for group in spelt.chunk_by(|a, b| a.0 == b.0).take(atom::SPELLINGS) {
            let letters = group[0].0;
            let mut first = letters;
            while first >> 5 != 0 {
                first >>= 5;
            }
            spellings.insert(letters, spellings.len() as u16);
            let mut masses = [[0.0f32; 4]; 2];
            for (_, syllable, share, part) in group {
                let lect = Lect::of(*syllable) as usize;
                let (of_family, of_given) = syllable_shares[usize::from(*syllable)];
                match part {
                    Part::Family => {
                        families.insert(letters);
                        family.candidates.push((*syllable, *share));
                        masses[0][lect] += share * of_family.max(RARE_FAMILY);
                    }
                    Part::Given => {
                        given.candidates.push((*syllable, *share));
                        masses[1][lect] += share * of_given.max(RARE_KOREAN_GIVEN);
                        if *share >= 0.02 {
                            initials[lect][first as usize - 1] |= 1 << (sounds[usize::from(*syllable)] & 15);
                        }
                    }
                }
            }
            family.masses.push(masses[0]);
            given.masses.push(masses[1]);
            family.ends.push(family.candidates.len() as u32);
            given.ends.push(given.candidates.len() as u32);
        }
        let readings = han
            .readings
            .into_iter()
            .map(|r| Candidates { family: r.family.into(), given: r.given.into() })
            .collect();
        let mut tables = Tables {
            characters: han.characters,
            readings,
            character_shares: han.shares,
            syllable_shares,
            sounds,
            spellings,
            family,
            given,
            families,
            western: lines(include_str!("data/western_given.txt"))
                .filter_map(|w| pack(w.as_bytes()))
                .collect(),
            pinyin: Vec::new(),
            compounds: FxHashSet::default(),
            joined: FxHashMap::default(),
            initials,
        };
        tables.pinyin = han
            .mandarin
            .iter()
            .map(|p| {
                pack(p.replace('v', "u").as_bytes()).and_then(|p| tables.spelling(p)).unwrap_or(Atom::MAX)
            })
            .collect();
        tables.add_compounds(&rules, &han.mandarin, &han.cantonese);
        tables
    }

    /// Reads the family names of two characters, and works out how they are written.
    fn add_compounds(&mut self, rules: &Rules, mandarin: &[&str], cantonese: &[&str]) {
        for line in lines(include_str!("data/compound_families.txt")) {
            let halves: Vec<char> = line.chars().collect();
            let [first, second] = halves[..] else { continue };
            if let (Some(a), Some(b)) = (hangul::number(first), hangul::number(second)) {
                self.compounds.insert((atom::hangul(a), atom::hangul(b)));
                self.join(&rules.korean(first), &rules.korean(second));
                continue;
            }
            let (Some(a), Some(b)) = (self.character(first), self.character(second)) else { continue };
            let (a, b) = (atom::han(a), atom::han(b));
            self.compounds.insert((a, b));
            for lect in [Lect::Mandarin, Lect::Cantonese] {
                let spellings = |half: Atom| -> Vec<Vec<Spelling>> {
                    self.candidates(half, Part::Given)
                        .iter()
                        .filter(|(s, _)| Lect::of(*s) == lect)
                        .filter_map(|(s, _)| match lect {
                            Lect::Cantonese => {
                                cantonese.get(usize::from(s - CANTONESE)).map(|s| rules.cantonese(s))
                            }
                            _ => mandarin.get(usize::from(*s)).map(|s| rules.mandarin(s)),
                        })
                        .collect()
                };
                let (first, second) = (spellings(a), spellings(b));
                for x in &first {
                    for y in &second {
                        self.join(x, y);
                    }
                }
            }
        }
    }

    /// Notes the spellings of a family name's two halves, apart and as one word.
    fn join(&mut self, first: &[Spelling], second: &[Spelling]) {
        for a in first.iter().filter(|s| s.share >= 0.02) {
            for b in second.iter().filter(|s| s.share >= 0.02) {
                if let (Some(x), Some(y)) = (self.spelling(a.packed), self.spelling(b.packed)) {
                    self.compounds.insert((x, y));
                    if let (true, Some(packed)) = (a.share * b.share >= 0.01, a.followed_by(b)) {
                        self.joined.entry(packed).or_insert((x, y));
                        self.families.insert(packed);
                    }
                }
            }
        }
    }
}

/// Readings of one class of characters while the tables are built.
#[derive(Default, Clone)]
struct Readings {
    family: Vec<Candidate>,
    given: Vec<Candidate>,
}

/// What the files on Han characters hold.
struct Han {
    characters: FxHashMap<char, u16>,
    readings: Vec<Readings>,
    shares: Vec<(f32, f32)>,
    mandarin: Vec<&'static str>,
    cantonese: Vec<&'static str>,
    korean: FxHashSet<Syllable>,
    /// Spellings of a southern syllable, and whether it is of a family name.
    southern: Vec<(Vec<&'static str>, bool)>,
}

/// Numbers `text` within its lect, in the order of first sight.
fn numbered(text: &'static str, seen: &mut FxHashMap<&'static str, u16>, all: &mut Vec<&'static str>) -> u16 {
    *seen.entry(text).or_insert_with(|| {
        all.push(text);
        all.len() as u16 - 1
    })
}

/// Shares of `n` readings of which the first is the usual one.
fn reading_share(place: usize, n: usize) -> f32 {
    match (place, n) {
        (_, 1) => 1.0,
        (0, 2) => 0.8,
        (1, 2) => 0.2,
        (0, _) => 0.75,
        (1, _) => 0.15,
        _ => 0.1 / (n as f32 - 2.0),
    }
}

impl Han {
    fn load() -> Han {
        let mut han = Han {
            characters: FxHashMap::default(),
            readings: Vec::new(),
            shares: Vec::new(),
            mandarin: Vec::new(),
            cantonese: Vec::new(),
            korean: FxHashSet::default(),
            southern: Vec::new(),
        };
        let (mut mandarin, mut cantonese) = (FxHashMap::default(), FxHashMap::default());
        for line in lines(include_str!("data/han.tsv")) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [characters, m, c, k] = columns[..] else { continue };
            let class = han.readings.len() as u16;
            for character in characters.chars() {
                han.characters.entry(character).or_insert(class);
            }
            let given = han.read(m, c, k, &mut mandarin, &mut cantonese, false);
            let family = han.read(m, c, k, &mut mandarin, &mut cantonese, true);
            han.readings.push(Readings { family, given });
        }
        for line in lines(include_str!("data/family_readings.tsv")) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [character, m, c, k] = columns[..] else { continue };
            let Some(class) = character.chars().next().and_then(|c| han.characters.get(&c)).copied() else {
                continue;
            };
            let family = han.read(m, c, k, &mut mandarin, &mut cantonese, true);
            let readings = &mut han.readings[usize::from(class)].family;
            for lect in Lect::ALL {
                if family.iter().any(|r| Lect::of(r.0) == lect) {
                    readings.retain(|r| Lect::of(r.0) != lect);
                    readings.extend(family.iter().filter(|r| Lect::of(r.0) == lect));
                }
            }
        }
        han.load_southern(include_str!("data/southern_families.tsv"), true);
        han.load_southern(include_str!("data/southern_given.tsv"), false);
        for r in &mut han.readings {
            r.family.sort_by_key(|c| c.0);
            r.given.sort_by_key(|c| c.0);
        }
        han.load_shares();
        han
    }

    /// Readings in three columns into candidates.
    fn read(
        &mut self,
        m: &'static str,
        c: &'static str,
        k: &'static str,
        mandarin: &mut FxHashMap<&'static str, u16>,
        cantonese: &mut FxHashMap<&'static str, u16>,
        family: bool,
    ) -> Vec<Candidate> {
        let mut out: Vec<Candidate> = Vec::new();
        let split = |text: &'static str| {
            let readings: Vec<&str> = text.split(' ').filter(|r| *r != "-").collect();
            readings
        };
        let readings = split(m);
        for (place, r) in readings.iter().enumerate() {
            let n = numbered(r, mandarin, &mut self.mandarin);
            out.push((n, reading_share(place, readings.len())));
        }
        let readings = split(c);
        for (place, r) in readings.iter().enumerate() {
            let n = CANTONESE + numbered(r, cantonese, &mut self.cantonese);
            out.push((n, reading_share(place, readings.len())));
        }
        let mut readings: Vec<Syllable> = split(k)
            .iter()
            .filter_map(|r| r.chars().next().and_then(hangul::number))
            .map(|n| KOREAN + hangul::canonical(n, family))
            .collect();
        let mut seen = FxHashSet::default();
        readings.retain(|r| seen.insert(*r));
        for (place, r) in readings.iter().enumerate() {
            self.korean.insert(*r);
            out.push((*r, reading_share(place, readings.len())));
        }
        out
    }

    /// One file of southern spellings: characters, then spellings of one sound.
    fn load_southern(&mut self, text: &'static str, family: bool) {
        for line in lines(text) {
            let Some((characters, spellings)) = line.split_once('\t') else { continue };
            let syllable = SOUTHERN + self.southern.len() as Syllable;
            self.southern.push((spellings.split(' ').collect(), family));
            for class in characters.chars().filter_map(|c| self.characters.get(&c)) {
                let readings = &mut self.readings[usize::from(*class)];
                let list = if family { &mut readings.family } else { &mut readings.given };
                list.push((syllable, 1.0));
            }
        }
        // A character with several sounds is read each way by its share of people.
        for r in &mut self.readings {
            let list = if family { &mut r.family } else { &mut r.given };
            let n = list.iter().filter(|c| Lect::of(c.0) == Lect::Southern).count();
            for c in list.iter_mut().filter(|c| Lect::of(c.0) == Lect::Southern) {
                c.1 = 1.0 / n as f32;
            }
        }
    }

    /// Shares of characters in Chinese family and given names.
    fn load_shares(&mut self) {
        // The file of characters is ordered by general use; the floor follows it.
        self.shares = (0..self.readings.len())
            .map(|n| {
                (
                    0.0,
                    if n < 3500 {
                        0.12
                    } else if n < 6500 {
                        0.03
                    } else {
                        0.01
                    },
                )
            })
            .collect();
        for line in lines(include_str!("data/chinese_families.tsv")) {
            let Some((characters, share)) = line.split_once('\t') else { continue };
            let share = share.parse::<f32>().unwrap_or(0.0) / 100.0;
            for class in characters.chars().filter_map(|c| self.characters.get(&c)) {
                self.shares[usize::from(*class)].0 += share;
            }
        }
        for line in lines(include_str!("data/chinese_given.tsv")) {
            let Some((weight, characters)) = line.split_once('\t') else { continue };
            let weight = weight.parse::<f32>().unwrap_or(0.0);
            for class in characters.chars().filter_map(|c| self.characters.get(&c)) {
                let share = &mut self.shares[usize::from(*class)].1;
                *share = share.max(weight);
            }
        }
        let whole: f32 = self.shares.iter().map(|s| s.1).sum();
        for s in &mut self.shares {
            s.1 /= whole;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_and_spelling_has_its_number() {
        let t = tables();
        assert!(t.readings.len() > 9000 && t.readings.len() <= usize::from(atom::HAN));
        assert!(t.spellings.len() < atom::SPELLINGS, "{} spellings", t.spellings.len());
        assert!(t.spellings.len() > 5000);
    }

    #[test]
    fn variants_are_one_class() {
        let t = tables();
        for group in ["陈陳", "张張", "国國", "发發", "钟鍾", "龙龍", "峰峯", "启啟"] {
            let mut classes: Vec<_> = group.chars().map(|c| t.character(c)).collect();
            classes.dedup();
            assert!(classes.len() == 1 && classes[0].is_some(), "{group}");
        }
        assert_ne!(t.character('张'), t.character('章'));
    }

    #[test]
    fn shares_add_up() {
        let t = tables();
        for lect in Lect::ALL {
            for part in [Part::Family, Part::Given] {
                let sum: f32 = (0..SYLLABLES as u16)
                    .filter(|s| Lect::of(*s) == lect)
                    .map(|s| {
                        let (family, given) = t.syllable_shares[usize::from(s)];
                        if part == Part::Family { family } else { given }
                    })
                    .sum();
                let least = if lect == Lect::Southern { 0.1 } else { 0.75 };
                assert!((least..1.1).contains(&sum), "{lect:?} {part:?} {sum}");
            }
        }
    }
}
