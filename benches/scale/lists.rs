//! The lists that are measured, and importing them.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::sources::format_named;

use crate::machine;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The list of `generate`.
pub const GENERATED: &str = "generated";

/// What an import took.
#[derive(Default, Serialize, Deserialize)]
pub struct Imported {
    /// From the files to the switched snapshot, in seconds.
    pub seconds: f64,
    /// The most memory it had resident, in bytes.
    pub peak: u64,
    /// Entities of all lists.
    pub entities: u64,
    /// Names of all lists, aliases included.
    pub names: u64,
    /// Bytes of the compiled name index.
    pub index_bytes: u64,
    /// Bytes of the store.
    pub store_bytes: u64,
}

/// Imports lists (`LIST=FILE`) in this process.
pub fn import(data: &Path, lists: &[String]) -> Result<Imported, Failure> {
    let mut request = ImportRequest::new(jiff::Timestamp::now());
    for list in lists {
        let (name, file) = list.split_once('=').ok_or("a list is written LIST=FILE")?;
        let format = if name == GENERATED { Some(&crate::generate::FORMAT) } else { format_named(name) };
        let format = format.ok_or_else(|| format!("there is no format {name}"))?;
        match request.lists.iter_mut().find(|l| l.format.name == name) {
            Some(input) => input.files.push(file.into()),
            None => request.lists.push(ListInput { format, files: vec![file.into()] }),
        }
    }
    let begun = Instant::now();
    let report = Importer::new(data).run(&request, &mut |_| {})?;
    let seconds = begun.elapsed().as_secs_f64();
    let counts = report.lists.iter().map(|l| l.manifest.counts);
    let (entities, names) = counts.fold((0, 0), |sum, c| (sum.0 + c.entities, sum.1 + c.names));
    let (mut index_bytes, mut store_bytes) = (0, 0);
    for generation in std::fs::read_dir(data.join("generations"))? {
        let generation = generation?.path();
        index_bytes = std::fs::metadata(generation.join("names.idx"))?.len();
        store_bytes = std::fs::read_dir(generation.join("store"))?
            .map(|file| Ok(file?.metadata()?.len()))
            .sum::<std::io::Result<u64>>()?;
    }
    Ok(Imported { seconds, peak: machine::peak(), entities, names, index_bytes, store_bytes })
}

/// The full EU list and the tracker where they are at hand, else the bundled ones.
pub fn public() -> (&'static str, Vec<String>) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("ZEEF_SHARED").map_or_else(|| home.join("../shared"), PathBuf::from);
    let eu = shared.join("lists/eu/eu-fsf-1_1-full.xml.gz");
    let aspi = shared.join("lists/aspi/china-defence-universities.misp.json");
    if eu.exists() && aspi.exists() {
        return ("EU and tracker", vec![format!("eu={}", eu.display()), format!("aspi={}", aspi.display())]);
    }
    println!("the full EU list and the tracker: NOT RUN, {} does not hold them\n", shared.display());
    ("bundled lists", bundled())
}

/// The bundled lists.
pub fn bundled() -> Vec<String> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let fixture = |list: &str, file: &str| format!("{list}={}", fixtures.join(file).display());
    vec![
        fixture("eu", "eu-demo.xml"),
        fixture("aspi", "aspi-demo.json"),
        fixture("aspi", "aspi-demo-ratings.csv"),
    ]
}
