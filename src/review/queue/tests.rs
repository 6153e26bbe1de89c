use std::sync::{Arc, LazyLock};

use tempfile::TempDir;

use super::*;
use crate::index::Snapshot;
use crate::model::PartialDate;
use crate::review::audit::{Asked, verify};
use crate::review::store::{StoreError, StoreUrl};
use crate::review::{Occasion, OnFailure, Records};
use crate::screening::{Options, Screener, Subject, SubjectKind};

static DEMO: LazyLock<Screener> =
    LazyLock::new(|| Screener::new(Arc::new(Snapshot::demo().unwrap()), Vec::new()));

const PUTIN: &str = "Vladimir Putin";

/// Records on a store of their own.
struct World {
    records: Records,
    _folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let url = StoreUrl::in_folder(folder.path());
        Self { records: Records::open(&url, OnFailure::Refuse).await.unwrap(), _folder: folder }
    }

    async fn screen(&self, occasion: &Occasion, subject: &Subject) -> Vec<Standing> {
        let now = jiff::Timestamp::now();
        let answer = DEMO.screen(subject, &Options::default(), now).unwrap();
        let asked = Asked { id: "", row: 0, reference: "", subject, answer: &answer };
        let draft = self.records.recorder.screening(occasion, &DEMO, now, &[asked]).unwrap();
        let standings = self.records.recorder.record(draft).await.unwrap().standings;
        assert!(occasion.is_test() || standings.len() == answer.hits.len());
        standings
    }

    fn queue(&self) -> &Queue {
        &self.records.queue
    }
}

fn putin() -> Subject {
    Subject::named(PUTIN, SubjectKind::Person)
}

fn occasion(case: &str) -> Occasion {
    Occasion { case_reference: case.into(), ..Occasion::of("hr").with_purpose("hire") }
}

fn decision(verdict: Verdict, reason: &str) -> Decision {
    Decision { verdict, reason: reason.into(), note: String::new() }
}

async fn check_queue(world: &World) {
    let queue = world.queue();
    let first = world.screen(&occasion("A"), &putin()).await.remove(0);
    assert_eq!((first.state, first.decided), (MatchState::Open, None));
    // The same again is the same pair; another case is another.
    assert_eq!(world.screen(&occasion("A"), &putin()).await[0].match_id, first.match_id);
    let other = world.screen(&occasion("B"), &putin()).await.remove(0);
    assert_ne!(other.match_id, first.match_id);
    // Tests are recorded and raise nothing.
    assert!(world.screen(&occasion("C").with_purpose("test"), &putin()).await.is_empty());

    let found = queue.get(&first.match_id).await.unwrap();
    assert_eq!(found.subject.name, PUTIN);
    assert_eq!(found.hit.list, "eu");
    assert_eq!(found.history.len(), 1);

    let taken = queue.assign(&found.id, found.etag, "anna", "anna").await.unwrap();
    assert_eq!((taken.state, taken.assignee.as_str()), (MatchState::InReview, "anna"));
    // Somebody who saw it before that decides on something else than there is.
    let late = queue.decide(&found.id, found.etag, "bert", &decision(Verdict::Confirmed, "x")).await;
    assert_eq!(late.unwrap_err(), QueueError::Conflict);

    let why = decision(Verdict::Cleared, "another birth year");
    let cleared = queue.decide(&found.id, taken.etag, "anna", &why).await.unwrap();
    assert_eq!(cleared.state, MatchState::Cleared);
    let outcome = cleared.decision.clone().unwrap();
    assert_eq!((outcome.author.as_str(), outcome.reason.as_str()), ("anna", "another birth year"));
    let again = queue.decide(&found.id, cleared.etag, "anna", &why).await.unwrap_err();
    assert!(matches!(again, QueueError::State(_)), "{again:?}");

    // Cleared is remembered and shown for the pair, and for no other of that name.
    let seen = world.screen(&occasion("A"), &putin()).await.remove(0);
    assert_eq!((seen.state, seen.reason.as_str()), (MatchState::Cleared, "another birth year"));
    assert!(seen.decided.is_some());
    assert_eq!(world.screen(&occasion("B"), &putin()).await[0].state, MatchState::Open);

    // Ways of writing change nothing; a birth date does, and the difference says so.
    let shouted = Subject { name: "VLADIMIR  PUTIN".into(), ..putin() };
    assert_eq!(world.screen(&occasion("A"), &shouted).await[0].state, MatchState::Cleared);
    let born: PartialDate = "1952-10-07".parse().unwrap();
    let known_better = Subject { birth_date: Some(born), ..putin() };
    let back = world.screen(&occasion("A"), &known_better).await.remove(0);
    assert_eq!((back.state, back.match_id.as_str()), (MatchState::Open, first.match_id.as_str()));
    let change = &back.difference[0];
    assert_eq!((change.side, change.field), (Side::Subject, FormField::BirthDates));
    assert_eq!((change.added.as_slice(), change.removed.len()), (&["1952-10-07".to_owned()][..], 0));
    let came_back = queue.get(&first.match_id).await.unwrap();
    assert_eq!(came_back.difference, back.difference);
    assert!(came_back.decision.is_none());
    assert_eq!(came_back.history.last().unwrap().action, Action::Returned);

    let confirmed = queue
        .decide(&came_back.id, came_back.etag, "bert", &decision(Verdict::Confirmed, "it is he"))
        .await
        .unwrap();
    assert_eq!(confirmed.state, MatchState::Confirmed);
    let noted = queue.comment(&confirmed.id, confirmed.etag, "anna", "told the dean").await.unwrap();
    assert_eq!(noted.decision, confirmed.decision, "a note leaves the decision");
    let reopened = queue.reopen(&noted.id, noted.etag, "anna", "a mistake").await.unwrap();
    assert_eq!((reopened.state, reopened.decision.clone()), (MatchState::Open, None));
    let actions: Vec<Action> = reopened.history.iter().map(|e| e.action).collect();
    use Action::{Assigned, Decided, Noted, Raised, Reopened, Returned};
    assert_eq!(actions, [Raised, Assigned, Decided, Returned, Decided, Noted, Reopened]);

    // Pages, filters, and texts that would be conditions elsewhere.
    for n in 0..5 {
        world.screen(&occasion(&format!("page {n}")), &putin()).await;
    }
    let (mut token, mut seen) = (String::new(), Vec::new());
    loop {
        let page = queue.list(&MatchFilter::default(), 2, &token).await.unwrap();
        assert!(page.matches.len() <= 2 && page.total >= 7);
        seen.extend(page.matches.into_iter().map(|m| m.id));
        token = page.next;
        if token.is_empty() {
            break;
        }
    }
    let mut distinct = seen.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!((seen.len(), distinct.len()), (7, 7));
    let count = async |filter: MatchFilter| queue.list(&filter, 0, "").await.unwrap().total;
    let filter = MatchFilter::default;
    assert_eq!(count(MatchFilter { states: vec![MatchState::Cleared], ..filter() }).await, 0);
    assert_eq!(count(MatchFilter { states: MatchState::ALL.to_vec(), ..filter() }).await, 7);
    assert_eq!(count(MatchFilter { case_reference: "page 3".into(), ..filter() }).await, 1);
    assert_eq!(count(MatchFilter { name: "pútin".into(), ..filter() }).await, 7);
    assert_eq!(
        count(MatchFilter { name: "%".into(), ..filter() }).await,
        7,
        "folded to nothing, asks nothing"
    );
    assert_eq!(count(MatchFilter { name: "p_tin".into(), ..filter() }).await, 0);
    assert_eq!(count(MatchFilter { list: "' OR 1=1 --".into(), ..filter() }).await, 0);
    for token in ["x", "1-'; DROP TABLE suspected_matches", "-", "9999999999999999999999-ab"] {
        let error = queue.list(&filter(), 0, token).await.unwrap_err();
        assert!(matches!(error, QueueError::Request { field: "page_token", .. }), "{token}: {error:?}");
    }
    assert!(verify(&world.records.store, None).await.unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_is_raised_once_decided_and_comes_back_with_the_difference() {
    check_queue(&World::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(url) = crate::review::testing::postgres().await else { return };
    let records = Records::open(&url, OnFailure::Refuse).await.unwrap();
    check_queue(&World { records, _folder: TempDir::new().unwrap() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_eyes_are_two_people() {
    let world = World::new().await;
    let queue = world.queue();
    let id = world.screen(&occasion("A"), &putin()).await.remove(0).match_id;
    sqlx::query("UPDATE suspected_matches SET four_eyes = 1")
        .execute(world.records.store.pool())
        .await
        .unwrap();
    let clear = decision(Verdict::Cleared, "another person");
    let etag = queue.get(&id).await.unwrap().etag;
    let proposed = queue.decide(&id, etag, "anna", &clear).await.unwrap();
    assert_eq!((proposed.state, proposed.decision.clone()), (MatchState::InReview, None));
    assert_eq!(proposed.proposal.clone().unwrap().author, "anna");
    assert_eq!(world.screen(&occasion("A"), &putin()).await[0].state, MatchState::InReview);

    let alone = queue.decide(&id, proposed.etag, "anna", &clear).await.unwrap_err();
    assert!(matches!(alone, QueueError::State(_)), "{alone:?}");
    // Who disagrees proposes the other, and then a second must agree with that.
    let other = decision(Verdict::Confirmed, "the same passport");
    let disagreed = queue.decide(&id, proposed.etag, "bert", &other).await.unwrap();
    assert_eq!(disagreed.proposal.clone().unwrap().verdict, Verdict::Confirmed);
    let agreed = queue.decide(&id, disagreed.etag, "anna", &other).await.unwrap();
    let outcome = agreed.decision.unwrap();
    assert_eq!(agreed.state, MatchState::Confirmed);
    assert_eq!((outcome.proposed_by.as_str(), outcome.author.as_str()), ("bert", "anna"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_decide_at_once_one_does() {
    let world = World::new().await;
    let id = world.screen(&occasion("A"), &putin()).await.remove(0).match_id;
    let etag = world.queue().get(&id).await.unwrap().etag;
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let (queue, id) = (world.queue().clone(), id.clone());
            tokio::spawn(async move {
                queue.decide(&id, etag, &format!("person {n}"), &decision(Verdict::Cleared, "why")).await
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => done += 1,
            Err(error) => assert_eq!(error, QueueError::Conflict),
        }
    }
    assert_eq!(done, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_refused() {
    let world = World::new().await;
    let queue = world.queue();
    let id = world.screen(&occasion("A"), &putin()).await.remove(0).match_id;
    let etag = queue.get(&id).await.unwrap().etag;
    let long = "x".repeat(10_001);
    for (reason, note) in [("", ""), ("  ", ""), (long.as_str(), ""), ("why", long.as_str()), ("a\0b", "")] {
        let decision = Decision { verdict: Verdict::Cleared, reason: reason.into(), note: note.into() };
        let error = queue.decide(&id, etag, "anna", &decision).await.unwrap_err();
        assert!(matches!(error, QueueError::Request { .. }), "{error:?}");
    }
    let error = queue.assign(&id, etag, "anna", "a\nb").await.unwrap_err();
    assert!(matches!(error, QueueError::Request { field: "assignee", .. }), "{error:?}");
    for odd in ["", "' OR 1=1 --", "00"] {
        assert_eq!(queue.get(odd).await.unwrap_err(), QueueError::NotFound);
    }
    assert!(matches!("7".parse::<Etag>(), Err(QueueError::Request { field: "etag", .. })));
    assert_eq!("v7".parse::<Etag>().unwrap(), Etag(7));
    assert!(matches!("cleared ".parse::<MatchState>(), Err(StoreError::Damaged(_))));
}
