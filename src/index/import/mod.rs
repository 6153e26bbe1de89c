//! Importing: list files into a new generation, other lists carried over, one atomic switch.
//!
//! Whatever goes wrong on the way, the snapshot that was current stays current, untouched.

mod boards;
mod lending;
mod pipeline;
mod report;
mod source;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::model::Entity;
use crate::sources::{BOARDS, Format, ReadError};

use super::NameIndex;
use super::generation::{DEFAULT_KEPT_GENERATIONS, DataFolder, Generation, LockFailure};
use super::manifest::{FORMAT_VERSION, ListManifest, Manifest, RegisterManifest};
use super::snapshot::{Snapshot, SnapshotError};
use super::store::{Store, StoreWriter};

use boards::BoardsStep;
use lending::Lending;
use pipeline::{Feed, IdSet, ListSink, Stopped, id_hash};
pub use report::{
    Change, IdChange, ImportError, ImportReport, ListReport, Progress, RegisterChange, RegisterReport, Stage,
    Timings,
};
pub(in crate::index) use source::Source;
use source::{OpenFailure, OpenSources};

/// The share of its entities that a list may lose from one import to the next, unless allowed.
/// Delistings come by the dozen; a list that loses a fifth at once was more likely cut off.
pub const DEFAULT_MAX_SHRINK: f64 = 0.2;

/// Progress is told at most this often.
const PROGRESS_EVERY: Duration = Duration::from_millis(50);

/// One list and the files to read it from.
#[derive(Clone)]
pub struct ListInput {
    /// How to read it; also names the list.
    pub format: &'static Format,
    /// Its files, in the order in which the reader expects them.
    pub files: Vec<PathBuf>,
}

/// What to import.
#[derive(Clone)]
pub struct ImportRequest {
    /// Lists to read. Lists not named here are carried over.
    pub lists: Vec<ListInput>,
    /// Files of the research registry (ROR), which lends the lists read here names of their
    /// institutions. Lists that are carried over keep what they were lent at their own import.
    pub ror: Vec<PathBuf>,
    /// Files of the register of governing boards; none to carry over what is loaded.
    pub boards: Vec<PathBuf>,
    /// Lists and registers to drop.
    pub remove: Vec<String>,
    /// The share of its entities, 0 to 1, that a list may lose; see [`DEFAULT_MAX_SHRINK`].
    pub max_shrink: f64,
    /// Lets lists shrink by any share.
    pub allow_shrink: bool,
    /// The time of the import.
    pub now: Timestamp,
    /// How many generations stay in the folder, the new one included; two at least.
    pub keep: usize,
    /// Looks at the new snapshot, whole, before it is switched to; gives the list that does not pass, and why.
    pub before_switch: Option<BeforeSwitch>,
}

/// See [`ImportRequest::before_switch`].
pub type BeforeSwitch = Arc<dyn Fn(&Arc<Snapshot>) -> Result<(), (String, String)> + Send + Sync>;

impl ImportRequest {
    /// Nothing to import yet, with the default guards.
    pub fn new(now: Timestamp) -> Self {
        Self {
            lists: Vec::new(),
            ror: Vec::new(),
            boards: Vec::new(),
            remove: Vec::new(),
            max_shrink: DEFAULT_MAX_SHRINK,
            allow_shrink: false,
            now,
            keep: DEFAULT_KEPT_GENERATIONS,
            before_switch: None,
        }
    }
}

/// Imports lists into a data folder.
pub struct Importer {
    folder: PathBuf,
}

impl Importer {
    /// An importer into this folder, which is made if need be.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Imports, and switches to the new snapshot when it is whole. `progress` is called now and
    /// then, from the calling thread.
    ///
    /// # Errors
    /// See [`ImportError`]; the current snapshot then stays as it was.
    pub fn run(
        &self,
        request: &ImportRequest,
        progress: &mut dyn FnMut(&Progress<'_>),
    ) -> Result<ImportReport, ImportError> {
        check(request)?;
        let data = DataFolder::new(&self.folder);
        let write_error = |source| ImportError::Write { folder: self.folder.display().to_string(), source };
        let lock = data.lock().map_err(|failure| match failure {
            LockFailure::Busy => ImportError::Busy { folder: self.folder.display().to_string() },
            LockFailure::Io(error) => write_error(error),
        })?;
        let current = data.current().map_err(ImportError::Current)?;
        let plan = Plan::new(request, current.as_ref())?;
        data.sweep(&lock, current.as_ref()).map_err(write_error)?;

        let staging = data.stage(&lock).map_err(write_error)?;
        let writer = StoreWriter::create(&staging.store()).map_err(|e| ImportError::Store(e.to_string()))?;
        let mut progress = Throttle::new(progress);
        let ((lists, timings), store) = write(writer, &staging.names(), &plan, request.now, &mut progress)?;

        let finishing = Instant::now();
        progress.tell(Stage::Finishing, "", 0, 0, 0);
        let registers: Vec<RegisterReport> =
            plan.boards.iter().map(|step| step.write(&staging)).collect::<Result<_, _>>()?;
        let manifests: Vec<ListManifest> = lists.iter().map(|l| l.manifest.clone()).collect();
        let register_manifests = registers.iter().map(|r| r.manifest.clone()).collect();
        let mut manifest = manifest_of(manifests, register_manifests, request.now, false);
        if let Some(check) = &request.before_switch {
            let names = NameIndex::open(&staging.names())?;
            let new = Arc::new(Snapshot::from_parts(manifest.clone(), names, store));
            check(&new).map_err(|(list, what)| ImportError::Refused { list, what })?;
        }
        data.switch(&lock, staging, &mut manifest, request.keep).map_err(write_error)?;
        Ok(ImportReport {
            unchanged: plan.before.as_ref().is_some_and(|b| b.id == manifest.id),
            snapshot: manifest.id,
            lists,
            registers,
            removed: request.remove.clone(),
            timings: Timings { switching: finishing.elapsed(), ..timings },
        })
    }
}

/// Reads built-in lists into memory; `names` is where their compiled index goes.
pub(in crate::index) fn in_memory(
    lists: &[(&'static Format, Vec<Source>)],
    names: &Path,
    now: Timestamp,
) -> Result<(Manifest, Store), ImportError> {
    let mut steps: Vec<Step> =
        lists.iter().map(|(format, files)| Step::Read { format, files: files.clone() }).collect();
    steps.sort_by(|a, b| a.list().cmp(b.list()));
    let plan = Plan { steps, before: None, store: None, max_shrink: None, lending: None, boards: None };
    let writer = StoreWriter::in_memory().map_err(|e| ImportError::Store(e.to_string()))?;
    let mut nobody = |_: &Progress<'_>| {};
    let ((lists, _), store) = write(writer, names, &plan, now, &mut Throttle::new(&mut nobody))?;
    let manifests = lists.into_iter().map(|l| l.manifest).collect();
    Ok((manifest_of(manifests, Vec::new(), now, true), store))
}

fn manifest_of(
    lists: Vec<ListManifest>,
    registers: Vec<RegisterManifest>,
    now: Timestamp,
    demo: bool,
) -> Manifest {
    Manifest {
        id: Manifest::compute_id(&lists, &registers),
        format: FORMAT_VERSION,
        created: now.to_string(),
        demo,
        lists,
        registers,
        files: Vec::new(),
    }
}

fn check(request: &ImportRequest) -> Result<(), ImportError> {
    if request.lists.is_empty() && !request.ror.is_empty() {
        return Err(ImportError::NobodyToLendTo);
    }
    if request.lists.is_empty() && request.boards.is_empty() && request.remove.is_empty() {
        return Err(ImportError::NothingToDo);
    }
    if !(0.0..=1.0).contains(&request.max_shrink) {
        return Err(ImportError::ShrinkShare);
    }
    let mut named: Vec<&str> = request.lists.iter().map(|l| l.format.name).collect();
    named.extend(request.remove.iter().map(String::as_str));
    named.extend((!request.boards.is_empty()).then_some(BOARDS));
    named.sort_unstable();
    if let Some(twice) = named.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(ImportError::NamedTwice { list: twice[0].to_owned() });
    }
    match request.lists.iter().find(|l| l.files.is_empty()) {
        Some(input) => Err(ImportError::NoFiles { list: input.format.name.to_owned() }),
        None => Ok(()),
    }
}

/// What becomes of each list, in the new snapshot's order.
struct Plan {
    steps: Vec<Step>,
    before: Option<Manifest>,
    /// The current snapshot's store, if it can be read.
    store: Option<Store>,
    /// The share a list may lose; none for any.
    max_shrink: Option<f64>,
    /// Who lends names to the lists that are read.
    lending: Option<Lending>,
    /// What becomes of the register of governing boards, if there is or was one.
    boards: Option<BoardsStep>,
}

enum Step {
    Read { format: &'static Format, files: Vec<Source> },
    CarryOver { list: Box<ListManifest>, from: u64 },
}

impl Step {
    fn list(&self) -> &str {
        match self {
            Self::Read { format, .. } => format.name,
            Self::CarryOver { list, .. } => &list.list,
        }
    }
}

impl Plan {
    fn new(request: &ImportRequest, current: Option<&Generation>) -> Result<Self, ImportError> {
        let before = current.map(Generation::any_manifest).transpose().map_err(ImportError::Current)?;
        let loaded = before.as_ref().map_or(&[][..], |m| &m.lists);
        let registers = before.as_ref().map_or(&[][..], |m| &m.registers);
        let mut names = loaded.iter().map(|l| &l.list).chain(registers.iter().map(|r| &r.register));
        if let Some(list) = request.remove.iter().find(|r| !names.clone().any(|name| name == *r)) {
            let loaded: Vec<&str> = names.by_ref().map(String::as_str).collect();
            return Err(ImportError::NotLoaded { list: list.clone(), loaded: loaded.join(", ") });
        }
        let mut steps: Vec<Step> = request
            .lists
            .iter()
            .map(|input| Step::Read {
                format: input.format,
                files: input.files.iter().cloned().map(Source::File).collect(),
            })
            .collect();
        let boards = BoardsStep::plan(request, before.as_ref(), current)?;
        let mut from = 0;
        let mut carries = boards.as_ref().is_some_and(BoardsStep::carries_over);
        for list in loaded {
            let replaced = request.lists.iter().any(|input| input.format.name == list.list);
            if !replaced && !request.remove.contains(&list.list) {
                steps.push(Step::CarryOver { list: Box::new(list.clone()), from });
                carries = true;
            }
            from += list.counts.entities;
        }
        if steps.is_empty() {
            return Err(ImportError::NoListLeft);
        }
        steps.sort_by(|a, b| a.list().cmp(b.list()));

        let store = match (current, &before) {
            (Some(generation), Some(manifest)) => match readable_store(generation, manifest) {
                Ok(store) => Some(store),
                Err(error) if carries => return Err(ImportError::Current(error)),
                // Everything is replaced: the damage goes away, only the comparison is lost.
                Err(error) => {
                    tracing::warn!(%error, "the snapshot that is being replaced cannot be read");
                    None
                }
            },
            _ => None,
        };
        let max_shrink = (!request.allow_shrink).then_some(request.max_shrink);
        let lending = (!request.ror.is_empty()).then(|| Lending::read(&request.ror)).transpose()?;
        Ok(Self { steps, before, store, max_shrink, lending, boards })
    }
}

/// The store of a generation, its content checked: what is carried over is trusted from then on.
fn readable_store(generation: &Generation, manifest: &Manifest) -> Result<Store, SnapshotError> {
    generation.check_version(manifest)?;
    generation.verify(manifest, u64::MAX)?;
    let store = Store::open(&generation.store())?;
    if store.len() != manifest.entity_count() {
        return Err(SnapshotError::Damaged("the store holds another number of entities".into()));
    }
    Ok(store)
}

type Written = ((Vec<ListReport>, Timings), Store);

fn write(
    writer: StoreWriter,
    names: &Path,
    plan: &Plan,
    now: Timestamp,
    progress: &mut Throttle<'_>,
) -> Result<Written, ImportError> {
    let started = Instant::now();
    let ((lists, reading), store) = pipeline::run(writer, names, |feed| {
        let mut lists = Vec::new();
        for step in &plan.steps {
            lists.push(match step {
                Step::Read { format, files } => read(plan, format, files, now, feed, progress)?,
                Step::CarryOver { list, from } => carry_over(plan, list, *from, feed, progress)?,
            });
        }
        Ok((lists, started.elapsed()))
    })?;
    let timings =
        Timings { reading, indexing: started.elapsed().saturating_sub(reading), ..Timings::default() };
    Ok(((lists, timings), store))
}

fn read(
    plan: &Plan,
    format: &'static Format,
    files: &[Source],
    now: Timestamp,
    feed: &mut Feed,
    progress: &mut Throttle<'_>,
) -> Result<ListReport, ImportError> {
    let list = format.name;
    let failed = |source| ImportError::Read { list: list.to_owned(), source };
    let (open, inputs) = OpenSources::open(files)
        .map_err(|OpenFailure { file, source }| failed(ReadError::Io { file, source }))?;

    let mut tick =
        |entities| progress.now_and_then(Stage::Reading, list, entities, open.bytes_read(), open.total);
    let mut lent = 0;
    let mut lend = |entity: &mut Entity| {
        if plan.lending.as_ref().is_some_and(|lending| lending.lend(entity)) {
            lent += 1;
        }
    };
    let mut sink = ListSink::new(list, feed, &mut tick, &mut lend);
    let header = (format.read)(inputs, &mut sink).map_err(failed)?;
    let ListSink { ids, counts, issues, issue_count, .. } = sink;

    if counts.entities == 0 {
        let first_issue = issues.first().map(|i| format!(" ({}: {})", i.place, i.what));
        let first_issue = first_issue.unwrap_or_default();
        return Err(ImportError::Empty { list: list.to_owned(), first_issue });
    }
    let before = plan.before.as_ref().and_then(|m| m.list(list));
    if let (Some(before), Some(share)) = (before, plan.max_shrink) {
        let (before, now) = (before.counts.entities, counts.entities);
        if (now as f64) < before as f64 * (1.0 - share) {
            let percent = (share * 1000.0).round() / 10.0;
            return Err(ImportError::Shrunk { list: list.to_owned(), before, now, percent });
        }
    }
    let change = match before {
        None => Change::New,
        Some(before) => {
            let ids = plan.store.as_ref().and_then(|store| compare_ids(store, list, &ids));
            Change::Replaced { before: before.counts, ids }
        }
    };
    let content_hash = open.finish().map_err(|source| {
        let file = files.first().map(Source::name).unwrap_or_default();
        failed(ReadError::Io { file, source })
    })?;
    let manifest = ListManifest {
        list: list.to_owned(),
        title: format.title.to_owned(),
        sources: files.iter().map(Source::file_name).collect(),
        as_of: header.as_of,
        edition: header.edition,
        imported: now.to_string(),
        content_hash,
        lenders: plan.lending.iter().map(|lending| lending.manifest(lent)).collect(),
        counts,
        issue_count,
        issues,
    };
    Ok(ListReport { manifest, change })
}

/// How the ids differ from the current snapshot's; none if that cannot be read.
fn compare_ids(store: &Store, list: &str, ids: &IdSet) -> Option<IdChange> {
    let (mut stayed, mut gone) = (0, 0);
    let compared =
        store.for_each_id(list, |id| if ids.contains(&id_hash(id)) { stayed += 1 } else { gone += 1 });
    compared.ok().map(|()| IdChange { added: ids.len() as u64 - stayed, gone })
}

fn carry_over(
    plan: &Plan,
    list: &ListManifest,
    from: u64,
    feed: &mut Feed,
    progress: &mut Throttle<'_>,
) -> Result<ListReport, ImportError> {
    let damaged = |what: &str| ImportError::Current(SnapshotError::Damaged(what.into()));
    let store = plan.store.as_ref().ok_or_else(|| damaged("its store cannot be read"))?;
    let total = list.counts.entities;
    let mut entities = 0;
    store.for_each(from..from + total, |entity| {
        if entity.list != list.list {
            return Err(damaged("its store does not hold the lists in the manifest's order"));
        }
        entities += 1;
        progress.now_and_then(Stage::CarryingOver, &list.list, entities, 0, 0);
        feed.push(entity).map_err(|Stopped| ImportError::Store("a writer stopped".into()))
    })?;
    if entities != total {
        return Err(damaged("its store does not hold what the manifest says"));
    }
    Ok(ListReport { manifest: list.clone(), change: Change::CarriedOver })
}

impl From<super::store::StoreError> for ImportError {
    fn from(error: super::store::StoreError) -> Self {
        Self::Current(error.into())
    }
}

/// Passes progress on, but not for every entity.
struct Throttle<'a> {
    progress: &'a mut dyn FnMut(&Progress<'_>),
    told: Instant,
    /// Entities since the clock was last looked at.
    skipped: u32,
}

impl<'a> Throttle<'a> {
    fn new(progress: &'a mut dyn FnMut(&Progress<'_>)) -> Self {
        Self { progress, told: Instant::now(), skipped: 0 }
    }

    fn now_and_then(&mut self, stage: Stage, list: &str, entities: u64, read: u64, total: u64) {
        self.skipped += 1;
        if self.skipped >= 32 {
            self.skipped = 0;
            if self.told.elapsed() >= PROGRESS_EVERY {
                self.tell(stage, list, entities, read, total);
            }
        }
    }

    fn tell(&mut self, stage: Stage, list: &str, entities: u64, bytes_read: u64, bytes_total: u64) {
        self.told = Instant::now();
        (self.progress)(&Progress { stage, list, entities, bytes_read, bytes_total });
    }
}
