//! A server on a port of its own, and clients of it.

use std::future::Future;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tonic_types::StatusExt;
use zeef::index::Snapshot;
use zeef::screening::Screener;
use zeef::service::proto::case_service_client::CaseServiceClient;
use zeef::service::proto::entity_service_client::EntityServiceClient;
use zeef::service::proto::list_service_client::ListServiceClient;
use zeef::service::proto::screening_service_client::ScreeningServiceClient;
use zeef::service::{Config, ScreenerHandle, ServiceError, proto, run};

/// Longest time that anything in a test may take; a failure to come, never a measure of speed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The demonstration lists, compiled once for all tests.
static DEMO: LazyLock<Arc<Snapshot>> = LazyLock::new(|| Arc::new(Snapshot::demo().unwrap()));

/// A screener on the demonstration lists, of which `eu` counts as stale after no day at all.
pub fn demo() -> Screener {
    Screener::new(Arc::clone(&DEMO), vec![("eu".into(), 0)])
}

/// A running server.
pub struct TestServer {
    pub address: String,
    pub handle: Arc<ScreenerHandle>,
    pub channel: Channel,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), ServiceError>>,
}

impl TestServer {
    /// Starts a server on `handle` with `config`.
    pub async fn start(handle: ScreenerHandle, config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let handle = Arc::new(handle);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn({
            let handle = Arc::clone(&handle);
            async move {
                let shutdown = async {
                    let _ = stopped.await;
                };
                run(listener, shutdown, config, handle).await
            }
        });
        let channel = Endpoint::from_shared(address.clone()).unwrap().connect().await.unwrap();
        Self { address, handle, channel, stop: Some(stop), task }
    }

    /// A server without any lists.
    pub async fn empty() -> Self {
        Self::start(ScreenerHandle::empty(), config()).await
    }

    /// A server on the demonstration lists.
    pub async fn demo() -> Self {
        Self::start(ScreenerHandle::of(demo()), config()).await
    }

    pub fn screening(&self) -> ScreeningServiceClient<Channel> {
        ScreeningServiceClient::new(self.channel.clone())
    }

    pub fn cases(&self) -> CaseServiceClient<Channel> {
        CaseServiceClient::new(self.channel.clone())
    }

    pub fn entities(&self) -> EntityServiceClient<Channel> {
        EntityServiceClient::new(self.channel.clone())
    }

    pub fn lists(&self) -> ListServiceClient<Channel> {
        ListServiceClient::new(self.channel.clone())
    }

    /// Tells the server to shut down; it drains in the background.
    pub fn begin_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).unwrap();
        }
    }

    /// Shuts down and waits for the server's end.
    pub async fn stop(mut self) {
        self.begin_stop();
        within(self.task).await.unwrap().unwrap();
    }
}

/// Limits small enough for a test.
pub fn config() -> Config {
    Config { threads: 2, drain_limit: Duration::from_secs(5), ..Config::default() }
}

/// Waits for `future`, but not for ever.
pub async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future).await.expect("nothing came in time")
}

/// A made-up person.
pub fn person(name: &str) -> Option<proto::Subject> {
    Some(proto::Subject { name: name.into(), kind: proto::SubjectKind::Person.into(), ..Default::default() })
}

/// Checks an error: its code, its stable reason, and that its text quotes nothing of `secrets`.
#[track_caller]
pub fn check_error(status: &Status, code: Code, reason: &str, secrets: &[&str]) {
    assert_eq!(status.code(), code, "{status}");
    let details = status.check_error_details().unwrap();
    let info = details.error_info().expect("every error carries ErrorInfo");
    assert_eq!(info.domain, "zeef");
    assert_eq!(info.reason, reason);
    for secret in secrets {
        assert!(!status.message().contains(secret), "the error quotes what was screened");
    }
    let may_retry = matches!(code, Code::ResourceExhausted | Code::Unavailable);
    assert_eq!(details.retry_info().is_some(), may_retry);
}

/// The fields that an error names.
pub fn fields(status: &Status) -> Vec<String> {
    let details = status.check_error_details().unwrap();
    details
        .bad_request()
        .map_or_else(Vec::new, |b| b.field_violations.iter().map(|v| v.field.clone()).collect())
}
