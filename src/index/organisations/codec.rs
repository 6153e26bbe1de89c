//! The index as bytes, for the snapshot. Its caller keeps a checksum; still, bytes are never trusted.

use crate::matching::organisation::NameClass;
use crate::names::organisation::{TypeClass, WordKind};

use super::{OrganisationIndex, StoredName, StoredWord};

/// Changes with the layout, and with the analysis of names whose results are stored.
const VERSION: u32 = 2;
const MAGIC: u32 = u32::from_le_bytes(*b"zorg");

/// Bytes that are no index of this version. The index is rebuilt from the store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganisationIndexError {
    /// Not an organisation index, or one of another version.
    #[error("not an organisation index of this version")]
    Version,
    /// Cut short, or with bytes to spare.
    #[error("organisation index has the wrong length")]
    Length,
    /// A value that cannot be.
    #[error("organisation index is damaged: {0}")]
    Damaged(&'static str),
}

use OrganisationIndexError as Error;

impl OrganisationIndex {
    /// The index as bytes: the same for the same index, on every machine.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer(Vec::new());
        w.u32(MAGIC);
        w.u32(VERSION);
        w.bytes(self.pool.as_bytes());
        w.list(&self.words, |w, word| {
            w.pair(word.text);
            w.u32(word.key);
            let (kind, class) = kind_numbers(word.kind);
            let flags = [word.capitals, word.han, word.known, word.common];
            let flags = flags.iter().enumerate().map(|(i, f)| u8::from(*f) << i).sum();
            let [a, b] = word.country.unwrap_or([0, 0]);
            w.0.extend([kind, class, flags, a, b]);
            w.u32(word.bits.to_bits());
        });
        w.list(&self.names, |w, name| {
            w.u32(name.entity);
            w.u32(name.name_index);
            w.pair(name.words);
            w.u32(name.facts);
            w.u64(name.whole);
            w.0.extend([name.class as u8, u8::from(name.named_in_han)]);
        });
        w.list(&self.name_words, |w, v| w.u32(*v));
        w.list(&self.keys, |w, v| w.u64(*v));
        w.list(&self.key_texts, |w, v| w.pair(*v));
        w.list(&self.keys_by_text, |w, v| w.u32(*v));
        w.list(&self.posting_starts, |w, v| w.u32(*v));
        w.list(&self.postings, |w, v| w.u32(*v));
        w.list(&self.deletions, |w, v| w.pair(*v));
        for table in [&self.joined, &self.wholes, &self.acronyms] {
            w.list(table, |w, v| {
                w.u64(v.0);
                w.u32(v.1);
            });
        }
        w.list(&self.country_starts, |w, v| w.u32(*v));
        w.list(&self.countries, |w, v| w.0.extend(v));
        w.list(&self.place_starts, |w, v| w.u32(*v));
        w.list(&self.places, |w, v| w.u64(*v));
        w.0
    }

    /// Reads what [`OrganisationIndex::to_bytes`] wrote.
    ///
    /// # Errors
    /// Any bytes that are not such an index: every range and number in it is checked.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut r = Reader(bytes);
        if r.u32().ok() != Some(MAGIC) || r.u32().ok() != Some(VERSION) {
            return Err(Error::Version);
        }
        let pool = r.bytes()?;
        let pool = std::str::from_utf8(pool).map_err(|_| Error::Damaged("text"))?.to_owned();
        let index = Self {
            pool,
            words: r.list(21, |r| {
                let (text, key) = (r.pair()?, r.u32()?);
                let [kind, class, flags, a, b] = r.take::<5>()?;
                let bits = f32::from_bits(r.u32()?);
                if !(0.0..=64.0).contains(&bits) {
                    return Err(Error::Damaged("bits"));
                }
                let flag = |i: u8| flags >> i & 1 == 1;
                Ok(StoredWord {
                    text,
                    key,
                    kind: kind_of(kind, class).ok_or(Error::Damaged("kind of word"))?,
                    bits,
                    country: (a != 0).then_some([a, b]),
                    capitals: flag(0),
                    han: flag(1),
                    known: flag(2),
                    common: flag(3),
                })
            })?,
            names: r.list(30, |r| {
                Ok(StoredName {
                    entity: r.u32()?,
                    name_index: r.u32()?,
                    words: r.pair()?,
                    facts: r.u32()?,
                    whole: r.u64()?,
                    class: match r.take::<1>()? {
                        [0] => NameClass::Ordinary,
                        [1] => NameClass::Weak,
                        [2] => NameClass::Acronym,
                        _ => return Err(Error::Damaged("class of name")),
                    },
                    named_in_han: r.take::<1>()? != [0],
                })
            })?,
            name_words: r.list(4, Reader::u32)?,
            keys: r.list(8, Reader::u64)?,
            key_texts: r.list(8, Reader::pair)?,
            keys_by_text: r.list(4, Reader::u32)?,
            posting_starts: r.list(4, Reader::u32)?,
            postings: r.list(4, Reader::u32)?,
            deletions: r.list(8, Reader::pair)?,
            joined: r.list(12, |r| Ok((r.u64()?, r.u32()?)))?,
            wholes: r.list(12, |r| Ok((r.u64()?, r.u32()?)))?,
            acronyms: r.list(12, |r| Ok((r.u64()?, r.u32()?)))?,
            country_starts: r.list(4, Reader::u32)?,
            countries: r.list(2, Reader::take::<2>)?,
            place_starts: r.list(4, Reader::u32)?,
            places: r.list(8, Reader::u64)?,
        };
        if !r.0.is_empty() {
            return Err(Error::Length);
        }
        index.check()?;
        Ok(index)
    }

    /// Every number leads somewhere.
    fn check(&self) -> Result<(), Error> {
        let need = |holds: bool, what| if holds { Ok(()) } else { Err(Error::Damaged(what)) };
        let text = |range: &(u32, u32)| self.pool.get(range.0 as usize..range.1 as usize).is_some();
        let below = |values: &mut dyn Iterator<Item = u32>, len: usize| {
            let mut values = values;
            (&mut values).all(|v| (v as usize) < len)
        };
        let (keys, names) = (self.keys.len(), self.names.len());
        need(self.words.iter().all(|w| text(&w.text) && (w.key as usize) < keys), "words")?;
        need(self.key_texts.len() == keys && self.key_texts.iter().all(text), "texts of keys")?;
        need(self.keys_by_text.len() == keys, "order of keys")?;
        need(below(&mut self.keys_by_text.iter().copied(), keys), "order of keys")?;
        need(below(&mut self.name_words.iter().copied(), self.words.len()), "words of names")?;
        let bearers = self.country_starts.len().saturating_sub(1);
        need(starts(&self.posting_starts, keys, self.postings.len()), "postings")?;
        need(below(&mut self.postings.iter().copied(), names), "postings")?;
        need(below(&mut self.deletions.iter().map(|d| d.1), keys), "spellings")?;
        for table in [&self.joined, &self.wholes, &self.acronyms] {
            need(below(&mut table.iter().map(|e| e.1), names), "tables of names")?;
        }
        need(starts(&self.country_starts, bearers, self.countries.len()), "countries")?;
        need(starts(&self.place_starts, bearers, self.places.len()), "places")?;
        need(
            self.names.iter().all(|n| {
                n.words.0 <= n.words.1
                    && n.words.1 as usize <= self.name_words.len()
                    && (n.facts as usize) < bearers
            }),
            "names",
        )
    }
}

/// Whether `starts` are the rising borders of `parts` ranges over `len` entries (or all are empty).
fn starts(starts: &[u32], parts: usize, len: usize) -> bool {
    if starts.is_empty() {
        return parts == 0 && len == 0;
    }
    starts.len() == parts + 1 && starts.is_sorted() && starts[0] == 0 && starts[parts] as usize == len
}

fn kind_numbers(kind: WordKind) -> (u8, u8) {
    match kind {
        WordKind::Connector => (0, 0),
        WordKind::Legal => (1, 0),
        WordKind::Type(class) => (2, class as u8),
        WordKind::Field => (3, 0),
        WordKind::Direction => (4, 0),
        WordKind::Place => (5, 0),
        WordKind::Country => (6, 0),
        WordKind::Number => (7, 0),
        WordKind::Body => (8, 0),
        WordKind::Word => (9, 0),
    }
}

fn kind_of(kind: u8, class: u8) -> Option<WordKind> {
    Some(match kind {
        0 => WordKind::Connector,
        1 => WordKind::Legal,
        2 => WordKind::Type(TypeClass::from_number(class)?),
        3 => WordKind::Field,
        4 => WordKind::Direction,
        5 => WordKind::Place,
        6 => WordKind::Country,
        7 => WordKind::Number,
        8 => WordKind::Body,
        9 => WordKind::Word,
        _ => return None,
    })
}

struct Writer(Vec<u8>);

impl Writer {
    fn u32(&mut self, v: u32) {
        self.0.extend(v.to_le_bytes());
    }

    fn u64(&mut self, v: u64) {
        self.0.extend(v.to_le_bytes());
    }

    fn pair(&mut self, v: (u32, u32)) {
        self.u32(v.0);
        self.u32(v.1);
    }

    fn bytes(&mut self, v: &[u8]) {
        self.u32(v.len() as u32);
        self.0.extend(v);
    }

    fn list<T>(&mut self, values: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.u32(values.len() as u32);
        for value in values {
            each(self, value);
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn slice(&mut self, n: usize) -> Result<&'a [u8], Error> {
        let (front, back) = self.0.split_at_checked(n).ok_or(Error::Length)?;
        self.0 = back;
        Ok(front)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut out = [0; N];
        out.copy_from_slice(self.slice(N)?);
        Ok(out)
    }

    fn u32(&mut self) -> Result<u32, Error> {
        Ok(u32::from_le_bytes(self.take()?))
    }

    fn u64(&mut self) -> Result<u64, Error> {
        Ok(u64::from_le_bytes(self.take()?))
    }

    fn pair(&mut self) -> Result<(u32, u32), Error> {
        Ok((self.u32()?, self.u32()?))
    }

    fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let n = self.u32()? as usize;
        self.slice(n)
    }

    /// A list whose entries take `size` bytes each: no more memory is set aside than there are bytes.
    fn list<T>(
        &mut self,
        size: usize,
        mut each: impl FnMut(&mut Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let n = self.u32()? as usize;
        if n.checked_mul(size).is_none_or(|bytes| bytes > self.0.len()) {
            return Err(Error::Length);
        }
        let mut out = Vec::with_capacity(n);
        for _ in 0..n {
            out.push(each(self)?);
        }
        Ok(out)
    }
}
