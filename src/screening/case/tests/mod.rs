//! Cases on the demonstration lists. Candidates and partners are made up; who is found is really listed.

mod neutrality;
mod reading;
mod screening;

use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::civil::Date;

use super::{CaseForm, CheckedCase, Finding, FindingKind, RequiredList, Screened};
use crate::index::Snapshot;
use crate::screening::Screener;

/// The demonstration lists, opened once.
static DEMO: LazyLock<Arc<Snapshot>> = LazyLock::new(|| Arc::new(Snapshot::demo().unwrap()));

fn now() -> Timestamp {
    "2027-03-10T12:00:00Z".parse().unwrap()
}

fn today() -> Date {
    "2027-03-10".parse().unwrap()
}

fn screener() -> Screener {
    Screener::new(Arc::clone(&DEMO), Vec::new())
}

/// A case from YAML that must be right.
#[track_caller]
fn case(yaml: &str) -> CheckedCase {
    CheckedCase::read(yaml.as_bytes(), CaseForm::Yaml, today()).unwrap_or_else(|faults| panic!("{faults}"))
}

#[track_caller]
fn screened(yaml: &str) -> Screened {
    screener().screen_case(&case(yaml), &[], now()).unwrap()
}

fn required(list: &str, max_age_days: Option<i64>) -> RequiredList {
    RequiredList { list: list.into(), max_age_days }
}

/// A finding in short: certainty, path of its subject, what leads to which entity.
fn short(screened: &Screened, finding: &Finding) -> String {
    let what = match &finding.what {
        FindingKind::Listed => "listed".to_owned(),
        FindingKind::Tied { trace } => {
            let steps = trace.iter().map(|t| format!("{:?} {}", t.tie, t.detail).trim().to_owned());
            steps.collect::<Vec<_>>().join(" > ")
        }
        FindingKind::Ownership { list, share, owners } => {
            format!("owned {share} % by {} on {list}", owners.len())
        }
    };
    let entity = finding.hit.as_ref().map_or(String::new(), |h| format!(" -> {}", h.entity_id));
    format!("{:?} {}: {what}{entity}", finding.certainty, screened.subjects[finding.subject].path)
}

fn all_short(screened: &Screened) -> Vec<String> {
    screened.findings.iter().map(|f| short(screened, f)).collect()
}
