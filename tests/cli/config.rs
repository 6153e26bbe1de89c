//! The configuration: checked before anything is served, and taken up anew while serving.

use std::io::{BufRead, BufReader};

use crate::support::{Run, World};

#[test]
fn a_faulty_configuration_is_told_whole_and_serves_nothing() {
    let world = World::new();
    let file = world.file("zeef.toml", "[limits]\nmax_strems = 3\nlongest_call = \"5\"\n");
    let file = file.display().to_string();
    for args in [["config", "check", "--config", &file], ["serve", "--demo", "--config", &file]] {
        let run = world.run(&args);
        assert_eq!(run.code, 2, "{run:?}");
        for part in ["zeef.toml:2: limits.max_strems", "did you mean \"max_streams\"", "zeef.toml:3: limits"]
        {
            assert!(run.err.contains(part), "{part:?}: {run:?}");
        }
    }
    let missing = world.run(&["config", "check", "--config", "/no/such/zeef.toml"]);
    assert_eq!(missing.code, 2, "{missing:?}");
    assert!(missing.err.contains("/no/such/zeef.toml"), "{missing:?}");
}

#[test]
fn a_configuration_without_fault_is_said_to_be_one() {
    let world = World::new();
    let file = world.file("zeef.toml", "[server]\nlisten = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n");
    let run: Run = world
        .command(&["config", "check"])
        .env("ZEEF_CONFIG", &file)
        .env("ZEEF_LIMITS_MAX_STREAMS", "3")
        .output()
        .unwrap()
        .into();
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("2 values from") && run.out.contains("1 value from the environment"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_hangup_takes_up_what_can_be_and_says_what_cannot() {
    let world = World::new();
    let folder = world.imported("data");
    let file = world.file("zeef.toml", "[server]\nlisten = \"127.0.0.1:0\"\n");
    let config = file.display().to_string();
    let mut child = world.command(&["serve", "--config", &config, "--data", &folder]).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut until = |part: &str| {
        let mut said = String::new();
        while !said.contains(part) {
            said += &lines.next().unwrap_or_else(|| panic!("ended before {part:?}: {said}")).unwrap();
            said.push('\n');
        }
        said
    };
    let hangup = |id: u32| {
        let kill = std::process::Command::new("kill").args(["-HUP", &id.to_string()]).status();
        assert!(kill.is_ok_and(|s| s.success()));
    };
    until("ready on");

    // A fault changes nothing.
    std::fs::write(&file, "[server]\nlisten = \"nowhere\"\n").unwrap();
    hangup(child.id());
    let said = until("nothing has been changed");
    assert!(said.contains("zeef.toml:2: server.listen"), "{said}");

    let text = "[server]\nlisten = \"127.0.0.1:0\"\nthreads = 1\n[data.max_age_days]\ndefault = 0\n";
    std::fs::write(&file, text).unwrap();
    hangup(child.id());
    let said = until("needs a restart");
    assert!(said.contains("changed: data.max_age_days.default"), "{said}");
    assert!(said.contains("needs a restart: server.threads"), "{said}");
    // The lists are served anew, by the new ages.
    until("STALE LIST: eu");
    let kill = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(kill.is_ok_and(|s| s.success()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
