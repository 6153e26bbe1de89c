//! The worked cases in `fixtures/cases`: each is screened on the bundled lists, read by its policy, held
//! against what `fixtures/cases/expected` says must come of it, and written as a report in both languages.
//!
//! `ZEEF_CASE_REPORTS=FOLDER` keeps the reports, to be looked at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use zeef::index::Snapshot;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::report::{Language, Report};
use zeef::screening::Screener;
use zeef::screening::case::{
    Case, CaseForm, CaseResult, Certainty, CheckedCase, Finding, FindingKind, Grade, Outcome,
};
use zeef::screening::policy::Profile;
use zeef::sources::format_named;

/// What must come of a case. What is not named here may be anything, but for findings: those are all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The case, in `fixtures/cases`.
    case: PathBuf,
    /// The policy: one that comes with zeef, or a file in `fixtures/cases`.
    policy: String,
    /// When it is screened.
    screened: Time,
    /// When the lists were imported. Absent: they are the demonstration lists.
    imported: Option<Time>,
    /// Who is asked, in order.
    next_step: Vec<String>,
    /// Lists that could not be relied upon.
    #[serde(default)]
    gaps: Vec<String>,
    /// Places in the case that are asked about.
    #[serde(default)]
    asked: Vec<String>,
    /// What questions come to.
    questions: BTreeMap<String, Outcome>,
    /// All findings, in any order.
    #[serde(default)]
    findings: Vec<ExpectedFinding>,
    /// Advice that must be given.
    #[serde(default)]
    advice: Vec<ExpectedAdvice>,
}

/// A time, as text.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Time(Timestamp);

impl TryFrom<String> for Time {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, jiff::Error> {
        text.parse().map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFinding {
    subject: String,
    list: String,
    #[serde(default)]
    entity: String,
    certainty: Option<Certainty>,
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedAdvice {
    rule: String,
    grade: Grade,
}

static DEMO: LazyLock<Arc<Snapshot>> = LazyLock::new(|| Arc::new(Snapshot::demo().unwrap()));

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases")
}

/// The demonstration files, imported as an operator imports lists.
fn imported(folder: &Path, at: Timestamp) -> Arc<Snapshot> {
    let files = |names: &[&str]| names.iter().map(|n| cases().parent().unwrap().join(n)).collect();
    let mut request = ImportRequest::new(at);
    for (format, names) in
        [("eu", &["eu-demo.xml"][..]), ("aspi", &["aspi-demo.json", "aspi-demo-ratings.csv"])]
    {
        request.lists.push(ListInput { format: format_named(format).unwrap(), files: files(names) });
    }
    Importer::new(folder).run(&request, &mut |_| {}).unwrap();
    Arc::new(Snapshot::open(folder).unwrap())
}

/// The case of `expected`, read and screened.
fn screened(expected: &Expected) -> (Case, CaseResult) {
    let bytes = std::fs::read(cases().join(&expected.case)).unwrap();
    let today = expected.screened.0.to_zoned(TimeZone::UTC).date();
    let case = CheckedCase::read(&bytes, CaseForm::of(&bytes), today).unwrap_or_else(|e| panic!("{e}"));
    screen(expected, case)
}

/// A case, screened as `expected` says.
fn screen(expected: &Expected, case: CheckedCase) -> (Case, CaseResult) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = match &expected.imported {
        Some(at) => imported(folder.path(), at.0),
        None => Arc::clone(&DEMO),
    };
    let profile = if expected.policy.ends_with(".toml") {
        Profile::open(&cases().join(&expected.policy).display().to_string()).unwrap()
    } else {
        Profile::open(&expected.policy).unwrap()
    };
    let screener = Screener::new(snapshot, profile.max_age_days());
    let found = screener.screen_case(&case, &profile.asked_lists(), expected.screened.0).unwrap();
    let result = profile.apply(&case, found);
    (case.into_inner(), result)
}

fn kind(finding: &Finding) -> &'static str {
    match finding.what {
        FindingKind::Listed => "listed",
        FindingKind::Tied { .. } => "tied",
        FindingKind::Ownership { .. } => "ownership",
    }
}

fn list(finding: &Finding) -> &str {
    match (&finding.hit, &finding.what) {
        (Some(hit), _) => &hit.list,
        (None, FindingKind::Ownership { list, .. }) => list,
        _ => "",
    }
}

fn check(name: &str, expected: &Expected, result: &CaseResult) {
    for (question, outcome) in &expected.questions {
        let found = result.questions.iter().find(|q| q.question == *question);
        let found = found.unwrap_or_else(|| panic!("{name}: no question {question}"));
        assert_eq!(found.outcome, *outcome, "{name}: {question}: {}", found.summary.en);
    }
    let told: Vec<String> = result
        .screened
        .findings
        .iter()
        .map(|f| {
            let subject = &result.screened.subjects[f.subject].path;
            let entity = f.hit.as_ref().map_or("", |h| &h.entity_id);
            format!("{subject} {} {entity} {} {:?}", list(f), kind(f), f.certainty)
        })
        .collect();
    for wanted in &expected.findings {
        let fits = |f: &&Finding| {
            result.screened.subjects[f.subject].path == wanted.subject
                && list(f) == wanted.list
                && f.hit.as_ref().map_or("", |h| &h.entity_id) == wanted.entity
                && kind(f) == wanted.kind
                && wanted.certainty.is_none_or(|c| c == f.certainty)
        };
        let found = result.screened.findings.iter().filter(fits).count();
        assert_eq!(found, 1, "{name}: {} {}: {told:#?}", wanted.subject, wanted.kind);
    }
    assert_eq!(told.len(), expected.findings.len(), "{name}: {told:#?}");
    let given = || result.questions.iter().flat_map(|q| &q.advice);
    for wanted in &expected.advice {
        let advice = given().find(|a| a.rule == wanted.rule);
        let advice = advice.unwrap_or_else(|| panic!("{name}: {} gives no advice", wanted.rule));
        assert_eq!(advice.grade, wanted.grade, "{name}: {}", wanted.rule);
    }
    let deciders: Vec<&str> = result.next_step.deciders.iter().map(|d| d.id.as_str()).collect();
    assert_eq!(deciders, expected.next_step, "{name}");
    let gaps: Vec<&str> = result.gaps().iter().filter_map(|g| g.list()).collect();
    assert_eq!(gaps, expected.gaps, "{name}");
    for path in &expected.asked {
        let asked = result.questions.iter().flat_map(|q| &q.settle).any(|s| s.path == *path);
        assert!(asked, "{name}: {path} is not asked");
    }
}

fn report(name: &str, at: Timestamp, case: &Case, result: &CaseResult) {
    let keep = std::env::var_os("ZEEF_CASE_REPORTS").map(PathBuf::from);
    for language in [Language::En, Language::Nl] {
        let report = Report { screened: at, language, case, result };
        for (form, text) in
            [("html", report.html()), ("md", report.markdown()), ("json", report.json().unwrap())]
        {
            assert!(text.contains(&result.policy_hash), "{name} {form}");
            if let Some(folder) = &keep {
                std::fs::create_dir_all(folder).unwrap();
                std::fs::write(folder.join(format!("{name}.{}.{form}", language.code())), text).unwrap();
            }
        }
    }
}

/// The expected outcomes, by the name of their file.
fn expectations() -> BTreeMap<String, Expected> {
    let files = std::fs::read_dir(cases().join("expected")).unwrap();
    files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (name.clone(), toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}")))
        })
        .collect()
}

#[test]
fn every_case_comes_to_what_is_expected() {
    let all = expectations();
    assert!(all.len() >= 8);
    for (name, expected) in &all {
        let (case, result) = screened(expected);
        report(name, expected.screened.0, &case, &result);
        check(name, expected, &result);
    }
}

#[test]
fn every_case_file_is_worked() {
    let worked: Vec<PathBuf> = expectations().into_values().map(|e| e.case).collect();
    for file in std::fs::read_dir(cases()).unwrap() {
        let path = file.unwrap().path();
        let case = path.extension().is_some_and(|e| e == "yaml" || e == "json");
        if case {
            assert!(worked.iter().any(|w| Some(w.as_os_str()) == path.file_name()), "{}", path.display());
        }
    }
}

/// The same cases with any nationality: the same findings, the same outcomes, word for word.
#[test]
fn nationality_changes_nothing() {
    for (name, expected) in expectations() {
        let (case, result) = screened(&expected);
        if case.hire.is_none() {
            continue;
        }
        for nationalities in [vec![], vec!["CN"], vec!["IR", "RU"], vec!["NL"], vec!["KP"]] {
            let mut other = case.clone();
            other.hire.as_mut().unwrap().candidate.nationalities =
                nationalities.iter().map(|c| (*c).to_owned()).collect();
            let today = expected.screened.0.to_zoned(TimeZone::UTC).date();
            let (_, again) = screen(&expected, other.checked(today).unwrap());
            assert_eq!(again.questions, result.questions, "{name} {nationalities:?}");
            assert_eq!(again.next_step, result.next_step, "{name} {nationalities:?}");
        }
    }
}
