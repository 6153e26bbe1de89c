//! Clients that share nothing with us but the protocol.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::TestServer;

/// The Python to use: `ZEEF_PYTHON`, or `python3`.
fn python() -> String {
    std::env::var("ZEEF_PYTHON").unwrap_or_else(|_| "python3".into())
}

#[test]
fn the_public_client_of_yente_can_point_here() {
    let can_run = Command::new(python())
        .args(["-c", "import yente_client"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !can_run {
        println!("DID NOT RUN: {} cannot import yente_client; install yente-client with pip", python());
        return;
    }
    let server = TestServer::demo();
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/yente_match.py");
    let output =
        Command::new(python()).arg(client).arg(format!("http://{}", server.address)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen["person"]["top"]["match"], true, "{seen}");
    assert_eq!(seen["person"]["top"]["datasets"][0], "eu");
    assert!(seen["person"]["why"].as_array().unwrap().iter().any(|f| f == "birth_date"), "{seen}");
    assert_ne!(seen["strict"]["top"]["match"], true, "{seen}");
    assert_eq!(seen["company"]["top"]["caption"], "Harbin Institute of Technology");
    assert_eq!((&seen["many"]["a"], &seen["many"]["b"]), (&Value::from(1), &Value::from(0)));
}
