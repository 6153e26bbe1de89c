//! A proxy between clients and server, which cuts connections in the middle of whatever they carry.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A proxy, listening.
pub struct Proxy {
    /// Where clients connect.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    cut: watch::Sender<u64>,
}

struct Shared {
    /// Where connections lead; nowhere while there is no server.
    target: Mutex<Option<SocketAddr>>,
    /// A connection is cut after at most so many bytes in either direction; never while it is zero.
    cut_within: AtomicU64,
    /// How many have been.
    cuts: AtomicU64,
    /// Where in the stream of lengths it stands.
    state: AtomicU64,
}

impl Proxy {
    /// Starts one that leads nowhere.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            target: Mutex::new(None),
            cut_within: AtomicU64::new(0),
            cuts: AtomicU64::new(0),
            state: AtomicU64::new(1),
        });
        let (cut, cord) = watch::channel(0);
        tokio::spawn({
            let shared = Arc::clone(&shared);
            async move {
                while let Ok((near, _)) = listener.accept().await {
                    tokio::spawn(carry(near, Arc::clone(&shared), cord.clone()));
                }
            }
        });
        Self { address, shared, cut }
    }

    /// New connections lead there from now on.
    pub fn lead_to(&self, target: Option<SocketAddr>) {
        *self.shared.target.lock().expect("nothing panics under it") = target;
    }

    /// From now on each connection, also those that are open, is cut after at most so many bytes; not at all at zero.
    pub fn cut_within(&self, bytes: u64) {
        self.shared.cut_within.store(bytes, Ordering::SeqCst);
        if bytes > 0 {
            self.cut.send_modify(|n| *n += 1);
        }
    }

    /// How many connections have been cut.
    pub fn cuts(&self) -> u64 {
        self.shared.cuts.load(Ordering::SeqCst)
    }
}

async fn carry(near: TcpStream, shared: Arc<Shared>, mut cord: watch::Receiver<u64>) {
    let target = *shared.target.lock().expect("nothing panics under it");
    let Some(target) = target else { return };
    let Ok(far) = TcpStream::connect(target).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    cord.mark_unchanged();
    let within = shared.cut_within.load(Ordering::SeqCst);
    let left = if within == 0 {
        u64::MAX
    } else {
        let n = shared.state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        (n ^ n >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) % within
    };
    let left = Arc::new(AtomicU64::new(left));
    let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
    let mut there = tokio::spawn(relay(near_read, far_write, Arc::clone(&left)));
    let mut back = tokio::spawn(relay(far_read, near_write, Arc::clone(&left)));
    let was_cut = tokio::select! {
        end = &mut there => end.unwrap_or(false),
        end = &mut back => end.unwrap_or(false),
        _ = cord.changed() => true,
    };
    // Both halves of both sides go with the tasks: whatever was under way is lost.
    there.abort();
    back.abort();
    if was_cut {
        shared.cuts.fetch_add(1, Ordering::SeqCst);
    }
}

/// Carries bytes until either side ends, or until so many have been carried; whether that was it.
async fn relay(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, left: Arc<AtomicU64>) -> bool {
    let mut piece = vec![0; 4096];
    loop {
        let Ok(n @ 1..) = from.read(&mut piece).await else { return false };
        let before = left.fetch_sub((n as u64).min(left.load(Ordering::SeqCst)), Ordering::SeqCst);
        let carried = n.min(usize::try_from(before).unwrap_or(usize::MAX));
        // The last piece goes in part: a frame is torn, not left out.
        if to.write_all(&piece[..carried]).await.is_err() {
            return false;
        }
        if carried < n {
            return true;
        }
    }
}
