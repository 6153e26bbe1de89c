//! Fixed times at which calls are due.

use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use nix::{
    sys::time::TimeSpec,
    sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags},
};
#[cfg(target_os = "linux")]
use tokio::{io::AsyncReadExt, net::unix::pipe::Receiver};

use crate::Failure;

/// Ticks evenly, whatever becomes of what a tick begins.
///
/// On Linux a timer of the kernel wakes the client's own thread at each tick. The runtime's timer knows
/// milliseconds only, which makes bursts of evenly spaced calls; a thread that sleeps and hands on costs two
/// wakings a call where the calls themselves cost eight.
pub struct Pace {
    begun: Instant,
    step: Duration,
    ticked: u32,
    #[cfg(target_os = "linux")]
    timer: Receiver,
}

impl Pace {
    /// Begins now; `rate` ticks a second.
    pub fn begin(rate: f64) -> Result<Self, Failure> {
        let step = Duration::from_secs_f64(1.0 / rate);
        Ok(Self {
            begun: Instant::now(),
            step,
            ticked: 0,
            #[cfg(target_os = "linux")]
            timer: timer(step)?,
        })
    }

    /// Waits until something is due: when it was, of each.
    pub async fn due(&mut self) -> Result<impl Iterator<Item = Instant> + use<>, Failure> {
        let over = loop {
            let over = (self.begun.elapsed().as_nanos() / self.step.as_nanos().max(1)) as u32;
            if over > self.ticked {
                break over;
            }
            self.tick().await?;
        };
        let (begun, step) = (self.begun, self.step);
        let ticks = std::mem::replace(&mut self.ticked, over) + 1..=over;
        Ok(ticks.map(move |tick| begun + step * tick))
    }

    /// Waits for the next tick.
    #[cfg(target_os = "linux")]
    async fn tick(&mut self) -> Result<(), Failure> {
        // How many times it has ticked; the clock tells that too.
        let mut count = [0; 8];
        self.timer.read_exact(&mut count).await?;
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    async fn tick(&mut self) -> Result<(), Failure> {
        tokio::time::sleep_until((self.begun + self.step * (self.ticked + 1)).into()).await;
        Ok(())
    }
}

/// A timer is read from like a pipe: whoever waits is woken when there is something to read.
#[cfg(target_os = "linux")]
fn timer(step: Duration) -> Result<Receiver, Failure> {
    let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC)?;
    timer.set(Expiration::Interval(TimeSpec::from_duration(step)), TimerSetTimeFlags::empty())?;
    Ok(Receiver::from_owned_fd_unchecked(timer.into())?)
}
