//! How much one client may ask for: rate, daily quota, calls at once.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::service::status::{Failure, Reason};

const SECONDS_A_DAY: u64 = 86_400;

/// What one client may ask for. A screening counts as one, over whichever door, and so does every item of a
/// stream. Counted by each server for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Screenings a second, on average; none for as many as the machine can.
    pub per_second: Option<NonZeroU32>,
    /// Screenings at once after a pause. Default: those of two seconds.
    pub burst: Option<NonZeroU32>,
    /// Screenings a day, from midnight to midnight UTC.
    pub per_day: Option<u64>,
    /// Calls open at once, a stream being one. Default: 512, two full connections.
    pub calls_at_once: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { per_second: None, burst: None, per_day: None, calls_at_once: 512 }
    }
}

/// A client and what it has used up.
pub(crate) struct Client {
    allowance: Allowance,
    rate: Option<Rate>,
    day: Option<Day>,
    calls: Arc<Semaphore>,
}

struct Rate {
    limiter: DefaultDirectRateLimiter,
    burst: NonZeroU32,
}

struct Day {
    most: u64,
    /// The day since 1970, and what was used up on it.
    used: Mutex<(u64, u64)>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("allowance", &self.allowance).finish_non_exhaustive()
    }
}

impl Client {
    /// A client that has used nothing up.
    pub(crate) fn new(allowance: Allowance) -> Self {
        let rate = allowance.per_second.map(|per_second| {
            let burst =
                allowance.burst.unwrap_or(per_second.saturating_mul(NonZeroU32::MIN.saturating_add(1)));
            Rate { limiter: RateLimiter::direct(Quota::per_second(per_second).allow_burst(burst)), burst }
        });
        Self {
            allowance,
            rate,
            day: allowance.per_day.map(|most| Day { most, used: Mutex::new((0, 0)) }),
            calls: Arc::new(Semaphore::new(allowance.calls_at_once.min(Semaphore::MAX_PERMITS))),
        }
    }

    /// What it may ask for.
    pub(crate) fn allowance(&self) -> Allowance {
        self.allowance
    }

    /// Begins a call; it lasts until the permit is dropped.
    ///
    /// # Errors
    /// At once, when too many are open.
    pub(crate) fn begin(&self) -> Result<OwnedSemaphorePermit, Failure> {
        Arc::clone(&self.calls).try_acquire_owned().map_err(|_| {
            Failure::new(
                Reason::TooManyCalls,
                "too many calls of this client are open already; try again later",
            )
        })
    }

    /// Uses up one screening.
    ///
    /// # Errors
    /// At once, when the client has none left; says when it will.
    pub(crate) fn pay(&self) -> Result<(), Failure> {
        if let Some(wait) = self.wait_for(1) {
            return Err(
                Failure::new(Reason::RateLimited, "this client asks faster than it may").retry_after(wait)
            );
        }
        self.pay_day(1)
    }

    /// Uses up `count` screenings, and waits where the client has to be slower.
    ///
    /// # Errors
    /// When nothing is left of the day.
    pub(crate) async fn pay_in_time(&self, count: u32) -> Result<(), Failure> {
        let mut left = count;
        while let (Some(rate), true) = (&self.rate, left > 0) {
            let part = left.min(rate.burst.get());
            match self.wait_for(part) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => left -= part,
            }
        }
        self.pay_day(u64::from(count))
    }

    /// Uses up `count` of the rate, at most a burst; or says how long to wait for it.
    fn wait_for(&self, count: u32) -> Option<Duration> {
        let rate = self.rate.as_ref()?;
        match rate.limiter.check_n(NonZeroU32::new(count)?) {
            Ok(Ok(())) => None,
            Ok(Err(not_until)) => Some(not_until.wait_time_from(DefaultClock::default().now())),
            // More than a burst at once is never asked for.
            Err(_) => Some(Duration::from_secs(1)),
        }
    }

    fn pay_day(&self, count: u64) -> Result<(), Failure> {
        let Some(day) = &self.day else { return Ok(()) };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let today = now / SECONDS_A_DAY;
        // Nothing that panics runs under the lock.
        let mut used = day.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.0 != today {
            *used = (today, 0);
        }
        if used.1.saturating_add(count) > day.most {
            // What a stream has used beyond it does not leave anything over.
            used.1 = day.most;
            let midnight = Duration::from_secs(SECONDS_A_DAY - now % SECONDS_A_DAY);
            return Err(Failure::new(
                Reason::QuotaExceeded,
                "this client has used up what it may ask for today",
            )
            .retry_after(midnight));
        }
        used.1 += count;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(n: u32) -> Option<NonZeroU32> {
        NonZeroU32::new(n)
    }

    #[test]
    fn without_limits_everything_goes() {
        let client = Client::new(Allowance::default());
        assert!((0..10_000).all(|_| client.pay().is_ok()));
    }

    #[test]
    fn a_burst_is_refused_at_its_end_with_a_time_to_wait() {
        let client = Client::new(Allowance { per_second: some(1), burst: some(3), ..Allowance::default() });
        assert!((0..3).all(|_| client.pay().is_ok()));
        let refused = client.pay().unwrap_err();
        assert_eq!(refused.reason(), Reason::RateLimited);
        let wait = refused.wait().unwrap();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");
    }

    #[test]
    fn a_day_has_an_end() {
        let client = Client::new(Allowance { per_day: Some(2), ..Allowance::default() });
        assert!(client.pay().is_ok() && client.pay().is_ok());
        let refused = client.pay().unwrap_err();
        assert_eq!(refused.reason(), Reason::QuotaExceeded);
        assert!(refused.wait().unwrap() <= Duration::from_secs(SECONDS_A_DAY));
    }

    #[tokio::test]
    async fn a_stream_is_slowed_down_and_not_refused() {
        let client =
            Client::new(Allowance { per_second: some(1_000), burst: some(10), ..Allowance::default() });
        client.pay_in_time(25).await.unwrap();
        client.pay_in_time(0).await.unwrap();
        let client = Client::new(Allowance { per_day: Some(10), ..Allowance::default() });
        client.pay_in_time(9).await.unwrap();
        assert_eq!(client.pay_in_time(2).await.unwrap_err().reason(), Reason::QuotaExceeded);
        assert_eq!(client.pay().unwrap_err().reason(), Reason::QuotaExceeded);
    }

    #[test]
    fn calls_at_once_are_counted_until_they_end() {
        let client = Client::new(Allowance { calls_at_once: 2, ..Allowance::default() });
        let (one, _two) = (client.begin().unwrap(), client.begin().unwrap());
        assert_eq!(client.begin().unwrap_err().reason(), Reason::TooManyCalls);
        drop(one);
        assert!(client.begin().is_ok());
    }
}
