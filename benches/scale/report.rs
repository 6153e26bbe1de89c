//! What is printed.

use comfy_table::{Table, presets};

use crate::lists::Imported;
use crate::program::{ROWS, Ran};
use crate::screen::{Opened, Screened};

/// All figures of one size.
pub struct Line {
    /// Which lists.
    pub title: String,
    /// What importing took.
    pub imported: Imported,
    /// What opening took.
    pub opened: Opened,
    /// What screening took.
    pub screened: Screened,
}

/// Prints the figures of one size in words.
pub fn one(line: &Line) {
    let Line { title, imported, opened, screened } = line;
    let names = imported.names as f64;
    println!("== {title}: {} entities, {} names ==", imported.entities, imported.names);
    println!(
        "import {:.2} s, at most {} resident; index {} and store {}: {:.0} and {:.0} bytes a name",
        imported.seconds,
        mega(imported.peak),
        mega(imported.index_bytes),
        mega(imported.store_bytes),
        imported.index_bytes as f64 / names,
        imported.store_bytes as f64 / names,
    );
    println!(
        "open {:.3} s, then {} resident ({:.0} bytes a name), at most {} on the way",
        opened.seconds,
        mega(opened.resident),
        opened.resident as f64 / names,
        mega(opened.peak),
    );
    let [p50, p99, p999, longest] = screened.latency;
    println!(
        "screening, one thread: {:.0} a second of core time ({:.0} on the clock); all cores: {:.0} a second",
        screened.per_core, screened.per_second, screened.all_cores,
    );
    println!("latency: p50 {p50:.3} ms, p99 {p99:.3} ms, p99.9 {p999:.3} ms, longest {longest:.3} ms");
    for (sort, [p50, p99]) in
        ["strangers", "misspelt listed people", "organisations"].iter().zip(screened.by_sort)
    {
        println!("  {sort}: p50 {p50:.3} ms, p99 {p99:.3} ms");
    }
    println!("  of which analysing a stranger's name {:.4} ms on average", screened.analysis / 1e3);
    println!(
        "{:.0} times the linear scan with strsim ({:.1}/s), {:.0} times scoring every name ({:.1}/s)",
        screened.per_core / screened.strsim,
        screened.strsim,
        screened.per_core / screened.exhaustive,
        screened.exhaustive,
    );
    let (expected, found) = screened.recall;
    println!(
        "candidate recall: {found} of {expected} variants met the name that they are of ({:.3} %)",
        percent(screened.recall)
    );
    match screened.recall_of_all {
        Some((expected, found)) => {
            println!("  and {found} of the {expected} hits of scoring every name were met");
        }
        None => println!("  every name was not scored: the list is too long"),
    }
    println!("after screening {} resident\n", mega(screened.resident));
}

/// Prints what the program took.
pub fn program(title: &str, ran: &Ran) {
    println!("== the program on {title}, process start included ==");
    println!("zeef import: {:.2} s", ran.import);
    println!("zeef batch of {ROWS} names: {:.2} s ({:.0} a second)", ran.batch, ROWS as f64 / ran.batch);
    println!("zeef serve: ready in {:.0} ms, then {} resident\n", ran.ready * 1e3, mega(ran.resident));
}

/// Prints how the figures grow with the list.
pub fn growth(lines: &[Line]) {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header([
        "list",
        "names",
        "import s",
        "import MB",
        "index B/name",
        "open s",
        "resident MB",
        "a second a core",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "x strsim",
        "x exhaustive",
        "recall %",
    ]);
    for Line { title, imported, opened, screened } in lines {
        table.add_row([
            title.clone(),
            imported.names.to_string(),
            format!("{:.1}", imported.seconds),
            format!("{:.0}", imported.peak as f64 / 1e6),
            format!("{:.0}", imported.index_bytes as f64 / imported.names as f64),
            format!("{:.3}", opened.seconds),
            format!("{:.0}", screened.resident as f64 / 1e6),
            format!("{:.0}", screened.per_core),
            format!("{:.3}", screened.latency[0]),
            format!("{:.3}", screened.latency[1]),
            format!("{:.3}", screened.latency[2]),
            format!("{:.0}", screened.per_core / screened.strsim),
            format!("{:.0}", screened.per_core / screened.exhaustive),
            format!("{:.2}", percent(screened.recall)),
        ]);
    }
    println!("{table}\n");
}

/// The share of the first that the second is.
fn percent((expected, found): (usize, usize)) -> f64 {
    100.0 * found as f64 / expected.max(1) as f64
}

fn mega(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}
