//! Downloads and watched files, as files to import.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Place, Source};
use crate::sources::download::DownloadError;

/// Extensions of files that are taken from a watched folder; others lie beside them.
const EXTENSIONS: &[&str] = &["xml", "json", "jsonl", "csv", "tsv", "html", "htm", "gz"];

/// A list's files, and the hash that its manifest will have.
pub(super) struct Fetched {
    pub list: String,
    pub files: Vec<PathBuf>,
    pub content_hash: String,
}

/// A list that could not be fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error(transparent)]
    Download(#[from] DownloadError),
    #[error("{file}: {source}")]
    File { file: String, source: io::Error },
    #[error("{folder} holds no file of a list")]
    NoFiles { folder: String },
}

/// Fetches a list; what is downloaded goes into `folder`.
pub(super) fn fetch(
    source: &Source,
    folder: &Path,
    cancelled: &dyn Fn() -> bool,
) -> Result<Fetched, FetchError> {
    let list = source.list.clone();
    match &source.place {
        Place::Address(download) => {
            let downloaded = download.run(folder, cancelled)?;
            let path = folder.join(format!("{list}-download"));
            let failed = |source| FetchError::File { file: path.display().to_string(), source };
            downloaded.file.persist(&path).map_err(|e| failed(e.error))?;
            Ok(Fetched { list, files: vec![path], content_hash: downloaded.content_hash })
        }
        Place::Files(places) => {
            let files = files(places)?;
            let content_hash = content_hash(&files)?;
            Ok(Fetched { list, files, content_hash })
        }
    }
}

/// The files of places: files themselves, and those in folders by their names.
pub(super) fn files(places: &[PathBuf]) -> Result<Vec<PathBuf>, FetchError> {
    let mut files = Vec::new();
    for place in places {
        let failed = |source| FetchError::File { file: place.display().to_string(), source };
        if !fs::metadata(place).map_err(failed)?.is_dir() {
            files.push(place.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs::read_dir(place).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let hidden = path.file_name().is_none_or(|n| n.to_string_lossy().starts_with('.'));
            let known = path.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
            if !hidden && path.is_file() && known.is_some_and(|e| EXTENSIONS.contains(&e.as_str())) {
                inside.push(path);
            }
        }
        if inside.is_empty() {
            return Err(FetchError::NoFiles { folder: place.display().to_string() });
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// The hash of a list's files, as [`crate::index::ListManifest::content_hash`] has it.
fn content_hash(files: &[PathBuf]) -> Result<String, FetchError> {
    let mut hashes = Vec::new();
    for file in files {
        let failed = |source| FetchError::File { file: file.display().to_string(), source };
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(file).map_err(failed)?).map_err(failed)?;
        hashes.push(hasher.finalize().to_hex());
    }
    Ok(match hashes.as_slice() {
        [one] => one.to_string(),
        several => {
            let mut hasher = blake3::Hasher::new();
            several.iter().for_each(|hash| {
                hasher.update(hash.as_bytes());
            });
            hasher.finalize().to_hex().to_string()
        }
    })
}

/// What shows that watched files may have changed: their names, lengths and times.
pub(super) fn appearance(places: &[PathBuf]) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let files = files(places).unwrap_or_default();
    files
        .into_iter()
        .filter_map(|file| {
            let metadata = fs::metadata(&file).ok()?;
            Some((file, metadata.len(), metadata.modified().ok()))
        })
        .collect()
}
