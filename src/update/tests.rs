//! Updates of a real folder, from watched files and from a server on this machine.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::index::{Snapshot, roll_back};
use crate::sources::download::{ContentKind, Proxy};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

/// A server that gives what it holds.
fn serve(body: &Arc<Mutex<Vec<u8>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/eu.xml", listener.local_addr().unwrap());
    let body = Arc::clone(body);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            for line in BufReader::new(&stream).lines() {
                if line.unwrap_or_default().is_empty() {
                    break;
                }
            }
            let body = body.lock().unwrap().clone();
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    url
}

#[test]
fn lists_are_switched_to_when_they_hold_and_left_when_they_do_not() {
    let home = tempfile::tempdir().unwrap();
    let body = Arc::new(Mutex::new(fixture("eu-demo.xml")));
    let mut download = Download::new(serve(&body), ContentKind::Xml);
    (download.proxy, download.first_wait) = (Proxy::None, Duration::from_millis(1));
    let tracker = home.path().join("tracker");
    std::fs::create_dir(&tracker).unwrap();
    std::fs::write(tracker.join("galaxy.json"), fixture("aspi-demo.json")).unwrap();
    std::fs::write(tracker.join("notes.txt"), "not a list").unwrap();
    let source = |list: &str, place| Source { list: list.into(), place };
    let plan = UpdatePlan::new(
        home.path().join("data"),
        vec![
            source("eu", Place::Address(Box::new(download))),
            source("aspi", Place::Files(vec![tracker.clone()])),
        ],
    );
    let run = |accept: bool| -> Vec<Outcome> {
        update(&plan, &[], accept, &|| false).unwrap().lists.into_iter().map(|(_, o)| o).collect()
    };
    let loaded = || Snapshot::open(&plan.folder).unwrap().manifest().id.clone();
    use Outcome::{Failed, Held, Imported, Unchanged};
    assert_eq!(run(false), [Imported, Imported]);
    let first = loaded();
    assert_eq!(run(false), [Unchanged, Unchanged]);

    // A page, half a list, a list that lost most of its entries: what is loaded stays, whatever else is new.
    let whole = fixture("eu-demo.xml");
    let text = String::from_utf8(whole.clone()).unwrap();
    let end = text.find("</sanctionEntity>").unwrap() + "</sanctionEntity>".len();
    let one = format!("{}</export>", &text[..end]).into_bytes();
    for bad in [b"<!DOCTYPE html><p>Log in".to_vec(), whole[..whole.len() / 2].to_vec(), one] {
        *body.lock().unwrap() = bad;
        let outcomes = run(false);
        assert!(matches!(outcomes[..], [Failed(_), Unchanged]), "{outcomes:?}");
        assert_eq!(loaded(), first);
    }
    let memory = state(&plan.folder);
    assert_eq!((memory.lists["eu"].failures, memory.lists["aspi"].failures), (3, 0));

    // A new edition of the one, then somebody goes back: it is not taken up again by itself.
    let mut edition = text.replacen("<export", "<!-- another edition --><export", 1).into_bytes();
    edition.push(b'\n');
    *body.lock().unwrap() = edition;
    assert_eq!(run(false), [Imported, Unchanged]);
    let second = loaded();
    hold(&plan.folder, &roll_back(&plan.folder, None).unwrap()).unwrap();
    assert_eq!(loaded(), first);
    assert_eq!(run(false), [Held, Unchanged]);
    assert_eq!(loaded(), first);
    assert_eq!(run(true), [Imported, Unchanged]);
    assert_eq!(loaded(), second);
    assert_eq!(run(false), [Unchanged, Unchanged]);

    let none = update(&plan, &["un".into()], false, &|| false);
    assert!(matches!(none, Err(UpdateError::NoSource { .. })));
    // Nothing of the downloads is left.
    let left = std::fs::read_dir(&plan.folder)
        .unwrap()
        .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with("downloads-"));
    assert_eq!(left.count(), 0);
}
