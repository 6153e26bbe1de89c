//! Every number there is.

use std::sync::{Arc, OnceLock};

use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use tonic::Code;

use crate::screening::{Answer, Strength};

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
    /// All numbers at nought; `calls` are the names that calls can have.
    pub(in crate::service) fn new(calls: impl IntoIterator<Item = &'static str>) -> Arc<Self> {
        let bounds = || {
            let candidates = Matcher::Full("zeef_candidates".to_owned());
            PrometheusBuilder::new().set_buckets(SECONDS)?.set_buckets_for_metric(candidates, CANDIDATES)
        };
        // It fails only on no bounds at all.
        let recorder = bounds().unwrap_or_else(|_| PrometheusBuilder::new()).build_recorder();
        let describe_counter = |name: &'static str, text: &'static str| {
            recorder.describe_counter(name.into(), None, text.into());
        };
        describe_counter("zeef_screenings_total", "Subjects screened, over every door");
        describe_counter("zeef_screenings_without_hits_total", "Of these, without any hit");
        describe_counter("zeef_hits_total", "Hits by list and strength");
        describe_counter(
            "zeef_stalled_calls_total",
            "Calls cut because their caller did not take the answer",
        );
        describe_counter("zeef_refused_connections_total", "Connections that ended before their first call");
        describe_counter("zeef_snapshots_total", "Snapshots taken up, and folders that could not be");
        describe_counter("zeef_imports_total", "Imports by list and result");
        recorder.describe_histogram(
            "zeef_call_duration_seconds".into(),
            Some(Unit::Seconds),
            "Calls by method and code, from the first byte to the last".into(),
        );
        recorder.describe_histogram(
            "zeef_candidates".into(),
            None,
            "Listed names that were candidates of a screening and scored".into(),
        );
        let describe_gauge = |name: &'static str, text: &'static str| {
            recorder.describe_gauge(name.into(), None, text.into());
        };
        describe_gauge("zeef_open_calls", "Calls under way");
        describe_gauge("zeef_queued_calls", "Unary calls that wait for a thread or run on one");
        describe_gauge("zeef_open_streams", "Streams of screenings under way");
        describe_gauge("zeef_list_age_days", "Days since each list's own date");
        describe_gauge("zeef_list_stale", "1 for each list that is older than the operator allows");
        describe_gauge("zeef_list_entities", "Entities of each list");
        describe_gauge("zeef_serving", "1 while there are lists to screen against");
        describe_counter("zeef_unrecorded_total", "Screenings or batches that could not be recorded");
        describe_gauge("zeef_audit_waiting", "Batches of records that wait to be written to the audit trail");
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

    /// A list was imported, or could not be.
    pub fn import(&self, list: &str, done: bool) {
        let result = if done { "done" } else { "failed" };
        self.count("zeef_imports_total", &[("list", list), ("result", result)]);
    }

    /// A subject was screened.
    pub(crate) fn screened(&self, answer: &Answer) {
        self.screenings.increment(1);
        #[allow(clippy::cast_precision_loss, reason = "no list has 2^53 names")]
        self.candidates.record(answer.candidates as f64);
        if answer.hits.is_empty() {
            self.without_hits.increment(1);
        }
        for hit in &answer.hits {
            self.hit(&hit.list, hit.strength);
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

    #[test]
    fn codes_stand_in_their_order() {
        for code in 0..17 {
            let named = format!("{:?}", Code::from_i32(code)).to_lowercase();
            assert_eq!(CODES[code as usize].replace('_', "").to_lowercase(), named);
        }
    }
}
