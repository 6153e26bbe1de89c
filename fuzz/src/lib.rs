//! Hostile input for everything that reads what others wrote.
//!
//! # Layout
//!
//! * [`TARGETS`]: what is fed with any bytes, by name. A target panics where something does not hold.
//! * `lists`, `rows`, `names`, `compiled`, `cases`, `door`: the targets, by what they feed.
//! * `seeds`: what mutations begin with: files in `seeds/`, and hostile forms made by code.
//! * `mutation`: a seeded stream of mutations, for runs without a fuzzing toolchain.
//!
//! Two things run them: `fuzz_targets/` under libFuzzer, led by what the code covers, and the package's own test
//! `fuzz`, which includes this file, replays the seeds and a bounded number of mutations, and runs for as long
//! as it is told. See `README.md`.

mod cases;
mod compiled;
mod door;
mod lists;
mod mutation;
mod names;
mod rows;
mod seeds;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use zeef::index::Snapshot;
use zeef::screening::Screener;

pub use mutation::Mutator;

/// Something that reads what others wrote.
pub struct Target {
    /// Its name; `seeds/NAME` holds its seeds.
    pub name: &'static str,
    /// Feeds it.
    pub run: fn(&[u8]),
    /// Words that mean something to it.
    pub words: &'static [&'static str],
    /// Hostile forms that are made and not kept.
    pub made: fn() -> Vec<Vec<u8>>,
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "eu_xml", run: lists::eu, words: lists::EU_WORDS, made: seeds::xml },
    Target { name: "aspi", run: lists::aspi, words: lists::ASPI_WORDS, made: seeds::json },
    Target { name: "lists", run: lists::others, words: lists::OTHER_WORDS, made: seeds::lists },
    Target { name: "rows", run: rows::run, words: rows::WORDS, made: seeds::rows },
    Target { name: "names", run: names::run, words: names::WORDS, made: seeds::names },
    Target { name: "index", run: compiled::run, words: &[], made: compiled::seeds },
    Target { name: "grpc", run: door::grpc, words: door::GRPC_WORDS, made: door::seeds },
    Target { name: "json", run: door::json, words: door::JSON_WORDS, made: seeds::calls },
    Target { name: "case", run: cases::case, words: cases::CASE_WORDS, made: seeds::yaml },
    Target { name: "cv", run: cases::cv, words: cases::CV_WORDS, made: seeds::texts },
    Target { name: "policy", run: cases::policy, words: cases::POLICY_WORDS, made: seeds::toml },
];

/// The target of a name.
///
/// # Panics
/// When there is none.
pub fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|t| t.name == name).unwrap_or_else(|| panic!("no target {name}"))
}

impl Target {
    /// Feeds it, and looks for panics on other threads too: a server or a batch survives those.
    ///
    /// # Panics
    /// When anything does not hold.
    pub fn feed(&self, bytes: &[u8]) {
        let before = PANICS.load(Ordering::SeqCst);
        (self.run)(bytes);
        assert_eq!(PANICS.load(Ordering::SeqCst), before, "something panicked behind {}", self.name);
    }

    /// What mutations begin with: the files of `seeds/` beside it, and what is made.
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        let mut seeds = seeds::kept(self.name);
        seeds.extend((self.made)());
        seeds
    }
}

/// Panics of all threads since [`watch_panics`].
static PANICS: AtomicU64 = AtomicU64::new(0);

/// Counts panics from now on, also those that somebody catches. libFuzzer ends at each by itself.
pub fn watch_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            before(panic);
        }));
    });
}

/// A screener on the demonstration lists.
static SCREENER: LazyLock<Screener> = LazyLock::new(|| {
    let snapshot = Snapshot::demo().expect("the demonstration lists are read");
    Screener::new(std::sync::Arc::new(snapshot), vec![("eu".into(), 0)])
});

/// The time of all answers, so that the same bytes have the same answer.
fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_790_000_000).expect("an ordinary time")
}
