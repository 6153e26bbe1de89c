//! `serve`: when it is ready, on which lists, and how it ends.

use std::io::{BufRead, BufReader};
use std::process::Child;

use crate::support::{World, fixture};

/// Reads standard error up to the line that holds `part`, and gives all of it.
fn until(child: &mut Child, part: &str) -> String {
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let mut text = String::new();
    while !text.contains(part) {
        let line = lines.next().unwrap_or_else(|| panic!("ended before {part:?}: {text}"));
        text += &line.expect("standard error is UTF-8");
        text.push('\n');
    }
    // Kept open: a closed pipe would be a fault of its own.
    std::mem::forget(lines);
    text
}

#[cfg(unix)]
fn stops(mut child: Child) {
    let kill = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(kill.is_ok_and(|s| s.success()));
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[cfg(not(unix))]
fn stops(mut child: Child) {
    child.kill().expect("it can be ended");
}

#[test]
fn it_says_when_it_is_ready_and_on_which_lists() {
    let world = World::new();
    let folder = world.imported("data");
    let mut child = world.command(&["serve", "--data", &folder, "--listen", "127.0.0.1:0"]).spawn().unwrap();
    let said = until(&mut child, "ready on");
    assert!(
        said.contains("ready on 127.0.0.1:") && said.contains("eu (") && said.contains("aspi ("),
        "{said}"
    );
    stops(child);
}

#[test]
fn on_a_folder_without_lists_it_says_that_it_serves_nothing() {
    let world = World::new();
    let folder = world.path("empty").display().to_string();
    let mut child = world.command(&["serve", "--data", &folder, "--listen", "127.0.0.1:0"]).spawn().unwrap();
    let said = until(&mut child, "NOT SERVING");
    assert!(!said.contains("ready on"), "{said}");
    stops(child);
}

#[test]
fn a_port_in_use_is_an_error() {
    let world = World::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = world.run(&["serve", "--demo", "--listen", &address]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains(&address), "{run:?}");
}

#[cfg(unix)]
#[test]
fn what_became_of_updates_is_seen_whoever_made_them() {
    use std::io::{Read, Write};

    let world = World::new();
    let folder = world.imported("data");
    let watch = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let list = world.file("aspi.json", std::fs::read(fixture("aspi-demo.json")).unwrap());
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[data]\nfolder = \"{folder}\"\n[metrics]\nlisten = \"{watch}\"\n\
         [update]\nevery = \"12h\"\n[update.sources.aspi]\nfiles = [\"aspi.json\"]\n"
    );
    let config = world.file("zeef.toml", text).display().to_string();
    let mut child = world.command(&["serve", "--config", &config]).spawn().unwrap();
    until(&mut child, "ready on");
    let numbers = || {
        let mut stream = std::net::TcpStream::connect(watch).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    };
    let shown = |part: &str| {
        let began = std::time::Instant::now();
        while !numbers().contains(part) {
            assert!(began.elapsed().as_secs() < 60, "{part} is not in:\n{}", numbers());
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    };
    // The server's own, of a file that is what is loaded.
    shown("zeef_imports_total{list=\"aspi\",result=\"unchanged\"} 1");
    shown("zeef_list_update_failures{list=\"aspi\"} 0");
    shown("zeef_list_imported_timestamp_seconds{list=\"eu\"} 1");
    // That of another process is no count of this one, but what became of it is seen.
    std::fs::write(&list, "no list at all").unwrap();
    assert_eq!(world.run(&["lists", "update", "--config", &config]).code, 4);
    shown("zeef_list_update_failures{list=\"aspi\"} 1");
    stops(child);
}

#[cfg(unix)]
#[test]
fn systemd_is_told_when_it_is_ready_and_when_it_ends() {
    use std::os::unix::net::UnixDatagram;

    let world = World::new();
    let folder = world.imported("data");
    let path = world.path("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    let told = || {
        let mut words = [0; 512];
        let length = socket.recv(&mut words).expect("nothing was told in time");
        String::from_utf8_lossy(&words[..length]).into_owned()
    };
    let mut child = world
        .command(&["serve", "--data", &folder, "--listen", "127.0.0.1:0"])
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "60000000")
        .spawn()
        .unwrap();
    let mut said = Vec::new();
    while said.len() < 2 {
        said.push(told());
    }
    assert!(said.iter().any(|s| s == "WATCHDOG=1"), "{said:?}");
    assert!(said.iter().any(|s| s.starts_with("READY=1\nSTATUS=serving 2 list(s)")), "{said:?}");
    until(&mut child, "ready on");
    stops(child);
    assert_eq!(told(), "STOPPING=1");
}
