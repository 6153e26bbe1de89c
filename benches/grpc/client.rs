//! A client that takes little of the machine that it shares with what it measures.
//!
//! The generated client is made for programs: it buffers, balances, spans tasks and decodes, which costs as much
//! again as the service takes for the call. This one sends messages that were encoded beforehand, on one
//! connection and one thread, and looks at the status of what comes back.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::{BufMut, Bytes, BytesMut};
use h2::client::{ResponseFuture, SendRequest};
use http::Request;
use prost::Message;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use zeef::service::proto;

use crate::Failure;
use crate::pace::Pace;

/// Flow-control windows: large, so that the client never makes the service wait.
const WINDOW: u32 = 16 << 20;
/// Bytes before each message: whether it is compressed, and its length.
const PREFIX: usize = 5;

/// A connection to the service.
#[derive(Clone)]
pub struct Client {
    send: SendRequest<Bytes>,
    uri: http::Uri,
}

/// A request for `Screen` as it goes over the wire.
pub fn request(subject: &proto::Subject) -> Bytes {
    let message = proto::ScreenRequest { subject: Some(subject.clone()), ..Default::default() };
    let mut out = BytesMut::with_capacity(PREFIX + message.encoded_len());
    out.put_u8(0);
    out.put_u32(message.encoded_len() as u32);
    out.extend_from_slice(&message.encode_to_vec());
    out.freeze()
}

impl Client {
    /// Connects; what the connection does runs on the current runtime.
    pub async fn connect(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut builder = h2::client::Builder::new();
        builder.initial_window_size(WINDOW).initial_connection_window_size(WINDOW);
        let (send, connection) = builder.handshake(stream).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                eprintln!("the connection broke: {error}");
            }
        });
        let uri = format!("http://{address}/zeef.v1.ScreeningService/Screen").parse()?;
        Ok(Self { send, uri })
    }

    /// Sends a request.
    async fn begin(&self, message: Bytes) -> Result<ResponseFuture, Failure> {
        let request = Request::post(self.uri.clone())
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(())?;
        let mut send = self.send.clone().ready().await?;
        let (answer, mut body) = send.send_request(request, false)?;
        body.send_data(message, true)?;
        Ok(answer)
    }

    /// One call, answered.
    pub async fn screen(&self, message: Bytes) -> Result<(), Failure> {
        answered(self.begin(message).await?).await
    }

    /// Calls at fixed times, `rate` a second, whatever becomes of earlier ones; when each was due, and how long it
    /// took from then.
    pub async fn at_fixed_times(
        &self,
        messages: &[Bytes],
        rate: f64,
        calls: usize,
    ) -> Result<Vec<(Instant, Duration)>, Failure> {
        let mut latencies = Vec::with_capacity(calls);
        let mut running = JoinSet::new();
        let mut pace = Pace::begin(rate)?;
        let mut begun = 0;
        while begun < calls {
            // Those that have ended give their memory to those to come.
            while let Some(call) = running.try_join_next() {
                latencies.push(call??);
            }
            for due in pace.due().await?.take(calls - begun) {
                let answer = self.begin(messages[begun % messages.len()].clone()).await?;
                running.spawn(async move {
                    answered(answer).await?;
                    // From when it was due, not from when anybody came round to it.
                    Ok::<_, Failure>((due, due.elapsed()))
                });
                begun += 1;
            }
        }
        while let Some(call) = running.join_next().await {
            latencies.push(call??);
        }
        Ok(latencies)
    }
}

/// Waits for an answer and looks at it.
async fn answered(answer: ResponseFuture) -> Result<(), Failure> {
    let mut body = answer.await?.into_body();
    let mut received = 0;
    while let Some(part) = body.data().await {
        received += part?.len();
    }
    let trailers = body.trailers().await?;
    let status = trailers.as_ref().and_then(|t| t.get("grpc-status"));
    if status.is_none_or(|status| status != "0") || received <= PREFIX {
        return Err(format!("answered {received} bytes with status {status:?}").into());
    }
    Ok(())
}
