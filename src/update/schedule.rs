//! Updates again and again, beside a running service.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::fetch::appearance;
use super::run::{UpdateError, UpdateReport, update};
use super::{Place, UpdatePlan, state};

/// How often watched files are looked at; a file that is still being copied looks otherwise the next time.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Between two updates, whatever the state says: it may not have been possible to write it.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// The wait after an update in which something failed; it doubles up to the time between updates.
const FIRST_WAIT: Duration = Duration::from_secs(15 * 60);

/// When lists are updated.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// How long after an update the next begins.
    pub every: Duration,
    /// How often watched files are looked at. Default: 30 s.
    pub look_every: Duration,
}

impl Schedule {
    /// Updates every so often.
    pub fn every(every: Duration) -> Self {
        Self { every, look_every: LOOK_EVERY }
    }
}

/// Sets the flag when dropped: a task that is ended ends the download that it waits for.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Updates the plan's lists for ever: from servers by the schedule, from watched files when they have changed and
/// look the same twice. `told` hears of every update. What was updated shortly before a restart is not fetched
/// again at once.
pub async fn schedule(
    plan: UpdatePlan,
    schedule: Schedule,
    told: impl Fn(Result<UpdateReport, UpdateError>),
) {
    let stop = Stop(Arc::default());
    let lists_of = |addresses: bool| -> Vec<String> {
        let of = |place: &Place| matches!(place, Place::Address(_)) == addresses;
        plan.sources.iter().filter(|s| of(&s.place)).map(|s| s.list.clone()).collect()
    };
    let (served, watched) = (lists_of(true), lists_of(false));
    let mut seen = appearances(&plan);
    // What was put there while nobody looked is compared by its content once.
    let (mut settled, mut changed) = (true, !watched.is_empty());
    loop {
        let mut only = Vec::new();
        if !served.is_empty() && until_next(&plan, &served, schedule.every).is_zero() {
            only.extend_from_slice(&served);
        }
        if std::mem::take(&mut changed) {
            only.extend_from_slice(&watched);
        }
        if !only.is_empty() {
            let (plan, flag) = (plan.clone(), Arc::clone(&stop.0));
            let work = move || update(&plan, &only, false, &|| flag.load(Ordering::Relaxed));
            if let Ok(report) = tokio::task::spawn_blocking(work).await {
                told(report);
            }
        }
        let mut wait = until_next(&plan, &served, schedule.every).max(SHORTEST_WAIT);
        if !watched.is_empty() {
            wait = wait.min(schedule.look_every);
        }
        tokio::time::sleep(wait).await;
        let now = appearances(&plan);
        if now != seen {
            (seen, settled) = (now, false);
        } else if !settled {
            (settled, changed) = (true, true);
        }
    }
}

/// How watched files look: their names, lengths and times.
fn appearances(plan: &UpdatePlan) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let places = plan.sources.iter().filter_map(|source| match &source.place {
        Place::Files(places) => Some(appearance(places)),
        Place::Address(_) => None,
    });
    places.flatten().collect()
}

/// How long until lists from servers are fetched next: so long after the last time, sooner after a failure.
fn until_next(plan: &UpdatePlan, served: &[String], every: Duration) -> Duration {
    let memory = state(&plan.folder);
    let now = Timestamp::now();
    let due = |list: &String| {
        let Some(known) = memory.lists.get(list) else { return Duration::ZERO };
        let (since, wait) = match known.failed {
            Some(failed) => {
                let doublings = known.failures.saturating_sub(1).min(16);
                (Some(failed), FIRST_WAIT.saturating_mul(1 << doublings).min(every))
            }
            None => (known.checked, every),
        };
        // A clock that was put back must not stop updates for longer than the wait.
        let passed = since.map_or(Duration::MAX, |at| now.duration_since(at).try_into().unwrap_or_default());
        wait.saturating_sub(passed)
    };
    served.iter().map(due).min().unwrap_or(every)
}
