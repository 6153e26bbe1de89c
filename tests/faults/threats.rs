//! SECURITY.md names a test for each threat: the tests are there.

use std::path::{Path, PathBuf};

/// All files below a folder.
fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

#[test]
fn every_threat_has_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in ["src", "tests", "deploy", "fuzz/src"] {
        files(&root.join(folder), &mut all);
    }
    let is_code = |path: &&PathBuf| path.extension().is_some_and(|e| e == "rs");
    let code: String =
        all.iter().filter(is_code).map(|p| std::fs::read_to_string(p).expect("code")).collect();
    let security = std::fs::read_to_string(root.join("SECURITY.md")).expect("SECURITY.md");
    let threats = security.split("## Threats").nth(1).and_then(|rest| rest.split("\n## ").next());
    let rows = threats.expect("a table of threats").lines().filter(|l| l.starts_with("| ")).skip(1);
    let mut seen = 0;
    for row in rows {
        let held_by = row.trim_end_matches(" |").rsplit(" | ").next().expect("a column");
        let named: Vec<&str> = held_by.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty() || held_by == "the compiler", "nothing holds: {row}");
        for name in named {
            let exists = if name.contains(['/', '.']) {
                root.join(name).exists() || all.iter().any(|path| path.ends_with(name))
            } else {
                code.contains(&format!("fn {name}("))
            };
            assert!(exists, "{name} is not there: {row}");
        }
        seen += 1;
    }
    assert!(seen > 20, "the table has another form");
}
