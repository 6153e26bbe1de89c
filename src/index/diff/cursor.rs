//! The entities of one list in the order of their references, straight from the store's keys.

use std::sync::Arc;

use tantivy::schema::{IndexRecordOption, Value};
use tantivy::store::StoreReader;
use tantivy::termdict::TermStreamer;
use tantivy::{DocSet, InvertedIndexReader, TERMINATED, TantivyDocument};

use crate::index::store::{Store, StoreError};

/// Blocks of the store (16 KB unpacked) held per segment. References follow the list's own order closely
/// enough that most neighbours lie in blocks read a moment ago.
const BLOCKS_HELD: usize = 64;

/// The segments of a store, open for reading by key.
pub(super) struct Segments {
    segments: Vec<Segment>,
    entity: tantivy::schema::Field,
}

struct Segment {
    keys: Arc<InvertedIndexReader>,
    documents: StoreReader,
}

impl Segments {
    pub fn of(store: &Store) -> Result<Self, StoreError> {
        let mut segments = Vec::new();
        for segment in store.searcher.segment_readers() {
            segments.push(Segment {
                keys: segment.inverted_index(store.fields.key)?,
                documents: segment.get_store_reader(BLOCKS_HELD)?,
            });
        }
        Ok(Self { segments, entity: store.fields.entity })
    }
}

/// Goes through the references of one list.
pub(super) struct Keys<'a> {
    segments: &'a Segments,
    /// One stream per segment, each standing on its next key; none where it has ended.
    streams: Vec<Option<TermStreamer<'a>>>,
    prefix: Vec<u8>,
    /// The segment whose key is next.
    at: Option<usize>,
}

impl<'a> Keys<'a> {
    /// The references of the keys that begin with `prefix`, from the first or from the one after `resume`.
    pub fn of(segments: &'a Segments, prefix: &str, resume: Option<&str>) -> Result<Self, StoreError> {
        let mut streams = Vec::new();
        for segment in &segments.segments {
            let range = segment.keys.terms().range();
            let range = match resume {
                Some(id) => range.gt(format!("{prefix}{id}")),
                None => range.ge(prefix),
            };
            streams.push(Some(range.into_stream()?));
        }
        let mut keys = Self { segments, streams, prefix: prefix.as_bytes().to_vec(), at: None };
        for number in 0..keys.streams.len() {
            keys.step(number);
        }
        keys.choose();
        Ok(keys)
    }

    fn step(&mut self, number: usize) {
        let stream = &mut self.streams[number];
        let stands = stream.as_mut().is_some_and(|s| s.advance() && s.key().starts_with(&self.prefix));
        if !stands {
            *stream = None;
        }
    }

    fn choose(&mut self) {
        let standing = self.streams.iter().enumerate().filter_map(|(i, s)| Some((s.as_ref()?.key(), i)));
        self.at = standing.min().map(|(_, i)| i);
    }

    /// The reference that it stands on; none at the end.
    pub fn id(&self) -> Option<&[u8]> {
        self.stream()?.key().get(self.prefix.len()..)
    }

    /// Goes on to the next.
    pub fn advance(&mut self) {
        if let Some(number) = self.at {
            self.step(number);
            self.choose();
        }
    }

    /// The bytes stored under the reference that it stands on.
    pub fn stored(&self) -> Result<Vec<u8>, StoreError> {
        let lost = || StoreError::Content("a key has no document".into());
        let (number, stream) = (self.at.ok_or_else(lost)?, self.stream().ok_or_else(lost)?);
        let segment = &self.segments.segments[number];
        let postings = segment.keys.read_postings_from_terminfo(stream.value(), IndexRecordOption::Basic)?;
        if postings.doc() == TERMINATED {
            return Err(lost());
        }
        let document: TantivyDocument = segment.documents.get(postings.doc())?;
        let bytes = document.get_first(self.segments.entity).and_then(|v| v.as_bytes().map(<[u8]>::to_vec));
        bytes.ok_or_else(|| StoreError::Content("a document holds no entity".into()))
    }

    fn stream(&self) -> Option<&TermStreamer<'a>> {
        self.streams.get(self.at?)?.as_ref()
    }
}
