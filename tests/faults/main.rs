//! The program under load and everything that goes wrong: killed, on a full disk, on damaged snapshots, over
//! connections that break, while its lists are switched.
//!
//! Clients ask through a proxy, each question with an id, until it is answered. Every answer is held against what
//! its snapshot answers in this process, and at the end against the audit trail. However often a call fails, no
//! answer may be wrong, of two snapshots, somebody else's, lost, or without its record.
//!
//! One round of all faults in an ordinary run; `ZEEF_FAULT_ROUNDS` says how many, and what was counted is printed:
//!
//! ```text
//! ZEEF_FAULT_ROUNDS=20 cargo test --release --test faults -- --nocapture
//! ```

#![cfg(unix)]

mod clients;
mod disk;
mod lists;
mod oracle;
mod program;
mod proxy;
mod threats;
mod trail;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clients::Load;
use disk::SmallDisk;
use lists::Edition;
use oracle::Oracle;
use program::{Server, import};
use proxy::Proxy;

/// Longest time until something has to go on; a failure to come, never a measure of speed.
const PATIENCE: Duration = Duration::from_secs(120);

/// Answers waited for between faults.
const BETWEEN: u64 = 150;

/// Everything that takes part.
struct World {
    home: tempfile::TempDir,
    disk: Option<SmallDisk>,
    proxy: Proxy,
    load: Arc<Load>,
    server: Option<Server>,
    edition: Edition,
    switches: u64,
    kills: u64,
}

impl World {
    async fn new(rounds: u64) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        // What a round records takes a few MiB; the trail lies on this disk too.
        let disk = SmallDisk::mount(&home.path().join("data"), 64 + 24 * rounds);
        let questions = Arc::new(lists::questions());
        let oracle = Arc::new(Oracle::new(Arc::clone(&questions)));
        let world = Self {
            proxy: Proxy::start().await,
            load: Load::new(questions, oracle),
            home,
            disk,
            server: None,
            edition: Edition::B,
            switches: 0,
            kills: 0,
        };
        for edition in [Edition::A, Edition::B] {
            std::fs::write(world.file(edition), edition.xml()).expect("a list");
            assert!(import(&world.data(), &world.file(edition)));
            world.load.oracle.learn(&world.data());
        }
        assert!(world.load.oracle.telling() * 6 > world.load.questions.len(), "the editions are too alike");
        let configuration = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\ndrain_limit = \"5s\"\n[data]\nfolder = \"{}\"\npoll_interval = \"50ms\"\n",
            world.data().display()
        );
        std::fs::write(world.configuration(), configuration).expect("a configuration");
        world
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn configuration(&self) -> PathBuf {
        self.home.path().join("zeef.toml")
    }

    fn file(&self, edition: Edition) -> PathBuf {
        self.home.path().join(format!("{edition:?}.xml"))
    }

    /// Starts the server and lets the clients at it.
    async fn start(&mut self, largest_file: Option<u64>) {
        let configuration = self.configuration();
        let server = blocking(move || {
            let server = Server::start(&configuration, largest_file);
            let address = server.address();
            (server, address)
        });
        let (server, address) = server.await;
        self.proxy.lead_to(Some(address));
        self.server = Some(server);
    }

    async fn kill(&mut self) {
        if let Some(server) = self.server.take() {
            blocking(move || server.kill()).await;
            self.kills += 1;
        }
    }

    /// Imports the other edition while the clients ask.
    async fn switch(&mut self) {
        let (data, file) = (self.data(), self.file(self.edition.other()));
        assert!(blocking(move || import(&data, &file)).await, "an import failed on a healthy disk");
        self.edition = self.edition.other();
        self.switches += 1;
    }

    /// Waits until so many more answers have come.
    async fn answers(&self, more: u64) {
        let (until, begun) = (self.load.answered() + more, Instant::now());
        while self.load.answered() < until {
            assert!(begun.elapsed() < PATIENCE, "answers stopped: {:?}", self.load.tally.failures);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until failures of this reason have been told.
    async fn failures(&self, reason: &str, more: u64) {
        let told = || {
            let failures = self.load.tally.failures.lock().expect("nothing panics under it");
            failures.get(reason).copied().unwrap_or(0)
        };
        let (until, begun) = (told() + more, Instant::now());
        while told() < until {
            assert!(begun.elapsed() < PATIENCE, "nobody was told {reason}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The current generation's folder.
    fn generation(&self) -> PathBuf {
        let current = std::fs::read(self.data().join("CURRENT")).expect("a current generation");
        let current: serde_json::Value = serde_json::from_slice(&current).expect("it is JSON");
        self.data().join("generations").join(current["generation"].as_str().expect("its name"))
    }

    async fn lists_are_switched(&mut self) {
        for _ in 0..4 {
            self.switch().await;
            self.answers(BETWEEN).await;
        }
    }

    async fn it_is_killed(&mut self) {
        for _ in 0..3 {
            self.answers(BETWEEN).await;
            self.kill().await;
            self.start(None).await;
        }
        // While an import is under way, too.
        let (data, file) = (self.data(), self.file(self.edition.other()));
        let importing = blocking(move || import(&data, &file));
        self.kill().await;
        self.start(None).await;
        assert!(importing.await);
        self.edition = self.edition.other();
        self.switches += 1;
        self.answers(BETWEEN).await;
    }

    async fn connections_are_cut(&mut self) {
        let before = self.proxy.cuts();
        self.proxy.cut_within(24_000);
        self.answers(BETWEEN).await;
        self.switch().await;
        self.answers(BETWEEN).await;
        self.proxy.cut_within(0);
        self.answers(BETWEEN).await;
        assert!(self.proxy.cuts() > before + 5, "hardly any connection was cut");
    }

    async fn the_disk_is_full(&mut self) {
        match &self.disk {
            Some(disk) => {
                let filler = disk.fill();
                self.failures("STORE_UNAVAILABLE", 20).await;
                let (data, file) = (self.data(), self.file(self.edition.other()));
                assert!(!blocking(move || import(&data, &file)).await, "an import went well on a full disk");
                drop(filler);
            }
            None => {
                println!(
                    "no file system can be mounted here: a limit on the size of files stands for the full disk"
                );
                self.kill().await;
                let records = std::fs::read_dir(self.data()).expect("the data folder");
                let sizes =
                    records.filter_map(|e| e.ok()?.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len());
                let largest = sizes.max().unwrap_or(0);
                self.start(Some(largest + (64 << 10))).await;
                self.failures("STORE_UNAVAILABLE", 20).await;
                self.kill().await;
                self.start(None).await;
            }
        }
        self.answers(BETWEEN).await;
        self.switch().await;
        self.answers(BETWEEN).await;
    }

    async fn snapshots_are_damaged(&mut self) {
        let truncate = |path: &Path, to: u64| {
            let file = std::fs::File::options().write(true).open(path).expect("a file of the snapshot");
            file.set_len(to).expect("it can be cut off");
        };
        // The compiled names are made anew from the store.
        self.kill().await;
        let names = self.generation().join("names.idx");
        truncate(&names, std::fs::metadata(&names).expect("compiled names").len() / 2);
        self.start(None).await;
        self.answers(BETWEEN).await;
        // A store that lacks its end is not served; as soon as it is whole again, it is.
        self.kill().await;
        let store = std::fs::read_dir(self.generation().join("store")).expect("a store");
        let largest =
            store.map(|e| e.expect("a file").path()).max_by_key(|p| p.metadata().map_or(0, |m| m.len()));
        let largest = largest.expect("a store has files");
        let whole = std::fs::read(&largest).expect("it can be read");
        truncate(&largest, whole.len() as u64 / 2);
        let configuration = self.configuration();
        let server = Server::start(&configuration, None);
        let (server, address) = blocking(move || {
            let address = listening(&server);
            (server, address)
        })
        .await;
        self.proxy.lead_to(Some(address));
        self.server = Some(server);
        self.failures("NO_SNAPSHOT", 10).await;
        std::fs::write(&largest, whole).expect("it can be mended");
        self.answers(BETWEEN).await;
    }
}

/// The address of a server that has nothing to serve: its socket's, since it is not ready.
fn listening(server: &Server) -> std::net::SocketAddr {
    let line = server.says("NOT SERVING");
    let address =
        line.split_whitespace().find_map(|word| word.trim_end_matches([',', '.', ':', ';']).parse().ok());
    address.unwrap_or_else(|| panic!("no address: {line}"))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("it does not panic")
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_no_answer_does() {
    let rounds = std::env::var("ZEEF_FAULT_ROUNDS").ok().and_then(|r| r.parse().ok()).unwrap_or(1);
    let begun = Instant::now();
    let mut world = World::new(rounds).await;
    world.start(None).await;
    let mut clients = world.load.start(world.proxy.address);
    world.answers(BETWEEN).await;
    for _ in 0..rounds {
        world.lists_are_switched().await;
        world.it_is_killed().await;
        world.connections_are_cut().await;
        world.the_disk_is_full().await;
        world.snapshots_are_damaged().await;
    }
    world.load.stop();
    while let Some(client) = clients.join_next().await {
        client.expect("a client does not panic");
    }
    let server = world.server.take().expect("it is running");
    assert!(blocking(move || server.stop()).await, "it did not end well");

    let tally = &world.load.tally;
    let given = tally.given.lock().expect("nothing panics under it").clone();
    let trail = trail::check(&world.data(), &given).await;
    let count = |what: &std::sync::atomic::AtomicU64| what.load(Ordering::SeqCst);
    println!(
        "{rounds} round(s) in {:.0?}: {} answers ({} cases) over {} switches of lists, {} kills, {} cut connections",
        begun.elapsed(),
        count(&tally.answered),
        count(&tally.cases),
        world.switches,
        world.kills,
        world.proxy.cuts()
    );
    println!(
        "failed attempts, each asked again: {:?}",
        tally.failures.lock().expect("nothing panics under it")
    );
    println!(
        "wrong {}, mixed {}, misdirected {}, lost {}, without a record {}, unexplained failures {}; {trail:?}",
        count(&tally.wrong),
        count(&tally.mixed),
        count(&tally.misdirected),
        count(&tally.lost),
        count(&tally.unrecorded),
        count(&tally.unexplained),
    );
    let faults =
        [&tally.wrong, &tally.mixed, &tally.misdirected, &tally.lost, &tally.unrecorded, &tally.unexplained];
    assert_eq!(faults.map(count), [0; 6]);
    assert_eq!((trail.missing, trail.unlike, trail.shared, trail.is_whole), (0, 0, 0, true));
}
