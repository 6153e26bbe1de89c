//! Generations side by side in a data folder, and the one small file that names the current one.
//!
//! ```text
//! DATA/
//!   CURRENT                     names the generation to open, and its manifest's hash
//!   import.lock                 held by the one import that may run
//!   generations/
//!     importing/                a generation being written; never opened
//!     3f2a9c01d4e8-7/           a whole generation: start of the snapshot's id, running number
//!       manifest.json           what it holds, with checksums
//!       names.idx               the compiled name index
//!       store/                  the tantivy index
//!       registers/              registers that were imported, if any
//!         boards.reg            the register of governing boards
//! ```
//!
//! A generation is written and synced under a name that nothing opens, renamed when it is whole, and
//! only then named by `CURRENT`, which itself is written aside, synced and renamed. A crash or kill
//! at any point leaves the old or the new snapshot, whole.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::manifest::{FORMAT_VERSION, FileSum, Manifest};
use super::snapshot::SnapshotError;

/// How many whole generations stay in the folder unless told otherwise, the current one included: enough
/// to see what changed, and to go back from a bad list that was noticed one update late.
pub const DEFAULT_KEPT_GENERATIONS: usize = 3;

/// Never fewer: a process that read `CURRENT` just before a switch must still find what it names, and
/// without one before there is nothing to go back to.
const FEWEST_KEPT_GENERATIONS: usize = 2;

const CURRENT: &str = "CURRENT";
const CURRENT_ASIDE: &str = "CURRENT.new";
const LOCK: &str = "import.lock";
const GENERATIONS: &str = "generations";
const IMPORTING: &str = "importing";
const MANIFEST: &str = "manifest.json";
const NAMES: &str = "names.idx";
const STORE: &str = "store";
const REGISTERS: &str = "registers";
const BOARDS: &str = "boards.reg";

/// Far above any real `CURRENT` (some 100 bytes) and manifest (issues are capped).
const MAX_CURRENT_BYTES: u64 = 4 << 10;
const MAX_MANIFEST_BYTES: u64 = 64 << 20;

/// A folder that holds snapshots.
#[derive(Clone, Debug)]
pub(super) struct DataFolder {
    root: PathBuf,
}

/// One generation's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Generation {
    /// Name of its folder.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// BLAKE3 of its manifest, hexadecimal, as `CURRENT` gives it.
    manifest_hash: String,
}

/// The right to import into a folder, held until dropped (or until the process ends).
pub(super) struct ImportLock {
    file: File,
}

impl Drop for ImportLock {
    fn drop(&mut self) {
        // Closing would not do: a process that another thread is just starting holds a copy of the
        // open file until it runs its program, and with it the lock. Unlocking frees it for both.
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the import lock could not be released; closing its file will");
        }
    }
}

/// A generation being written. Removed when dropped before it was switched to.
pub(super) struct Staging {
    path: PathBuf,
}

/// What `CURRENT` says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Current {
    generation: String,
    manifest: String,
}

/// Why an import may not start.
#[derive(Debug)]
pub(super) enum LockFailure {
    /// Another import runs.
    Busy,
    /// The operating system refused.
    Io(io::Error),
}

impl DataFolder {
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn generations(&self) -> PathBuf {
        self.root.join(GENERATIONS)
    }

    /// The generation that `CURRENT` names; `None` when nothing was ever imported here.
    ///
    /// # Errors
    /// When `CURRENT` cannot be read, or is gone although generations were switched to.
    pub fn current(&self) -> Result<Option<Generation>, SnapshotError> {
        let path = self.root.join(CURRENT);
        let bytes = match read_bounded(&path, MAX_CURRENT_BYTES) {
            Ok(bytes) => bytes,
            Err(SnapshotError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return self.none_or_lost();
            }
            Err(error) => return Err(error),
        };
        let current: Current = serde_json::from_slice(&bytes)
            .map_err(|_| SnapshotError::Damaged(format!("{} cannot be read", path.display())))?;
        if number_of(&current.generation).is_none() {
            return Err(SnapshotError::Damaged(format!("{} names no generation", path.display())));
        }
        Ok(Some(Generation {
            path: self.generations().join(&current.generation),
            name: current.generation,
            manifest_hash: current.manifest,
        }))
    }

    /// Without `CURRENT`, the folder is new, or `CURRENT` was lost. A first import that was killed
    /// just before its switch leaves generation 1 and nothing else; anything more was in use once,
    /// and taking the folder for new would silently drop lists.
    fn none_or_lost(&self) -> Result<Option<Generation>, SnapshotError> {
        let whole = self.whole_generations().map_err(|e| SnapshotError::io(&self.generations(), e))?;
        match whole.as_slice() {
            [] | [(1, _)] => Ok(None),
            _ => Err(SnapshotError::Damaged(format!(
                "{} is missing, though snapshots were imported",
                self.root.join(CURRENT).display()
            ))),
        }
    }

    /// Whole generations with their numbers, oldest first.
    fn whole_generations(&self) -> io::Result<Vec<(u64, PathBuf)>> {
        let entries = match fs::read_dir(self.generations()) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            if let Some(number) = entry.file_name().to_str().and_then(number_of) {
                found.push((number, entry.path()));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Makes the folder if need be and takes the import lock.
    pub fn lock(&self) -> Result<ImportLock, LockFailure> {
        fs::create_dir_all(self.generations()).map_err(LockFailure::Io)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.root.join(LOCK))
            .map_err(LockFailure::Io)?;
        match file.try_lock() {
            Ok(()) => Ok(ImportLock { file }),
            Err(TryLockError::WouldBlock) => Err(LockFailure::Busy),
            Err(TryLockError::Error(error)) => Err(LockFailure::Io(error)),
        }
    }

    /// Removes what imports that did not come to their end have left: half generations, and whole
    /// ones newer than the current. Newer ones can also be what was rolled back from, which stays until
    /// the next import.
    pub fn sweep(&self, _lock: &ImportLock, current: Option<&Generation>) -> io::Result<()> {
        remove_if_there(&self.generations().join(IMPORTING))?;
        let newest = current.and_then(|c| number_of(&c.name)).unwrap_or(0);
        for (number, path) in self.whole_generations()? {
            if number > newest {
                remove_if_there(&path)?;
            }
        }
        Ok(())
    }

    /// Begins a new generation.
    pub fn stage(&self, _lock: &ImportLock) -> io::Result<Staging> {
        let path = self.generations().join(IMPORTING);
        fs::create_dir(&path)?;
        let staging = Staging { path };
        fs::create_dir(staging.store())?;
        Ok(staging)
    }

    /// Seals a written generation and switches to it. Of the older ones the newest stay, `keep` in all.
    pub fn switch(
        &self,
        lock: &ImportLock,
        staging: Staging,
        manifest: &mut Manifest,
        keep: usize,
    ) -> io::Result<Generation> {
        let mut folders = vec![STORE];
        if staging.registers().is_dir() {
            folders.push(REGISTERS);
        }
        manifest.files = sums(&staging.path, &folders)?;
        let bytes = serde_json::to_vec_pretty(manifest).map_err(io::Error::other)?;
        write_synced(&staging.path.join(MANIFEST), &bytes)?;
        let paths: Vec<PathBuf> = folders.iter().map(|folder| staging.path.join(folder)).collect();
        share_like(&staging.path.join(MANIFEST), &staging.path)?;
        for path in &paths {
            share_like(&staging.path.join(MANIFEST), path)?;
            sync_folder(path)?;
        }
        sync_folder(&staging.path)?;

        let number = self.whole_generations()?.last().map_or(1, |(n, _)| n + 1);
        let name = format!("{}-{number}", manifest.id.get(..12).unwrap_or(&manifest.id));
        let generation = Generation {
            path: self.generations().join(&name),
            manifest_hash: blake3::hash(&bytes).to_hex().to_string(),
            name,
        };
        fs::rename(&staging.path, &generation.path)?;
        sync_folder(&self.generations())?;

        self.make_current(lock, &generation)?;
        self.prune(keep);
        Ok(generation)
    }

    /// Lets `CURRENT` name a whole generation: the one moment in which a folder changes.
    pub fn make_current(&self, _lock: &ImportLock, generation: &Generation) -> io::Result<()> {
        let current =
            Current { generation: generation.name.clone(), manifest: generation.manifest_hash.clone() };
        let aside = self.root.join(CURRENT_ASIDE);
        let mut line = serde_json::to_vec(&current).map_err(io::Error::other)?;
        line.push(b'\n');
        write_synced(&aside, &line)?;
        fs::rename(&aside, self.root.join(CURRENT))?;
        sync_folder(&self.root)
    }

    /// All whole generations, oldest first. `CURRENT` vouches for one manifest; those of the others are
    /// taken as they lie there, and vouch for their files.
    ///
    /// # Errors
    /// When the folder or a manifest cannot be read.
    pub fn whole(&self) -> Result<Vec<Generation>, SnapshotError> {
        let found = self.whole_generations().map_err(|e| SnapshotError::io(&self.generations(), e))?;
        let mut whole = Vec::new();
        for (_, path) in found {
            let bytes = match read_bounded(&path.join(MANIFEST), MAX_MANIFEST_BYTES) {
                Ok(bytes) => bytes,
                // An import has just removed it, or a kill has removed half of it.
                Err(SnapshotError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let manifest_hash = blake3::hash(&bytes).to_hex().to_string();
            whole.push(Generation { name, path, manifest_hash });
        }
        Ok(whole)
    }

    /// Removes all but the newest generations. The switch is done: what cannot be removed (a file
    /// held open on some systems) is left to the next import.
    fn prune(&self, keep: usize) {
        let Ok(mut whole) = self.whole_generations() else { return };
        whole.truncate(whole.len().saturating_sub(keep.max(FEWEST_KEPT_GENERATIONS)));
        for (_, path) in whole {
            if let Err(error) = remove_if_there(&path) {
                tracing::warn!(folder = %path.display(), %error, "an old generation could not be removed");
            }
        }
    }
}

impl Generation {
    /// Its running number: later imports have higher ones.
    pub fn number(&self) -> u64 {
        number_of(&self.name).unwrap_or(0)
    }

    /// The data folder that it lies in.
    pub fn data_folder(&self) -> Option<&Path> {
        self.path.parent()?.parent()
    }

    /// Folder of the tantivy index.
    pub fn store(&self) -> PathBuf {
        self.path.join(STORE)
    }

    /// The compiled name index.
    pub fn names(&self) -> PathBuf {
        self.path.join(NAMES)
    }

    /// The register of governing boards, where the manifest names one.
    pub fn boards(&self) -> PathBuf {
        self.path.join(REGISTERS).join(BOARDS)
    }

    /// Reads the manifest and checks that it is the one `CURRENT` means, of this code's format.
    ///
    /// # Errors
    /// When it is missing, damaged, or of another version.
    pub fn manifest(&self) -> Result<Manifest, SnapshotError> {
        let manifest = self.any_manifest()?;
        self.check_version(&manifest)?;
        Ok(manifest)
    }

    /// Checks that a generation is of this code's format.
    ///
    /// # Errors
    /// [`SnapshotError::Version`] when it is not.
    pub fn check_version(&self, manifest: &Manifest) -> Result<(), SnapshotError> {
        let (found, expected) = (manifest.format, FORMAT_VERSION);
        if found == expected { Ok(()) } else { Err(SnapshotError::Version { found, expected }) }
    }

    /// Like [`Generation::manifest`], but of whatever version: which lists there are can be told
    /// even when they have to be imported again.
    ///
    /// # Errors
    /// When it is missing or damaged.
    pub fn any_manifest(&self) -> Result<Manifest, SnapshotError> {
        let path = self.path.join(MANIFEST);
        let bytes = read_bounded(&path, MAX_MANIFEST_BYTES)?;
        if blake3::hash(&bytes).to_hex().as_str() != self.manifest_hash {
            return Err(SnapshotError::Damaged(format!("{} is not as it was written", path.display())));
        }
        serde_json::from_slice(&bytes)
            .map_err(|e| SnapshotError::Damaged(format!("{}, line {}", path.display(), e.line())))
    }

    /// Checks that all files of store and registers are there and of their length, and their content too if
    /// all of them together hold at most `content_up_to` bytes.
    ///
    /// # Errors
    /// Names the file that is missing or damaged.
    pub fn verify(&self, manifest: &Manifest, content_up_to: u64) -> Result<(), SnapshotError> {
        let total: u64 = manifest.files.iter().map(|f| f.length).sum();
        for sum in &manifest.files {
            let path = self.path.join(&sum.path);
            let damaged = |what: &str| SnapshotError::Damaged(format!("{} {what}", path.display()));
            let length = match fs::metadata(&path) {
                Ok(metadata) => metadata.len(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(damaged("is missing"));
                }
                Err(error) => return Err(SnapshotError::io(&path, error)),
            };
            if length != sum.length {
                return Err(damaged("is of another length than when it was written"));
            }
            if total <= content_up_to {
                let hash = hash_file(&path).map_err(|e| SnapshotError::io(&path, e))?;
                if hash != sum.hash {
                    return Err(damaged("is not as it was written"));
                }
            }
        }
        Ok(())
    }
}

impl Staging {
    /// Folder for the tantivy index.
    pub fn store(&self) -> PathBuf {
        self.path.join(STORE)
    }

    /// Where the compiled name index goes.
    pub fn names(&self) -> PathBuf {
        self.path.join(NAMES)
    }

    fn registers(&self) -> PathBuf {
        self.path.join(REGISTERS)
    }

    /// Where the register of governing boards goes; its folder is made.
    pub fn boards(&self) -> io::Result<PathBuf> {
        fs::create_dir_all(self.registers())?;
        Ok(self.registers().join(BOARDS))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After the switch the folder has another name and there is nothing to remove. What stays
        // for any other reason is swept by the next import.
        let _ = remove_if_there(&self.path);
    }
}

/// The running number in a generation's name (`3f2a9c01d4e8-7`); `None` for any other name.
fn number_of(name: &str) -> Option<u64> {
    let (id, number) = name.split_once('-')?;
    let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain && number.bytes().all(|b| b.is_ascii_digit()) { number.parse().ok() } else { None }
}

fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>, SnapshotError> {
    let length = fs::metadata(path).map_err(|e| SnapshotError::io(path, e))?.len();
    if length > limit {
        return Err(SnapshotError::Damaged(format!("{} is longer than it can be", path.display())));
    }
    fs::read(path).map_err(|e| SnapshotError::io(path, e))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives all files in a folder the permissions of a file made in the ordinary way. Tantivy makes
/// some through temporary files that only their owner may read, but the service that opens a
/// generation is often another user than the one who imports.
fn share_like(file: &Path, folder: &Path) -> io::Result<()> {
    let permissions = fs::metadata(file)?.permissions();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.is_file() && metadata.permissions() != permissions {
            fs::set_permissions(entry.path(), permissions.clone())?;
        }
    }
    Ok(())
}

/// Makes renames and new files inside a folder last. Only Unix knows syncing a folder; elsewhere the
/// file system's journal has to do.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

fn hash_file(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Sums of the files in these folders of a generation. Names that begin with a dot are tantivy's own
/// locks and bookkeeping, which opening does not need.
fn sums(generation: &Path, folders: &[&str]) -> io::Result<Vec<FileSum>> {
    let mut sums = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(generation.join(folder))? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|n| !n.starts_with('.')) else { continue };
            sums.push(FileSum {
                path: format!("{folder}/{name}"),
                length: entry.metadata()?.len(),
                hash: hash_file(&entry.path())?,
            });
        }
    }
    sums.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generation_names() {
        for (name, number) in [
            ("3f2a9c01d4e8-7", Some(7)),
            ("a-18446744073709551615", Some(u64::MAX)),
            ("importing", None),
            ("-7", None),
            ("../x-7", None),
            ("a-", None),
            ("a-+7", None),
            ("a-b-7", None),
        ] {
            assert_eq!(number_of(name), number, "{name}");
        }
    }

    fn switch(folder: &DataFolder, lock: &ImportLock, id: &str) -> Generation {
        let mut manifest = Manifest { id: id.into(), format: FORMAT_VERSION, ..Manifest::default() };
        let staging = folder.stage(lock).unwrap();
        fs::write(staging.store().join("data"), id).unwrap();
        fs::write(staging.store().join(".lock"), "").unwrap();
        folder.switch(lock, staging, &mut manifest, 3).unwrap()
    }

    #[test]
    fn keeps_the_last_generations_and_sweeps_half_ones() {
        let home = tempfile::tempdir().unwrap();
        let folder = DataFolder::new(home.path());
        assert_eq!(folder.current().unwrap(), None);
        let lock = folder.lock().unwrap();
        for i in 1..=5 {
            let generation = switch(&folder, &lock, &format!("{i:016}"));
            assert_eq!(folder.current().unwrap().as_ref(), Some(&generation));
            let manifest = generation.manifest().unwrap();
            assert_eq!(manifest.files.len(), 1, "files with a dot are not summed");
            generation.verify(&manifest, u64::MAX).unwrap();
        }
        let numbers =
            |f: &DataFolder| -> Vec<u64> { f.whole_generations().unwrap().iter().map(|g| g.0).collect() };
        assert_eq!(numbers(&folder), [3, 4, 5]);
        // A kill before the switch leaves a whole but unnamed generation, or a half one.
        fs::create_dir(folder.generations().join("ffff-6")).unwrap();
        fs::create_dir(folder.generations().join(IMPORTING)).unwrap();
        let current = folder.current().unwrap();
        folder.sweep(&lock, current.as_ref()).unwrap();
        assert_eq!(numbers(&folder), [3, 4, 5]);
        assert!(!folder.generations().join(IMPORTING).exists());
    }

    #[test]
    fn a_dropped_staging_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let folder = DataFolder::new(home.path());
        let lock = folder.lock().unwrap();
        drop(folder.stage(&lock).unwrap());
        assert_eq!(fs::read_dir(folder.generations()).unwrap().count(), 0);
    }

    #[test]
    fn one_import_at_a_time() {
        let home = tempfile::tempdir().unwrap();
        let folder = DataFolder::new(home.path());
        let lock = folder.lock().unwrap();
        assert!(matches!(folder.lock(), Err(LockFailure::Busy)));
        // A process being started meanwhile holds a copy of the open file for a moment.
        let copy = lock.file.try_clone().unwrap();
        drop(lock);
        assert!(folder.lock().is_ok());
        drop(copy);
    }

    #[test]
    fn damage_is_told() {
        let home = tempfile::tempdir().unwrap();
        let folder = DataFolder::new(home.path());
        let lock = folder.lock().unwrap();
        let generation = switch(&folder, &lock, "0123456789abcdef");
        let manifest = generation.manifest().unwrap();
        let data = generation.store().join("data");

        fs::write(&data, "0123456789abcdeX").unwrap();
        assert!(generation.verify(&manifest, 0).is_ok(), "only lengths are checked beyond the bound");
        assert!(matches!(generation.verify(&manifest, 16), Err(SnapshotError::Damaged(_))));
        fs::write(&data, "short").unwrap();
        assert!(matches!(generation.verify(&manifest, 0), Err(SnapshotError::Damaged(_))));
        fs::remove_file(&data).unwrap();
        assert!(matches!(generation.verify(&manifest, 0), Err(SnapshotError::Damaged(_))));

        for current in ["", "{}", "nonsense", r#"{"generation":"../../etc","manifest":""}"#] {
            fs::write(home.path().join(CURRENT), current).unwrap();
            assert!(matches!(folder.current(), Err(SnapshotError::Damaged(_))), "{current}");
        }
        fs::remove_file(home.path().join(CURRENT)).unwrap();
        assert_eq!(folder.current().unwrap(), None, "a first import killed before its switch");
        fs::create_dir(folder.generations().join("ffff-2")).unwrap();
        assert!(matches!(folder.current(), Err(SnapshotError::Damaged(_))), "CURRENT was lost");
    }
}
