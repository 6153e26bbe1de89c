//! What lies in `deploy/` is understood by those it is for, where this machine has them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(path)
}

/// Runs a program to its end; none where it is not installed.
fn ran(program: &str, arguments: &[&str], folder: &Path) -> Option<(bool, String)> {
    let output =
        Command::new(program).args(arguments).current_dir(folder).stdin(Stdio::null()).output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

#[test]
fn systemd_understands_the_units() {
    let folder = tempfile::tempdir().unwrap();
    let units = ["zeef.service", "zeef-update.service", "zeef-update.timer"];
    for unit in units {
        let text = std::fs::read_to_string(deploy("systemd").join(unit)).unwrap();
        // What they start is asked for as well, and is not installed here.
        std::fs::write(folder.path().join(unit), text.replace("/usr/local/bin/zeef", "/bin/true")).unwrap();
    }
    let paths = units.map(|unit| folder.path().join(unit).display().to_string());
    let arguments: Vec<&str> = ["verify"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    match ran("systemd-analyze", &arguments, folder.path()) {
        None => println!("DID NOT RUN: there is no systemd-analyze"),
        // It tells of keys that it does not know and ends well all the same.
        Some((well, said)) => {
            assert!(well && !said.lines().any(|l| l.contains("zeef") && l.contains("nknown")), "{said}");
        }
    }
}

#[test]
fn prometheus_understands_the_alerts_and_they_fire_when_they_should() {
    let folder = deploy("prometheus");
    for arguments in
        [["check", "config", "prometheus.yml"].as_slice(), &["test", "rules", "zeef.rules.test.yml"]]
    {
        match ran("promtool", arguments, &folder) {
            None => println!("DID NOT RUN: there is no promtool"),
            Some((well, said)) => assert!(well, "{said}"),
        }
    }
}
