//! A client that shares nothing with us but the protocol.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use prost::Message as _;
use serde_json::Value;
use zeef::service::access::{AccessConfig, Scope, Scopes, Token, token_hash};
use zeef::service::{Config, ScreenerHandle, TlsFiles, proto};

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

const TOKEN: &str = "zeef_of-a-stranger";

/// A server with TLS that lets in whoever has the token, and a folder with what a client needs.
struct Guarded {
    folder: tempfile::TempDir,
    server: tls::Server,
}

impl Guarded {
    async fn start(require_client_certificate: bool) -> Self {
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
        write("hr.token", &format!("{TOKEN}\n"));
        let files = TlsFiles {
            certificate: write("server.pem", &server),
            key: write("server.key", &server_key),
            client_authorities: Some(write("authority.pem", &authority.pem())),
            require_client_certificate,
        };
        let access = AccessConfig {
            tokens: vec![Token {
                name: "hr".into(),
                hash: token_hash(TOKEN),
                scopes: [Scope::Screen].into_iter().collect(),
                allowance: None,
                expires: None,
            }],
            anonymous: Scopes::NONE,
            ..AccessConfig::default()
        };
        Self { server: tls::Server::start(files, access).await, folder }
    }

    /// Runs a client to its end.
    async fn run(&self, mut command: Command) -> Output {
        command.current_dir(self.folder.path());
        within(tokio::task::spawn_blocking(move || command.output().unwrap())).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pythons_grpcio_comes_in_over_mutual_tls_with_a_token() {
    if !can_run() {
        println!("DID NOT RUN: {} cannot import grpcio and grpcio-reflection", python());
        return;
    }
    for required in [true, false] {
        let guarded = Guarded::start(required).await;
        let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/grpcio_mtls.py");
        let mut command = Command::new(python());
        command.arg(client).arg(format!("localhost:{}", guarded.server.port));
        command.args(["--folder", ".", "--token-file", "hr.token"]);
        if !required {
            command.arg("--certificate-is-optional");
        }
        command.arg("Vladimir Poutine");
        let output = guarded.run(command).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
        let hit = seen["screened"][0]["hits"][0].as_str().unwrap_or("").to_lowercase();
        assert!(hit.contains("putin"), "{seen}");
        guarded.server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_asks_in_json_and_grpc_web_over_tls_with_a_token() {
    let there = Command::new("curl").arg("--version").stdout(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        println!("DID NOT RUN: there is no curl");
        return;
    }
    let guarded = Guarded::start(false).await;
    let write = |name: &str, bytes: &[u8]| std::fs::write(guarded.folder.path().join(name), bytes).unwrap();
    // Secrets do not belong on a command line.
    write("with-token", format!("header = \"authorization: Bearer {TOKEN}\"\n").as_bytes());
    let curl = |path: &str, arguments: &[&str]| {
        let mut command = Command::new("curl");
        // The server's certificate is checked, and no proxy of the environment asked.
        command.args(["--silent", "--noproxy", "*", "--write-out", "\n%{http_code}"]).args(arguments);
        command.arg(format!("https://localhost:{}{path}", guarded.server.port));
        guarded.run(command)
    };
    let question = r#"{"name": "Wladimir Putjin", "birth_date": "1952-10-07"}"#;
    let json =
        ["--cacert", "authority.pem", "--header", "content-type: application/json", "--data", question];
    let with_token = |arguments: &[&'static str]| [&["--config", "with-token"], arguments].concat();

    let answer = curl("/v1/screen", &with_token(&json)).await;
    let text = String::from_utf8(answer.stdout).unwrap();
    let (body, status) = text.rsplit_once('\n').unwrap();
    assert_eq!(status, "200", "{body}");
    let seen: Value = serde_json::from_str(body).unwrap();
    assert!(seen["hits"][0]["name"].as_str().unwrap().to_lowercase().contains("putin"), "{seen}");
    let stranger = curl("/v1/screen", &json).await;
    assert!(String::from_utf8_lossy(&stranger.stdout).contains("UNAUTHENTICATED"), "{stranger:?}");
    let distrustful = curl("/v1/screen", &with_token(&json[2..])).await;
    assert!(!distrustful.status.success(), "an authority that it does not know: {distrustful:?}");

    let subject = proto::Subject { name: "Vladimir Putin".into(), ..Default::default() };
    let message = proto::ScreenRequest { subject: Some(subject), ..Default::default() }.encode_to_vec();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    write("frame", &[&[0], length.as_slice(), &message].concat());
    let framed = ["--header", "content-type: application/grpc-web+proto", "--data-binary", "@frame"];
    let framed = [&["--cacert", "authority.pem"], framed.as_slice()].concat();
    let answer = curl("/zeef.v1.ScreeningService/Screen", &with_token(&framed)).await.stdout;
    let length = u32::from_be_bytes(answer[1..5].try_into().unwrap()) as usize;
    let response = proto::ScreenResponse::decode(&answer[5..5 + length]).unwrap();
    assert_eq!(response.answer.unwrap().hits[0].list, "eu");
    assert!(String::from_utf8_lossy(&answer[5 + length..]).contains("grpc-status:0"));
    guarded.server.stop().await;
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
