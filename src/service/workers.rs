//! Where CPU work runs: a fixed pool of threads behind bounded permits.
//!
//! Two kinds of work share the pool. Unary calls are short and wanted at once: they queue, up to a
//! bound, and are refused beyond it. Batches of streams are long and can wait: as many run as there
//! are threads, and turns are given in the order of asking, so that streams take turns. A batch
//! gives way between its items: it runs one unary call that waits, if any. So streams use the whole
//! machine, a unary call waits for one item at most and not for a batch, and neither starves the
//! other. (A thread kept free for unary calls would cost streams half the machine on two cores.)

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::deadline::Deadline;
use super::status::{Failure, Reason};

/// How the names of the pool's threads begin.
pub(super) const THREAD_PREFIX: &str = "screening-";

/// How many calls may be taken one after the other while a batch waits, so that a flood of calls
/// does not stop streams.
const CALLS_BEFORE_A_BATCH: u32 = 8;

/// The pool of CPU threads. Cheap to clone; its threads end with the last clone.
///
/// Threads of our own rather than rayon's: those look around for work for a while before they
/// sleep, which on two cores takes time from the transport with every call.
#[derive(Clone)]
pub(crate) struct Workers {
    threads: Arc<Threads>,
    /// One permit per unary call that waits or runs.
    queue: Arc<Semaphore>,
    /// How many there are.
    most: usize,
    /// One permit per batch that runs.
    batches: Arc<Semaphore>,
}

/// Closes the line when dropped, which ends the threads.
struct Threads(Arc<Line>);

impl Drop for Threads {
    fn drop(&mut self) {
        // What still waits is dropped, and its callers hear of that; it also holds the line itself.
        let left = std::mem::replace(&mut *self.0.waiting(), Waiting { closed: true, ..Waiting::default() });
        left.idle.iter().for_each(Thread::unpark);
        drop(left);
    }
}

type Job = Box<dyn FnOnce() + Send>;

/// What waits for a thread.
#[derive(Default)]
struct Line {
    waiting: Mutex<Waiting>,
    /// How many calls wait: read between the items of a batch, where a lock would cost more.
    calls: AtomicUsize,
}

#[derive(Default)]
struct Waiting {
    calls: VecDeque<Job>,
    batches: VecDeque<Job>,
    /// Calls taken since the last batch was.
    calls_taken: u32,
    /// Threads without work, the one that worked last at the end. It is woken first: what it needs is still
    /// near its core, and it remembers the words of the last names. A condition variable wakes whoever has
    /// waited longest.
    idle: Vec<Thread>,
    closed: bool,
}

impl Line {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing that panics runs under the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add_call(&self, job: Job) {
        let mut waiting = self.waiting();
        waiting.calls.push_back(job);
        self.calls.store(waiting.calls.len(), Ordering::Relaxed);
        Self::wake(waiting);
    }

    fn add_batch(&self, job: Job) {
        let mut waiting = self.waiting();
        waiting.batches.push_back(job);
        Self::wake(waiting);
    }

    /// Wakes a thread for what was added, if there is one without work; others look by themselves when they are
    /// done.
    fn wake(mut waiting: MutexGuard<'_, Waiting>) {
        let idle = waiting.idle.pop();
        drop(waiting);
        if let Some(thread) = idle {
            thread.unpark();
        }
    }

    fn take_call(&self, waiting: &mut Waiting) -> Option<Job> {
        let call = waiting.calls.pop_front()?;
        self.calls.store(waiting.calls.len(), Ordering::Relaxed);
        waiting.calls_taken = waiting.calls_taken.saturating_add(1);
        Some(call)
    }

    /// The next job, waited for; none when the line is closed.
    fn next(&self) -> Option<Job> {
        let mut waiting = self.waiting();
        loop {
            if waiting.closed {
                return None;
            }
            if (waiting.calls.is_empty() || waiting.calls_taken >= CALLS_BEFORE_A_BATCH)
                && let Some(batch) = waiting.batches.pop_front()
            {
                waiting.calls_taken = 0;
                return Some(batch);
            }
            if let Some(call) = self.take_call(&mut waiting) {
                return Some(call);
            }
            let own = thread::current();
            waiting.idle.push(own.clone());
            drop(waiting);
            thread::park();
            waiting = self.waiting();
            // It may have woken by itself.
            waiting.idle.retain(|thread| thread.id() != own.id());
        }
    }
}

/// Tells running work whether its answer is still wanted.
pub(crate) struct Wanted<'a, T> {
    answer: &'a oneshot::Sender<T>,
    deadline: Deadline,
    line: &'a Line,
}

impl<T> Wanted<'_, T> {
    /// Whether the caller has gone or the deadline has passed.
    pub(crate) fn cancelled(&self) -> bool {
        self.answer.is_closed() || self.deadline.passed()
    }

    /// Lets others have the core, and runs a unary call that waits, if any. For batches, between their items.
    pub(super) fn give_way(&self) {
        // The transport needs a core for some microseconds, to take in a call or send an answer, and batches have
        // them all: without this the system lets it wait for milliseconds. Unary calls do not do so after each:
        // under many of them they themselves then waited longer.
        thread::yield_now();
        if self.line.calls.load(Ordering::Relaxed) > 0 {
            let call = self.line.take_call(&mut self.line.waiting());
            if let Some(call) = call {
                call();
            }
        }
    }
}

impl Workers {
    /// A pool of `threads` threads (at least one) that lets at most `max_queued` unary calls wait or
    /// run.
    ///
    /// # Errors
    /// When the operating system gives no threads.
    pub(super) fn new(threads: usize, max_queued: usize) -> std::io::Result<Self> {
        let count = threads.max(1);
        let threads = Threads(Arc::default());
        for i in 0..count {
            let line = Arc::clone(&threads.0);
            thread::Builder::new().name(format!("{THREAD_PREFIX}{i}")).spawn(move || {
                while let Some(job) = line.next() {
                    job();
                }
            })?;
        }
        Ok(Self {
            threads: Arc::new(threads),
            queue: Arc::new(Semaphore::new(max_queued.min(Semaphore::MAX_PERMITS))),
            most: max_queued.min(Semaphore::MAX_PERMITS),
            batches: Arc::new(Semaphore::new(count)),
        })
    }

    /// Runs the work of one unary call.
    ///
    /// Refuses at once when too many wait. Gives up at the deadline. When the returned future is
    /// dropped, since the caller has gone, work that has not begun never does and work under way is
    /// told so by [`Wanted::cancelled`].
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        deadline: Deadline,
        work: impl FnOnce(&Wanted<'_, Result<T, Failure>>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let Ok(permit) = Arc::clone(&self.queue).try_acquire_owned() else {
            return Err(Failure::new(Reason::Overloaded, "too many calls wait already; try again later"));
        };
        let line = Arc::clone(&self.threads.0);
        let (answer, answered) = oneshot::channel();
        self.threads.0.add_call(Box::new(move || {
            let wanted = Wanted { answer: &answer, deadline, line: &line };
            if !wanted.cancelled() {
                let result = guarded(|| work(&wanted)).and_then(|result| result);
                // Whoever has gone needs no answer.
                let _ = answer.send(result);
            }
            drop(permit);
        }));
        tokio::select! {
            biased;
            result = answered => match result {
                Ok(result) => result,
                // Only work that was not wanted ends without a result.
                Err(_) => Err(Failure::deadline()),
            },
            () = deadline.wait() => Err(Failure::deadline()),
        }
    }

    /// How many unary calls wait or run.
    pub(super) fn queued(&self) -> usize {
        self.most.saturating_sub(self.queue.available_permits())
    }

    /// Waits for the turn of a batch.
    pub(super) async fn batch_turn(&self) -> BatchTurn {
        let permit = Arc::clone(&self.batches).acquire_owned().await;
        // The semaphore is never closed: an error cannot occur, and an absent permit would only let
        // one more batch run.
        BatchTurn { workers: self.clone(), permit: permit.ok() }
    }
}

/// The right to run one batch.
pub(super) struct BatchTurn {
    workers: Workers,
    permit: Option<OwnedSemaphorePermit>,
}

impl BatchTurn {
    /// Runs the work of a batch; the receiver gets its result, or an error when it was not wanted any
    /// longer before it began.
    pub(super) fn run<T: Send + 'static>(
        self,
        deadline: Deadline,
        work: impl FnOnce(&Wanted<'_, T>) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (answer, answered) = oneshot::channel();
        let Self { workers, permit } = self;
        let line = Arc::clone(&workers.threads.0);
        workers.threads.0.add_batch(Box::new(move || {
            let wanted = Wanted { answer: &answer, deadline, line: &line };
            if !wanted.cancelled()
                && let Ok(result) = guarded(|| work(&wanted))
            {
                let _ = answer.send(result);
            }
            drop(permit);
        }));
        answered
    }
}

/// Runs `work`, turning a panic into a failure: one bad input must not take the process down. The
/// panic hook has reported the place by then.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    // Work owns what it changes; a half-changed value is dropped with it.
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Failure::internal())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    use tonic::Code;

    fn code(failure: Failure) -> Code {
        tonic::Status::from(failure).code()
    }

    async fn occupy<T: Send + 'static>(
        workers: &Workers,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        workers.run(Deadline::default(), move |_| Ok(work())).await.ok()
    }

    #[tokio::test]
    async fn refuses_what_does_not_fit_and_recovers() {
        let workers = Workers::new(1, 2).unwrap();
        let (release, gate) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let workers = workers.clone();
            async move { occupy(&workers, move || gate.recv().is_ok()).await }
        });
        let second = tokio::spawn({
            let workers = workers.clone();
            async move { occupy(&workers, || 2).await }
        });
        while workers.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = workers.run(Deadline::default(), |_| Ok(())).await.unwrap_err();
        assert_eq!(code(refused), Code::ResourceExhausted);
        release.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Some(true));
        assert_eq!(second.await.unwrap(), Some(2));
        assert_eq!(occupy(&workers, || 3).await, Some(3));
    }

    #[tokio::test]
    async fn a_batch_gives_way_between_its_items() {
        let workers = Workers::new(1, 8).unwrap();
        let turn = workers.batch_turn().await;
        let (started, has_started) = mpsc::channel();
        // A batch whose items never end: only by giving way can a call be answered.
        let endless = turn.run(Deadline::default(), move |wanted| {
            started.send(()).ok();
            while !wanted.cancelled() {
                wanted.give_way();
            }
        });
        tokio::task::spawn_blocking(move || has_started.recv().unwrap()).await.unwrap();
        for n in 0..10 {
            assert_eq!(occupy(&workers, move || n).await, Some(n));
        }
        drop(endless);
        assert_eq!(occupy(&workers, || 1).await, Some(1));
    }

    #[tokio::test]
    async fn survives_a_panic() {
        let workers = Workers::new(1, 8).unwrap();
        let failed = workers.run::<()>(Deadline::default(), |_| panic!("on purpose")).await.unwrap_err();
        assert_eq!(code(failed), Code::Internal);
        assert_eq!(occupy(&workers, || 1).await, Some(1));
    }

    #[tokio::test]
    async fn work_of_a_caller_who_left_is_told_or_never_begins() {
        let workers = Workers::new(1, 8).unwrap();
        let (started, has_started) = mpsc::channel();
        let (done, has_ended) = mpsc::channel();
        let under_way = tokio::spawn({
            let workers = workers.clone();
            async move {
                workers
                    .run(Deadline::default(), move |wanted| {
                        started.send(()).ok();
                        while !wanted.cancelled() {
                            std::thread::yield_now();
                        }
                        done.send(()).ok();
                        Ok(())
                    })
                    .await
            }
        });
        tokio::task::spawn_blocking(move || has_started.recv().unwrap()).await.unwrap();
        let (ran, has_run) = mpsc::channel();
        let mut queued = Box::pin(workers.run(Deadline::default(), move |_| {
            ran.send(()).ok();
            Ok(())
        }));
        tokio::select! { biased; _ = &mut queued => unreachable!(), () = std::future::ready(()) => {} }
        drop(queued);
        under_way.abort();
        tokio::task::spawn_blocking(move || has_ended.recv().unwrap()).await.unwrap();
        assert_eq!(occupy(&workers, || 1).await, Some(1));
        assert!(has_run.try_recv().is_err());
    }
}
