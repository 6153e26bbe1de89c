//! What each snapshot answers, by screening against it in this process.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, RwLock};

use zeef::index::Snapshot;
use zeef::model::PartialDate;
use zeef::screening::{Options, Screener, Subject, SubjectKind};
use zeef::service::proto;

use crate::lists::Question;

/// A hit, as far as it is compared: list, reference, listed name, score to the last bit.
pub type Expected = (String, String, String, u64);

/// Hits and set-aside entries of an answer, and how many hits there were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    hits: Vec<Expected>,
    set_aside: Vec<Expected>,
    total: usize,
}

impl Outcome {
    /// Of an answer as it came.
    pub fn of(answer: &proto::Answer) -> Self {
        let hits = |hits: &[proto::Hit]| {
            let one = |h: &proto::Hit| {
                (h.list.clone(), h.entity_id.clone(), h.matched_name.clone(), h.score.to_bits())
            };
            hits.iter().map(one).collect()
        };
        let total = usize::try_from(answer.total_hits).unwrap_or(usize::MAX);
        Self { hits: hits(&answer.hits), set_aside: hits(&answer.set_aside), total }
    }

    /// References of the hits.
    pub fn references(&self) -> Vec<&str> {
        self.hits.iter().map(|hit| hit.1.as_str()).collect()
    }
}

/// The answers of all snapshots that were ever served.
pub struct Oracle {
    questions: Arc<Vec<Question>>,
    by_snapshot: RwLock<HashMap<String, Vec<Outcome>>>,
}

impl Oracle {
    /// One that knows no snapshot yet.
    pub fn new(questions: Arc<Vec<Question>>) -> Self {
        Self { questions, by_snapshot: RwLock::default() }
    }

    /// Answers every question on the folder's current snapshot.
    pub fn learn(&self, data: &Path) {
        let snapshot = Arc::new(Snapshot::open(data).expect("a snapshot"));
        let id = snapshot.manifest().id.clone();
        if self.by_snapshot.read().expect("nothing panics under it").contains_key(&id) {
            return;
        }
        let screener = Screener::new(snapshot, Vec::new());
        let outcome = |question: &Question| {
            let birth_date = (!question.birth_date.is_empty())
                .then(|| question.birth_date.parse::<PartialDate>().expect("a date"));
            let subject = Subject { birth_date, ..Subject::named(&question.name, SubjectKind::Person) };
            let answer =
                screener.screen(&subject, &Options::default(), jiff::Timestamp::now()).expect("an answer");
            let hits = |hits: &[zeef::screening::Hit]| {
                let one = |h: &zeef::screening::Hit| {
                    (h.list.clone(), h.entity_id.clone(), h.matched_name.clone(), h.score.to_bits())
                };
                hits.iter().map(one).collect()
            };
            Outcome { hits: hits(&answer.hits), set_aside: hits(&answer.set_aside), total: answer.total_hits }
        };
        let outcomes = self.questions.iter().map(outcome).collect();
        self.by_snapshot.write().expect("nothing panics under it").insert(id, outcomes);
    }

    /// Holds the answer to a question against the snapshot that it says it comes from.
    pub fn check(&self, question: usize, answer: &proto::Answer) -> Check {
        let snapshot = answer.stamp.as_ref().map_or("", |stamp| stamp.snapshot.as_str());
        let known = self.by_snapshot.read().expect("nothing panics under it");
        let outcome = Outcome::of(answer);
        match known.get(snapshot) {
            Some(outcomes) if outcomes[question] == outcome => Check::Right,
            // What another snapshot would have said, under this one's name.
            Some(_) if known.values().any(|outcomes| outcomes[question] == outcome) => Check::Mixed,
            _ => Check::Wrong,
        }
    }

    /// How many questions are answered otherwise by some snapshot than by another.
    pub fn telling(&self) -> usize {
        let known = self.by_snapshot.read().expect("nothing panics under it");
        let differs = |n: &usize| known.values().any(|a| known.values().any(|b| a[*n] != b[*n]));
        (0..self.questions.len()).filter(differs).count()
    }
}

/// What an answer is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// As the snapshot's oracle answers.
    Right,
    /// As another snapshot's does.
    Mixed,
    /// As none does, or of a snapshot that nobody knows.
    Wrong,
}
