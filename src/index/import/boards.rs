//! The register of governing boards in an import: read, carried over, or dropped.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::index::generation::{Generation, Staging};
use crate::index::manifest::{MAX_ISSUES_KEPT, Manifest, RegisterCounts, RegisterManifest};
use crate::index::snapshot::open_boards;
use crate::index::{BoardOnFile, Boards, BoardsBuilder};
use crate::model::BoardSeat;
use crate::sources::{BOARDS, Issue, ReadError, SeatSink, register_named};

use super::source::{OpenFailure, OpenSources, Source};
use super::{ImportError, ImportRequest, RegisterChange, RegisterReport};

/// What becomes of the register in the new snapshot.
pub(super) enum BoardsStep {
    /// It was read; small enough to be held until it is written.
    Read { boards: Vec<BoardOnFile>, report: RegisterReport },
    /// It stays as it is in this file.
    CarryOver { file: PathBuf, manifest: Box<RegisterManifest> },
}

impl BoardsStep {
    /// Reads the register's files, or finds the one that stays; `None` where there is none.
    ///
    /// # Errors
    /// As for a list: unreadable files, and a register that has shrunk too far.
    pub fn plan(
        request: &ImportRequest,
        before: Option<&Manifest>,
        current: Option<&Generation>,
    ) -> Result<Option<Self>, ImportError> {
        let before = before.and_then(|manifest| manifest.register(BOARDS));
        if !request.boards.is_empty() {
            let (boards, manifest) = read(&request.boards, request.now)?;
            let seats = manifest.counts.seats;
            if let Some(before) = before.map(|b| b.counts.seats)
                && !request.allow_shrink
                && (seats as f64) < before as f64 * (1.0 - request.max_shrink)
            {
                let percent = (request.max_shrink * 1000.0).round() / 10.0;
                return Err(ImportError::Shrunk { list: BOARDS.to_owned(), before, now: seats, percent });
            }
            let change = match before {
                None => RegisterChange::New,
                Some(before) => RegisterChange::Replaced { seats_before: before.counts.seats },
            };
            return Ok(Some(Self::Read { boards, report: RegisterReport { manifest, change } }));
        }
        if request.remove.iter().any(|name| name == BOARDS) {
            return Ok(None);
        }
        Ok(before.zip(current).map(|(manifest, generation)| Self::CarryOver {
            file: generation.boards(),
            manifest: Box::new(manifest.clone()),
        }))
    }

    /// Whether a file of the current snapshot goes into the new one.
    pub fn carries_over(&self) -> bool {
        matches!(self, Self::CarryOver { .. })
    }

    /// Writes the register into the new generation. What is switched to must open.
    ///
    /// # Errors
    /// When it cannot be written, or what is carried over cannot be read.
    pub fn write(&self, staging: &Staging) -> Result<RegisterReport, ImportError> {
        let failed =
            |source| ImportError::Write { folder: "the register of governing boards".to_owned(), source };
        let path = staging.boards().map_err(failed)?;
        let report = match self {
            Self::Read { boards, report } => {
                Boards::write(boards, &path).map_err(failed)?;
                report.clone()
            }
            Self::CarryOver { file, manifest } => {
                // Its bytes were compared with their checksum when the import began.
                open_boards(file).map_err(ImportError::Current)?.write_again(file, &path).map_err(failed)?;
                RegisterReport { manifest: (**manifest).clone(), change: RegisterChange::CarriedOver }
            }
        };
        open_boards(&path).map_err(ImportError::Current)?;
        Ok(report)
    }
}

/// Takes a register from its reader.
#[derive(Default)]
struct Taken {
    boards: BoardsBuilder,
    issues: Vec<Issue>,
    issue_count: u64,
}

impl SeatSink for Taken {
    fn seat(&mut self, seat: BoardSeat) {
        self.boards.add(seat);
    }

    fn issue(&mut self, issue: Issue) {
        self.issue_count += 1;
        if self.issues.len() < MAX_ISSUES_KEPT {
            self.issues.push(issue);
        }
    }
}

fn read(files: &[PathBuf], now: Timestamp) -> Result<(Vec<BoardOnFile>, RegisterManifest), ImportError> {
    let failed = |source| ImportError::Read { list: BOARDS.to_owned(), source };
    let files: Vec<Source> = files.iter().cloned().map(Source::File).collect();
    let first = || files.first().map(Source::name).unwrap_or_default();
    let register = register_named(BOARDS).ok_or_else(|| {
        let what = "this build has no reader for it".to_owned();
        failed(ReadError::Format { file: first(), place: "byte 0".into(), what })
    })?;
    let (open, inputs) = OpenSources::open(&files)
        .map_err(|OpenFailure { file, source }| failed(ReadError::Io { file, source }))?;
    let mut taken = Taken::default();
    let header = (register.read)(inputs, &mut taken).map_err(failed)?;
    let content_hash = open.finish().map_err(|source| failed(ReadError::Io { file: first(), source }))?;
    let seats = taken.boards.len() as u64;
    let boards = taken.boards.build();
    let manifest = RegisterManifest {
        register: register.name.to_owned(),
        title: register.title.to_owned(),
        sources: files.iter().map(Source::file_name).collect(),
        as_of: header.as_of,
        imported: now.to_string(),
        content_hash,
        counts: RegisterCounts { organisations: boards.len() as u64, seats },
        issue_count: taken.issue_count,
        issues: taken.issues,
    };
    Ok((boards, manifest))
}
