//! What the documents promise is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The source files below a folder.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_threat_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches"] {
        sources(&root.join(folder), &mut files);
    }
    let text = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let table = text.split_once("## Threats").unwrap().1.split_once("\n## ").unwrap().0;
    let rows = table.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| threat"));
    let mut missing = BTreeSet::new();
    let mut count = 0;
    for row in rows {
        count += 1;
        let held = row.trim_end_matches([' ', '|']).rsplit_once(" | ").unwrap().1;
        // What stands between marks is a file, the end of one, or a name in it.
        let named: Vec<&str> = held.split('`').skip(1).step_by(2).collect();
        if named.is_empty() && held != "the compiler" {
            missing.insert(format!("nothing holds: {row}"));
        }
        for name in named {
            let is_there = if name.contains(['.', '/']) {
                root.join(name).exists() || files.iter().any(|(file, _)| file.ends_with(&format!("/{name}")))
            } else if name.starts_with("Zeef") {
                fs::read_to_string(root.join("deploy/prometheus/zeef.rules.yml")).unwrap().contains(name)
            } else {
                let function = format!("fn {name}(");
                files.iter().any(|(_, text)| text.contains(&function))
            };
            if !is_there {
                missing.insert(name.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "SECURITY.md names what is not there: {missing:#?}");
    assert!(count > 30, "{count} threats were read");
}
