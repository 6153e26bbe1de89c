//! The tantivy index of a generation: store of whole entities, filters, analysts' search.
//!
//! An entity is stored as JSON: tolerant of fields that come or go, readable with ordinary tools,
//! and not on the path of screening, which runs on the compiled name index alone.

use std::collections::HashSet;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{
    DocAddress, DocSet, Index, IndexWriter, ReloadPolicy, Searcher, TERMINATED, TantivyDocument, Term,
};

use crate::model::{Entity, EntityKind};

use super::tokens::{self, SearchTokenizer};

/// Memory in which a segment is built before it goes to disk. Large enough that all public
/// sanctions lists together are one segment; small beside what millions of entities would need.
const WRITER_MEMORY_BYTES: usize = 128 << 20;

/// Name under which the index knows [`SearchTokenizer`]; part of the generation's format.
const TOKENIZER: &str = "zeef";

/// Parts a key; never part of a list's id.
pub(super) const KEY_SEPARATOR: char = '\u{1F}';

/// What goes wrong in the store. Never quotes what is stored.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    /// Tantivy says so.
    #[error("entity store: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
    /// The operating system says so.
    #[error("entity store: {0}")]
    Io(#[from] io::Error),
    /// The store does not hold what this code writes.
    #[error("entity store: {0}")]
    Content(String),
}

/// The fields of an entity's document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// List and id together, unique.
    pub key: Field,
    /// Place of the entity in the snapshot, from 0: lists in order of their ids, entities in the
    /// list's own order. The compiled name index counts the same way.
    pub ordinal: Field,
    /// The list's id.
    pub list: Field,
    /// `person` or `organisation`.
    pub kind: Field,
    /// Programmes, in lower case.
    pub programme: Field,
    /// Countries tied to the entity, in lower case.
    pub country: Field,
    /// Categories, in lower case.
    pub category: Field,
    /// Words of all names.
    pub names: Field,
    /// Each whole name, folded.
    pub whole: Field,
    /// Words of remarks, functions, topics, relations, places.
    pub text: Field,
    /// References and document numbers, folded whole.
    pub numbers: Field,
    /// The entity, as JSON.
    pub entity: Field,
}

/// Name of the fast field that orders documents.
pub(super) const ORDINAL: &str = "ordinal";

impl Fields {
    fn schema() -> (Schema, Self) {
        let words = |record| {
            let indexing = TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let positions = IndexRecordOption::WithFreqsAndPositions;
        let mut schema = Schema::builder();
        let fields = Self {
            key: schema.add_text_field("key", STRING),
            ordinal: schema.add_u64_field(ORDINAL, FAST),
            list: schema.add_text_field("list", STRING),
            kind: schema.add_text_field("kind", STRING),
            programme: schema.add_text_field("programme", STRING),
            country: schema.add_text_field("country", STRING),
            category: schema.add_text_field("category", STRING),
            names: schema.add_text_field("names", words(positions)),
            whole: schema.add_text_field("whole", STRING),
            text: schema.add_text_field("text", words(positions)),
            numbers: schema.add_text_field("numbers", STRING),
            entity: schema.add_bytes_field("entity", BytesOptions::default().set_stored()),
        };
        (schema.build(), fields)
    }

    /// The term that finds one entity.
    fn key_term(&self, list: &str, id: &str) -> Term {
        Term::from_field_text(self.key, &format!("{list}{KEY_SEPARATOR}{id}"))
    }
}

/// A filter's value as the index holds it: without outer blanks, in lower case.
pub(super) fn filter_value(value: &str) -> String {
    value.trim().to_lowercase()
}

/// A kind as the index holds it.
pub(super) fn kind_value(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "person",
        EntityKind::Organisation => "organisation",
    }
}

/// A number or reference as the index holds it: letters and digits only, in lower case.
pub(super) fn number_value(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Writes entities into a new index.
pub(super) struct StoreWriter {
    writer: IndexWriter,
    fields: Fields,
    next_ordinal: u64,
    json: Vec<u8>,
}

impl StoreWriter {
    /// A new index in an empty folder.
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        Self::on(|schema| Index::create_in_dir(folder, schema))
    }

    /// A new index in memory.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::on(|schema| Ok(Index::create_in_ram(schema)))
    }

    fn on(create: impl FnOnce(Schema) -> tantivy::Result<Index>) -> Result<Self, StoreError> {
        let (schema, fields) = Fields::schema();
        let index = create(schema)?;
        register(&index);
        let options = IndexWriterOptions::builder()
            // One thread: documents stay in the order of their ordinals.
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_MEMORY_BYTES)
            .build();
        let writer: IndexWriter = index.writer_with_options(options)?;
        // A few large segments search as fast as one, and merging would mix their order.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self { writer, fields, next_ordinal: 0, json: Vec::new() })
    }

    /// Adds the next entity.
    pub fn add(&mut self, entity: &Entity) -> Result<(), StoreError> {
        let f = self.fields;
        let mut doc = TantivyDocument::new();
        self.json.clear();
        serde_json::to_writer(&mut self.json, entity)
            .map_err(|_| StoreError::Content("an entity cannot be written as JSON".into()))?;
        doc.add_bytes(f.entity, &self.json);
        doc.add_u64(f.ordinal, self.next_ordinal);
        doc.add_text(f.key, format!("{}{KEY_SEPARATOR}{}", entity.list, entity.id));
        doc.add_text(f.list, &entity.list);
        doc.add_text(f.kind, kind_value(entity.kind));

        let mut seen = HashSet::new();
        let mut once = |field: Field, value: String| {
            if !value.is_empty() && seen.insert((field, value.clone())) {
                doc.add_text(field, &value);
            }
        };
        for listing in &entity.listings {
            once(f.programme, filter_value(&listing.programme));
        }
        for country in entity.countries() {
            once(f.country, filter_value(country));
        }
        for category in &entity.categories {
            once(f.category, filter_value(category));
        }
        for name in &entity.names {
            once(f.whole, tokens::whole(&name.whole));
            once(f.names, name.whole.clone());
        }
        once(f.numbers, number_value(&entity.id));
        once(f.numbers, number_value(&entity.other_id));
        once(f.numbers, number_value(&entity.designation.united_nations_id));
        for identifier in &entity.identifiers {
            once(f.numbers, number_value(&identifier.number));
            once(f.numbers, number_value(&identifier.latin_number));
        }
        for text in searchable_text(entity) {
            once(f.text, text.to_owned());
        }
        self.writer.add_document(doc)?;
        self.next_ordinal += 1;
        Ok(())
    }

    /// Commits and syncs everything and gives the finished store.
    pub fn finish(mut self) -> Result<Store, StoreError> {
        let index = self.writer.index().clone();
        self.writer.commit()?;
        self.writer.wait_merging_threads()?;
        Store::on(index)
    }
}

/// What analysts search beside names.
fn searchable_text(entity: &Entity) -> impl Iterator<Item = &str> {
    let names = entity.names.iter().flat_map(|n| [&n.title, &n.function, &n.remark]);
    let addresses =
        entity.addresses.iter().flat_map(|a| [&a.street, &a.city, &a.region, &a.place, &a.remark]);
    let births = entity.births.iter().flat_map(|b| [&b.city, &b.region, &b.place]);
    let relations = entity.relations.iter().flat_map(|r| [&r.name, &r.native_name]);
    let listings = entity.listings.iter().map(|l| &l.title);
    let documents = entity.identifiers.iter().map(|i| &i.remark);
    entity
        .remarks
        .iter()
        .chain([&entity.designation.details])
        .chain(&entity.topics)
        .chain(&entity.categories)
        .chain(names)
        .chain(addresses)
        .chain(births)
        .chain(relations)
        .chain(listings)
        .chain(documents)
        .map(String::as_str)
        .filter(|t| !t.is_empty())
}

fn register(index: &Index) {
    index.tokenizers().register(TOKENIZER, TextAnalyzer::from(SearchTokenizer));
}

/// An open index. Never changes.
pub(super) struct Store {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
}

impl Store {
    /// Opens the index in a folder, without writing to it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        let index = Index::open(ReadOnly(directory))?;
        register(&index);
        Self::on(index)
    }

    fn on(index: Index) -> Result<Self, StoreError> {
        let (schema, fields) = Fields::schema();
        if index.schema() != schema {
            return Err(StoreError::Content("has other fields than this version writes".into()));
        }
        // Manual: a generation never changes, so nothing needs to watch its folder.
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { searcher: reader.searcher(), fields })
    }

    /// How many entities it holds.
    pub fn len(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// One entity.
    pub fn entity(&self, list: &str, id: &str) -> Result<Option<Entity>, StoreError> {
        let term = self.fields.key_term(list, id);
        for (ord, segment) in self.searcher.segment_readers().iter().enumerate() {
            let index = segment.inverted_index(self.fields.key)?;
            let postings = index.read_postings(&term, IndexRecordOption::Basic)?;
            if let Some(doc) = postings.map(|p| p.doc()).filter(|d| *d != TERMINATED) {
                return self.at(DocAddress::new(ord as u32, doc)).map(Some);
            }
        }
        Ok(None)
    }

    /// The entity of a document.
    pub fn at(&self, address: DocAddress) -> Result<Entity, StoreError> {
        let doc: TantivyDocument = self.searcher.doc(address)?;
        self.parse(&doc)
    }

    fn parse(&self, doc: &TantivyDocument) -> Result<Entity, StoreError> {
        let bytes = doc
            .get_first(self.fields.entity)
            .and_then(|v| v.as_bytes())
            .ok_or_else(|| StoreError::Content("a document holds no entity".into()))?;
        self.entity_of(bytes)
    }

    /// The entity of stored bytes.
    pub fn entity_of(&self, bytes: &[u8]) -> Result<Entity, StoreError> {
        // The parser's own message may quote the entity.
        serde_json::from_slice(bytes)
            .map_err(|e| StoreError::Content(format!("an entity cannot be read (column {})", e.column())))
    }

    /// Hands out the entities whose ordinals lie in a range, in their order.
    pub fn for_each<E: From<StoreError>>(
        &self,
        range: Range<u64>,
        take: impl FnMut(Entity) -> Result<(), E>,
    ) -> Result<(), E> {
        self.for_each_of(|ordinal| range.contains(&ordinal), take)
    }

    /// Hands out the entities whose ordinals are wanted, in their order.
    pub fn for_each_of<E: From<StoreError>>(
        &self,
        wanted: impl Fn(u64) -> bool,
        mut take: impl FnMut(Entity) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut segments = Vec::new();
        for segment in self.searcher.segment_readers() {
            let ordinals: Column<u64> = segment.fast_fields().u64(ORDINAL).map_err(StoreError::from)?;
            segments.push((ordinals.min_value(), ordinals, segment));
        }
        segments.sort_by_key(|(first, ..)| *first);
        for (_, ordinals, segment) in segments {
            // Documents come one after the other: one decompressed block at a time is enough.
            let store = segment.get_store_reader(1).map_err(StoreError::from)?;
            for doc in 0..segment.max_doc() {
                if ordinals.first(doc).is_some_and(&wanted) {
                    let doc: TantivyDocument = store.get(doc).map_err(StoreError::from)?;
                    take(self.parse(&doc)?)?;
                }
            }
        }
        Ok(())
    }

    /// Hands out the ids of a list's entities, in no particular order, without reading entities.
    pub fn for_each_id(&self, list: &str, mut take: impl FnMut(&str)) -> Result<(), StoreError> {
        let prefix = format!("{list}{KEY_SEPARATOR}");
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.key)?;
            let mut keys = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
            while keys.advance() {
                let Some(id) = keys.key().strip_prefix(prefix.as_bytes()) else { break };
                take(&String::from_utf8_lossy(id));
            }
        }
        Ok(())
    }
}

/// A folder that is only read. Tantivy would make lock files in it even for reading, which fails on
/// a read-only volume and would touch a generation that never changes.
#[derive(Clone, Debug)]
struct ReadOnly(MmapDirectory);

fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "a generation is never changed")
}

impl tantivy::Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_owned() })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _lock: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
