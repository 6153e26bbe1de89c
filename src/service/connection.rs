//! A connection that can be cut.
//!
//! tonic has no deadline for draining: a caller that never ends its call would hold a shutdown for
//! ever. Every connection therefore carries a cord, and cutting it fails the next read or write, which
//! ends the connection's task and drops its calls.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tonic::transport::server::{Connected, TcpConnectInfo};

/// An accepted connection.
pub(super) struct Connection {
    stream: TcpStream,
    /// Ready once connections are to be cut.
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
    is_cut: bool,
    /// Counts the connection as open, until it is dropped.
    _place: OwnedSemaphorePermit,
}

impl Connection {
    /// Wraps an accepted stream; `cord` turning true cuts it.
    pub(super) fn new(
        stream: TcpStream,
        mut cord: watch::Receiver<bool>,
        place: OwnedSemaphorePermit,
    ) -> Self {
        let cut = Box::pin(async move {
            // A dropped sender means that the server has gone, which cuts as well.
            let _ = cord.wait_for(|cut| *cut).await;
        });
        Self { stream, cut, is_cut: false, _place: place }
    }

    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if !self.is_cut {
            self.is_cut = self.cut.as_mut().poll(context).is_ready();
        }
        if self.is_cut {
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut at shutdown"));
        }
        Ok(())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // A connection's task always waits in a read, so that this is where the cord is felt.
        self.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_cut {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut at shutdown")));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.is_cut {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut at shutdown")));
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

impl Connected for Connection {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        self.stream.connect_info()
    }
}
