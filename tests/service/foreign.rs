//! A client that shares nothing with us but the protocol.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use zeef::service::access::{AccessConfig, Scope, Scopes, Token, token_hash};
use zeef::service::{Config, ScreenerHandle, TlsFiles};

use crate::support::{TestServer, config, demo, within};
use crate::tls::{self, Authority};

/// The Python to use: `ZEEF_PYTHON`, or `python3`.
pub fn python() -> String {
    std::env::var("ZEEF_PYTHON").unwrap_or_else(|_| "python3".into())
}

pub fn can_run() -> bool {
    Command::new(python())
        .args(["-c", "import grpc, grpc_reflection.v1alpha"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn pythons_grpcio_comes_in_over_mutual_tls_with_a_token() {
    if !can_run() {
        println!("DID NOT RUN: {} cannot import grpcio and grpcio-reflection", python());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let (server, server_key, _) = authority.sign("localhost");
    let (client, client_key, _) = authority.sign("client");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    write("client.pem", &client);
    write("client.key", &client_key);
    let token = write("hr.token", "zeef_of-python\n");
    let files = TlsFiles {
        certificate: write("server.pem", &server),
        key: write("server.key", &server_key),
        client_authorities: Some(write("authority.pem", &authority.pem())),
        require_client_certificate: true,
    };
    let access = AccessConfig {
        tokens: vec![Token {
            name: "hr".into(),
            hash: token_hash("zeef_of-python"),
            scopes: [Scope::Screen].into_iter().collect(),
            allowance: None,
            expires: None,
        }],
        anonymous: Scopes::NONE,
        ..AccessConfig::default()
    };
    let server = tls::Server::start(files, access).await;
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/grpcio_mtls.py");
    let mut command = Command::new(python());
    command.arg(client).arg(format!("localhost:{}", server.port)).arg("--folder").arg(folder.path());
    command.arg("--token-file").arg(token).arg("Vladimir Poutine");
    let output = within(tokio::task::spawn_blocking(move || command.output().unwrap())).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    let hit = seen["screened"][0]["hits"][0].as_str().unwrap_or("").to_lowercase();
    assert!(hit.contains("putin"), "{seen}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pythons_grpcio_discovers_and_screens() {
    if !can_run() {
        println!(
            "DID NOT RUN: {} cannot import grpcio and grpcio-reflection; install them with pip, or set \
             ZEEF_PYTHON to a Python that has them",
            python()
        );
        return;
    }
    // One stream at a time: the client cancels one in the middle, and that must free its place.
    let config = Config { max_streams: 1, ..config() };
    let server = TestServer::start(ScreenerHandle::of(demo()), config).await;
    let address = server.address.trim_start_matches("http://").to_owned();
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/grpcio_client.py");
    let names = ["Vladimir Poutine", "哈尔滨工业大学", "Harbin Inst. of Technology", "Testname Example"];
    let run = tokio::task::spawn_blocking(move || {
        Command::new(python()).arg(client).arg(address).args(names).output().unwrap()
    });
    let output = within(run).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen["health"], "SERVING");
    assert!(seen["services"].as_array().unwrap().iter().any(|s| s == "zeef.v1.ScreeningService"));
    let first =
        |i: usize| seen["screened"][i]["answer"]["hits"][0]["name"].as_str().unwrap_or("").to_lowercase();
    assert!(first(0).contains("putin"), "{}", first(0));
    for i in [1, 2] {
        assert!(first(i).contains("harbin institute of technology"), "{}", first(i));
    }
    assert!(seen["screened"][3]["answer"]["hits"].is_null());
    assert_eq!(seen["screened"][3]["answer"]["stamp"]["demo"], true);
    assert_eq!(seen["cancelled"]["code"], "CANCELLED");
    server.stop().await;
}
