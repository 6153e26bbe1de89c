//! Every number there is.

use std::sync::{Arc, OnceLock};

use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use tonic::Code;

use crate::screening::case::{Certainty, FindingKind, Screened};
use crate::screening::{Answer, Strength};
use crate::service::access;
use crate::update::{Outcome, UpdateReport};

/// Bounds of the latencies in seconds: an ordinary screening takes tens of microseconds, the longest call half
/// a minute.
const SECONDS: &[f64] = &[
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
    10.0, 30.0,
];

/// Bounds of the numbers of candidates.
const CANDIDATES: &[f64] = &[0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0];

/// Where the numbers say they come from, which nothing reads.
const HERE: Metadata<'static> = Metadata::new("zeef", Level::INFO, None);

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Counter,
    Gauge,
    Histogram(Unit),
}

/// Every number there is, with what it means. A test holds the dashboard and the alerts against it.
const NUMBERS: &[(&str, Form, &str)] = &[
    (
        "zeef_call_duration_seconds",
        Form::Histogram(Unit::Seconds),
        "Calls by method and code, from the first byte to the last",
    ),
    ("zeef_open_calls", Form::Gauge, "Calls under way"),
    ("zeef_queued_calls", Form::Gauge, "Unary calls that wait for a thread or run on one"),
    ("zeef_open_streams", Form::Gauge, "Streams of screenings under way"),
    ("zeef_stalled_calls_total", Form::Counter, "Calls cut because their caller did not take the answer"),
    ("zeef_refused_connections_total", Form::Counter, "Connections that ended before their first call"),
    ("zeef_screenings_total", Form::Counter, "Subjects screened, over every door; in a case each for itself"),
    ("zeef_screenings_without_hits_total", Form::Counter, "Of these, without any hit"),
    ("zeef_hits_total", Form::Counter, "Hits by list and strength"),
    (
        "zeef_candidates",
        Form::Histogram(Unit::Count),
        "Listed names that were candidates of a screening and scored",
    ),
    ("zeef_serving", Form::Gauge, "1 while there are lists to screen against, not refused for their age"),
    ("zeef_snapshots_total", Form::Counter, "Snapshots taken up, and folders that could not be"),
    ("zeef_list_age_days", Form::Gauge, "Days since each list's own date"),
    ("zeef_list_stale", Form::Gauge, "1 for each list that is older than the operator allows"),
    ("zeef_list_entities", Form::Gauge, "Entities of each list"),
    (
        "zeef_list_imported_timestamp_seconds",
        Form::Gauge,
        "When each list that is served was imported, by whichever process",
    ),
    (
        "zeef_imports_total",
        Form::Counter,
        "Updates of lists by this server's own schedule, by list and result: imported, unchanged, held, failed",
    ),
    (
        "zeef_list_checked_timestamp_seconds",
        Form::Gauge,
        "When each list was last fetched and found in order, by this server or `zeef lists update`",
    ),
    (
        "zeef_list_update_failures",
        Form::Gauge,
        "How often in a row the update of each list has failed, in this server or `zeef lists update`",
    ),
    ("zeef_unrecorded_total", Form::Counter, "Screenings or batches that could not be recorded"),
    ("zeef_audit_waiting", Form::Gauge, "Batches of records that wait to be written to the audit trail"),
    ("zeef_audit_lag_seconds", Form::Gauge, "Age of the oldest record that has not been written yet"),
];

/// How calls end: the codes of gRPC, in their order.
const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// What is counted. Numbers of the hot path are at hand and not looked up by name.
///
/// No number is global: each server has its own, so that several can run in one process.
pub struct Metrics {
    recorder: PrometheusRecorder,
    /// Durations by call and code, made when the first call ends so.
    calls: Vec<(&'static str, [OnceLock<Histogram>; CODES.len()])>,
    screenings: Counter,
    without_hits: Counter,
    candidates: Histogram,
    stalled: Counter,
    /// Hits of the lists that were ever hit, by list and strength.
    hits: std::sync::RwLock<Vec<(String, [Counter; 4])>>,
    pub(super) open_calls: Gauge,
}

impl Metrics {
    /// All numbers of one server at nought.
    pub fn of_a_server() -> Arc<Self> {
        Self::new(access::call_names())
    }

    /// All numbers at nought; `calls` are the names that calls can have.
    fn new(calls: impl IntoIterator<Item = &'static str>) -> Arc<Self> {
        let bounds = || {
            let candidates = Matcher::Full("zeef_candidates".to_owned());
            PrometheusBuilder::new().set_buckets(SECONDS)?.set_buckets_for_metric(candidates, CANDIDATES)
        };
        // It fails only on no bounds at all.
        let recorder = bounds().unwrap_or_else(|_| PrometheusBuilder::new()).build_recorder();
        for (name, form, text) in NUMBERS {
            let (name, text) = ((*name).into(), (*text).into());
            match form {
                Form::Counter => recorder.describe_counter(name, None, text),
                Form::Gauge => recorder.describe_gauge(name, None, text),
                Form::Histogram(unit) => recorder.describe_histogram(name, Some(*unit), text),
            }
        }
        let counter = |name: &'static str| recorder.register_counter(&Key::from_static_name(name), &HERE);
        Arc::new(Self {
            screenings: counter("zeef_screenings_total"),
            without_hits: counter("zeef_screenings_without_hits_total"),
            candidates: recorder.register_histogram(&Key::from_static_name("zeef_candidates"), &HERE),
            stalled: counter("zeef_stalled_calls_total"),
            open_calls: recorder.register_gauge(&Key::from_static_name("zeef_open_calls"), &HERE),
            calls: calls.into_iter().map(|name| (name, Default::default())).collect(),
            hits: std::sync::RwLock::default(),
            recorder,
        })
    }

    /// Gives the numbers as text.
    pub(super) fn handle(&self) -> PrometheusHandle {
        self.recorder.handle()
    }

    /// A call has ended.
    pub(super) fn call(&self, name: &str, code: Code, seconds: f64) {
        let Some((name, codes)) = self.calls.iter().find(|(n, _)| *n == name) else { return };
        let index = code as usize;
        let Some((cell, code)) = codes.get(index).zip(CODES.get(index)) else { return };
        let duration = cell.get_or_init(|| {
            let labels = [Label::from_static_parts("method", name), Label::from_static_parts("code", code)];
            let key = Key::from_parts("zeef_call_duration_seconds", labels.to_vec());
            self.recorder.register_histogram(&key, &HERE)
        });
        duration.record(seconds);
    }

    /// A caller did not take its answer and was cut.
    pub(super) fn stalled(&self) {
        self.stalled.increment(1);
    }

    /// A connection ended before its first call.
    pub(in crate::service) fn refused_connection(&self, why: &'static str) {
        self.count("zeef_refused_connections_total", &[("why", why)]);
    }

    /// A snapshot was taken up, or could not be.
    pub(in crate::service) fn snapshot(&self, taken_up: bool) {
        let result = if taken_up { "taken_up" } else { "unusable" };
        self.count("zeef_snapshots_total", &[("result", result)]);
    }

    /// Screenings could not be recorded.
    pub(in crate::service) fn unrecorded(&self) {
        self.count("zeef_unrecorded_total", &[]);
    }

    /// Lists were updated by the server's own schedule.
    pub fn updated(&self, report: &UpdateReport) {
        for (list, outcome) in &report.lists {
            let result = match outcome {
                Outcome::Imported => "imported",
                Outcome::Unchanged => "unchanged",
                Outcome::Held => "held",
                Outcome::Failed(_) => "failed",
            };
            self.count("zeef_imports_total", &[("list", list), ("result", result)]);
        }
    }

    /// A subject was screened.
    pub(crate) fn screened(&self, answer: &Answer) {
        self.subject(answer.candidates, answer.hits.is_empty());
        for hit in &answer.hits {
            self.hit(&hit.list, hit.strength);
        }
    }

    /// The subjects of a case were screened. What follows from ties is no hit.
    pub(crate) fn screened_case(&self, screened: &Screened) {
        let hits = || {
            let listed = screened.findings.iter().filter(|f| f.what == FindingKind::Listed);
            listed.filter(|f| f.certainty != Certainty::SetAside)
        };
        for (subject, candidates) in screened.candidates.iter().enumerate() {
            self.subject(*candidates, hits().all(|finding| finding.subject != subject));
        }
        for hit in hits().filter_map(|finding| finding.hit.as_ref()) {
            self.hit(&hit.list, hit.strength);
        }
    }

    fn subject(&self, candidates: usize, without_hits: bool) {
        self.screenings.increment(1);
        #[allow(clippy::cast_precision_loss, reason = "no list has 2^53 names")]
        self.candidates.record(candidates as f64);
        if without_hits {
            self.without_hits.increment(1);
        }
    }

    /// A hit was found.
    pub(crate) fn hit(&self, list: &str, strength: Strength) {
        let index = strength as usize;
        // Nothing that panics runs under the lock.
        let known = self.hits.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, counters)) = known.iter().find(|(l, _)| l == list) {
            return counters[index].increment(1);
        }
        drop(known);
        let mut known = self.hits.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.iter().all(|(l, _)| l != list) {
            let counter = |strength: Strength| {
                let labels = vec![
                    Label::new("list", list.to_owned()),
                    Label::from_static_parts("strength", strength.as_str()),
                ];
                self.recorder.register_counter(&Key::from_parts("zeef_hits_total", labels), &HERE)
            };
            let strengths = [Strength::Weak, Strength::Possible, Strength::Strong, Strength::Exact];
            known.push((list.to_owned(), strengths.map(counter)));
        }
        if let Some((_, counters)) = known.iter().find(|(l, _)| l == list) {
            counters[index].increment(1);
        }
    }

    /// Counts something that happens seldom.
    fn count(&self, name: &'static str, labels: &[(&'static str, &str)]) {
        self.recorder.register_counter(&key(name, labels), &HERE).increment(1);
    }

    /// Sets a number that is looked up only when somebody asks.
    pub(super) fn set(&self, name: &'static str, labels: &[(&'static str, &str)], value: f64) {
        self.recorder.register_gauge(&key(name, labels), &HERE).set(value);
    }
}

fn key(name: &'static str, labels: &[(&'static str, &str)]) -> Key {
    let labels: Vec<Label> = labels.iter().map(|(n, v)| Label::new(*n, (*v).to_owned())).collect();
    Key::from_parts(name, labels)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn calls_are_told_by_method_and_code() {
        let metrics = Metrics::new(["/a/B", "other"]);
        metrics.call("/a/B", Code::Ok, 0.002);
        metrics.call("/a/B", Code::Unauthenticated, 0.002);
        metrics.call("/never/Heard", Code::Ok, 0.002);
        metrics.refused_connection("tls_failed");
        for _ in 0..2 {
            metrics.hit("eu", Strength::Exact);
        }
        let text = metrics.handle().render();
        for part in [
            "zeef_call_duration_seconds_count{method=\"/a/B\",code=\"OK\"} 1",
            "zeef_call_duration_seconds_bucket{method=\"/a/B\",code=\"UNAUTHENTICATED\",le=\"0.0025\"} 1",
            "zeef_refused_connections_total{why=\"tls_failed\"} 1",
            "zeef_hits_total{list=\"eu\",strength=\"exact\"} 2",
            "zeef_hits_total{list=\"eu\",strength=\"weak\"} 0",
            "# HELP zeef_open_calls",
        ] {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
        assert!(!text.contains("never"), "{text}");
    }

    /// The names of numbers that a text speaks of.
    fn spoken_of(text: &str) -> BTreeSet<&str> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.filter(|word| word.starts_with("zeef_")).collect()
    }

    #[test]
    fn what_is_counted_is_told_and_what_is_told_is_counted() {
        let counted = [include_str!("metrics.rs"), include_str!("export.rs")].map(|file| {
            // Neither this table nor these tests count anything.
            let (before, rest) = file.split_once("const NUMBERS").unwrap_or((file, ""));
            let rest = rest.split_once("];").map_or("", |(_, rest)| rest);
            let rest = rest.split_once("#[cfg(test)]").map_or(rest, |(code, _)| code);
            format!("{before}{rest}")
        });
        let counted: BTreeSet<&str> = counted.iter().flat_map(|text| spoken_of(text)).collect();
        let told: BTreeSet<&str> = NUMBERS.iter().map(|(name, ..)| *name).collect();
        assert_eq!(counted, told);
    }

    #[test]
    fn dashboard_and_alerts_speak_only_of_numbers_that_exist() {
        let mut exist = BTreeSet::new();
        for (name, form, _) in NUMBERS {
            match form {
                Form::Histogram(_) => {
                    exist.extend(["_bucket", "_sum", "_count"].map(|end| format!("{name}{end}")))
                }
                Form::Counter | Form::Gauge => {
                    exist.insert((*name).to_owned());
                }
            }
        }
        for (file, text) in [
            ("dashboard", include_str!("../../../deploy/grafana/zeef.json")),
            ("rules", include_str!("../../../deploy/prometheus/zeef.rules.yml")),
            ("tests of rules", include_str!("../../../deploy/prometheus/zeef.rules.test.yml")),
        ] {
            let used = spoken_of(text);
            assert!(!used.is_empty(), "{file}");
            for name in used {
                assert!(exist.contains(name), "{file} speaks of {name}, which nothing counts");
            }
        }
    }

    #[test]
    fn codes_stand_in_their_order() {
        for code in 0..17 {
            let named = format!("{:?}", Code::from_i32(code)).to_lowercase();
            assert_eq!(CODES[code as usize].replace('_', "").to_lowercase(), named);
        }
    }
}
