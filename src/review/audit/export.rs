//! The trail for other eyes: JSON Lines or CSV.

use std::collections::HashMap;
use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::Row as _;

use crate::review::store::{Store, StoreError};

use super::reading::{Stored, content, lines, pages};

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportForm {
    /// One record a line, with everything that is kept of it.
    JsonLines,
    /// One line per subject and hit, the columns that people ask for.
    Csv,
}

/// What is exported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// From this time on, where given.
    pub from: Option<Timestamp>,
    /// Before this time, where given.
    pub until: Option<Timestamp>,
    /// Only what belongs to this case, where given.
    pub case_reference: Option<String>,
}

/// Why an export broke off.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The output cannot be written.
    #[error("cannot write the export: {0}")]
    Write(#[from] io::Error),
}

/// Columns of a CSV export. New ones are added at the end.
const COLUMNS: [&str; 26] = [
    "record",
    "time",
    "kind",
    "by",
    "purpose",
    "case",
    "subject",
    "aliases",
    "subject_kind",
    "birth_date",
    "list",
    "entity_id",
    "entity_name",
    "score",
    "strength",
    "why",
    "snapshot",
    "matcher",
    "threshold",
    "lists",
    "run",
    "row",
    "id",
    "reference",
    "decision",
    "reason",
];

/// Writes the records of a period, or of a case, and gives their number.
///
/// # Errors
/// See [`ExportError`].
pub async fn export(
    store: &Store,
    period: &Period,
    form: ExportForm,
    output: &mut (dyn Write + Send),
) -> Result<u64, ExportError> {
    let stamps = stamps(store).await?;
    let (first, last) = numbers(store, period).await?;
    let mut writer = match form {
        ExportForm::JsonLines => Writer::Lines(output),
        ExportForm::Csv => {
            let mut csv = csv::Writer::from_writer(output);
            csv.write_record(COLUMNS).map_err(io::Error::other)?;
            Writer::Csv(Box::new(csv))
        }
    };
    let mut count = 0;
    let within = |record: &Stored| {
        let time = record.time;
        period.from.is_none_or(|from| time >= from.as_microsecond())
            && period.until.is_none_or(|until| time < until.as_microsecond())
    };
    pages(store, first, last, |page| {
        for record in page.iter().filter(|r| within(r)) {
            let whole = Whole::of(record, &stamps);
            if period.case_reference.as_deref().is_some_and(|case| !whole.belongs_to(case)) {
                continue;
            }
            count += 1;
            match &mut writer {
                Writer::Lines(output) => writeln!(output, "{}", whole.json(record))?,
                Writer::Csv(csv) => whole.csv(record, csv)?,
            }
        }
        Ok::<(), ExportError>(())
    })
    .await?;
    match &mut writer {
        Writer::Lines(output) => output.flush()?,
        Writer::Csv(csv) => csv.flush()?,
    }
    Ok(count)
}

/// Numbers of the first and last record that can be among those of the period.
async fn numbers(store: &Store, period: &Period) -> Result<(i64, i64), StoreError> {
    let query = match &period.case_reference {
        Some(case) => sqlx::query(
            "SELECT COALESCE(MIN(number), 1), COALESCE(MAX(number), 0) FROM audit_contents \
             WHERE case_reference = $1",
        )
        .bind(case.as_str()),
        None => sqlx::query(
            "SELECT COALESCE(MIN(number), 1), COALESCE(MAX(number), 0) FROM audit_records \
             WHERE time >= $1 AND time < $2",
        )
        .bind(period.from.map_or(i64::MIN, Timestamp::as_microsecond))
        .bind(period.until.map_or(i64::MAX, Timestamp::as_microsecond)),
    };
    let ends = query.fetch_one(store.pool()).await?;
    Ok((ends.try_get(0)?, ends.try_get(1)?))
}

enum Writer<'a> {
    Lines(&'a mut (dyn Write + Send)),
    Csv(Box<csv::Writer<&'a mut (dyn Write + Send)>>),
}

async fn stamps(store: &Store) -> Result<HashMap<String, Value>, StoreError> {
    let rows = sqlx::query("SELECT hash, body FROM audit_stamps").fetch_all(store.pool()).await?;
    rows.iter()
        .map(|row| {
            let body: String = row.try_get("body")?;
            Ok((row.try_get("hash")?, serde_json::from_str(&body).unwrap_or(Value::Null)))
        })
        .collect()
}

/// A record with all that is kept of it.
struct Whole<'a> {
    head: Value,
    stamp: &'a Value,
    contents: Vec<Value>,
}

impl<'a> Whole<'a> {
    fn of(record: &Stored, stamps: &'a HashMap<String, Value>) -> Self {
        let head: Value = serde_json::from_str(&record.head).unwrap_or(Value::Null);
        let stamp = head["stamp"].as_str().and_then(|s| stamps.get(s)).unwrap_or(&Value::Null);
        let body = record.body.as_deref().unwrap_or_default();
        let contents = match body {
            "" => Vec::new(),
            body => lines(body).map(|line| line.and_then(content).unwrap_or(Value::Null)).collect(),
        };
        Self { head, stamp, contents }
    }

    fn belongs_to(&self, case: &str) -> bool {
        self.contents.iter().any(|c| c["case_reference"] == case)
    }

    fn json(&self, record: &Stored) -> Value {
        json!({
            "number": record.number,
            "hash": record.hash,
            "head": self.head,
            "stamp": self.stamp,
            "contents": self.contents,
        })
    }

    /// A line per subject and hit; a record without contents is a line of its own.
    fn csv<W: Write>(&self, record: &Stored, csv: &mut csv::Writer<W>) -> io::Result<()> {
        let nothing = [Value::Null];
        let contents = if self.contents.is_empty() { &nothing[..] } else { &self.contents };
        for part in contents {
            let hits: Vec<&Value> = match (part["hits"].as_array(), part["findings"].as_array()) {
                (Some(hits), _) => hits.iter().collect(),
                (None, Some(findings)) => {
                    findings.iter().map(|f| &f["hit"]).filter(|h| !h.is_null()).collect()
                }
                (None, None) => Vec::new(),
            };
            let hits = if hits.is_empty() { vec![&Value::Null] } else { hits };
            for hit in hits {
                csv.write_record(self.row(record, part, hit)).map_err(io::Error::other)?;
            }
        }
        Ok(())
    }

    fn row(&self, record: &Stored, part: &Value, hit: &Value) -> [String; COLUMNS.len()] {
        let subject = &part["subject"];
        let aliases: Vec<String> = subject["aliases"].as_array().into_iter().flatten().map(text).collect();
        let lists = self.stamp["lists"].as_array().into_iter().flatten();
        let lists: Vec<String> =
            lists.map(|l| format!("{} {}", text(&l["list"]), text(&l["as_of"]))).collect();
        [
            record.number.to_string(),
            text(&self.head["time"]),
            record.kind.clone(),
            text(&self.head["by"]),
            record.purpose.clone(),
            text(&part["case_reference"]),
            text(&subject["name"]),
            aliases.join("; "),
            text(&subject["kind"]),
            text(&subject["birth_date"]),
            // A decision names its entity itself.
            text(hit.get("list").unwrap_or(&part["list"])),
            text(hit.get("entity_id").unwrap_or(&part["entity_id"])),
            text(&hit["name"]),
            hit["score"].as_f64().map_or(String::new(), |s| format!("{s:.3}")),
            text(&hit["strength"]),
            text(&hit["explanation"]["summary"]),
            text(&self.stamp["snapshot"]),
            text(&self.stamp["matcher"]),
            text(&self.stamp["threshold"]),
            lists.join("; "),
            text(&self.head["run"]),
            text(&part["row"]),
            text(&part["id"]),
            text(&part["subject_reference"]),
            text(&part["state"]),
            text(&part["reason"]),
        ]
        .map(harmless)
    }
}

/// The text of a value; that of others than texts is their JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A spreadsheet takes a cell that begins like this for a formula; the apostrophe makes it text.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        return format!("'{cell}");
    }
    cell
}
