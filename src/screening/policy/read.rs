//! Reading a profile: the file, what it extends, the operator's tables.
//!
//! This is the one part of screening that opens files, and only those that a profile names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Profile;
use super::fault::{Fault, PolicyError, suggestion};
use super::merge::merge;
use super::schema::{Draft, DraftScore, Place};

/// The profiles that come with zeef, by id, with their text.
pub const EMBEDDED: &[(&str, &str)] = &[
    ("maastricht", include_str!("profiles/maastricht.toml")),
    ("leiden", include_str!("profiles/leiden.toml")),
    ("generic", include_str!("profiles/generic.toml")),
];

/// How many profiles may extend one another. A circle would have no end.
const MAX_DEPTH: usize = 8;
/// Largest profile or table accepted, in bytes. The fullest profile has some 60 kB.
const MAX_BYTES: u64 = 4 << 20;

/// Everything read so far: texts go into the hash in the order they were read.
struct Reading {
    files: Vec<String>,
    hash: blake3::Hasher,
    faults: Vec<Fault>,
}

impl Profile {
    /// The profile of this name: one that comes with zeef (`maastricht`), or a TOML file by its path.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or it has faults: each is named with file, line or key, and
    /// how to mend it.
    pub fn open(name: &str) -> Result<Self, PolicyError> {
        if let Some((id, text)) = EMBEDDED.iter().find(|(id, _)| *id == name) {
            return Self::parse(&format!("{id}.toml"), text, None);
        }
        if !name.to_lowercase().ends_with(".toml") {
            let embedded = EMBEDDED.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", ");
            return Err(PolicyError::Unknown { name: name.to_owned(), embedded });
        }
        let path = Path::new(name);
        let text = text_of(path)?;
        Self::parse(name, &text, Some(path.parent().unwrap_or(Path::new(""))))
    }

    /// A profile from its text. `file` names it in errors; files that it names are looked for in `folder`,
    /// and refused where there is none.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn parse(file: &str, text: &str, folder: Option<&Path>) -> Result<Self, PolicyError> {
        let mut reading = Reading { files: Vec::new(), hash: blake3::Hasher::new(), faults: Vec::new() };
        let draft = reading.draft(file, text, folder, 0)?;
        if !reading.faults.is_empty() {
            return Err(PolicyError::Faulty(reading.faults));
        }
        let hash = reading.hash.finalize().to_hex().to_string();
        super::check::check(draft, &reading.files, hash).map_err(PolicyError::Faulty)
    }
}

impl Reading {
    /// Reads one file and what it extends.
    fn draft(
        &mut self,
        file: &str,
        text: &str,
        folder: Option<&Path>,
        depth: usize,
    ) -> Result<Draft, PolicyError> {
        let number = self.files.len();
        self.files.push(file.to_owned());
        self.add_to_hash(text);
        let mut draft: Draft = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_of(text, span.start));
            let what = error.message().replace('\n', "; ");
            let hint =
                if what.contains("unknown field") { "; see README, \"Policy\", for the keys" } else { "" };
            PolicyError::Faulty(vec![Fault {
                file: file.to_owned(),
                line,
                key: String::new(),
                what: format!("{what}{hint}"),
            }])
        })?;
        self.place(&mut draft, text, number);
        self.unique(&draft, number);
        if let Some(democracy) = &mut draft.democracy
            && let Some(table) = democracy.table.take()
        {
            let path = self.beside(folder, &table, file, "democracy.table")?;
            let text = text_of(&path)?;
            self.add_to_hash(&text);
            democracy.score.extend(scores(&path, &text)?);
        }
        let Some(base) = draft.extends.clone() else { return Ok(draft) };
        if depth >= MAX_DEPTH {
            return Err(fault(file, "extends", "profiles extend one another in a circle; break it"));
        }
        let base = if let Some((id, text)) = EMBEDDED.iter().find(|(id, _)| *id == base) {
            self.draft(&format!("{id}.toml"), text, None, depth + 1)?
        } else if base.to_lowercase().ends_with(".toml") {
            let path = self.beside(folder, &base, file, "extends")?;
            let text = text_of(&path)?;
            let inner = path.parent().map(Path::to_path_buf);
            self.draft(&path.display().to_string(), &text, inner.as_deref(), depth + 1)?
        } else {
            let hint = suggestion(&base, EMBEDDED.iter().map(|(id, _)| *id));
            return Err(fault(
                file,
                "extends",
                &format!("{base:?} is neither a profile that comes with zeef nor a TOML file{hint}"),
            ));
        };
        Ok(merge(base, draft))
    }

    /// Each text with its length before it, so that no two readings share a hash by moving a boundary.
    fn add_to_hash(&mut self, text: &str) {
        self.hash.update(&(text.len() as u64).to_le_bytes());
        self.hash.update(text.as_bytes());
    }

    /// The path of a file that a profile names.
    fn beside(
        &self,
        folder: Option<&Path>,
        name: &str,
        file: &str,
        key: &str,
    ) -> Result<PathBuf, PolicyError> {
        match folder {
            Some(folder) => Ok(folder.join(name)),
            None => Err(fault(file, key, "a profile that is not a file of its own cannot name other files")),
        }
    }

    /// Notes where everything stands.
    fn place(&self, draft: &mut Draft, text: &str, number: usize) {
        let at = |offset: usize| Place { file: number, line: line_of(text, offset) };
        let table = |kind: &str, id: &str| Place { file: number, line: header_line(text, kind, id) };
        for d in &mut draft.decider {
            d.at = at(d.id.span().start);
        }
        for q in &mut draft.question {
            q.at = at(q.id.span().start);
        }
        for r in &mut draft.rule {
            r.at = at(r.id.span().start);
        }
        for i in &mut draft.interview {
            i.at = at(i.id.span().start);
        }
        for (id, l) in &mut draft.lists {
            l.at = table("lists", id);
        }
        for (id, c) in &mut draft.countries {
            c.at = table("countries", id);
        }
        for (id, f) in &mut draft.fields {
            f.at = table("fields", id);
        }
        for (id, s) in &mut draft.scholarships {
            s.at = table("scholarships", id);
        }
    }

    /// Ids may stand once in a file; a file that extends another replaces what bears the same id.
    fn unique(&mut self, draft: &Draft, number: usize) {
        let mut check = |kind: &str, ids: Vec<(&String, Place)>| {
            let mut seen = BTreeSet::new();
            for (id, at) in ids {
                if !seen.insert(id) {
                    self.faults.push(Fault {
                        file: self.files[number].clone(),
                        line: at.line,
                        key: format!("{kind} {id:?}"),
                        what: "the id stands twice in this file; give one of them another".to_owned(),
                    });
                }
            }
        };
        check("rule", draft.rule.iter().map(|r| (r.id.get_ref(), r.at)).collect());
        check("question", draft.question.iter().map(|q| (q.id.get_ref(), q.at)).collect());
        check("decider", draft.decider.iter().map(|d| (d.id.get_ref(), d.at)).collect());
        check("interview", draft.interview.iter().map(|i| (i.id.get_ref(), i.at)).collect());
    }
}

fn fault(file: &str, key: &str, what: &str) -> PolicyError {
    PolicyError::Faulty(vec![Fault {
        file: file.to_owned(),
        line: 0,
        key: key.to_owned(),
        what: what.to_owned(),
    }])
}

fn text_of(path: &Path) -> Result<String, PolicyError> {
    let name = path.display().to_string();
    let failed = |source| PolicyError::Read { path: name.clone(), source };
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > MAX_BYTES {
        return Err(fault(&name, "", "larger than 4 MiB; is it a policy file?"));
    }
    std::fs::read_to_string(path).map_err(failed)
}

/// The line of a byte offset, counted from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count() + 1
}

/// The line where the table `[kind.id]` begins; 0 where it is written in another way.
fn header_line(text: &str, kind: &str, id: &str) -> usize {
    let bare = format!("[{kind}.{id}]");
    let quoted = format!("[{kind}.{id:?}]");
    text.lines()
        .position(|line| {
            let line = line.trim_start();
            line.starts_with(&bare) || line.starts_with(&quoted)
        })
        .map_or(0, |n| n + 1)
}

/// A file of scores in TOML: `[[score]]` with the fields of [`DraftScore`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScoreFile {
    score: Vec<DraftScore>,
}

/// The scores in an operator's table: CSV with the headings country, score, year, source; or TOML.
fn scores(path: &Path, text: &str) -> Result<Vec<DraftScore>, PolicyError> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        return toml::from_str::<ScoreFile>(text).map(|file| file.score).map_err(|error| {
            PolicyError::Faulty(vec![Fault {
                file: name.clone(),
                line: error.span().map_or(0, |span| line_of(text, span.start)),
                key: "score".to_owned(),
                what: format!("{}; write [[score]] with country, score, year, source", error.message()),
            }])
        });
    }
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut all = Vec::new();
    for row in reader.deserialize::<DraftScore>() {
        all.push(row.map_err(|error| {
            let line = error.position().map_or(0, |p| p.line() as usize);
            PolicyError::Faulty(vec![Fault {
                file: name.clone(),
                line,
                key: "row".to_owned(),
                what: "is not country,score,year,source (such as NL,9.0,2024,EIU); mend the row or the \
                       heading line"
                    .to_owned(),
            }])
        })?);
    }
    Ok(all)
}
