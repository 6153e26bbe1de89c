//! The compiled index as sections of bytes, and back. Numbers read back are checked against the
//! tables they point into, so that a damaged file that passes its checksum still cannot panic.

use rustc_hash::FxHashMap;

use crate::names::MAX_WORDS;
use crate::names::cjk::CjkName;
use crate::names::rarity::Rarity;
use crate::names::script::Script;
use crate::names::word::{Form, Word, WordKind};

use super::super::organisations::OrganisationIndex;
use super::container::{Bytes, Output, u32_bytes};
use super::outline::Posting;
use super::people::{NameRecord, People};
use super::{Card, NameIndex, NameIndexError};

/// Sections in file order.
pub fn sections(index: &NameIndex) -> Vec<Vec<u8>> {
    let mut head = Output::default();
    head.u16(index.lists.len() as u16);
    index.lists.iter().for_each(|l| head.text(l));
    let mut cards = Output::default();
    index.cards.iter().for_each(|c| c.write(&mut cards));
    let people = &index.people;
    let mut words = Output::default();
    people.words.iter().for_each(|w| write_word(w, &mut words));
    let joined: Vec<u32> = people.joined.iter().flat_map(|&(a, b)| [a, b]).collect();
    let mut names = Output::default();
    people.names.iter().for_each(|n| n.write(&mut names));
    let mut cjk = Output::default();
    let mut readings: Vec<_> = people.cjk.iter().collect();
    readings.sort_unstable_by_key(|(number, _)| **number);
    for (number, reading) in readings {
        cjk.u32(*number);
        let mut stored = Vec::new();
        reading.to_bytes(&mut stored);
        cjk.slice(&stored);
    }
    vec![
        head.bytes,
        cards.bytes,
        words.bytes,
        u32_bytes(&joined),
        names.bytes,
        u32_bytes(&people.name_words),
        people.text.clone().into_bytes(),
        cjk.bytes,
        u32_bytes(&people.posting_starts),
        u32_bytes(&people.postings.iter().map(|p| p.name()).collect::<Vec<_>>()),
        pairs(&people.exact),
        index.organisations.to_bytes(),
    ]
}

/// The inverse of [`sections`].
pub fn read(sections: &[Vec<u8>]) -> Result<NameIndex, NameIndexError> {
    let damaged = |what: &str| NameIndexError::Damaged(what.to_owned());
    let section =
        |n: usize| sections.get(n).map(|s| Bytes::new(s)).ok_or_else(|| damaged("a section is missing"));
    let mut head = section(0)?;
    let lists = (0..head.u16()?).map(|_| head.text().map(str::to_owned)).collect::<Result<Vec<_>, _>>()?;
    let mut bytes = section(1)?;
    let mut cards = Vec::new();
    while !bytes.is_empty() {
        let card = Card::read(&mut bytes)?;
        if usize::from(card.list) >= lists.len() {
            return Err(damaged("unknown list"));
        }
        cards.push(card);
    }
    let mut people = People::default();
    let mut bytes = section(2)?;
    while !bytes.is_empty() {
        people.words.push(read_word(&mut bytes)?);
    }
    people.joined = section(3)?.u32s()?.chunks_exact(2).map(|p| (p[0], p[1])).collect();
    let mut bytes = section(4)?;
    while !bytes.is_empty() {
        people.names.push(NameRecord::read(&mut bytes)?);
    }
    people.name_words = section(5)?.u32s()?;
    let text = sections.get(6).ok_or_else(|| damaged("a section is missing"))?;
    people.text = String::from_utf8(text.clone()).map_err(|_| damaged("text is not UTF-8"))?;
    let mut bytes = section(7)?;
    let mut cjk = FxHashMap::default();
    while !bytes.is_empty() {
        let number = bytes.u32()?;
        let (reading, _) =
            CjkName::from_bytes(bytes.slice()?).ok_or_else(|| damaged("impossible reading"))?;
        cjk.insert(number, reading);
    }
    people.cjk = cjk;
    people.posting_starts = section(8)?.u32s()?;
    people.postings = section(9)?.u32s()?.into_iter().map(Posting::unknown).collect();
    people.exact = read_pairs(section(10)?)?;
    check(&people, cards.len()).map_err(damaged)?;
    people.derive();
    let organisations = sections.get(11).ok_or_else(|| damaged("a section is missing"))?;
    let organisations =
        OrganisationIndex::from_bytes(organisations).map_err(|e| NameIndexError::Damaged(e.to_string()))?;
    Ok(NameIndex::of(lists, cards, people, organisations))
}

/// Whether every number points into the table it is meant for.
fn check(people: &People, cards: usize) -> Result<(), &'static str> {
    let below = |values: &[u32], limit: usize| values.iter().all(|&v| (v as usize) < limit);
    let terms = people.words.len() + people.joined.len();
    let names = people.names.len();
    let ends_fit = people.names.iter().all(|n| {
        let (words, text) = n.ends();
        words <= people.name_words.len() && text <= people.text.len() && (n.entity as usize) < cards
    });
    if !ends_fit {
        return Err("a name points outside");
    }
    // Words are told apart by the bits of a number.
    if people.names.iter().any(|n| n.word_count() > MAX_WORDS) {
        return Err("a name of more words than are analysed");
    }
    let joined = people.joined.is_sorted()
        && people
            .joined
            .iter()
            .all(|&(a, b)| (a as usize) < people.words.len() && (b as usize) < people.words.len());
    let starts = people.posting_starts.len() == terms + 1
        && people.posting_starts.is_sorted()
        && people.posting_starts.last().is_some_and(|&l| l as usize == people.postings.len());
    let exact = people.exact.is_sorted() && people.exact.iter().all(|&(_, n)| (n as usize) < names);
    let read = people.cjk.keys().all(|&n| (n as usize) < names);
    let inside = below(&people.name_words, people.words.len())
        && people.postings.iter().all(|p| (p.name() as usize) < names);
    let ordered = people.names.is_sorted_by_key(|n| n.entity);
    if ordered && joined && starts && exact && read && inside {
        Ok(())
    } else {
        Err("a table points outside")
    }
}

fn pairs(values: &[(u64, u32)]) -> Vec<u8> {
    let mut out = Output::default();
    for &(key, value) in values {
        out.u64(key);
        out.u32(value);
    }
    out.bytes
}

fn read_pairs(mut bytes: Bytes<'_>) -> Result<Vec<(u64, u32)>, NameIndexError> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        out.push((bytes.u64()?, bytes.u32()?));
    }
    Ok(out)
}

/// Scripts by their number in the file.
const SCRIPTS: [Script; 13] = [
    Script::Other,
    Script::Latin,
    Script::Cyrillic,
    Script::Greek,
    Script::Arabic,
    Script::Hebrew,
    Script::Devanagari,
    Script::Georgian,
    Script::Armenian,
    Script::Thai,
    Script::Kana,
    Script::Han,
    Script::Hangul,
];

fn script(number: u8) -> Option<Script> {
    SCRIPTS.get(usize::from(number)).copied()
}

/// Bits as stored: sixteenths.
const STORED: f32 = 16.0;

fn write_word(word: &Word, out: &mut Output) {
    out.text(&word.text);
    out.u8(word.kind as u8);
    out.u8(SCRIPTS.iter().position(|s| *s == word.script).unwrap_or(SCRIPTS.len()) as u8);
    out.u8(u8::from(word.unvowelled));
    out.u8(word.own_forms as u8);
    out.u16((word.rarity.exact * STORED) as u16);
    out.u16((word.rarity.skeleton * STORED) as u16);
    out.u8(word.forms.len() as u8);
    word.forms.iter().for_each(|f| out.text(&f.letters));
    out.u8(word.classes.len() as u8);
    word.classes.iter().for_each(|&c| out.u16(c));
}

fn read_word(bytes: &mut Bytes<'_>) -> Result<Word, NameIndexError> {
    let damaged = |what: &str| NameIndexError::Damaged(what.to_owned());
    let text = bytes.text()?.to_owned();
    let kind = WordKind::from_number(bytes.u8()?).ok_or_else(|| damaged("unknown kind of word"))?;
    let script = script(bytes.u8()?).ok_or_else(|| damaged("unknown script"))?;
    let unvowelled = bytes.u8()? == 1;
    let own_forms = usize::from(bytes.u8()?);
    let rarity =
        Rarity { exact: f32::from(bytes.u16()?) / STORED, skeleton: f32::from(bytes.u16()?) / STORED };
    let forms = (0..bytes.u8()?)
        .map(|_| bytes.text().map(|t| Form::of(t.to_owned())))
        .collect::<Result<Vec<_>, _>>()?;
    let classes = (0..bytes.u8()?).map(|_| bytes.u16()).collect::<Result<Vec<_>, _>>()?;
    Ok(Word { text, kind, script, forms, unvowelled, own_forms, rarity, classes })
}
