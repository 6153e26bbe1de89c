//! Accepting connections: so many, not too many from one address, TLS first where it is asked for.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_rustls::TlsAcceptor;

use super::config::Config;
use super::connection::{Connection, Wire};
use super::telemetry::Metrics;

/// How long nothing is accepted after the system could not, for want of files or memory.
const PAUSE: Duration = Duration::from_millis(50);

/// Connections of which TLS is done and that wait to be served: serving begins at once.
const WAITING: usize = 16;

/// An open connection's place: one of all, and one of its address.
pub(super) struct Place {
    _one: OwnedSemaphorePermit,
    addresses: Arc<Addresses>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.addresses.leave(self.address);
    }
}

/// How many connections are open from which address.
#[derive(Default)]
struct Addresses(Mutex<HashMap<IpAddr, usize>>);

impl Addresses {
    /// Counts one more, unless there are `most` already.
    fn enter(&self, address: IpAddr, most: usize) -> bool {
        // Nothing that panics runs under the lock.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(address).or_insert(0);
        if *count >= most {
            return false;
        }
        *count += 1;
        true
    }

    fn leave(&self, address: IpAddr) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                all.remove(&address);
            }
        }
    }
}

/// Accepts connections until nobody serves them any longer.
///
/// A connection has a place from its first byte on: those that do not finish their TLS or do not say what they
/// want hold one, until `handshake_timeout`, and nothing else.
pub(super) fn connections(
    listener: TcpListener,
    config: &Config,
    cord: watch::Receiver<bool>,
    metrics: Arc<Metrics>,
) -> mpsc::Receiver<io::Result<Connection<Place>>> {
    let (out, accepted) = mpsc::channel(WAITING);
    let places = Arc::new(Semaphore::new(config.max_connections.min(Semaphore::MAX_PERMITS)));
    let (tls, secure) = (config.tls.clone(), config.behind_tls_proxy);
    let (most, patience) = (config.max_connections_per_address, config.handshake_timeout);
    tokio::spawn(async move {
        let addresses = Arc::new(Addresses::default());
        loop {
            // Beyond the limit, further connections wait in the listener's backlog.
            let accept = async {
                let one = Arc::clone(&places).acquire_owned().await.ok()?;
                Some((one, listener.accept().await))
            };
            let (one, accepted) = tokio::select! {
                biased;
                () = out.closed() => return,
                accepted = accept => match accepted {
                    Some(accepted) => accepted,
                    None => return,
                },
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let address = peer.ip();
            if !addresses.enter(address, most) {
                metrics.refused_connection("too_many_of_address");
                continue;
            }
            let place = Place { _one: one, addresses: Arc::clone(&addresses), address };
            let _ = stream.set_nodelay(true);
            let (out, cord, metrics) = (out.clone(), cord.clone(), Arc::clone(&metrics));
            let Some(tls) = &tls else {
                let wire = Wire::Plain(stream);
                let _ = out.send(Ok(Connection::new(wire, peer, secure, cord, patience, place))).await;
                continue;
            };
            let acceptor = TlsAcceptor::from(tls.config());
            // A handshake never holds up the next connection.
            tokio::spawn(async move {
                let wire = match handshake(acceptor, stream, patience).await {
                    Ok(wire) => wire,
                    Err(why) => return metrics.refused_connection(why),
                };
                let _ = out.send(Ok(Connection::new(wire, peer, secure, cord, patience, place))).await;
            });
        }
    });
    accepted
}

/// Secures a connection, in time.
async fn handshake(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    patience: Duration,
) -> Result<Wire, &'static str> {
    match tokio::time::timeout(patience, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => Ok(Wire::Tls(Box::new(stream))),
        Ok(Err(error)) => {
            // What a stranger sent is no fault of ours: told to who looks for it.
            tracing::debug!(%error, "TLS failed");
            Err("tls_failed")
        }
        Err(_) => Err("tls_too_slow"),
    }
}
