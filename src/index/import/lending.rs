//! Names that another source lends to listed institutions while they are imported.

use std::path::PathBuf;

use crate::index::manifest::{LenderManifest, MAX_ISSUES_KEPT};
use crate::model::Entity;
use crate::sources::{Issue, ReadError, ror};

use super::ImportError;
use super::source::{OpenFailure, OpenSources, Source};

/// Records of the research registry, read whole: a listed institution can be any of them.
pub(super) struct Lending {
    lender: ror::Lender,
    /// What the manifest says of it, but for how many entities were lent anything.
    manifest: LenderManifest,
}

impl Lending {
    /// Reads the registry's files.
    ///
    /// # Errors
    /// [`ImportError::Read`], as for a list.
    pub fn read(files: &[PathBuf]) -> Result<Self, ImportError> {
        let files: Vec<Source> = files.iter().cloned().map(Source::File).collect();
        let failed = |source| ImportError::Read { list: ror::LENT_BY.to_owned(), source };
        let (open, inputs) = OpenSources::open(&files)
            .map_err(|OpenFailure { file, source }| failed(ReadError::Io { file, source }))?;
        let mut issues = Vec::new();
        let mut issue_count = 0;
        let mut issue = |issue: Issue| {
            issue_count += 1;
            if issues.len() < MAX_ISSUES_KEPT {
                issues.push(issue);
            }
        };
        let lender = ror::Lender::read(inputs, &mut issue).map_err(failed)?;
        let content_hash = open.finish().map_err(|source| {
            let file = files.first().map(Source::name).unwrap_or_default();
            failed(ReadError::Io { file, source })
        })?;
        let manifest = LenderManifest {
            lender: ror::LENT_BY.to_owned(),
            sources: files.iter().map(Source::file_name).collect(),
            content_hash,
            entities: 0,
            issue_count,
            issues,
        };
        Ok(Self { lender, manifest })
    }

    /// Lends an entity what is known of it, if anything is.
    pub fn lend(&self, entity: &mut Entity) -> bool {
        self.lender.lend(entity).is_some()
    }

    /// What the manifest says of a list of which `entities` were lent anything.
    pub fn manifest(&self, entities: u64) -> LenderManifest {
        LenderManifest { entities, ..self.manifest.clone() }
    }
}
