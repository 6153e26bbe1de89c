//! Taking snapshots up, held against screening everyone against the whole.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use sqlx::Row as _;
use tempfile::TempDir;

use super::compare::standing;
use super::*;
use crate::index::import::{ImportRequest, Importer, ListInput};
use crate::index::{Snapshot, roll_back};
use crate::model::{Birth, DateSpan, Entity, EntityKind, Name};
use crate::review::store::{Store, StoreUrl};
use crate::review::testing;
use crate::screening::{Options, Screener, Subject, SubjectKind};
use crate::sources::{Format, Header, Input, ReadError, Sink};

/// Lists whose files hold one entity as JSON a line.
static ALPHA: Format =
    Format { name: "alpha", title: "List alpha of the tests", files: "lines", read: read_entities };
static BETA: Format =
    Format { name: "beta", title: "List beta of the tests", files: "lines", read: read_entities };

fn read_entities(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    for input in inputs {
        for line in input.bytes.lines() {
            let line = line.map_err(|source| ReadError::Io { file: input.name.clone(), source })?;
            sink.entity(serde_json::from_str(&line).unwrap())?;
        }
    }
    Ok(Header::default())
}

struct World {
    home: TempDir,
}

impl World {
    fn new() -> Self {
        Self { home: TempDir::new().unwrap() }
    }

    fn import(&self, format: &'static Format, entities: &[Entity]) -> Screener {
        let lines: Vec<String> = entities.iter().map(|e| serde_json::to_string(e).unwrap()).collect();
        let file = self.home.path().join(format!("{}.txt", format.name));
        std::fs::write(&file, lines.join("\n")).unwrap();
        let mut request = ImportRequest::new(Timestamp::now());
        request.lists.push(ListInput { format, files: vec![file] });
        request.allow_shrink = true;
        self.run(&request)
    }

    fn run(&self, request: &ImportRequest) -> Screener {
        Importer::new(self.home.path().join("data")).run(request, &mut |_| {}).unwrap();
        self.open()
    }

    fn open(&self) -> Screener {
        let snapshot = Snapshot::open(&self.home.path().join("data")).unwrap();
        Screener::new(Arc::new(snapshot), Vec::new())
    }

    async fn monitor(&self, page: usize) -> Monitor {
        let url = StoreUrl::in_folder(self.home.path());
        monitor(&url, page).await
    }
}

async fn monitor(url: &StoreUrl, page: usize) -> Monitor {
    Monitor::new(Store::open(url).await.unwrap(), MonitorOptions { threads: 2, page }).unwrap()
}

fn person(id: &str, names: &[&str], year: Option<i32>) -> Entity {
    let birth =
        |year: i32| Birth { when: DateSpan::of(year.to_string().parse().unwrap()), ..Birth::default() };
    Entity {
        id: id.into(),
        kind: EntityKind::Person,
        names: names.iter().map(|n| Name::of(*n)).collect(),
        births: year.map(birth).into_iter().collect(),
        ..Entity::default()
    }
}

fn institution(id: &str, names: &[&str]) -> Entity {
    Entity { kind: EntityKind::Organisation, ..person(id, names, None) }
}

fn watch(name: &str, kind: SubjectKind) -> NewWatch {
    NewWatch {
        reference: String::new(),
        subject: Subject::named(name, kind),
        options: Options::default(),
        purpose: "tests".into(),
        added_by: "tests".into(),
        ends: NewWatch::usual_end(Timestamp::now()),
    }
}

type Hits = BTreeMap<(String, String, String), String>;

/// The hits that stand: watch, list, entity to their marks.
async fn kept(monitor: &Monitor) -> Hits {
    let rows = sqlx::query("SELECT watch_id, list, entity_id, mark FROM watch_hits")
        .fetch_all(monitor.store().pool())
        .await
        .unwrap();
    rows.iter().map(|r| ((r.get(0), r.get(1), r.get(2)), r.get(3))).collect()
}

/// The same from screening everyone against the whole.
async fn oracle(monitor: &Monitor, screener: &Screener) -> Hits {
    let page = monitor.list(&WatchedFilter::default(), 0, usize::MAX >> 8).await.unwrap();
    let mut all = Hits::new();
    for watched in page.watched {
        let options = Options { limit: Some(usize::MAX), ..watched.watch.options.clone() };
        let answer = screener.screen(&watched.watch.subject, &options, Timestamp::now()).unwrap();
        for hit in answer.hits {
            let s = standing(&hit);
            all.insert((watched.id.clone(), s.list, s.entity_id), s.mark);
        }
    }
    all
}

/// The alerts that lead from one set of hits to another.
fn expected(before: &Hits, after: &Hits) -> Vec<(String, String, String, AlertKind)> {
    let mut alerts = Vec::new();
    let told = |key: &(String, String, String), kind| (key.0.clone(), key.1.clone(), key.2.clone(), kind);
    for (key, mark) in after {
        match before.get(key) {
            None => alerts.push(told(key, AlertKind::New)),
            Some(was) if was != mark => alerts.push(told(key, AlertKind::Changed)),
            Some(_) => {}
        }
    }
    alerts.extend(before.keys().filter(|k| !after.contains_key(*k)).map(|k| told(k, AlertKind::Vanished)));
    alerts.sort();
    alerts
}

async fn alerts_after(monitor: &Monitor, after: i64) -> Vec<(String, String, String, AlertKind)> {
    let mut alerts: Vec<_> = monitor
        .alerts(after, 100_000)
        .await
        .unwrap()
        .into_iter()
        .map(|a| (a.watch_id, a.list, a.entity_id, a.kind))
        .collect();
    alerts.sort();
    alerts
}

const GIVEN: [&str; 6] = ["Antonio", "Ruslan", "Wei", "Mohammed Ali", "Марьям", "Olga"];
const FAMILY: [&str; 6] = ["Madeupov", "Probenko", "Zhang", "al-Musteri", "Тестовская", "Inventado"];
const BODIES: [&str; 5] = [
    "Institute of Invented Physics",
    "Testville Polytechnical University",
    "Testville University",
    "Madeup Aeronautics Group",
    "哈尔滨工业大学",
];

/// A listed entity out of few names, so that many are alike; `n` decides everything.
fn listed(id: u8, n: u8) -> Entity {
    let n = usize::from(n);
    let id = format!("E.{id}");
    if n.is_multiple_of(3) {
        return institution(&id, &[BODIES[n % 5], BODIES[(n / 5) % 5]]);
    }
    let first = format!("{} {}", GIVEN[n % 6], FAMILY[(n / 6) % 6]);
    let second = format!("{} {}", FAMILY[(n / 2) % 6], GIVEN[(n / 4) % 6]);
    person(&id, &[&first, &second], n.is_multiple_of(2).then(|| 1950 + (n % 7) as i32))
}

fn watched(n: u8) -> NewWatch {
    let i = usize::from(n);
    let kind = [SubjectKind::Person, SubjectKind::Any, SubjectKind::Organisation][i % 3];
    let name = match kind {
        SubjectKind::Organisation => format!("Dept. of Tests, {}", BODIES[i % 5]),
        _ => format!("{} {}", GIVEN[(i / 3) % 6], FAMILY[(i / 5) % 6]),
    };
    let mut watch = watch(&name, kind);
    if i.is_multiple_of(4) {
        watch.subject.birth_date = Some((1950 + (n % 7) as i32).to_string().parse().unwrap());
    }
    if i.is_multiple_of(5) {
        watch.options.threshold = Some(0.3);
    }
    if i.is_multiple_of(7) {
        watch.options.lists = vec!["alpha".into()];
    }
    watch
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    /// Screening only what changed leads to what screening everything finds, and tells the difference.
    #[test]
    fn only_what_changed_is_screened_with_the_outcome_of_the_whole(
        before in prop::collection::btree_map(0_u8..30, any::<u8>(), 1..25),
        after in prop::collection::btree_map(0_u8..30, any::<u8>(), 1..25),
        beta in prop::collection::btree_map(0_u8..9, any::<u8>(), 1..6),
        watches in prop::collection::vec(any::<u8>(), 1..40),
        page in 1_usize..30,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let entities = |m: &BTreeMap<u8, u8>| m.iter().map(|(id, n)| listed(*id, *n)).collect::<Vec<_>>();
            world.import(&BETA, &entities(&beta));
            let old = world.import(&ALPHA, &entities(&before));
            let monitor = world.monitor(page).await;
            let watches: Vec<NewWatch> = watches.into_iter().map(watched).collect();
            monitor.add(&watches).await.unwrap();

            let first = monitor.take_up(&old).await.unwrap();
            assert_eq!((first.watched, first.troubled), (watches.len() as u64, 0));
            assert_eq!(first.screened_whole, first.watched);
            let on_old = oracle(&monitor, &old).await;
            assert_eq!(kept(&monitor).await, on_old);
            assert_eq!(alerts_after(&monitor, 0).await, expected(&Hits::new(), &on_old));

            let new = world.import(&ALPHA, &entities(&after));
            let seen = monitor.last_alert().await.unwrap();
            let second = monitor.take_up(&new).await.unwrap();
            assert_eq!(second.screened_whole, 0);
            let on_new = oracle(&monitor, &new).await;
            assert_eq!(kept(&monitor).await, on_new);
            assert_eq!(alerts_after(&monitor, seen).await, expected(&on_old, &on_new));
            assert_eq!(monitor.take_up(&new).await.unwrap(), TakenUp::default());
        });
    }
}

/// The story of one watch, on any database.
async fn check_story(world: &World, monitor: &Monitor) {
    let one = person("E.1", &["Antonio Inventado"], Some(1960));
    let two = person("E.2", &["Ruslan Madeupov"], None);
    let screener = world.import(&ALPHA, std::slice::from_ref(&two));
    let mut who = watch("Antonio Inventado", SubjectKind::Person);
    who.reference = "p-7".into();
    who.subject.birth_date = Some("1960-05-01".parse().unwrap());
    let added = monitor.add(std::slice::from_ref(&who)).await.unwrap();
    assert!(!added[0].renewed);
    let begin = monitor.last_alert().await.unwrap();
    assert_eq!(monitor.take_up(&screener).await.unwrap().watched, 1);

    // Listed: a new alert, whole.
    let listed = world.import(&ALPHA, &[one.clone(), two.clone()]);
    let done = monitor.take_up(&listed).await.unwrap();
    assert_eq!((done.new, done.vanished, done.changed, done.screened_whole), (1, 0, 0, 0));
    let alert = &monitor.alerts(begin, 10).await.unwrap()[0];
    assert_eq!((alert.reference.as_str(), alert.entity_id.as_str(), alert.first), ("p-7", "E.1", false));
    assert_eq!(alert.after.as_ref().unwrap().matched_name, "Antonio Inventado");
    assert!(alert.before.is_none());
    assert_eq!(alert.snapshot, listed.snapshot().manifest().id);
    assert_eq!(alert.snapshot_before, screener.snapshot().manifest().id);

    // Another birth year: the evidence changed. A remark: nothing.
    let mut edited = one.clone();
    edited.births[0].when = DateSpan::of("1961".parse().unwrap());
    let edition = world.import(&ALPHA, &[edited.clone(), two.clone()]);
    assert_eq!(monitor.take_up(&edition).await.unwrap().changed, 1);
    edited.remarks.push("a remark".into());
    let remarked = world.import(&ALPHA, &[edited.clone(), two.clone()]);
    let done = monitor.take_up(&remarked).await.unwrap();
    assert_eq!((done.watched, done.new + done.vanished + done.changed), (1, 0));

    // Somebody goes back, and forth: each step is told again.
    let data = world.home.path().join("data");
    let gone_back = roll_back(&data, None).unwrap();
    monitor.take_up(&world.open()).await.unwrap();
    assert_eq!(gone_back.to.manifest.id, edition.snapshot().manifest().id);

    // Delisted.
    let delisted = world.import(&ALPHA, std::slice::from_ref(&two));
    assert_eq!(monitor.take_up(&delisted).await.unwrap().vanished, 1);
    let all = monitor.alerts(begin, 10).await.unwrap();
    let kinds: Vec<&str> = all.iter().map(|a| a.kind.as_str()).collect();
    assert_eq!(kinds, ["new", "changed", "vanished"]);
    assert!(all[2].delisted && all[2].before.is_some() && all[2].after.is_none());
    assert!(all.is_sorted_by_key(|a| a.number));

    // The list goes: nobody who asks for it is told "no hit".
    let mut asks = watch("Ruslan Madeupov", SubjectKind::Person);
    asks.options.lists = vec!["alpha".into()];
    let asks = &monitor.add(&[asks]).await.unwrap()[0].id;
    monitor.take_up(&delisted).await.unwrap();
    let mut request = ImportRequest::new(Timestamp::now());
    world.import(&BETA, std::slice::from_ref(&one));
    request.remove.push("alpha".into());
    let without = world.run(&request);
    let done = monitor.take_up(&without).await.unwrap();
    assert_eq!((done.troubled, done.vanished, done.new), (1, 0, 1));
    let filter = WatchedFilter { troubled: true, ..WatchedFilter::default() };
    let troubled = monitor.list(&filter, 0, 10).await.unwrap().watched;
    assert_eq!(troubled.len(), 1);
    assert!(troubled[0].trouble.contains("\"alpha\" is not loaded"), "{}", troubled[0].trouble);
    assert_eq!(&troubled[0].id, asks);
    assert_eq!(monitor.take_up(&without).await.unwrap(), TakenUp::default());
    // It comes back.
    let again = world.import(&ALPHA, std::slice::from_ref(&two));
    assert_eq!(monitor.take_up(&again).await.unwrap().troubled, 0);

    // The same reference renews, or is taken.
    assert!(monitor.add(std::slice::from_ref(&who)).await.unwrap()[0].renewed);
    who.subject.name = "Antonio Inventado Junior".into();
    let taken = monitor.add(&[watch("Somebody Else", SubjectKind::Person), who.clone()]).await;
    assert!(matches!(taken, Err(WatchError::Taken { at: 1 })), "{taken:?}");
    assert_eq!(monitor.list(&WatchedFilter::default(), 0, 10).await.unwrap().watched.len(), 2);

    // With the end of a watch everything of it goes.
    assert_eq!(monitor.remove(&[added[0].id.clone(), "no-such".into()]).await.unwrap(), 1);
    assert!(monitor.alerts(begin, 10).await.unwrap().iter().all(|a| a.watch_id == *asks));
    let later = NewWatch::usual_end(Timestamp::now()).saturating_add(jiff::SignedDuration::from_hours(1));
    assert_eq!(monitor.remove_ended(later.unwrap()).await.unwrap(), 1);
    for table in ["watched", "watch_hits", "watch_alerts"] {
        let count = format!("SELECT COUNT(*) FROM {table}");
        let row = sqlx::query(sqlx::AssertSqlSafe(count)).fetch_one(monitor.store().pool()).await.unwrap();
        assert_eq!(row.get::<i64, _>(0), 0, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_tells_what_changes_and_ends_without_a_trace() {
    let world = World::new();
    let monitor = world.monitor(10).await;
    check_story(&world, &monitor).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(url) = testing::postgres().await else { return };
    let world = World::new();
    check_story(&world, &monitor(&url, 10).await).await;
}

/// Replicas that look at the same time, and are stopped anywhere: each alert once, nothing lost.
async fn check_replicas(world: &World, url: &StoreUrl) {
    let entities: Vec<Entity> = (0..30).map(|n| listed(n, n.wrapping_mul(37))).collect();
    let old = world.import(&ALPHA, &entities[..15]);
    let here = monitor(url, 2).await;
    let there = monitor(url, 3).await;
    let watches: Vec<NewWatch> = (0..60).map(watched).collect();
    here.add(&watches).await.unwrap();
    here.take_up(&old).await.unwrap();
    let seen = here.last_alert().await.unwrap();
    let on_old = oracle(&here, &old).await;

    let new = world.import(&ALPHA, &entities[10..]);
    for millis in [0, 1, 2, 5, 9] {
        // Dropped where it stands, as by a shutdown.
        let limit = Duration::from_millis(millis);
        let _ = tokio::time::timeout(limit, here.take_up(&new)).await;
    }
    let (one, two) = tokio::join!(here.take_up(&new), there.take_up(&new));
    one.unwrap();
    two.unwrap();
    let on_new = oracle(&here, &new).await;
    assert_eq!(kept(&here).await, on_new);
    let told = alerts_after(&here, seen).await;
    assert_eq!(told, expected(&on_old, &on_new));
    assert!(!told.is_empty());

    // A replica that starts on the old lists leads nobody back; one that sees them switch does.
    let (old, new) = (&old.snapshot().manifest().id, &new.snapshot().manifest().id);
    assert!(here.leads_on(old, true).await.unwrap());
    assert!(here.leads_on(new, true).await.unwrap());
    assert!(!there.leads_on(old, true).await.unwrap());
    assert!(there.leads_on(new, true).await.unwrap());
    assert!(there.leads_on(old, false).await.unwrap());
    assert!(!here.leads_on(new, true).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_written_once_by_however_many() {
    let world = World::new();
    let url = StoreUrl::in_folder(world.home.path());
    check_replicas(&world, &url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_by_replicas_on_postgresql() {
    let Some(url) = testing::postgres().await else { return };
    check_replicas(&World::new(), &url).await;
}
