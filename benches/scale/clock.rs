//! Time of a thread.

use std::time::{Duration, Instant};

/// Times this thread: on the clock, and on a core. Where other processes run, the second says what the
/// work costs and the first what it took; on a quiet machine they are the same.
pub struct Clock {
    wall: Instant,
    on_core: Option<Duration>,
}

/// What a [`Clock`] read.
#[derive(Clone, Copy)]
pub struct Took {
    /// On the clock.
    pub wall: Duration,
    /// On a core; the same as on the clock where the system does not tell.
    pub on_core: Duration,
}

impl Clock {
    /// Starts.
    pub fn start() -> Self {
        Self { wall: Instant::now(), on_core: on_core() }
    }

    /// The time since the start.
    pub fn took(&self) -> Took {
        let wall = self.wall.elapsed();
        let on_core = self.on_core.zip(on_core()).map_or(wall, |(then, now)| now.saturating_sub(then));
        Took { wall, on_core }
    }
}

/// The time that this thread has run.
fn on_core() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
