//! `ScreenStream`: many items over one call, pipelined.
//!
//! A task reads items and makes batches of whatever has arrived by the time that a thread is free:
//! of one item when the service is idle, so that nothing waits for company, and of many when it is
//! busy, so that the cost of handing over is shared. Each batch is screened on [`Workers`] as one
//! job; the order of the answers is kept by a queue of receivers, one per batch. That queue is
//! bounded: when a caller does not take its answers the queue fills, reading stops, and HTTP/2 flow
//! control stops the caller.
//!
//! [`Workers`]: super::workers::Workers

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio_stream::{Stream, StreamExt};
use tonic::{Status, Streaming};

use super::access::Client;
use super::caller::Caller;
use super::convert;
use super::deadline::Deadline;
use super::proto::screen_stream_response::Result as ItemResult;
use super::proto::{ScreenStreamRequest, ScreenStreamResponse};
use super::recording::Drafted;
use super::server::Shared;
use super::status::{Failure, Reason};
use super::telemetry::Metrics;
use super::workers::{Wanted, guarded};
use crate::review::Occasion;
use crate::review::audit::{Asked, Draft, Receipt, Recorder};
use crate::screening::{Answer, Screener, Subject};

/// What the reading task hands to the answers, in order.
enum Piece {
    /// The answers of one batch, when they are ready.
    Batch(oneshot::Receiver<Vec<ScreenStreamResponse>>),
    /// The last piece: how the call ends.
    End(Result<(), Status>),
}

/// The answers of one call, in the order of its items.
pub struct Answers {
    pieces: mpsc::Receiver<Piece>,
    /// A batch whose answers are awaited.
    awaited: Option<oneshot::Receiver<Vec<ScreenStreamResponse>>>,
    /// Answers ready to go.
    ready: std::vec::IntoIter<ScreenStreamResponse>,
    deadline: Deadline,
    ended: bool,
    /// Counts the call as open, until it is dropped.
    _place: OwnedSemaphorePermit,
}

/// Begins answering the items of `inbound` with `screener`.
pub(super) fn answers(
    inbound: Streaming<ScreenStreamRequest>,
    caller: Caller,
    shared: &Arc<Shared>,
    screener: Arc<Screener>,
    deadline: Deadline,
    place: OwnedSemaphorePermit,
    client: Option<Arc<Client>>,
) -> Answers {
    let (out, pieces) = mpsc::channel(shared.config.batches_in_flight.max(1));
    tokio::spawn(read(inbound, caller, Arc::clone(shared), screener, deadline, client, out));
    Answers { pieces, awaited: None, ready: Vec::new().into_iter(), deadline, ended: false, _place: place }
}

/// Reads items and has them screened, until they end, the deadline passes, the service drains or the
/// caller goes.
async fn read(
    mut inbound: Streaming<ScreenStreamRequest>,
    caller: Caller,
    shared: Arc<Shared>,
    screener: Arc<Screener>,
    deadline: Deadline,
    client: Option<Arc<Client>>,
    out: mpsc::Sender<Piece>,
) {
    let mut passed = pin!(deadline.wait());
    let mut draining = pin!(shared.draining());
    let batch_size = shared.config.batch_size.max(1);
    // How the caller's side ended, once that was seen.
    let mut ended: Option<Result<(), Status>> = None;
    let end = loop {
        if let Some(end) = ended {
            break end;
        }
        let first = tokio::select! {
            biased;
            () = out.closed() => return,
            () = &mut passed => break Err(Failure::deadline().into()),
            () = &mut draining => break Err(Failure::draining().into()),
            item = tokio::time::timeout(shared.config.idle_stream, inbound.next()) => match item {
                Ok(item) => item,
                Err(_) => break Err(Failure::new(Reason::DeadlineExceeded, "no item came for too long").into()),
            },
        };
        let mut batch = match first {
            Some(Ok(item)) => vec![item],
            Some(Err(status)) => break Err(status),
            None => break Ok(()),
        };
        // First a place for the answers, then a thread: a caller that takes none must not hold one.
        let place = tokio::select! {
            biased;
            place = out.reserve() => match place {
                Ok(place) => place,
                Err(_) => return,
            },
            () = &mut passed => break Err(Failure::deadline().into()),
        };
        let turn = tokio::select! {
            biased;
            () = out.closed() => return,
            turn = shared.workers.batch_turn() => turn,
            () = &mut passed => break Err(Failure::deadline().into()),
        };
        ended = fill(&mut inbound, &mut batch, batch_size).await;
        let items = u32::try_from(batch.len()).unwrap_or(u32::MAX);
        let asking = Asking {
            recorder: shared.recorder(&screener),
            screener: Arc::clone(&screener),
            caller: caller.clone(),
            longest: shared.config.longest_call,
            metrics: Arc::clone(&shared.metrics),
        };
        let screened = turn.run(deadline, move |wanted| asking.screen(batch, wanted));
        let (settled, answers) = oneshot::channel();
        tokio::spawn(settle(Arc::clone(&shared), screened, settled));
        place.send(Piece::Batch(answers));
        // Paid for afterwards, since only now is it known how many items had come: a client that has to be slower
        // waits here, and the flow control of HTTP/2 with it.
        if let Some(client) = &client {
            tokio::select! {
                biased;
                () = out.closed() => return,
                paid = client.pay_in_time(items) => if let Err(failure) = paid {
                    break Err(failure.into());
                },
                () = &mut passed => break Err(Failure::deadline().into()),
            }
        }
    };
    // The caller's side may be gone, or so slow that the end finds no place before the deadline.
    tokio::select! {
        biased;
        _ = out.send(Piece::End(end)) => {}
        () = &mut passed => {}
    }
}

/// Adds the items that have already arrived, up to `most`. Tells how the items end, if they do.
async fn fill(
    inbound: &mut Streaming<ScreenStreamRequest>,
    batch: &mut Vec<ScreenStreamRequest>,
    most: usize,
) -> Option<Result<(), Status>> {
    poll_fn(|context| {
        while batch.len() < most {
            match Pin::new(&mut *inbound).poll_next(context) {
                Poll::Ready(Some(Ok(item))) => batch.push(item),
                Poll::Ready(Some(Err(status))) => return Poll::Ready(Some(Err(status))),
                Poll::Ready(None) => return Poll::Ready(Some(Ok(()))),
                Poll::Pending => break,
            }
        }
        Poll::Ready(None)
    })
    .await
}

/// A batch, screened and not yet recorded.
struct Batch {
    answers: Vec<ScreenStreamResponse>,
    /// What is to be recorded, and which answers each record is of.
    drafts: Drafted<Vec<Draft>>,
    places: Vec<Vec<usize>>,
}

/// Lets the answers of a batch go once they have been recorded. What was screened for a caller who has gone
/// meanwhile is recorded all the same.
async fn settle(
    shared: Arc<Shared>,
    screened: oneshot::Receiver<Batch>,
    mut out: oneshot::Sender<Vec<ScreenStreamResponse>>,
) {
    let batch = tokio::select! {
        biased;
        batch = screened => batch,
        () = out.closed() => return,
    };
    // Work that was not wanted any longer has no result; the answers say why.
    let Ok(Batch { mut answers, drafts, places }) = batch else { return };
    match shared.recorded_all(drafts).await {
        Ok(receipts) => {
            for (Receipt { number, standings }, places) in receipts.iter().zip(&places) {
                let mut standings = standings.as_slice();
                for &place in places {
                    if let Some(ItemResult::Answer(answer)) = &mut answers[place].result {
                        let (own, rest) = standings.split_at(answer.hits.len().min(standings.len()));
                        convert::attach(answer, *number, own);
                        standings = rest;
                    }
                }
            }
        }
        Err(failure) => {
            for place in places.into_iter().flatten() {
                answers[place].result = Some(ItemResult::Error(failure.clone().into_item_error()));
            }
        }
    }
    // Whoever has gone needs no answer.
    let _ = out.send(answers);
}

/// Screens batches of one stream.
struct Asking {
    screener: Arc<Screener>,
    recorder: Option<Recorder>,
    caller: Caller,
    /// Longest time for one item.
    longest: Duration,
    metrics: Arc<Metrics>,
}

/// One item, screened.
struct Screened {
    id: String,
    reference: String,
    occasion: Occasion,
    subject: Subject,
    answer: Answer,
}

impl Asking {
    /// Screens a batch, item by item, each for at most the longest time. Ends early when nobody wants the
    /// answers any longer.
    fn screen(&self, batch: Vec<ScreenStreamRequest>, wanted: &Wanted<'_, Batch>) -> Batch {
        let now = jiff::Timestamp::now();
        let mut items = Vec::with_capacity(batch.len());
        for item in batch {
            if wanted.cancelled() {
                break;
            }
            // An item that takes too long is answered with an error and does not hold up the others.
            let own = Deadline::default().within(self.longest);
            let cancelled = || own.passed() || wanted.cancelled();
            let id = item.id.clone();
            match guarded(|| self.one(item, now, &cancelled)).and_then(|result| result) {
                Ok(screened) => items.push(Ok(screened)),
                // An item cut short was not screened: the call's end says why.
                Err(_) if wanted.cancelled() => break,
                Err(failure) => items.push(Err((id, failure))),
            }
            wanted.give_way();
        }
        let (drafts, places) = self.drafts(&items, now);
        let answers = items
            .into_iter()
            .map(|item| match item {
                Ok(Screened { id, answer, .. }) => {
                    let result = Some(ItemResult::Answer(convert::answer(answer)));
                    ScreenStreamResponse { id, result }
                }
                Err((id, failure)) => {
                    let result = Some(ItemResult::Error(failure.into_item_error()));
                    ScreenStreamResponse { id, result }
                }
            })
            .collect();
        Batch { answers, drafts, places }
    }

    fn one(
        &self,
        item: ScreenStreamRequest,
        now: jiff::Timestamp,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Screened, Failure> {
        let ScreenStreamRequest { id, subject, options, occasion } = item;
        let mut violations = Vec::new();
        convert::request_id("id", &id, &mut violations);
        let occasion = convert::occasion(occasion, &self.caller, &mut violations);
        let reference = convert::reference("subject", subject.as_ref(), &mut violations);
        let options = convert::options("options", options, &mut violations);
        let subject = convert::subject("subject", subject, &mut violations);
        let subject = convert::checked(subject, violations)?;
        let answer = self.screener.screen_until(&subject, &options, now, cancelled)?;
        self.metrics.screened(&answer);
        Ok(Screened { id, reference, occasion, subject, answer })
    }

    /// The records of a batch: one for each item, or for items of one run that follow each other.
    fn drafts(
        &self,
        items: &[Result<Screened, (String, Failure)>],
        now: jiff::Timestamp,
    ) -> (Drafted<Vec<Draft>>, Vec<Vec<usize>>) {
        let Some(recorder) = &self.recorder else { return (None, Vec::new()) };
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut asked: Vec<Vec<Asked<'_>>> = Vec::new();
        let mut last: Option<(&Occasion, &Answer)> = None;
        for (place, item) in items.iter().enumerate() {
            let Ok(Screened { id, reference, occasion, subject, answer }) = item else { continue };
            let one = Asked { id, row: 0, reference, subject, answer };
            // A record has one stamp: other lists or another threshold begin another.
            let same = last.is_some_and(|(o, a)| {
                !o.run.is_empty() && o == occasion && Arc::ptr_eq(&a.stamp, &answer.stamp)
            });
            match (groups.last_mut(), asked.last_mut()) {
                (Some(group), Some(asked)) if same => {
                    group.push(place);
                    asked.push(one);
                }
                _ => {
                    groups.push(vec![place]);
                    asked.push(vec![one]);
                }
            }
            last = Some((occasion, answer));
        }
        let drafts = groups
            .iter()
            .zip(&asked)
            .filter_map(|(group, asked)| {
                let occasion = group.first().and_then(|place| items[*place].as_ref().ok())?;
                Some(recorder.screening(&occasion.occasion, &self.screener, now, asked))
            })
            .collect();
        (Some(drafts), groups)
    }
}

impl Answers {
    /// Why the answers break off before the reading task said so.
    fn broken(&self) -> Status {
        if self.deadline.passed() { Failure::deadline().into() } else { Failure::internal().into() }
    }
}

impl Stream for Answers {
    type Item = Result<ScreenStreamResponse, Status>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(answer) = this.ready.next() {
                return Poll::Ready(Some(Ok(answer)));
            }
            if this.ended {
                return Poll::Ready(None);
            }
            if let Some(batch) = &mut this.awaited {
                let batch = ready!(Pin::new(batch).poll(context));
                this.awaited = None;
                match batch {
                    Ok(answers) => this.ready = answers.into_iter(),
                    Err(_) => {
                        this.ended = true;
                        return Poll::Ready(Some(Err(this.broken())));
                    }
                }
                continue;
            }
            match ready!(this.pieces.poll_recv(context)) {
                Some(Piece::Batch(batch)) => this.awaited = Some(batch),
                Some(Piece::End(end)) => {
                    this.ended = true;
                    if let Err(status) = end {
                        return Poll::Ready(Some(Err(status)));
                    }
                }
                None => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(this.broken())));
                }
            }
        }
    }
}
