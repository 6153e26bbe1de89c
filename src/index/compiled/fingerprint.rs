//! Of which sources the compiled index is: a stored index may be read only by the code that would
//! have made the same one.
//!
//! Included by `build.rs` too, which computes the fingerprint of this build; hence no dependency.

use std::io;
use std::path::{Path, PathBuf};

/// What decides how listed names are analysed and filed: all sources and data files in these folders,
/// from the package's root. More than enough on purpose: `matching` says which words may be joined,
/// which names are weak and how far a name must be filed, and `model` what an entity is. A change that
/// turns out to matter to none of it costs one rebuild from the store.
pub const FOLDERS: [&str; 5] =
    ["src/names", "src/matching", "src/model", "src/index/compiled", "src/index/organisations"];

/// The fingerprint of all files in some folders, by their paths and content.
///
/// # Errors
/// When a file cannot be read.
pub fn of(root: &Path, folders: &[&str]) -> io::Result<u32> {
    let mut files = Vec::new();
    for folder in folders {
        collect(&root.join(folder), &mut files)?;
    }
    // Directories come in any order.
    files.sort();
    // FNV-1a, 64 bits folded to 32: the same on every machine, and nobody attacks it.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |bytes: &[u8]| {
        for &byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for file in files {
        let path = file.strip_prefix(root).unwrap_or(&file);
        for part in path.components() {
            eat(part.as_os_str().as_encoded_bytes());
            eat(&[0]);
        }
        let content = std::fs::read(&file)?;
        // Lengths keep the end of one file from passing for the beginning of the next.
        eat(&(content.len() as u64).to_le_bytes());
        eat(&content);
    }
    Ok((hash ^ (hash >> 32)) as u32)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_sources_it_was_built_from() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(of(root, &FOLDERS).unwrap(), super::super::VERSION);
    }

    #[test]
    fn whatever_changes_in_a_folder_changes_it() {
        let home = tempfile::tempdir().unwrap();
        let write = |path: &str, content: &str| {
            let path = home.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        };
        let now = || of(home.path(), &["names"]).unwrap();
        write("names/a.rs", "one");
        write("names/data/b.tsv", "two");
        write("elsewhere/c.rs", "three");
        let mut seen = vec![now()];
        let mut changed = |what: &str| {
            let fingerprint = now();
            assert!(!seen.contains(&fingerprint), "{what} went unseen");
            seen.push(fingerprint);
        };
        write("names/a.rs", "onf");
        changed("another text");
        write("names/data/b.tsv", "twoo");
        changed("a longer table");
        write("names/data/c.tsv", "");
        changed("an empty file");
        std::fs::rename(home.path().join("names/a.rs"), home.path().join("names/d.rs")).unwrap();
        changed("another name of a file");
        write("elsewhere/c.rs", "four");
        assert_eq!(now(), *seen.last().unwrap(), "other folders do not count");
        assert!(of(home.path(), &["missing"]).is_err());
    }
}
