//! Deliveries to a real server on this machine that misbehaves.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::index::Snapshot;
use crate::review::monitor::{Monitor, MonitorOptions, NewWatch};
use crate::review::store::{Store, StoreUrl};
use crate::screening::{Options, Screener, Subject, SubjectKind};

const SECRET: &[u8] = b"a secret made up for tests";

/// What the server does with the next request.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Take,
    Refuse(u16),
    /// Sends the caller somewhere else.
    Redirect,
    /// Takes the request and says nothing.
    Silent,
    /// Takes the request, and hangs up before it answers: the delivery has arrived, and nobody knows.
    HangUp,
    /// Answers what is no HTTP.
    Nonsense,
}

#[derive(Clone, Debug)]
struct Request {
    delivery: String,
    signature: String,
    body: Vec<u8>,
}

/// A receiver: it behaves as told, then takes everything.
struct Receiver {
    address: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Receiver {
    fn start(manners: &[Manner]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, manners) = (Arc::clone(&seen), manners.to_vec());
        std::thread::spawn(move || {
            let (mut held, mut manners) = (Vec::new(), manners.into_iter());
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                log.lock().unwrap().push(read(&stream));
                let redirect =
                    "HTTP/1.1 307 Away\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n";
                let answer = match manners.next().unwrap_or(Manner::Take) {
                    Manner::Take => "HTTP/1.1 204 Taken\r\nconnection: close\r\n\r\n".to_owned(),
                    Manner::Refuse(code) => {
                        format!("HTTP/1.1 {code} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    }
                    Manner::Redirect => redirect.to_owned(),
                    Manner::Nonsense => "and now for something completely different\r\n\r\n".to_owned(),
                    Manner::HangUp => continue,
                    Manner::Silent => {
                        held.push(stream);
                        continue;
                    }
                };
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let (mut length, mut delivery, mut signature) = (0, String::new(), String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            DELIVERY_HEADER => delivery = value.to_owned(),
            SIGNATURE_HEADER => signature = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Request { delivery, signature, body }
}

/// A monitor with alerts of people on the demonstration lists.
async fn alerts(home: &std::path::Path, names: &[&str]) -> Monitor {
    let store = Store::open(&StoreUrl::in_folder(home)).await.unwrap();
    let monitor = Monitor::new(store, MonitorOptions { threads: 1, page: 10 }).unwrap();
    let screener = Screener::new(Arc::new(Snapshot::demo().unwrap()), Vec::new());
    for name in names {
        let watch = NewWatch {
            reference: String::new(),
            subject: Subject::named(*name, SubjectKind::Organisation),
            options: Options::default(),
            purpose: "tests".into(),
            added_by: "tests".into(),
            ends: NewWatch::usual_end(Timestamp::now()),
        };
        monitor.add(&[watch]).await.unwrap();
    }
    monitor.take_up(&screener).await.unwrap();
    monitor
}

fn webhook(monitor: &Monitor, url: &str) -> Webhook {
    let config = WebhookConfig::new("tests", url, Secret::new(SECRET).unwrap()).unwrap();
    let (timeout, first_wait) = (Duration::from_millis(500), Duration::from_millis(1));
    Webhook::new(monitor.clone(), WebhookConfig { timeout, first_wait, ..config })
}

/// Steps until everything has arrived.
async fn deliver_all(webhook: &Webhook) -> usize {
    let mut arrived = 0;
    loop {
        match webhook.step().await.unwrap() {
            Delivered::Alerts(n) => arrived += n,
            Delivered::Nothing => return arrived,
            Delivered::NotYet | Delivered::Failed => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_the_same_until_it_arrives() {
    let home = tempfile::tempdir().unwrap();
    let monitor = alerts(home.path(), &["Beihang University", "Harbin Institute of Technology"]).await;
    let all = monitor.alerts(0, 100).await.unwrap();
    assert!(all.len() >= 2);
    let manners = [
        Manner::Refuse(500),
        Manner::Redirect,
        Manner::HangUp,
        Manner::Nonsense,
        Manner::Silent,
        Manner::Refuse(404),
    ];
    let receiver = Receiver::start(&manners);
    let hook = webhook(&monitor, &receiver.address);
    assert_eq!(hook.step().await.unwrap(), Delivered::Failed);
    // More is found meanwhile: the delivery under way stays what it is, whoever goes on with it.
    drop(hook);
    let later = alerts(home.path(), &["Northwestern Polytechnical University"]).await;
    let more = later.alerts(0, 100).await.unwrap();
    assert!(more.len() > all.len());
    let hook = webhook(&later, &receiver.address);
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(deliver_all(&hook).await, more.len());

    let seen = receiver.seen();
    let first: Vec<&Request> = seen.iter().filter(|r| r.delivery == seen[0].delivery).collect();
    assert_eq!(first.len(), manners.len() + 1);
    assert!(first.iter().all(|r| r.body == first[0].body));
    assert_eq!(seen.len(), first.len() + 1, "what came later is one delivery of its own");
    let secret = Secret::new(SECRET).unwrap();
    let now = Timestamp::now().as_second();
    for request in &seen {
        let Request { delivery, signature, body } = request;
        assert!(verify(&secret, signature, delivery, body, now, 300));
        assert!(!verify(&secret, signature, delivery, body, now + 600, 300), "an old one is none");
        assert!(!verify(&secret, signature, "another", body, now, 300));
        assert!(!verify(
            &Secret::new(b"another secret, as long").unwrap(),
            signature,
            delivery,
            body,
            now,
            300
        ));
        let text = std::str::from_utf8(body).unwrap();
        for name in ["Beihang", "Harbin Institute", "Northwestern", "hit", "subject"] {
            assert!(!text.contains(name), "{text}");
        }
    }
    let told: serde_json::Value = serde_json::from_slice(&seen[0].body).unwrap();
    assert_eq!(told["delivery"], seen[0].delivery);
    assert_eq!(told["alerts"].as_array().unwrap().len(), all.len());
    assert_eq!(told["alerts"][0]["id"], all[0].id);
    assert_eq!(told["alerts"][0]["kind"], "new");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_delivers_at_a_time_and_alerts_of_ended_watches_are_not_told() {
    let home = tempfile::tempdir().unwrap();
    let monitor = alerts(home.path(), &["Beihang University"]).await;
    let receiver = Receiver::start(&[Manner::Silent]);
    let (here, there) = (webhook(&monitor, &receiver.address), webhook(&monitor, &receiver.address));
    let slow = tokio::spawn(async move {
        let step = here.step().await.unwrap();
        (here, step)
    });
    while receiver.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(there.step().await.unwrap(), Delivered::NotYet);
    let (_, step) = slow.await.unwrap();
    assert_eq!(step, Delivered::Failed);
    // The watch ends: its alerts go, and with them the delivery that was under way.
    let alert = &monitor.alerts(0, 1).await.unwrap()[0];
    monitor.remove(std::slice::from_ref(&alert.watch_id)).await.unwrap();
    assert_eq!(deliver_all(&there).await, 0);
    assert_eq!(receiver.seen().len(), 1);
}

#[test]
fn secrets_come_from_files_and_are_never_shown() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("secret");
    std::fs::write(&file, "0123456789abcdef\n").unwrap();
    let secret = Secret::from_file(&file).unwrap();
    assert_eq!(secret.bytes(), b"0123456789abcdef");
    assert!(!format!("{secret:?}").contains("0123"));
    std::fs::write(&file, "short\n").unwrap();
    assert!(matches!(Secret::from_file(&file), Err(SecretError::Short)));
    assert!(matches!(Secret::from_file(&home.path().join("none")), Err(SecretError::File { .. })));
    assert!(matches!(Secret::from_variable("ZEEF_NO_SUCH_VARIABLE"), Err(SecretError::Variable { .. })));
}
