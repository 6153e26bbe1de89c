//! Occasions, standings and suspected matches.

use crate::review::audit::Receipt;
use crate::review::queue::{
    Action, Event, FieldChange, Form, FormField, MatchState, Outcome, Side, Standing, SuspectedMatch,
};
use crate::review::{Occasion, check_reference};
use crate::service::status::Violation;
use crate::service::{Caller, proto};

use super::answer::hit;
use super::monitor::subject;

/// Why something is screened.
pub(in crate::service) fn occasion(
    message: Option<proto::Occasion>,
    caller: &Caller,
    violations: &mut Vec<Violation>,
) -> Occasion {
    let proto::Occasion { purpose, case_reference, run } = message.unwrap_or_default();
    let occasion =
        Occasion { case_reference, run, ..Occasion::of(caller.name.clone()).with_purpose(&purpose) };
    if let Err(error) = occasion.check() {
        violations.push(error.into());
    }
    occasion
}

/// The caller's own reference of a subject.
pub(in crate::service) fn reference(
    field: &str,
    subject: Option<&proto::Subject>,
    violations: &mut Vec<Violation>,
) -> String {
    let reference = subject.map_or(String::new(), |s| s.reference.clone());
    if let Err(error) = check_reference("reference", &reference) {
        violations.push(Violation::new(format!("{field}.reference"), error.what));
    }
    reference
}

/// Writes into an answer what its record says: its number, and how each hit stands.
pub(in crate::service) fn attach(answer: &mut proto::Answer, record: i64, standings: &[Standing]) {
    answer.record = record;
    for (hit, standing) in answer.hits.iter_mut().zip(standings) {
        hit.standing = Some(self::standing(standing.clone()));
    }
}

/// The same for the findings of a case; `raised` says which of them are raised.
pub(in crate::service) fn attach_to_case(result: &mut proto::CaseResult, raised: &[bool], receipt: Receipt) {
    let mut standings = receipt.standings.into_iter();
    for (finding, _) in result.findings.iter_mut().zip(raised).filter(|(_, raised)| **raised) {
        if let (Some(hit), Some(next)) = (&mut finding.hit, standings.next()) {
            hit.standing = Some(standing(next));
        }
    }
}

fn time(time: jiff::Timestamp) -> Option<prost_types::Timestamp> {
    let (mut seconds, mut nanos) = (time.as_second(), time.subsec_nanosecond());
    if nanos < 0 {
        seconds -= 1;
        nanos += 1_000_000_000;
    }
    Some(prost_types::Timestamp { seconds, nanos })
}

fn standing(standing: Standing) -> proto::Standing {
    proto::Standing {
        match_id: standing.match_id,
        state: match_state(standing.state).into(),
        decide_time: standing.decided.and_then(time),
        decided_by: standing.decided_by,
        reason: standing.reason,
        difference: standing.difference.into_iter().map(change).collect(),
    }
}

pub(in crate::service) fn match_state(state: MatchState) -> proto::MatchState {
    match state {
        MatchState::Open => proto::MatchState::Open,
        MatchState::InReview => proto::MatchState::InReview,
        MatchState::Confirmed => proto::MatchState::Confirmed,
        MatchState::Cleared => proto::MatchState::Cleared,
    }
}

fn field(field: FormField) -> proto::FormField {
    match field {
        FormField::Names => proto::FormField::Names,
        FormField::BirthDates => proto::FormField::BirthDates,
        FormField::BirthPlaces => proto::FormField::BirthPlaces,
        FormField::Gender => proto::FormField::Gender,
        FormField::Identifiers => proto::FormField::Identifiers,
        FormField::Addresses => proto::FormField::Addresses,
    }
}

fn change(change: FieldChange) -> proto::PairChange {
    let side = match change.side {
        Side::Subject => proto::Side::Subject,
        Side::Entity => proto::Side::Entity,
    };
    proto::PairChange {
        side: side.into(),
        field: field(change.field).into(),
        added: change.added,
        removed: change.removed,
    }
}

fn form(form: Form) -> Vec<proto::FormValues> {
    form.0.into_iter().map(|(f, values)| proto::FormValues { field: field(f).into(), values }).collect()
}

fn decision(outcome: Outcome) -> proto::MatchDecision {
    proto::MatchDecision {
        state: match_state(outcome.verdict.state()).into(),
        time: time(outcome.time),
        author: outcome.author,
        proposed_by: outcome.proposed_by,
        reason: outcome.reason,
        note: outcome.note,
    }
}

fn event(event: Event) -> proto::MatchEvent {
    let action = match event.action {
        Action::Raised => proto::MatchAction::Raised,
        Action::Changed => proto::MatchAction::Changed,
        Action::Returned => proto::MatchAction::Returned,
        Action::Assigned => proto::MatchAction::Assigned,
        Action::Proposed => proto::MatchAction::Proposed,
        Action::Decided => proto::MatchAction::Decided,
        Action::Reopened => proto::MatchAction::Reopened,
        Action::Noted => proto::MatchAction::Noted,
    };
    proto::MatchEvent {
        time: time(event.time),
        author: event.author,
        action: action.into(),
        state: match_state(event.state).into(),
        assignee: event.assignee,
        reason: event.reason,
        note: event.note,
        difference: event.difference.into_iter().map(change).collect(),
    }
}

/// A suspected match as a message.
pub(in crate::service) fn suspected_match(found: SuspectedMatch) -> proto::SuspectedMatch {
    proto::SuspectedMatch {
        id: found.id,
        etag: found.etag.to_string(),
        state: match_state(found.state).into(),
        subject: Some(proto::Subject { reference: found.subject_reference, ..subject(found.subject) }),
        hit: Some(hit(found.hit)),
        purpose: found.purpose,
        case_reference: found.case_reference,
        record: found.record,
        snapshot: found.snapshot,
        assignee: found.assignee,
        four_eyes: found.four_eyes,
        proposal: found.proposal.map(decision),
        decision: found.decision.map(decision),
        subject_form: form(found.subject_form),
        entity_form: form(found.entity_form),
        difference: found.difference.into_iter().map(change).collect(),
        raise_time: time(found.raised),
        change_time: time(found.changed),
        history: found.history.into_iter().map(event).collect(),
    }
}
