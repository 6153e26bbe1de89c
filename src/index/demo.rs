//! The bundled demonstration lists: excerpts of real, public lists, far too small to protect anyone.

use jiff::Timestamp;

use crate::sources::format_named;

use super::import::{Source, in_memory};
use super::{NameIndex, Snapshot, SnapshotError};

/// A bundled file: its name and its bytes.
type File = (&'static str, &'static [u8]);

/// The lists, each with the name of its format and its files.
const LISTS: &[(&str, &[File])] = &[
    ("eu", &[("eu-demo.xml", include_bytes!("../../fixtures/eu-demo.xml"))]),
    (
        "aspi",
        &[
            ("aspi-demo.json", include_bytes!("../../fixtures/aspi-demo.json")),
            ("aspi-demo-ratings.csv", include_bytes!("../../fixtures/aspi-demo-ratings.csv")),
        ],
    ),
];

impl Snapshot {
    /// The bundled demonstration lists, imported into memory. Its manifest says `demo`, and so must
    /// every answer given from it.
    ///
    /// # Errors
    /// When the operating system gives no temporary file.
    pub fn demo() -> Result<Self, SnapshotError> {
        let lists: Option<Vec<_>> = LISTS
            .iter()
            .map(|(format, files)| {
                let files = files.iter().map(|(name, bytes)| Source::BuiltIn(name, bytes)).collect();
                Some((format_named(format)?, files))
            })
            .collect();
        let damaged = |what: String| SnapshotError::Damaged(format!("demonstration lists: {what}"));
        let lists = lists.ok_or_else(|| damaged("a format is not registered".into()))?;
        let names = tempfile::NamedTempFile::new()
            .map_err(|source| SnapshotError::io(&std::env::temp_dir(), source))?;
        let (manifest, store) =
            in_memory(&lists, names.path(), Timestamp::now()).map_err(|error| damaged(error.to_string()))?;
        let names = NameIndex::open(names.path())?;
        Ok(Self::from_parts(manifest, names, store))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{SearchRequest, SnapshotHandle};

    #[test]
    fn demonstration_lists_say_what_they_are() {
        let snapshot = Snapshot::demo().unwrap();
        let manifest = snapshot.manifest();
        assert!(manifest.demo);
        assert_eq!(manifest.list_ids(), "aspi, eu");
        assert_eq!(manifest.id, Snapshot::demo().unwrap().manifest().id);
        assert_eq!(snapshot.names().entity_count() as u64, manifest.entity_count());
        for list in &manifest.lists {
            assert!(list.counts.entities > 10, "{}", list.list);
            assert!(!list.as_of.is_empty() || list.list == "aspi", "{}", list.list);
        }
        snapshot.verify().unwrap();
        // It is never mistaken for what a folder holds.
        let folder = tempfile::tempdir().unwrap();
        let handle = SnapshotHandle::new(std::sync::Arc::new(snapshot));
        assert!(handle.reload_if_superseded(folder.path()).unwrap().is_none());
        assert!(handle.reload(folder.path()).is_err());
        assert!(handle.load().unwrap().manifest().demo);
    }

    #[test]
    fn demonstration_lists_can_be_searched() {
        let snapshot = Snapshot::demo().unwrap();
        for (query, list, id) in [
            ("Harbin Institute of Technology", "aspi", "harbin-institute-of-technology"),
            ("哈尔滨工业大学", "aspi", "harbin-institute-of-technology"),
            ("beihang", "aspi", "beihang-university"),
        ] {
            let request = SearchRequest { query: query.into(), ..SearchRequest::default() };
            let page = snapshot.search(&request).unwrap();
            let first = &page.found.first().unwrap_or_else(|| panic!("{query}")).entity;
            assert_eq!((first.list.as_str(), first.id.as_str()), (list, id), "{query}");
            assert_eq!(snapshot.entity(list, id).unwrap().as_ref(), Some(first));
        }
    }
}
