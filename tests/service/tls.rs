//! TLS and mTLS: who is believed, and certificates that change under a running server.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::Code;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Error, Identity};
use zeef::index::Snapshot;
use zeef::service::access::{self, Access, AccessConfig, Scope, Scopes};
use zeef::service::proto::screening_service_client::ScreeningServiceClient;
use zeef::service::{Config, DataSource, ServeConfig, ServeEvent, Tls, TlsFiles, proto, serve};

use crate::support::{check_error, config, person, within};

/// An authority and what it signs.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        // Otherwise those that it signs would have its name, and look as if they had signed themselves.
        params.distinguished_name.push(DnType::CommonName, "authority of the tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for this name with its key, and the hash of the certificate.
    pub fn sign(&self, name: &str) -> (String, String, [u8; 32]) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        (certificate.pem(), key.serialize_pem(), Sha256::digest(certificate.der()).into())
    }
}

/// A running server, and what it said.
pub struct Server {
    pub port: u16,
    said: Arc<Mutex<Vec<String>>>,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    pub async fn start(files: TlsFiles, access: AccessConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Config {
            tls: Some(Arc::new(Tls::new(files).unwrap())),
            access: Some(Arc::new(Access::new(access).unwrap())),
            ..config()
        };
        let data = DataSource::Fixed(Arc::new(Snapshot::demo().unwrap()));
        let config =
            ServeConfig { server, files_interval: Duration::from_millis(20), ..ServeConfig::of(data) };
        let said = Arc::new(Mutex::new(Vec::new()));
        let (stop, stopped) = oneshot::channel();
        let events = {
            let said = Arc::clone(&said);
            move |event: ServeEvent| {
                let text = match event {
                    ServeEvent::Serving(_) => "serving".to_owned(),
                    ServeEvent::CertificatesTakenUp => "taken up".to_owned(),
                    ServeEvent::CertificatesUnusable(error) => format!("unusable: {error}"),
                    _ => "other".to_owned(),
                };
                said.lock().unwrap().push(text);
            }
        };
        let task = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            serve(config, listener, stopped, events).await.unwrap();
        });
        let server = Self { port, said, stop, task };
        server.hears("serving").await;
        server
    }

    async fn hears(&self, part: &str) {
        within(async {
            while !self.said.lock().unwrap().iter().any(|s| s.contains(part)) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    async fn connect(&self, authority: &str, identity: Option<(&str, &str)>) -> Result<Channel, Error> {
        let mut tls =
            ClientTlsConfig::new().ca_certificate(Certificate::from_pem(authority)).domain_name("localhost");
        if let Some((certificate, key)) = identity {
            tls = tls.identity(Identity::from_pem(certificate, key));
        }
        let address = format!("https://127.0.0.1:{}", self.port);
        within(Endpoint::from_shared(address).unwrap().tls_config(tls).unwrap().connect()).await
    }

    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        within(self.task).await.unwrap();
    }
}

/// Files in `folder`, of this certificate and key.
fn files(folder: &Path, certificate: &str, key: &str, client_authority: Option<&str>) -> TlsFiles {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        // As deployments do: aside, then renamed.
        std::fs::write(folder.join("aside"), text).unwrap();
        std::fs::rename(folder.join("aside"), &path).unwrap();
        path
    };
    TlsFiles {
        certificate: write("server.pem", certificate),
        key: write("server.key", key),
        client_authorities: client_authority.map(|text| write("clients.pem", text)),
        require_client_certificate: true,
    }
}

/// Whether somebody made up can be screened over this channel.
async fn screens(channel: Channel) -> Result<(), tonic::Status> {
    let request = proto::ScreenRequest { subject: person("Testname Example"), ..Default::default() };
    within(ScreeningServiceClient::new(channel).screen(request)).await.map(drop)
}

#[tokio::test]
async fn a_server_with_tls_speaks_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let (certificate, key, _) = authority.sign("localhost");
    let server = Server::start(files(folder.path(), &certificate, &key, None), AccessConfig::default()).await;
    screens(server.connect(&authority.pem(), None).await.unwrap()).await.unwrap();
    assert!(server.connect(&Authority::new().pem(), None).await.is_err(), "another authority is believed");
    let plain = Endpoint::from_shared(format!("http://127.0.0.1:{}", server.port)).unwrap();
    let plain = match within(plain.connect()).await {
        Ok(channel) => screens(channel).await.is_ok(),
        Err(_) => false,
    };
    assert!(!plain, "it speaks without TLS");
    server.stop().await;
}

#[tokio::test]
async fn with_mutual_tls_a_client_needs_a_certificate_and_may_need_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, clients) = (Authority::new(), Authority::new());
    let (certificate, key, _) = authority.sign("localhost");
    let (known, known_key, fingerprint) = clients.sign("hr.example");
    let (unknown, unknown_key, _) = clients.sign("other.example");
    let (foreign, foreign_key, _) = Authority::new().sign("hr.example");
    let access = AccessConfig {
        certificates: vec![access::Certificate {
            name: "hr".into(),
            fingerprint,
            scopes: [Scope::Screen].into_iter().collect(),
            allowance: None,
        }],
        anonymous: Scopes::NONE,
        ..AccessConfig::default()
    };
    let server = Server::start(files(folder.path(), &certificate, &key, Some(&clients.pem())), access).await;
    let root = authority.pem();

    screens(server.connect(&root, Some((&known, &known_key))).await.unwrap()).await.unwrap();
    // Let in by TLS, and nobody that we know.
    let status = screens(server.connect(&root, Some((&unknown, &unknown_key))).await.unwrap()).await;
    check_error(&status.unwrap_err(), Code::Unauthenticated, "UNAUTHENTICATED", &["Testname"]);
    for identity in [None, Some((foreign.as_str(), foreign_key.as_str()))] {
        // With TLS 1.3 a client may take its connection for good until it is used.
        let refused = match server.connect(&root, identity).await {
            Ok(channel) => screens(channel).await.is_err(),
            Err(_) => true,
        };
        assert!(refused, "a stranger is let in");
    }
    server.stop().await;
}

#[tokio::test]
async fn changed_certificates_are_taken_up_and_broken_ones_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (Authority::new(), Authority::new());
    let (certificate, key, _) = old.sign("localhost");
    let server = Server::start(files(folder.path(), &certificate, &key, None), AccessConfig::default()).await;
    let held = server.connect(&old.pem(), None).await.unwrap();

    files(folder.path(), "no certificate", &key, None);
    server.hears("server.pem: it holds no certificate").await;
    screens(server.connect(&old.pem(), None).await.unwrap()).await.unwrap();
    let (certificate, other_key, _) = new.sign("localhost");
    files(folder.path(), &certificate, &key, None);
    server.hears("certificate and key cannot be used").await;
    screens(server.connect(&old.pem(), None).await.unwrap()).await.unwrap();

    files(folder.path(), &certificate, &other_key, None);
    server.hears("taken up").await;
    screens(server.connect(&new.pem(), None).await.unwrap()).await.unwrap();
    assert!(server.connect(&old.pem(), None).await.is_err(), "the old certificate is still shown");
    // Connections that stood go on.
    screens(held).await.unwrap();
    server.stop().await;
}
