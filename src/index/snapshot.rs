//! An open snapshot.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;

use crate::model::Entity;

use super::generation::{DataFolder, Generation};
use super::kept;
use super::search::{self, SearchError, SearchPage, SearchRequest};
use super::store::{Store, StoreError, StoreWriter};
use super::ties::{Ties, TiesBuilder};
use super::{Boards, Manifest, NameIndex, NameIndexBuilder, NameIndexError};
use crate::sources::BOARDS;

/// A store of at most this many bytes is read whole and compared with its checksums whenever it is
/// opened (some 20 ms; all public sanctions lists together are far smaller). Of a larger one only
/// presence and lengths are checked at opening, so that a service with millions of entities is
/// ready at once; the content is checked when an import carries its lists over, and by
/// [`Snapshot::verify`].
pub(super) const VERIFIED_AT_OPEN_BYTES: u64 = 64 << 20;

/// How often opening starts over when imports switch generations under it.
const OPEN_ATTEMPTS: usize = 3;

/// One generation, open. Never changes; shared by all threads.
pub struct Snapshot {
    manifest: Manifest,
    names: NameIndex,
    store: Store,
    /// Made when they are first asked for: screening single names never does.
    ties: OnceLock<Ties>,
    /// The register of governing boards, if one was imported.
    boards: Option<Boards>,
    /// Where it was opened from; none for the demonstration.
    generation: Option<Generation>,
}

/// A snapshot cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The folder holds no snapshot.
    #[error(
        "{folder} holds no snapshot; import lists into it with `zeef import --data {folder} --eu FILE --aspi FILE`"
    )]
    Missing {
        /// The folder.
        folder: String,
    },
    /// The operating system could not read it.
    #[error("cannot read {file}: {source}")]
    Io {
        /// The file or folder.
        file: String,
        /// The cause.
        source: io::Error,
    },
    /// It is damaged.
    #[error("snapshot is damaged: {0}; import all its lists again, into an empty folder if need be")]
    Damaged(String),
    /// It was written by another version of the code.
    #[error(
        "snapshot is of format {found}, this version of zeef reads format {expected}; import all its lists again"
    )]
    Version {
        /// The snapshot's format.
        found: u32,
        /// This code's format.
        expected: u32,
    },
    /// The data folder does not hold this generation.
    #[error("{folder} does not hold a generation {name:?}; `zeef lists history` shows those that it holds")]
    NotKept {
        /// The folder.
        folder: String,
        /// The name asked for.
        name: String,
    },
    /// Its name index cannot be rebuilt.
    #[error(transparent)]
    Names(#[from] NameIndexError),
}

impl SnapshotError {
    pub(super) fn io(file: &Path, source: io::Error) -> Self {
        Self::Io { file: file.display().to_string(), source }
    }
}

impl From<StoreError> for SnapshotError {
    fn from(error: StoreError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl Snapshot {
    /// Opens the current generation of a data folder. Needs none of the files it was imported from,
    /// and does not write to the folder unless the compiled name index has to be rebuilt.
    ///
    /// # Errors
    /// See [`SnapshotError`].
    pub fn open(folder: &Path) -> Result<Self, SnapshotError> {
        let data = DataFolder::new(folder);
        let missing = || SnapshotError::Missing { folder: folder.display().to_string() };
        let mut generation = data.current()?.ok_or_else(missing)?;
        for _ in 1..OPEN_ATTEMPTS {
            match Self::open_generation(&generation) {
                Ok(snapshot) => return Ok(snapshot),
                Err(error) => {
                    // Imports may have switched and removed what CURRENT named a moment ago.
                    let now = data.current()?.ok_or_else(missing)?;
                    if now == generation {
                        return Err(error);
                    }
                    generation = now;
                }
            }
        }
        Self::open_generation(&generation)
    }

    /// Opens a generation that the data folder still holds, by its name.
    ///
    /// # Errors
    /// [`SnapshotError::NotKept`] when it is not there (any longer); else as [`Snapshot::open`].
    pub fn open_kept(folder: &Path, name: &str) -> Result<Self, SnapshotError> {
        Self::open_generation(&kept::find(folder, name)?)
    }

    pub(super) fn open_generation(generation: &Generation) -> Result<Self, SnapshotError> {
        let manifest = generation.manifest()?;
        generation.verify(&manifest, VERIFIED_AT_OPEN_BYTES)?;
        let store = Store::open(&generation.store())?;
        if store.len() != manifest.entity_count() {
            return Err(SnapshotError::Damaged(format!(
                "the store holds {} entities, the manifest says {}",
                store.len(),
                manifest.entity_count()
            )));
        }
        let path = generation.names();
        let names = match open_names(&path, store.len()) {
            Ok(names) => names,
            Err(error) => {
                tracing::warn!(
                    file = %path.display(), %error,
                    "the compiled name index cannot be used and is rebuilt from the store"
                );
                rebuild_names(&store, &path)?
            }
        };
        let boards = manifest.register(BOARDS).map(|_| open_boards(&generation.boards())).transpose()?;
        let ties = OnceLock::new();
        Ok(Self { manifest, names, store, ties, boards, generation: Some(generation.clone()) })
    }

    pub(super) fn from_parts(manifest: Manifest, names: NameIndex, store: Store) -> Self {
        Self { manifest, names, store, ties: OnceLock::new(), boards: None, generation: None }
    }

    /// A snapshot in memory that holds just these entities, under a manifest that may tell of more: screening
    /// against it finds what screening against the whole would find among them.
    ///
    /// # Errors
    /// When they cannot be stored.
    pub fn of_entities(manifest: Manifest, entities: &[Entity]) -> Result<Self, SnapshotError> {
        let mut store = StoreWriter::in_memory()?;
        let mut names = NameIndexBuilder::new();
        for entity in entities {
            store.add(entity)?;
            names.add(entity);
        }
        Ok(Self::from_parts(manifest, names.build(), store.finish()?))
    }

    /// Whether the folder's current generation is another than this one: an import has switched.
    /// Reads one small file; cheap enough to ask every few seconds.
    ///
    /// # Errors
    /// When the folder's `CURRENT` file cannot be read.
    pub fn is_superseded(&self, folder: &Path) -> Result<bool, SnapshotError> {
        Ok(DataFolder::new(folder).current()?.is_some_and(|now| Some(&now) != self.generation.as_ref()))
    }

    /// Name of the generation that it was opened from, and of the data folder that holds it; none for the
    /// demonstration.
    pub fn origin(&self) -> Option<(&Path, &str)> {
        let generation = self.generation.as_ref()?;
        Some((generation.data_folder()?, &generation.name))
    }

    /// Where its entities lie.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// What it holds.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The compiled name index.
    pub fn names(&self) -> &NameIndex {
        &self.names
    }

    /// The register of governing boards; `None` where none was imported, which is not the same as a
    /// board without members. Nobody in it is listed: see [`Boards`].
    pub fn boards(&self) -> Option<&Boards> {
        self.boards.as_ref()
    }

    /// Everything a list says of one entity.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn entity(&self, list: &str, id: &str) -> Result<Option<Entity>, SnapshotError> {
        Ok(self.store.entity(list, id)?)
    }

    /// Names of laboratories, agencies and other units to which listed entities are tied. The first call
    /// reads the lists that have ties, some hundred entities of the tracker; later ones find them made.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn ties(&self) -> Result<&Ties, SnapshotError> {
        if let Some(ties) = self.ties.get() {
            return Ok(ties);
        }
        let mut builder = TiesBuilder::default();
        let mut first = 0;
        for list in &self.manifest.lists {
            let range = first..first + list.counts.entities;
            first = range.end;
            if list.counts.relations > 0 || !list.lenders.is_empty() {
                self.store.for_each(range, |entity| {
                    builder.add(&entity);
                    Ok::<(), StoreError>(())
                })?;
            }
        }
        // Where two threads made them at once, one of the two is as good as the other.
        Ok(self.ties.get_or_init(|| builder.finish()))
    }

    /// Hands out all entities in the snapshot's order: lists by id, entities as the list orders them.
    /// The n-th is number n of the compiled name index.
    ///
    /// # Errors
    /// When the store cannot be read, or whatever `take` returns.
    pub fn for_each_entity<E: From<SnapshotError>>(
        &self,
        mut take: impl FnMut(Entity) -> Result<(), E>,
    ) -> Result<(), E> {
        enum Stop<E> {
            Store(StoreError),
            Taker(E),
        }
        impl<E> From<StoreError> for Stop<E> {
            fn from(error: StoreError) -> Self {
                Self::Store(error)
            }
        }
        self.store.for_each(0..u64::MAX, |entity| take(entity).map_err(Stop::Taker)).map_err(
            |stop| match stop {
                Stop::Store(error) => SnapshotError::from(error).into(),
                Stop::Taker(error) => error,
            },
        )
    }

    /// Analysts' search: full text over names, remarks and numbers, with filters, by pages.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub fn search(&self, request: &SearchRequest) -> Result<SearchPage, SearchError> {
        search::search(&self.store, &self.manifest, request)
    }

    /// Reads every file of store and registers and compares it with its checksum, however large it is.
    ///
    /// # Errors
    /// Names the file that is missing or damaged.
    pub fn verify(&self) -> Result<(), SnapshotError> {
        match &self.generation {
            Some(generation) => generation.verify(&self.manifest, u64::MAX),
            None => Ok(()),
        }
    }
}

fn open_names(path: &Path, entities: u64) -> Result<NameIndex, NameIndexError> {
    let names = NameIndex::open(path)?;
    if names.entity_count() as u64 != entities {
        return Err(NameIndexError::Damaged("it holds another number of entities than the store".into()));
    }
    Ok(names)
}

/// Opens the register of a generation.
///
/// # Errors
/// Unlike compiled names it cannot be made anew from the store: [`SnapshotError::Damaged`].
pub(super) fn open_boards(path: &Path) -> Result<Boards, SnapshotError> {
    Boards::open(path).map_err(|error| match error {
        NameIndexError::Io(source) => SnapshotError::io(path, source),
        NameIndexError::Damaged(what) => SnapshotError::Damaged(format!("{}: {what}", path.display())),
    })
}

/// Rebuilds the compiled index beside its place and puts it there; where the folder cannot be
/// written, the rebuilt one serves from a temporary file.
fn rebuild_names(store: &Store, path: &Path) -> Result<NameIndex, SnapshotError> {
    let mut builder = NameIndexBuilder::new();
    store.for_each(0..u64::MAX, |entity| {
        builder.add(&entity);
        Ok::<(), StoreError>(())
    })?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut aside = tempfile::Builder::new();
    // Readable for whom the folder's other files are, not for this process's user alone.
    #[cfg(unix)]
    aside.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let aside = aside.prefix(".names-").tempfile_in(folder);
    let (aside, in_place) = match aside {
        Ok(file) => (file, true),
        Err(_) => {
            let file = tempfile::NamedTempFile::new().map_err(|e| SnapshotError::io(path, e))?;
            (file, false)
        }
    };
    builder.write(aside.path())?;
    let names = open_names(aside.path(), store.len())?;
    if in_place && let Err(error) = aside.persist(path) {
        tracing::warn!(%error, "the rebuilt name index could not be kept; the next start rebuilds it again");
    }
    Ok(names)
}

/// The snapshot that is being served, swapped whole. Requests that hold the old one finish on it.
#[derive(Default)]
pub struct SnapshotHandle {
    current: ArcSwapOption<Snapshot>,
}

impl SnapshotHandle {
    /// Holds a snapshot from the start.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Self { current: ArcSwapOption::from(Some(snapshot)) }
    }

    /// Holds none yet: a service that waits for its first import.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The current snapshot. A request takes it once and stays on it.
    pub fn load(&self) -> Option<Arc<Snapshot>> {
        self.current.load_full()
    }

    /// Opens the folder's current generation and swaps it in. When that fails, the old snapshot goes
    /// on serving.
    ///
    /// # Errors
    /// Why the new one could not be opened.
    pub fn reload(&self, folder: &Path) -> Result<Arc<Snapshot>, SnapshotError> {
        let snapshot = Arc::new(Snapshot::open(folder)?);
        self.current.store(Some(Arc::clone(&snapshot)));
        Ok(snapshot)
    }

    /// [`SnapshotHandle::reload`], if the folder's current generation is not the one being served.
    /// Returns the new snapshot if there was one.
    ///
    /// # Errors
    /// Why the new one could not be opened; the old one goes on serving.
    pub fn reload_if_superseded(&self, folder: &Path) -> Result<Option<Arc<Snapshot>>, SnapshotError> {
        let superseded = match self.load() {
            Some(snapshot) => snapshot.is_superseded(folder)?,
            None => DataFolder::new(folder).current()?.is_some(),
        };
        if superseded { self.reload(folder).map(Some) } else { Ok(None) }
    }
}

/// Whether a folder holds a snapshot, whole or not. Reads one small file.
///
/// # Errors
/// When the folder's `CURRENT` file cannot be read.
pub fn holds_snapshot(folder: &Path) -> Result<bool, SnapshotError> {
    Ok(DataFolder::new(&PathBuf::from(folder)).current()?.is_some())
}
