//! Messages of the monitoring service.

use crate::model::Gender;
use crate::review::monitor::{Alert, AlertKind, Watched};
use crate::screening::{Options, Subject, SubjectKind};
use crate::service::proto;

use super::answer::hit;
use super::{length, timestamp};

/// A time of a request; none when it lies out of all range.
pub(in crate::service) fn instant(time: &prost_types::Timestamp) -> Option<jiff::Timestamp> {
    jiff::Timestamp::new(time.seconds, time.nanos).ok()
}

fn time(time: jiff::Timestamp) -> Option<prost_types::Timestamp> {
    timestamp(&time.to_string())
}

/// A watch as a message.
pub(in crate::service) fn watched(watched: Watched) -> proto::WatchedSubject {
    let (snapshot, screened) = watched.screened.map(|s| (s.snapshot, s.at)).unzip();
    proto::WatchedSubject {
        watch_id: watched.id,
        subject: Some(subject(watched.watch.subject)),
        options: Some(options(watched.watch.options)),
        purpose: watched.watch.purpose,
        reference: watched.watch.reference,
        added_by: watched.watch.added_by,
        add_time: time(watched.added),
        end_time: time(watched.watch.ends),
        snapshot: snapshot.unwrap_or_default(),
        screen_time: screened.and_then(time),
        trouble: watched.trouble,
    }
}

pub(super) fn subject(subject: Subject) -> proto::Subject {
    let kind = match subject.kind {
        SubjectKind::Person => proto::SubjectKind::Person,
        SubjectKind::Organisation => proto::SubjectKind::Organisation,
        SubjectKind::Any => proto::SubjectKind::Any,
    };
    let gender = match subject.gender {
        None => proto::Gender::Unspecified,
        Some(Gender::Female) => proto::Gender::Female,
        Some(Gender::Male) => proto::Gender::Male,
    };
    proto::Subject {
        name: subject.name,
        aliases: subject.aliases,
        kind: kind.into(),
        birth_date: subject.birth_date.map(|d| d.to_string()).unwrap_or_default(),
        birth_place: subject.birth_place,
        gender: gender.into(),
        countries: subject.countries,
        address: subject.address,
        identifiers: subject
            .identifiers
            .into_iter()
            .map(|i| proto::SubjectIdentifier { kind: i.kind, number: i.number })
            .collect(),
        reference: String::new(),
    }
}

fn options(options: Options) -> proto::ScreeningOptions {
    proto::ScreeningOptions {
        lists: options.lists,
        threshold: options.threshold,
        limit: options.limit.map(length),
    }
}

/// An alert as a message.
pub(in crate::service) fn alert(alert: Alert) -> proto::Alert {
    let kind = match alert.kind {
        AlertKind::New => proto::AlertKind::New,
        AlertKind::Vanished => proto::AlertKind::Vanished,
        AlertKind::Changed => proto::AlertKind::Changed,
    };
    proto::Alert {
        alert_id: alert.id,
        kind: kind.into(),
        watch_id: alert.watch_id,
        reference: alert.reference,
        list: alert.list,
        entity_id: alert.entity_id,
        first: alert.first,
        delisted: alert.delisted,
        before: alert.before.map(hit),
        after: alert.after.map(hit),
        snapshot_before: alert.snapshot_before,
        snapshot: alert.snapshot,
        matcher_version: alert.matcher,
        alert_time: time(alert.time),
    }
}
