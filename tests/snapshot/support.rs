//! A list format for tests: one entity per line, and lists made of plainly made-up names.

use std::fmt::Write as _;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use zeef::index::Snapshot;
use zeef::index::import::{ImportError, ImportReport, ImportRequest, Importer, ListInput};
use zeef::model::{Address, Citizenship, Designation, Entity, EntityKind, Identifier, Listing, Name};
use zeef::sources::{Format, Header, Input, Issue, ReadError, Severity, Sink};

/// `alpha`, a list of the tests.
pub static ALPHA: Format =
    Format { name: "alpha", title: "List alpha of the tests", files: "lines", read: read_lines };
/// `beta`, another.
pub static BETA: Format =
    Format { name: "beta", title: "List beta of the tests", files: "lines", read: read_lines };
/// `omega`, a third.
pub static OMEGA: Format =
    Format { name: "omega", title: "List omega of the tests", files: "lines", read: read_lines };

/// Reads `as of DATE` and then lines of
/// `id | kind | name; name | programme | country | category | remark | number`. A line `?` is an
/// issue, a line `!` breaks the file off.
fn read_lines(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    let mut header = Header::default();
    for input in inputs {
        for (i, line) in input.bytes.lines().enumerate() {
            let place = format!("line {}", i + 1);
            let line = line.map_err(|source| ReadError::Io { file: input.name.clone(), source })?;
            if let Some(date) = line.strip_prefix("as of ") {
                header.as_of = date.to_owned();
                continue;
            }
            if line == "!" {
                let what = "breaks off".to_owned();
                return Err(ReadError::Format { file: input.name.clone(), place, what });
            }
            if line == "?" {
                sink.issue(Issue { severity: Severity::Record, place, what: "a question mark".into() });
                continue;
            }
            sink.entity(entity(&line))?;
        }
    }
    Ok(header)
}

fn entity(line: &str) -> Entity {
    let fields: Vec<&str> = line.split('|').map(str::trim).collect();
    let field = |i: usize| fields.get(i).copied().unwrap_or_default().to_owned();
    let kind = if field(1) == "person" { EntityKind::Person } else { EntityKind::Organisation };
    let country = field(4);
    let (citizenships, addresses) = match kind {
        EntityKind::Person => (vec![Citizenship { country, ..Citizenship::default() }], vec![]),
        EntityKind::Organisation => (vec![], vec![Address { country, ..Address::default() }]),
    };
    Entity {
        id: field(0),
        kind,
        names: field(2).split(';').map(|n| Name::of(n.trim())).collect(),
        citizenships,
        addresses,
        listings: vec![Listing { programme: field(3), ..Listing::default() }],
        categories: Some(field(5)).filter(|c| !c.is_empty()).into_iter().collect(),
        remarks: Some(field(6)).filter(|r| !r.is_empty()).into_iter().collect(),
        identifiers: vec![Identifier { number: field(7), ..Identifier::default() }],
        designation: Designation::default(),
        ..Entity::default()
    }
}

/// A list of `count` made-up people as of a date, ids `{prefix}.1` and on.
pub fn people(prefix: &str, count: usize, as_of: &str) -> String {
    let mut text = format!("as of {as_of}\n");
    for i in 1..=count {
        writeln!(text, "{prefix}.{i} | person | Testname Number{i} | TST | NL").unwrap();
    }
    text
}

/// A folder with list files beside a data folder.
pub struct Bench {
    home: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Writes a list file.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Imports lists given as texts.
    pub fn import(&self, lists: &[(&'static Format, &str)], when: &str) -> Result<ImportReport, ImportError> {
        let mut request = ImportRequest::new(when.parse::<Timestamp>().unwrap());
        for (format, text) in lists {
            request.lists.push(self.input(format, text));
        }
        self.run(&request)
    }

    pub fn input(&self, format: &'static Format, text: &str) -> ListInput {
        ListInput { format, files: vec![self.file(&format!("{}.txt", format.name), text)] }
    }

    pub fn run(&self, request: &ImportRequest) -> Result<ImportReport, ImportError> {
        Importer::new(self.data()).run(request, &mut |_| {})
    }

    pub fn open(&self) -> Snapshot {
        Snapshot::open(&self.data()).unwrap()
    }
}

/// Every file below a folder, for damaging them one by one.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}
