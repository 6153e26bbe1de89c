//! What this machine takes for bytes there and back, without any service: alone, and with as much work about them.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::Failure;
use crate::pace::Pace;

/// Bytes of a message, as many as a request for `Screen` has.
const MESSAGE: usize = 100;

/// Sends messages at fixed times to a thread that sends them back; when each was due, and how long it took from
/// then. Either side is busy for `work` with each.
pub async fn echo(rate: f64, calls: usize, work: Duration) -> Result<Vec<(Instant, Duration)>, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let answering = std::thread::spawn(move || answer(listener.accept()?.0, work));
    let stream = tokio::net::TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut from, mut to) = stream.into_split();
    let (sent, mut due) = tokio::sync::mpsc::unbounded_channel();
    let sending = tokio::spawn(async move {
        let mut pace = Pace::begin(rate)?;
        let mut left = calls;
        while left > 0 {
            for due in pace.due().await?.take(left) {
                sent.send(due)?;
                be_busy(work);
                to.write_all(&[0; MESSAGE]).await?;
                left -= 1;
            }
        }
        Ok::<_, Failure>(to)
    });
    let mut latencies = Vec::with_capacity(calls);
    let mut message = [0; MESSAGE];
    while let Some(due) = due.recv().await {
        from.read_exact(&mut message).await?;
        latencies.push((due, due.elapsed()));
    }
    drop((sending.await??, from));
    answering.join().map_err(|_| "the answering thread panicked")??;
    Ok(latencies)
}

fn answer(mut stream: TcpStream, work: Duration) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut message = [0; MESSAGE];
    loop {
        match stream.read_exact(&mut message) {
            Ok(()) => {
                be_busy(work);
                stream.write_all(&message)?;
            }
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Takes a core for so long.
fn be_busy(work: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < work {
        std::hint::spin_loop();
    }
}
