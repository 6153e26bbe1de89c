//! `zeef lists history`, `diff` and `rollback`: editions that a data folder still holds.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::index::diff::{ChangeKind, Edition, EntityChange, FieldChange, differences};
use crate::index::{KeptGeneration, ListManifest, Manifest, SnapshotError, kept_generations, roll_back};
use crate::model::{Entity, EntityKind};

use crate::update::hold;

use super::exit::{CliError, code};
use super::plan::DiffPlan;
use super::print::{safe, table};
use super::{notice, print};

/// Changes shown in a table before it is printed and the next begun: a first import is one long change.
const ROWS_AT_ONCE: usize = 500;

/// A generation as programs read it.
#[derive(Serialize)]
struct Kept<'a> {
    generation: &'a str,
    snapshot: &'a str,
    created: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<bool>,
    lists: Vec<KeptList<'a>>,
}

#[derive(Serialize)]
struct KeptList<'a> {
    list: &'a str,
    as_of: &'a str,
    imported: &'a str,
    content_hash: &'a str,
    entities: u64,
}

impl<'a> Kept<'a> {
    fn new(name: &'a str, manifest: &'a Manifest, current: Option<bool>) -> Self {
        let list = |list: &'a ListManifest| KeptList {
            list: &list.list,
            as_of: &list.as_of,
            imported: &list.imported,
            content_hash: &list.content_hash,
            entities: list.counts.entities,
        };
        Self {
            generation: name,
            snapshot: &manifest.id,
            created: &manifest.created,
            current,
            lists: manifest.lists.iter().map(list).collect(),
        }
    }
}

/// Prints the generations that a folder holds.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(folder: &Path, json: bool) -> Result<u8, CliError> {
    let kept = kept(folder)?;
    if json {
        let all: Vec<Kept<'_>> =
            kept.iter().map(|k| Kept::new(&k.name, &k.manifest, Some(k.current))).collect();
        print::json(&all)?;
        return Ok(code::ANSWERED);
    }
    let mut table = table(["generation", "made", "snapshot", "lists", ""]);
    for generation in &kept {
        let lists = generation.manifest.lists.iter().map(|list| {
            let as_of = match notice::day(&list.as_of) {
                "" => format!("imported {}", notice::day(&list.imported)),
                day => format!("as of {day}"),
            };
            safe(&format!("{}: {} entities, {as_of}", list.list, list.counts.entities))
        });
        table.add_row([
            generation.name.clone(),
            generation.manifest.created.split('.').next().unwrap_or_default().to_owned(),
            notice::short(&generation.manifest.id).to_owned(),
            lists.collect::<Vec<_>>().join("\n"),
            if generation.current { "current".to_owned() } else { String::new() },
        ]);
    }
    print::out(&format!("{}\n", table.trim_fmt()))?;
    Ok(code::ANSWERED)
}

/// The generations of a folder that holds any.
fn kept(folder: &Path) -> Result<Vec<KeptGeneration>, CliError> {
    let kept = kept_generations(folder)?;
    if kept.is_empty() {
        return Err(SnapshotError::Missing { folder: folder.display().to_string() }.into());
    }
    Ok(kept)
}

/// Goes back to an older generation.
///
/// # Errors
/// See [`CliError`]; the current generation then stays.
pub(super) fn go_back(folder: &Path, to: Option<&str>) -> Result<u8, CliError> {
    let done = roll_back(folder, to)?;
    // Else the next update would bring back what was just gone back from.
    hold(folder, &done).map_err(|source| CliError::File { file: folder.display().to_string(), source })?;
    print::out(&format!(
        "Went back from {} to {}, made {}. A running service takes it up by itself.\n",
        done.from.name, done.to.name, done.to.manifest.created
    ))?;
    Ok(code::ANSWERED)
}

/// A change as programs read it.
#[derive(Serialize)]
struct Changed<'a> {
    list: &'a str,
    entity_id: &'a str,
    change: ChangeKind,
    kind: EntityKind,
    name: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    fields: &'a [FieldChange],
    /// What was added or removed, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    entity: Option<&'a Entity>,
}

impl<'a> Changed<'a> {
    fn new(change: &'a EntityChange) -> Self {
        let entity = change.entity();
        Self {
            list: &change.list,
            entity_id: &change.id,
            change: change.kind(),
            kind: change.entity_kind(),
            name: entity.display_name(),
            fields: change.fields(),
            entity: (change.kind() != ChangeKind::Changed).then_some(entity),
        }
    }
}

/// How many entities of a list were added, removed and changed.
#[derive(Clone, Copy, Default, Serialize)]
struct Counts {
    added: u64,
    removed: u64,
    changed: u64,
}

/// Prints what changed between two generations.
///
/// # Errors
/// See [`CliError`].
pub(super) fn diff(plan: &DiffPlan) -> Result<u8, CliError> {
    let kept = kept(&plan.folder)?;
    let to = match &plan.to {
        Some(name) => name.as_str(),
        None => kept.iter().find(|k| k.current).map_or("", |k| k.name.as_str()),
    };
    let from = match &plan.from {
        Some(name) => name.as_str(),
        None => {
            let at = kept.iter().position(|k| k.name == to).and_then(|at| at.checked_sub(1));
            let before = at.and_then(|at| kept.get(at)).ok_or_else(|| {
                CliError::Usage("no generation before that one is kept; there is nothing to compare".into())
            })?;
            &before.name
        }
    };
    let (before, after) = (Edition::open(&plan.folder, Some(from))?, Edition::open(&plan.folder, Some(to))?);
    let asked = |change: &EntityChange| plan.lists.is_empty() || plan.lists.contains(&change.list);
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    let mut written: Result<(), CliError> = Ok(());
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut pages: Box<dyn Pages> =
        if plan.json { Box::new(Json::default()) } else { Box::new(Tables::default()) };
    pages.begin(&mut out, &before, &after)?;
    differences(&before, &after, None, |change| {
        if asked(&change) {
            let count = counts.entry(change.list.clone()).or_default();
            match change.kind() {
                ChangeKind::Added => count.added += 1,
                ChangeKind::Removed => count.removed += 1,
                ChangeKind::Changed => count.changed += 1,
            }
            written = pages.change(&mut out, &change).map_err(CliError::from);
        }
        Ok::<_, SnapshotError>(written.is_ok())
    })?;
    written?;
    pages.end(&mut out, &counts)?;
    out.flush()?;
    Ok(code::ANSWERED)
}

/// A form in which changes are written, one after the other: there may be as many as entities.
trait Pages {
    fn begin(&mut self, out: &mut dyn Write, before: &Edition, after: &Edition) -> io::Result<()>;
    fn change(&mut self, out: &mut dyn Write, change: &EntityChange) -> io::Result<()>;
    fn end(&mut self, out: &mut dyn Write, counts: &BTreeMap<String, Counts>) -> io::Result<()>;
}

/// One JSON object.
#[derive(Default)]
struct Json {
    begun: bool,
}

impl Pages for Json {
    fn begin(&mut self, out: &mut dyn Write, before: &Edition, after: &Edition) -> io::Result<()> {
        let kept = |e: &Edition| serde_json::to_string(&Kept::new(e.name(), e.manifest(), None));
        write!(out, "{{\"from\": {},\n \"to\": {},\n \"changes\": [", kept(before)?, kept(after)?)
    }

    fn change(&mut self, out: &mut dyn Write, change: &EntityChange) -> io::Result<()> {
        let comma = if std::mem::replace(&mut self.begun, true) { "," } else { "" };
        write!(out, "{comma}\n  {}", serde_json::to_string(&Changed::new(change))?)
    }

    fn end(&mut self, out: &mut dyn Write, counts: &BTreeMap<String, Counts>) -> io::Result<()> {
        writeln!(out, "\n ],\n \"counts\": {}}}", serde_json::to_string(counts)?)
    }
}

/// Tables for people.
#[derive(Default)]
struct Tables {
    rows: Vec<[String; 4]>,
}

impl Tables {
    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut table = table(["entity", "name", "change", "what"]);
        self.rows.drain(..).for_each(|row| {
            table.add_row(row);
        });
        writeln!(out, "{}", table.trim_fmt())
    }
}

impl Pages for Tables {
    fn begin(&mut self, out: &mut dyn Write, before: &Edition, after: &Edition) -> io::Result<()> {
        let made = |e: &Edition| format!("{} ({})", e.name(), notice::day(&e.manifest().created));
        writeln!(out, "From {} to {}", made(before), made(after))
    }

    fn change(&mut self, out: &mut dyn Write, change: &EntityChange) -> io::Result<()> {
        let what = match change.kind() {
            ChangeKind::Changed if change.fields().is_empty() => {
                "the order of values, or the acts behind them".to_owned()
            }
            ChangeKind::Changed => change.fields().iter().flat_map(lines).collect::<Vec<_>>().join("\n"),
            ChangeKind::Added | ChangeKind::Removed => change.entity_kind().as_str().to_owned(),
        };
        self.rows.push([
            safe(&format!("{} {}", change.list, change.id)),
            safe(change.entity().display_name()),
            change.kind().as_str().to_owned(),
            what,
        ]);
        if self.rows.len() == ROWS_AT_ONCE { self.flush(out) } else { Ok(()) }
    }

    fn end(&mut self, out: &mut dyn Write, counts: &BTreeMap<String, Counts>) -> io::Result<()> {
        self.flush(out)?;
        if counts.is_empty() {
            return writeln!(out, "Nothing changed.");
        }
        for (list, Counts { added, removed, changed }) in counts {
            writeln!(out, "{}: {added} added, {removed} removed, {changed} changed", safe(list))?;
        }
        Ok(())
    }
}

/// A field's change in lines: what is no more, what is new.
fn lines(change: &FieldChange) -> Vec<String> {
    let field = change.field.as_str().replace('_', " ");
    let line = |sign: char, value: &String| format!("{field} {sign} {}", safe(value));
    let gone = change.removed.iter().map(|value| line('-', value));
    let come = change.added.iter().map(|value| line('+', value));
    gone.chain(come).collect()
}
