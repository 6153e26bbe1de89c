//! Hostile input for everything that reads what others wrote: the seeds of `fuzz/`, and mutations of them.
//!
//! A bounded number of mutations each, the same every time. `ZEEF_FUZZ_SECONDS` runs each target for so long
//! instead, from a seed that `ZEEF_FUZZ_SEED` gives, and says how far it came:
//!
//! ```text
//! ZEEF_FUZZ_SECONDS=300 cargo test --release --test fuzz eu_xml -- --nocapture
//! ```
//!
//! `ZEEF_FUZZ_CORPUS` names a folder to write the seeds to, for libFuzzer to begin with; see `fuzz/README.md`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../../fuzz/src/lib.rs"]
mod fuzz;

use fuzz::{Mutator, TARGETS, target};

/// Mutations of each target in an ordinary run: some seconds for all of them, unoptimised.
const MUTATIONS: u64 = 150;

/// An input that takes longer in a long run is kept and told: whoever could send it would hold up others.
const SLOW: Duration = Duration::from_secs(20);

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Feeds an input; where something does not hold, the input is kept, to become a seed.
fn feed(name: &str, bytes: &[u8]) -> Duration {
    let begun = Instant::now();
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(name).feed(bytes))) {
        let file = keep(name, bytes);
        eprintln!("the input is kept as {file}");
        std::panic::resume_unwind(panic);
    }
    begun.elapsed()
}

fn keep(name: &str, bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", &hash[..12]));
    std::fs::write(&file, bytes).expect("the input can be kept");
    file.display().to_string()
}

fn run(name: &str) {
    fuzz::watch_panics();
    let target = target(name);
    let seeds = target.seeds();
    let seconds = number("ZEEF_FUZZ_SECONDS");
    let mut slowest = Duration::ZERO;
    for seed in &seeds {
        slowest = slowest.max(feed(name, seed));
    }
    let seed = number("ZEEF_FUZZ_SEED").unwrap_or(7);
    let mut mutator = Mutator::of(seed);
    let begun = Instant::now();
    let mut mutations = 0;
    let more = |mutations: u64| match seconds {
        None => mutations < MUTATIONS,
        Some(seconds) => begun.elapsed() < Duration::from_secs(seconds),
    };
    while more(mutations) {
        let bytes = mutator.next(&seeds, target.words);
        let took = feed(name, &bytes);
        if seconds.is_some() && took > SLOW {
            println!("{name}: {took:.1?} for {}", keep(name, &bytes));
        }
        slowest = slowest.max(took);
        mutations += 1;
    }
    println!(
        "{name}: {} seeds and {mutations} mutations (seed {seed}) in {:.0?}, the slowest in {slowest:.1?}",
        seeds.len(),
        begun.elapsed()
    );
}

/// Writes the seeds of every target, and the words that mean something to it as libFuzzer reads them.
fn write_corpus(folder: &Path) -> std::io::Result<()> {
    for target in TARGETS {
        let seeds = folder.join(target.name);
        std::fs::create_dir_all(&seeds)?;
        for seed in target.seeds() {
            std::fs::write(seeds.join(blake3::hash(&seed).to_hex().as_str()), seed)?;
        }
        let line = |word: &&str| {
            let bytes: String = word.bytes().map(|b| format!("\\x{b:02x}")).collect();
            format!("\"{bytes}\"\n")
        };
        std::fs::write(seeds.with_extension("dict"), target.words.iter().map(line).collect::<String>())?;
    }
    Ok(())
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*

        #[test]
        fn each_target_is_run() {
            assert_eq!(TARGETS.iter().map(|t| t.name).collect::<Vec<_>>(), [$(stringify!($name)),*]);
            if let Some(folder) = std::env::var_os("ZEEF_FUZZ_CORPUS") {
                write_corpus(Path::new(&folder)).expect("the seeds can be written");
            }
        }
    };
}

targets!(eu_xml aspi lists rows names index grpc json case cv policy);
