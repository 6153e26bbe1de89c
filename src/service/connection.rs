//! An accepted connection: plain or TLS, of a known peer, and one that can be cut.
//!
//! tonic has no deadline for draining: a caller that never ends its call would hold a shutdown for
//! ever; nor one for callers that do not take their answers. Every connection therefore can be cut, which
//! fails the next read or write, ends the connection's task and drops its calls.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;
use tonic::transport::server::Connected;

/// Bytes by which a connection must have shown what it is: the preface of HTTP/2, which is shorter than any
/// request of HTTP/1.1 with the header that it must have.
const FIRST_BYTES: usize = 24;

/// Who is at the other end, as every request of a connection knows it.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address; that of the nearest proxy, where there is one.
    pub address: SocketAddr,
    /// Whether the connection is TLS, here or at a proxy before.
    pub is_secure: bool,
    /// SHA-256 of its certificate, where it showed one that TLS accepted.
    pub fingerprint: Option<Arc<[u8; 32]>>,
    /// Cuts the connection.
    pub(super) cut: Arc<Notify>,
}

/// What carries the bytes.
pub(super) enum Wire {
    /// TCP alone.
    Plain(TcpStream),
    /// TLS over it. Boxed: its buffers are large.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    fn fingerprint(&self) -> Option<Arc<[u8; 32]>> {
        let Self::Tls(stream) = self else { return None };
        let certificate = stream.get_ref().1.peer_certificates()?.first()?;
        Some(Arc::new(Sha256::digest(certificate).into()))
    }
}

/// An accepted connection.
pub(super) struct Connection<Place> {
    wire: Wire,
    peer: Peer,
    /// Ready once the connection is to be cut.
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
    is_cut: bool,
    /// Until when the first bytes must have come; none once they have.
    first: Option<(Pin<Box<Sleep>>, usize)>,
    /// Counts the connection as open, until it is dropped.
    _place: Place,
}

impl<Place> Connection<Place> {
    /// Wraps an accepted stream; `cord` turning true cuts it, and so does staying silent for `patience` at its
    /// beginning.
    pub(super) fn new(
        wire: Wire,
        address: SocketAddr,
        behind_tls_proxy: bool,
        mut cord: watch::Receiver<bool>,
        patience: Duration,
        place: Place,
    ) -> Self {
        let own = Arc::new(Notify::new());
        let peer = Peer {
            address,
            is_secure: behind_tls_proxy || matches!(wire, Wire::Tls(_)),
            fingerprint: wire.fingerprint(),
            cut: Arc::clone(&own),
        };
        let cut = Box::pin(async move {
            tokio::select! {
                // A dropped sender means that the server has gone, which cuts as well.
                _ = cord.wait_for(|cut| *cut) => {}
                () = own.notified() => {}
            }
        });
        let first = Some((Box::pin(tokio::time::sleep(patience)), 0));
        Self { wire, peer, cut, is_cut: false, first, _place: place }
    }

    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if !self.is_cut {
            self.is_cut = self.cut.as_mut().poll(context).is_ready();
        }
        if let Some((due, _)) = &mut self.first
            && due.as_mut().poll(context).is_ready()
        {
            self.is_cut = true;
        }
        if self.is_cut { Err(cut()) } else { Ok(()) }
    }
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut by the service")
}

impl<Place: Unpin> AsyncRead for Connection<Place> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // A connection's task always waits in a read, so that this is where the cord is felt.
        self.check(context)?;
        let before = buffer.filled().len();
        let polled = match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Wire::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        };
        if let Some((_, read)) = &mut self.first {
            *read += buffer.filled().len() - before;
            if *read >= FIRST_BYTES {
                self.first = None;
            }
        }
        polled
    }
}

/// Calls a method of whatever carries the bytes.
macro_rules! wire {
    ($self:ident.$method:ident($($argument:expr),*)) => {
        match &mut $self.wire {
            Wire::Plain(stream) => Pin::new(stream).$method($($argument),*),
            Wire::Tls(stream) => Pin::new(stream).$method($($argument),*),
        }
    };
}

impl<Place: Unpin> AsyncWrite for Connection<Place> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_cut {
            return Poll::Ready(Err(cut()));
        }
        wire!(self.poll_write(context, bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_cut {
            return Poll::Ready(Err(cut()));
        }
        wire!(self.poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_cut {
            // Nobody is waited for any longer.
            return Poll::Ready(Ok(()));
        }
        wire!(self.poll_shutdown(context))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.is_cut {
            return Poll::Ready(Err(cut()));
        }
        wire!(self.poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.wire {
            Wire::Plain(stream) => stream.is_write_vectored(),
            Wire::Tls(stream) => stream.is_write_vectored(),
        }
    }
}

impl<Place> Connected for Connection<Place> {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer.clone()
    }
}
