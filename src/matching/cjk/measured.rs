//! Figures on the development sets, where they are at hand: recall by phenomenon, different people
//! matched, innocent people alerted. Prints; asserts only that nothing falls far below what it was.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;
use std::path::PathBuf;

use super::compare;
use crate::matching::score::PRIOR_BITS;
use crate::names::cjk::CjkName;

/// The folder of lists and development sets, if it is there.
fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("ZEEF_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    if folder.join("eval/dev").is_dir() {
        Some(folder)
    } else {
        eprintln!("not run: no development sets in {}", folder.display());
        None
    }
}

struct Row {
    query: String,
    candidate: String,
    slice: String,
}

fn rows(path: PathBuf) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let field = |v: &serde_json::Value, name: &str| v[name].as_str().unwrap_or_default().to_owned();
    text.lines()
        .filter_map(|l| serde_json::from_str(l).ok())
        .map(|v: serde_json::Value| Row {
            query: if v["query"].is_string() { field(&v, "query") } else { field(&v, "name") },
            candidate: field(&v, "candidate"),
            slice: field(&v, "slice"),
        })
        .collect()
}

fn bits(a: &str, b: &str) -> Option<f64> {
    let (a, b) = (CjkName::analyse(a)?, CjkName::analyse(b)?);
    Some(compare(&a, &b)?.bits)
}

/// A generator of its own, so that the figures are the same each time.
fn shuffle<T>(items: &mut [T]) {
    let mut state = 20_261_122u64;
    for i in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(i, (state >> 33) as usize % (i + 1));
    }
}

fn words(name: &str) -> HashSet<String> {
    name.to_lowercase()
        .split(|c: char| c.is_whitespace() || ".,'-".contains(c))
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Every listed name of a person, unescaped.
fn listed(folder: &std::path::Path) -> Vec<String> {
    let mut text = String::new();
    let Ok(file) = std::fs::File::open(folder.join("lists/eu/eu-fsf-1_1-full.xml.gz")) else {
        return Vec::new();
    };
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap_or(0);
    let mut out = Vec::new();
    for entity in text.split("<sanctionEntity ").skip(1) {
        if !entity.contains("<subjectType code=\"person\"") {
            continue;
        }
        for name in entity.split(" wholeName=\"").skip(1) {
            let name = name.split('"').next().unwrap_or_default();
            out.push(name.replace("&apos;", "'").replace("&quot;", "\"").replace("&amp;", "&"));
        }
    }
    out
}

#[test]
fn development_sets() {
    let Some(folder) = shared() else { return };
    let verbose = std::env::var_os("CJK_VERBOSE").is_some();
    let pairs = rows(folder.join("eval/dev/pairs.jsonl"));
    let people = rows(folder.join("eval/dev/innocent.jsonl"));

    let mut by: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for r in &pairs {
        let b = bits(&r.query, &r.candidate);
        let hit = b.is_some_and(|b| b >= PRIOR_BITS);
        let counts = by.entry(&r.slice).or_default();
        counts.0 += usize::from(hit);
        counts.1 += 1;
        let east = r.slice.contains("han");
        if verbose && !hit && east {
            println!("missed {} {:?} {} / {}", r.slice, b, r.query, r.candidate);
        }
        if verbose && hit && !east {
            println!("found {} {:?} {} / {}", r.slice, b, r.query, r.candidate);
        }
    }
    for (slice, (hit, n)) in &by {
        println!("{slice:60} {hit:5} / {n:5} = {:.3}", *hit as f64 / *n as f64);
    }

    let rate = |slices: &[&str]| {
        let sum =
            |f: fn(&(usize, usize)) -> usize| slices.iter().filter_map(|s| by.get(s)).map(f).sum::<usize>();
        sum(|c| c.0) as f64 / sum(|c| c.1).max(1) as f64
    };
    let chinese = rate(&[
        "latin-han:transliteration_pinyin",
        "latin-han:transliteration_wade_giles_cantonese_or_mixed",
    ]);
    let korean = rate(&["latin-hangul:transliteration"]);
    println!("Han and Latin by Chinese readings {chinese:.3}, Hangul and Latin {korean:.3}");
    assert!(chinese >= 0.85 && korean >= 0.9);

    // Rows crossed within their slice are strangers, as are namesakes by family name.
    let mut slices: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for r in pairs.iter().filter(|r| !r.slice.contains("sanctions_alias")) {
        slices.entry(&r.slice).or_default().push(r);
    }
    let (mut n, mut hit) = (0, 0);
    for rs in slices.values_mut() {
        shuffle(rs);
        for step in 1..6 {
            for (r, o) in rs.iter().zip(rs.iter().skip(step)) {
                if words(&r.query).is_disjoint(&words(&o.query))
                    && words(&r.candidate).is_disjoint(&words(&o.candidate))
                {
                    n += 1;
                    if let Some(b) = bits(&r.query, &o.candidate).filter(|b| *b >= PRIOR_BITS) {
                        hit += 1;
                        if verbose {
                            println!("strangers {b:.1} {} / {}", r.query, o.candidate);
                        }
                    }
                }
            }
        }
    }
    println!("strangers matched {hit} / {n} = {:.4}", f64::from(hit) / f64::from(n.max(1)));
    let mut surname: HashMap<String, Vec<&str>> = HashMap::new();
    for r in &people {
        let w: Vec<&str> = r.query.split_whitespace().collect();
        if let [_, family] = w[..] {
            surname.entry(family.to_lowercase()).or_default().push(&r.query);
        }
    }
    let (mut n, mut hit) = (0, 0);
    for same in surname.values() {
        for (a, b) in same.iter().zip(same.iter().skip(1)) {
            if words(a).len() == 2 && a != b && words(a).intersection(&words(b)).count() == 1 {
                n += 1;
                if let Some(bits) = bits(a, b).filter(|b| *b >= PRIOR_BITS) {
                    hit += 1;
                    if verbose {
                        println!("namesakes {bits:.1} {a} / {b}");
                    }
                }
            }
        }
    }
    println!("same family name matched {hit} / {n} = {:.4}", f64::from(hit) / f64::from(n.max(1)));

    let list: Vec<(String, CjkName)> =
        listed(&folder).into_iter().filter_map(|n| CjkName::analyse(&n).map(|a| (n, a))).collect();
    let mut index: HashMap<u64, Vec<usize>> = HashMap::new();
    let (mut keys, mut most) = (0, 0);
    for (place, (_, name)) in list.iter().enumerate() {
        let k = name.keys();
        keys += k.len();
        most = most.max(k.len());
        for key in k {
            index.entry(key).or_default().push(place);
        }
    }
    println!(
        "{} listed names analysed, {:.1} keys each, at most {most}",
        list.len(),
        keys as f64 / list.len() as f64
    );
    let mut alerts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    let (mut lost, mut found, mut candidates, mut analysed) = (0, 0, 0, 0);
    for r in &people {
        let counts = alerts.entry(&r.slice).or_default();
        counts.1 += 1;
        let Some(name) = CjkName::analyse(&r.query) else { continue };
        analysed += 1;
        counts.2 += 1;
        let near: HashSet<usize> =
            name.keys().iter().flat_map(|k| index.get(k).into_iter().flatten().copied()).collect();
        candidates += near.len();
        let mut hit = false;
        for (place, (text, other)) in list.iter().enumerate() {
            let Some(m) = compare(&name, other) else { continue };
            if m.bits >= 10.0 {
                found += 1;
                lost += usize::from(!near.contains(&place));
            }
            if m.bits >= PRIOR_BITS {
                if verbose && !hit {
                    println!("alert {} {:.1} {} / {text}", r.slice, m.bits, r.query);
                }
                hit = true;
            }
        }
        counts.0 += usize::from(hit);
    }
    for (slice, (hit, n, analysed)) in &alerts {
        println!(
            "innocents {slice:12} {hit:4} / {n:5} = {:.1} per 1,000 ({analysed} analysed)",
            1000.0 * *hit as f64 / *n as f64
        );
    }
    println!(
        "{analysed} analysed, {:.2} candidates each; comparisons of 10 bits and more {found}, without a shared key {lost}",
        candidates as f64 / analysed.max(1) as f64
    );
    assert_eq!(lost, 0);
    for (slice, (hit, n, _)) in &alerts {
        assert!(*n < 100 || hit * 50 <= *n, "{slice}: {hit} alerts of {n}");
    }
}
