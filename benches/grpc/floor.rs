//! What this machine takes for bytes there and back, without any service.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::Failure;
use crate::pace::Pace;

/// Bytes of a message, as many as a request for `Screen` has.
const MESSAGE: usize = 100;

/// Sends messages at fixed times to a thread that sends them back; how long each took from when it was due.
pub async fn echo(rate: f64, calls: usize) -> Result<Vec<Duration>, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let answering = std::thread::spawn(move || answer(listener.accept()?.0));
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
        latencies.push(Instant::now().saturating_duration_since(due));
    }
    drop((sending.await??, from));
    answering.join().map_err(|_| "the answering thread panicked")??;
    Ok(latencies)
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut message = [0; MESSAGE];
    loop {
        match stream.read_exact(&mut message) {
            Ok(()) => stream.write_all(&message)?,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}
