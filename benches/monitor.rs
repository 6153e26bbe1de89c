//! Monitoring: a hundred thousand people and institutions under watch, and an update of the lists.
//!
//! A report of its own: one run writes to a store, which criterion would repeat. On the public lists where
//! `../shared/lists` (or `$ZEEF_SHARED/lists`) holds them, else on the bundled ones, beside a generated list that
//! gains entities: `cargo bench --bench monitor -- --watched 100000 --changed 50`.

// It generates more than is used here.
#[allow(dead_code)]
mod generate;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use zeef::index::Snapshot;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::review::monitor::{Monitor, MonitorOptions, NewWatch, TakenUp};
use zeef::review::store::{Store, StoreUrl};
use zeef::screening::{Options, Screener};
use zeef::sources::{Format, format_named};

type Failure = Box<dyn std::error::Error>;

/// Entities of the generated list before the update.
const GENERATED: u64 = 5_000;

fn main() -> Result<(), Failure> {
    let (mut watched, mut changed) = (100_000, 50);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number =
            || -> Result<u64, Failure> { Ok(arguments.next().ok_or("a number is missing")?.parse()?) };
        match argument.as_str() {
            "--watched" => watched = number()?,
            "--changed" => changed = number()?,
            // What cargo adds.
            "--bench" => {}
            other => return Err(format!("{other:?}: give --watched N or --changed N").into()),
        }
    }
    let home = tempfile::tempdir()?;
    let mut lists = public();
    lists.push((&generate::FORMAT, vec![generated(home.path(), GENERATED)?]));
    let before = import(home.path(), lists)?;
    println!(
        "lists: {} entities before the update, {changed} more after",
        before.snapshot().manifest().entity_count()
    );

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&StoreUrl::in_folder(home.path())).await?;
        let options = MonitorOptions::default();
        let monitor = Monitor::new(store, options)?;
        let world = generate::World::new(7);
        let now = jiff::Timestamp::now();
        let watches: Vec<NewWatch> = (0..watched)
            .map(|n| NewWatch {
                reference: format!("p-{n}"),
                // One in five an institution, as on a university's books.
                subject: if n % 5 == 0 { world.strange_organisation(n) } else { world.stranger(n) },
                options: Options::default(),
                purpose: "bench".into(),
                added_by: "bench".into(),
                ends: NewWatch::usual_end(now),
            })
            .collect();
        let begun = Instant::now();
        for chunk in watches.chunks(10_000) {
            monitor.add(chunk).await?;
        }
        println!("put under watch:                    {watched} in {:.1} s", begun.elapsed().as_secs_f64());
        told("first look, against everything", &monitor, &before).await?;

        let more = vec![(&generate::FORMAT, vec![generated(home.path(), GENERATED + changed)?])];
        let after = import(home.path(), more)?;
        told(&format!("the update, against {changed} entities"), &monitor, &after).await?;
        told("once more: nothing to do", &monitor, &after).await?;
        println!("on {} threads; the store is a SQLite file, synced", options.threads);
        Ok(())
    })
}

async fn told(what: &str, monitor: &Monitor, screener: &Screener) -> Result<(), Failure> {
    let begun = Instant::now();
    let TakenUp { watched, new, vanished, changed, .. } = monitor.take_up(screener).await?;
    println!(
        "{:<36}{watched} in {:.2} s: {new} new, {vanished} gone, {changed} changed",
        format!("{what}:"),
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

fn generated(home: &Path, entities: u64) -> Result<PathBuf, Failure> {
    let file = home.join("generated.txt");
    std::fs::write(&file, format!("{entities} 1"))?;
    Ok(file)
}

fn import(home: &Path, lists: Vec<(&'static Format, Vec<PathBuf>)>) -> Result<Screener, Failure> {
    let mut request = ImportRequest::new(jiff::Timestamp::now());
    request.lists = lists.into_iter().map(|(format, files)| ListInput { format, files }).collect();
    let data = home.join("data");
    Importer::new(&data).run(&request, &mut |_| {})?;
    Ok(Screener::new(Arc::new(Snapshot::open(&data)?), Vec::new()))
}

/// The full EU list and the tracker where they are at hand, else the bundled ones.
fn public() -> Vec<(&'static Format, Vec<PathBuf>)> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("ZEEF_SHARED").map_or_else(|| home.join("../shared"), PathBuf::from);
    let full = [
        ("eu", shared.join("lists/eu/eu-fsf-1_1-full.xml.gz")),
        ("aspi", shared.join("lists/aspi/china-defence-universities.misp.json")),
    ];
    let fixtures = home.join("fixtures");
    let bundled = [("eu", fixtures.join("eu-demo.xml")), ("aspi", fixtures.join("aspi-demo.json"))];
    let lists = if full.iter().all(|(_, file)| file.exists()) {
        full
    } else {
        println!("the full EU list and the tracker: NOT RUN, {} does not hold them", shared.display());
        bundled
    };
    lists.into_iter().filter_map(|(name, file)| Some((format_named(name)?, vec![file]))).collect()
}
