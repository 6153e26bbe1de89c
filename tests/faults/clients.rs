//! Clients that ask until they are answered, and count what they are told.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tonic_types::StatusExt;
use zeef::service::proto;
use zeef::service::proto::case_service_client::CaseServiceClient;
use zeef::service::proto::screen_stream_response::Result as ItemResult;
use zeef::service::proto::screening_service_client::ScreeningServiceClient;

use crate::lists::Question;
use crate::oracle::{Check, Oracle, Outcome};

/// Callers who ask one question after the other.
const UNARY: u64 = 4;
/// Callers who stream.
const STREAMS: u64 = 2;
/// Items of one stream.
const ITEMS: usize = 40;
/// Longest time for one call; a call that outlives its connection ends with it.
const PATIENCE: Duration = Duration::from_secs(10);
/// An id that is not answered after so many attempts is lost.
const ATTEMPTS: usize = 2_000;
/// Pause after a failure.
const PAUSE: Duration = Duration::from_millis(20);

/// An answer that was given to somebody.
#[derive(Clone, Debug)]
pub struct Given {
    /// The asker's id, the subject's reference.
    pub id: String,
    /// The number of its record.
    pub record: i64,
    /// The snapshot that it says it comes from.
    pub snapshot: String,
    /// References of the hits.
    pub hits: Vec<String>,
}

/// What was counted.
#[derive(Default)]
pub struct Tally {
    /// Answers, each held against its oracle.
    pub answered: AtomicU64,
    /// Cases among them.
    pub cases: AtomicU64,
    /// Attempts that failed, by what they were told; a transport that broke has no reason.
    pub failures: Mutex<BTreeMap<String, u64>>,
    /// Answers unlike their snapshot's.
    pub wrong: AtomicU64,
    /// Answers like another snapshot's, or streams and cases of two snapshots.
    pub mixed: AtomicU64,
    /// Answers to somebody else's question, or a second time.
    pub misdirected: AtomicU64,
    /// Answers without a record.
    pub unrecorded: AtomicU64,
    /// Ids that were never answered.
    pub lost: AtomicU64,
    /// Failures that nothing explains.
    pub unexplained: AtomicU64,
    /// All answers of screenings.
    pub given: Mutex<Vec<Given>>,
}

/// What clients share.
pub struct Load {
    /// What they ask.
    pub questions: Arc<Vec<Question>>,
    /// What they should hear.
    pub oracle: Arc<Oracle>,
    /// What they heard.
    pub tally: Tally,
    stop: AtomicBool,
    next: AtomicUsize,
}

/// Reasons that a fault may be answered with.
const EXPLAINED: &[&str] =
    &["STORE_UNAVAILABLE", "NO_SNAPSHOT", "DRAINING", "OVERLOADED", "DEADLINE_EXCEEDED"];

impl Load {
    /// Nothing asked yet.
    pub fn new(questions: Arc<Vec<Question>>, oracle: Arc<Oracle>) -> Arc<Self> {
        Arc::new(Self {
            questions,
            oracle,
            tally: Tally::default(),
            stop: AtomicBool::new(false),
            next: AtomicUsize::new(0),
        })
    }

    /// Starts all clients; they end with [`Load::stop`], each after its last question has been answered.
    pub fn start(self: &Arc<Self>, address: SocketAddr) -> JoinSet<()> {
        let endpoint = || Endpoint::from_shared(format!("http://{address}")).expect("an address");
        let channel = || endpoint().tcp_nodelay(true).connect_timeout(PATIENCE).connect_lazy();
        let mut clients = JoinSet::new();
        for _ in 0..UNARY {
            clients.spawn(Arc::clone(self).ask_one_by_one(channel()));
        }
        for _ in 0..STREAMS {
            clients.spawn(Arc::clone(self).ask_in_streams(channel()));
        }
        clients.spawn(Arc::clone(self).ask_cases(channel()));
        clients
    }

    /// Lets clients end.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }

    /// How many answers there have been.
    pub fn answered(&self) -> u64 {
        self.tally.answered.load(Ordering::SeqCst)
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// The next question, and an id that nothing else has.
    fn next(&self) -> (usize, String) {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        // Spread, so that neighbours in time are not neighbours on the list.
        (n.wrapping_mul(7_919) % self.questions.len(), format!("q{n}"))
    }

    fn subject(&self, question: usize, id: &str) -> Option<proto::Subject> {
        let Question { name, birth_date } = &self.questions[question];
        Some(proto::Subject {
            name: name.clone(),
            kind: proto::SubjectKind::Person.into(),
            birth_date: birth_date.clone(),
            reference: id.to_owned(),
            ..Default::default()
        })
    }

    fn count(&self, what: &AtomicU64) {
        what.fetch_add(1, Ordering::SeqCst);
    }

    /// Takes an answer to a question.
    fn take(&self, question: usize, id: String, answer: &proto::Answer) {
        match self.oracle.check(question, answer) {
            Check::Right => {}
            Check::Mixed => self.count(&self.tally.mixed),
            Check::Wrong => self.count(&self.tally.wrong),
        }
        if answer.record <= 0 {
            self.count(&self.tally.unrecorded);
        }
        let given = Given {
            id,
            record: answer.record,
            snapshot: answer.stamp.as_ref().map(|s| s.snapshot.clone()).unwrap_or_default(),
            hits: Outcome::of(answer).references().into_iter().map(str::to_owned).collect(),
        };
        self.tally.given.lock().expect("nothing panics under it").push(given);
        self.count(&self.tally.answered);
    }

    /// Takes a failure.
    async fn failed(&self, status: &Status) {
        let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
        self.failed_for(reason, status.code()).await;
    }

    async fn failed_for(&self, reason: Option<String>, code: Code) {
        // Without a reason of ours the transport broke, which a cut is; but not these.
        let explained = match &reason {
            Some(reason) => EXPLAINED.contains(&reason.as_str()),
            None => {
                !matches!(code, Code::InvalidArgument | Code::NotFound | Code::Unimplemented | Code::DataLoss)
            }
        };
        if !explained {
            self.count(&self.tally.unexplained);
        }
        let reason = reason.unwrap_or_else(|| format!("transport ({code:?})"));
        *self.tally.failures.lock().expect("nothing panics under it").entry(reason).or_default() += 1;
        tokio::time::sleep(PAUSE).await;
    }

    async fn ask_one_by_one(self: Arc<Self>, channel: Channel) {
        let mut service = ScreeningServiceClient::new(channel);
        while !self.stopped() {
            let (question, id) = self.next();
            let mut attempts = 0;
            loop {
                let mut request = tonic::Request::new(proto::ScreenRequest {
                    subject: self.subject(question, &id),
                    request_id: id.clone(),
                    ..Default::default()
                });
                request.set_timeout(PATIENCE);
                match service.screen(request).await.map(tonic::Response::into_inner) {
                    Ok(proto::ScreenResponse { answer: Some(answer), request_id }) => {
                        if request_id != id {
                            self.count(&self.tally.misdirected);
                        }
                        break self.take(question, id, &answer);
                    }
                    Ok(_) => break self.count(&self.tally.wrong),
                    Err(status) => self.failed(&status).await,
                }
                attempts += 1;
                if attempts == ATTEMPTS {
                    break self.count(&self.tally.lost);
                }
            }
        }
    }

    async fn ask_in_streams(self: Arc<Self>, channel: Channel) {
        let mut service = ScreeningServiceClient::new(channel);
        // Questions that a stream left unanswered come first in the next.
        let mut open: Vec<(usize, String)> = Vec::new();
        let mut attempts = 0;
        while !(self.stopped() && open.is_empty()) {
            while open.len() < ITEMS && !self.stopped() {
                open.push(self.next());
            }
            let before = open.len();
            open = self.stream(&mut service, open).await;
            attempts = if open.len() < before { 0 } else { attempts + 1 };
            if attempts == ATTEMPTS {
                open.iter().for_each(|_| self.count(&self.tally.lost));
                return;
            }
        }
    }

    /// Asks all of these in one stream; what is still to be asked.
    async fn stream(
        &self,
        service: &mut ScreeningServiceClient<Channel>,
        asked: Vec<(usize, String)>,
    ) -> Vec<(usize, String)> {
        let items: Vec<_> = asked
            .iter()
            .map(|(question, id)| proto::ScreenStreamRequest {
                id: id.clone(),
                subject: self.subject(*question, id),
                ..Default::default()
            })
            .collect();
        let mut request = tonic::Request::new(tokio_stream::iter(items));
        request.set_timeout(PATIENCE);
        let mut answers = match service.screen_stream(request).await {
            Ok(answers) => answers.into_inner(),
            Err(status) => {
                self.failed(&status).await;
                return asked;
            }
        };
        let mut open = Vec::new();
        let mut snapshot: Option<String> = None;
        let mut waiting = asked.into_iter();
        loop {
            match answers.message().await {
                Ok(Some(proto::ScreenStreamResponse { id, result })) => {
                    // In order, each once.
                    let Some((question, due)) = waiting.next() else {
                        self.count(&self.tally.misdirected);
                        return open;
                    };
                    if id != due {
                        self.count(&self.tally.misdirected);
                    }
                    match result {
                        Some(ItemResult::Answer(answer)) => {
                            let stamped =
                                answer.stamp.as_ref().map(|s| s.snapshot.clone()).unwrap_or_default();
                            if *snapshot.get_or_insert_with(|| stamped.clone()) != stamped {
                                self.count(&self.tally.mixed);
                            }
                            self.take(question, due, &answer);
                        }
                        Some(ItemResult::Error(error)) => {
                            self.failed_for(Some(error.reason), Code::Unknown).await;
                            open.push((question, due));
                        }
                        None => self.count(&self.tally.wrong),
                    }
                }
                Ok(None) => {
                    // A stream that ended well has answered everything.
                    waiting.by_ref().for_each(|_| self.count(&self.tally.lost));
                    return open;
                }
                Err(status) => {
                    self.failed(&status).await;
                    open.extend(waiting);
                    return open;
                }
            }
        }
    }

    async fn ask_cases(self: Arc<Self>, channel: Channel) {
        let mut service = CaseServiceClient::new(channel);
        while !self.stopped() {
            let (first, id) = self.next();
            let about: Vec<usize> = (0..3).map(|n| (first + n) % self.questions.len()).collect();
            let contacts = about.iter().map(|&n| proto::CaseContact {
                name: self.questions[n].name.clone(),
                birth_date: self.questions[n].birth_date.clone(),
                ..Default::default()
            });
            let candidate = proto::Candidate { names: vec!["Nomen Nescio".into()], ..Default::default() };
            let hire = proto::Hire {
                candidate: Some(candidate),
                contacts: contacts.collect(),
                ..Default::default()
            };
            let mut attempts = 0;
            loop {
                let case =
                    proto::Case { case_id: id.clone(), about: Some(proto::case::About::Hire(hire.clone())) };
                let mut request = tonic::Request::new(proto::ScreenCaseRequest {
                    case: Some(case),
                    policy: "generic".into(),
                    ..Default::default()
                });
                request.set_timeout(PATIENCE);
                match service.screen_case(request).await.map(tonic::Response::into_inner) {
                    Ok(answer) => {
                        self.take_case(&about, &id, &answer);
                        break;
                    }
                    Err(status) => self.failed(&status).await,
                }
                attempts += 1;
                if attempts == ATTEMPTS {
                    break self.count(&self.tally.lost);
                }
            }
        }
    }

    /// Holds the findings on each contact against what the snapshot says of the same question.
    fn take_case(&self, about: &[usize], id: &str, answer: &proto::ScreenCaseResponse) {
        if answer.case_id != id {
            self.count(&self.tally.misdirected);
        }
        if answer.record <= 0 {
            self.count(&self.tally.unrecorded);
        }
        let result = answer.result.clone().unwrap_or_default();
        for (n, &question) in about.iter().enumerate() {
            let path = format!("hire.contacts[{n}]");
            let subject = result.subjects.iter().position(|s| s.path == path).map(|at| at as i32);
            let of_contact = result.findings.iter().filter(|f| Some(f.subject) == subject);
            let (mut hits, mut set_aside) = (Vec::new(), Vec::new());
            for finding in of_contact {
                let Some(hit) = &finding.hit else { continue };
                let aside = finding.certainty() == proto::Certainty::SetAside;
                if aside { &mut set_aside } else { &mut hits }.push(hit.clone());
            }
            let total_hits = i32::try_from(hits.len()).unwrap_or(i32::MAX);
            let as_answer = proto::Answer {
                hits,
                set_aside,
                total_hits,
                stamp: result.stamp.clone(),
                ..Default::default()
            };
            match self.oracle.check(question, &as_answer) {
                Check::Right if subject.is_some() => {}
                Check::Mixed => self.count(&self.tally.mixed),
                _ => self.count(&self.tally.wrong),
            }
        }
        self.count(&self.tally.cases);
        self.count(&self.tally.answered);
    }
}
