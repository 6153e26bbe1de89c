//! What systemd is told of a running server, where it asks: readiness, a line of status, signs of life.
//!
//! The protocol is a datagram with a few words to the socket that `NOTIFY_SOCKET` names (`man sd_notify`).

/// Tells systemd, if it listens.
#[derive(Clone)]
pub(super) struct Systemd {
    #[cfg(unix)]
    socket: Option<std::sync::Arc<std::os::unix::net::UnixDatagram>>,
}

impl Systemd {
    /// Listens to nobody where `socket`, the value of `NOTIFY_SOCKET`, names nothing.
    #[cfg(unix)]
    pub(super) fn at(socket: Option<std::ffi::OsString>) -> Self {
        use std::os::unix::net::UnixDatagram;
        let connect = |name: std::ffi::OsString| {
            let datagram = UnixDatagram::unbound().ok()?;
            connect(&datagram, &name).ok()?;
            datagram.set_nonblocking(true).ok()?;
            Some(std::sync::Arc::new(datagram))
        };
        Self { socket: socket.filter(|s| !s.is_empty()).and_then(connect) }
    }

    /// There is no systemd here.
    #[cfg(not(unix))]
    pub(super) fn at(_: Option<std::ffi::OsString>) -> Self {
        Self {}
    }

    /// Tells it; whoever does not take it is not waited for.
    #[cfg(unix)]
    pub(super) fn tell(&self, words: &str) {
        if let Some(socket) = &self.socket {
            let _ = socket.send(words.as_bytes());
        }
    }

    /// Nobody is told.
    #[cfg(not(unix))]
    pub(super) fn tell(&self, _: &str) {}

    /// Gives signs of life as often as systemd wants them: `interval` is `WATCHDOG_USEC`, in microseconds. Never
    /// returns.
    pub(super) async fn live(self, interval: Option<String>) {
        let Some(micros) = interval.and_then(|text| text.parse::<u64>().ok()).filter(|n| *n > 0) else {
            return std::future::pending().await;
        };
        loop {
            self.tell("WATCHDOG=1");
            // Twice as often as it must be, as the manual advises.
            tokio::time::sleep(std::time::Duration::from_micros(micros / 2)).await;
        }
    }
}

#[cfg(unix)]
fn connect(datagram: &std::os::unix::net::UnixDatagram, name: &std::ffi::OsStr) -> std::io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    #[cfg(target_os = "linux")]
    if let Some(name) = name.as_bytes().strip_prefix(b"@") {
        use std::os::linux::net::SocketAddrExt;
        let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
        return datagram.connect_addr(&address);
    }
    datagram.connect(std::path::Path::new(std::ffi::OsStr::from_bytes(name.as_bytes())))
}
