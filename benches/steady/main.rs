//! The program under steady load, as a process of its own: while its lists are switched, and for a long time.
//!
//! ```text
//! cargo bench --bench steady -- switch
//! cargo bench --bench steady -- soak
//! ```
//!
//! * `switch`: calls at fixed times, at a share of what the machine can do, while the lists are switched to another
//!   snapshot and back. Prints p99 of each 100 ms around the switches, and holds every answer against what its
//!   snapshot answered before, alone. `ZEEF_BENCH_SHARE` (0.6) is the share, `ZEEF_BENCH_SECONDS` (24) the time.
//! * `soak`: calls of every kind mixed, with everything recorded, and the memory of the server every ten seconds.
//!   `ZEEF_BENCH_SECONDS` (600) is the time.
//!
//! On the full EU list and the tracker, or the bundled lists where these are not at hand. `ZEEF_BINARY` names the
//! program where it is another than this build's. Client and server share the machine.

#[path = "../generate/mod.rs"]
mod generate;
#[path = "../scale/lists.rs"]
#[allow(dead_code)] // What the bench of scale measures beside.
mod lists;
#[path = "../scale/machine.rs"]
mod machine;
#[path = "../../tests/faults/program.rs"]
#[allow(dead_code)] // What the fault test does beside.
mod program;
#[path = "../scale/questions.rs"]
mod questions;
mod soak;
mod switch;
#[path = "../../tests/matcher/variants.rs"]
mod variants;

use std::path::Path;

use zeef::index::Snapshot;
use zeef::screening::{Subject, SubjectKind};
use zeef::service::proto;

use questions::Questions;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo test --benches` starts benches too, without this argument.
    if !arguments.iter().any(|a| a == "--bench") {
        println!("nothing measured; run `cargo bench --bench steady -- switch` or `-- soak`");
        return Ok(());
    }
    println!("{}; load average {}", machine::cores(), machine::load());
    match arguments.iter().find(|a| !a.starts_with('-') && **a != arguments[0]).map(String::as_str) {
        Some("switch") => switch::run(),
        Some("soak") => soak::run(),
        _ => Err("say `switch` or `soak`".into()),
    }
}

/// A configuration of a server on a data folder, in a file beside it; with records or without.
fn configuration(home: &Path, data: &Path, records: bool) -> Result<std::path::PathBuf, Failure> {
    let file = home.join("zeef.toml");
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[data]\nfolder = \"{}\"\npoll_interval = \"100ms\"\n\
         [records]\nenabled = {records}\n",
        data.display()
    );
    std::fs::write(&file, text)?;
    Ok(file)
}

/// Subjects to ask for, mostly people who are not listed.
fn subjects(snapshot: &Snapshot, many: u64) -> Vec<proto::Subject> {
    let questions = Questions::of(snapshot.names());
    let message = |subject: Subject| proto::Subject {
        name: subject.name,
        birth_date: subject.birth_date.map(|d| d.to_string()).unwrap_or_default(),
        kind: match subject.kind {
            SubjectKind::Person => proto::SubjectKind::Person,
            SubjectKind::Organisation => proto::SubjectKind::Organisation,
            SubjectKind::Any => proto::SubjectKind::Any,
        }
        .into(),
        ..Default::default()
    };
    (0..many).map(|number| message(questions.ask(number).1)).collect()
}

fn number(variable: &str, default: f64) -> f64 {
    std::env::var(variable).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}
