//! What screening costs, and how that grows with the list.
//!
//! `cargo bench --bench scale` measures the full EU list with the tracker (the bundled lists, where
//! `../shared/lists` or the folder that `ZEEF_SHARED` names does not hold them), the program as an operator
//! runs it on these, and generated lists of 10,000 and 100,000 entities. Others are asked for by
//! `-- --entities 1000000,4000000`; `--data DIR` keeps generated snapshots there, to be measured again
//! without importing them. `--rows N --output FILE` writes the subjects as rows for `zeef batch` and
//! measures nothing.
//!
//! Each step runs in a process of its own, so that its memory is its own. `benches/README.md` says how to
//! read what is printed.

mod clock;
mod lists;
mod machine;
mod program;
mod questions;
mod report;
mod screen;

#[path = "../generate/mod.rs"]
mod generate;
#[path = "../../tests/matcher/variants.rs"]
mod variants;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::de::DeserializeOwned;

use lists::{GENERATED, Imported};
use report::Line;
use screen::{Opened, Screened};

/// The allocator of the binary, so that figures are the binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Entities of generated lists unless others are asked for.
const SIZES: [u64; 2] = [10_000, 100_000];
/// The seed of generated lists.
const LIST_SEED: u64 = 1;
/// Times a snapshot is opened; what is told is the median.
const OPENINGS: usize = 3;
fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().collect();
    let value = |name: &str| args.iter().position(|a| a == name).and_then(|at| args.get(at + 1)).cloned();
    if let Some(step) = value("--step") {
        let data = PathBuf::from(value("--data").ok_or("--step without --data")?);
        return run_step(&step, &data, value("--lists").unwrap_or_default());
    }
    // `cargo test --benches` builds and starts benches too, without this argument.
    if !args.iter().any(|a| a == "--bench") {
        println!("nothing measured; run `cargo bench --bench scale`");
        return Ok(());
    }
    let temporary = tempfile::tempdir()?;
    let kept = value("--data").map(PathBuf::from);
    let (title, public) = lists::public();
    if let (Some(rows), Some(output)) = (value("--rows"), value("--output")) {
        let data = temporary.path().join("lists");
        lists::import(&data, &public)?;
        return program::write_rows(&data, rows.parse()?, Path::new(&output));
    }
    let sizes: Vec<u64> = match value("--entities") {
        Some(sizes) => sizes.split(',').map(str::parse).collect::<Result<_, _>>()?,
        None => SIZES.to_vec(),
    };
    println!("{}; load average {} at the beginning\n", machine::cores(), machine::load());

    let mut lines = vec![line(title, &public, &temporary.path().join("lists"))?];
    report::program(title, &program::run(&public, temporary.path())?);
    for size in sizes {
        let folder = kept.as_deref().unwrap_or(temporary.path()).join(format!("generated-{size}"));
        let file = temporary.path().join(format!("{size}.txt"));
        std::fs::write(&file, format!("{size} {LIST_SEED}\n"))?;
        let generated = [format!("{GENERATED}={}", file.display())];
        lines.push(line(&format!("{size} generated"), &generated, &folder)?);
        if kept.is_none() {
            std::fs::remove_dir_all(&folder)?;
        }
    }
    report::growth(&lines);
    println!("load average {} at the end", machine::load());
    Ok(())
}

/// Measures one set of lists in processes of their own.
fn line(title: &str, files: &[String], data: &Path) -> Result<Line, Failure> {
    let figures = data.join("import.json");
    // A snapshot that was kept knows what its import took.
    let imported: Imported = match std::fs::read(&figures) {
        Ok(figures) => serde_json::from_slice(&figures)?,
        Err(_) => {
            let imported: Imported = step("import", data, files)?;
            std::fs::write(&figures, serde_json::to_vec(&imported)?)?;
            imported
        }
    };
    let mut openings: Vec<Opened> =
        (0..OPENINGS).map(|_| step("open", data, &[])).collect::<Result<_, _>>()?;
    openings.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let opened = openings.swap_remove(OPENINGS / 2);
    let screened: Screened = step("screen", data, &[])?;
    let line = Line { title: title.to_owned(), imported, opened, screened };
    report::one(&line);
    Ok(line)
}

/// Runs a step in a process of its own and reads what it measured.
fn step<T: DeserializeOwned>(name: &str, data: &Path, files: &[String]) -> Result<T, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--step").arg(name).arg("--data").arg(data).arg("--lists").arg(files.join("\n"));
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("step {name}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn run_step(step: &str, data: &Path, files: String) -> Result<(), Failure> {
    let files: Vec<String> = files.lines().map(str::to_owned).collect();
    let figures = match step {
        "import" => serde_json::to_string(&lists::import(data, &files)?)?,
        "open" => serde_json::to_string(&screen::open(data)?)?,
        "screen" => serde_json::to_string(&screen::measure(data)?)?,
        _ => return Err(format!("there is no step {step}").into()),
    };
    println!("{figures}");
    Ok(())
}
