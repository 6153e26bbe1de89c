//! The program itself, as an operator runs it: process start, reading and writing files included.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use zeef::index::Snapshot;

use crate::machine;
use crate::questions::Questions;
use crate::screen::median;

const ZEEF: &str = env!("CARGO_BIN_EXE_zeef");
/// Runs of each; what is told is the median.
const RUNS: usize = 5;
/// Rows of the batch.
pub const ROWS: u64 = 40_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the program took.
pub struct Ran {
    /// `zeef import`, in seconds.
    pub import: f64,
    /// `zeef batch` of [`ROWS`] names, likewise.
    pub batch: f64,
    /// `zeef serve` until it says that it is ready, likewise.
    pub ready: f64,
    /// Memory of the service when it is ready, in bytes.
    pub resident: u64,
}

/// Runs the program on these lists (`LIST=FILE`), with data in `home`.
pub fn run(lists: &[String], home: &Path) -> Result<Ran, Failure> {
    let data = home.join("program");
    let mut import = Vec::new();
    for _ in 0..RUNS {
        let _ = std::fs::remove_dir_all(&data);
        let mut command = Command::new(ZEEF);
        command.arg("import").arg("--data").arg(&data);
        for list in lists {
            command.arg("--source").arg(list);
        }
        import.push(timed(&mut command)?);
    }
    let rows = home.join("rows.jsonl");
    write_rows(&data, ROWS, &rows)?;
    let mut batch = Vec::new();
    for _ in 0..RUNS {
        let mut command = Command::new(ZEEF);
        command
            .arg("batch")
            .arg(&rows)
            .arg("--data")
            .arg(&data)
            .arg("--output")
            .arg(home.join("answers.jsonl"));
        batch.push(timed(&mut command)?);
    }
    let (mut ready, mut resident) = (Vec::new(), 0);
    for _ in 0..RUNS {
        let (seconds, memory) = serve(&data)?;
        ready.push(seconds);
        resident = memory;
    }
    Ok(Ran { import: median(import), batch: median(batch), ready: median(ready), resident })
}

/// Writes subjects as rows of JSON.
pub fn write_rows(data: &Path, rows: u64, to: &Path) -> Result<(), Failure> {
    let snapshot = Snapshot::open(data)?;
    let questions = Questions::of(snapshot.names());
    let mut out = BufWriter::new(File::create(to)?);
    for number in 0..rows {
        let (_, subject) = questions.ask(number);
        let mut row = json!({"id": number, "name": subject.name, "kind": subject.kind});
        if let Some(date) = subject.birth_date {
            row["birth_date"] = date.to_string().into();
        }
        writeln!(out, "{row}")?;
    }
    out.flush()?;
    Ok(())
}

fn timed(command: &mut Command) -> Result<f64, Failure> {
    let begun = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let seconds = begun.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(seconds)
}

/// Starts the service and ends it again: seconds until it is ready, and its memory then.
fn serve(data: &PathBuf) -> Result<(f64, u64), Failure> {
    let begun = Instant::now();
    let mut service = Command::new(ZEEF)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let stderr = service.stderr.take().ok_or("no standard error")?;
    let ready = BufReader::new(stderr).lines().map_while(Result::ok).find(|l| l.contains("ready on"));
    let seconds = begun.elapsed().as_secs_f64();
    let resident = machine::memory(&service.id().to_string(), "VmRSS").unwrap_or(0);
    // Let it come to rest before the next one starts.
    service.kill()?;
    service.wait()?;
    std::thread::sleep(Duration::from_millis(50));
    ready.map(|_| (seconds, resident)).ok_or_else(|| "the service did not become ready".into())
}
