//! Cases, texts of CVs, policies.

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use zeef::report::{Language, Report};
use zeef::screening::case::{CaseForm, CheckedCase, Threads};
use zeef::screening::policy::{EMBEDDED, Profile};
use zeef::screening::{Options, cv_text, find_institutions};

/// Words of cases.
pub const CASE_WORDS: &[&str] = &[
    "hire:\n",
    "partner:\n",
    "  candidate: {names: [",
    "  affiliations:\n    - {",
    "institution: Beihang University",
    "country: China",
    "start: 2020-09",
    "end: 2019",
    "birth_date: 31-02-1998",
    "duration_months: 4294967296",
    "supervisors:",
    "board:",
    "owners:",
    "share: 150",
    "scholarship:",
    "&a",
    "*a",
    "!!binary |",
    "? ",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "<<: *a",
    "\t",
    "# ",
    "\"\\x00\"",
    "yes",
    "no",
    "~",
];

/// Words of CVs.
pub const CV_WORDS: &[&str] = &[
    "Harbin Institute of Technology",
    "Dept. of",
    "Univ.",
    "北京航空航天大学",
    "大学",
    "学院",
    "国防",
    "2011–2015",
    "Sept 2009 – June 2011",
    "heden",
    "present",
    "(",
    ")",
    "\t",
    "•",
    "\n",
    "。",
    "，",
    "\u{202e}",
    "\u{0301}",
    "State Key Laboratory of",
    "Northwestern Polytechnical",
    "1999-99",
    "%PDF",
    "PK\u{3}\u{4}",
];

/// Words of policies.
pub const POLICY_WORDS: &[&str] = &[
    "[[rules]]\n",
    "[[questions]]\n",
    "[lists.eu]\n",
    "when = {",
    "all = [",
    "any = [",
    "not = {",
    "finding = {",
    "extends = \"",
    "outcome = \"",
    "grade = \"",
    "text = {en = \"",
    "nl = \"",
    "9223372036854775807",
    "nan",
    "1979-05-27T07:32:00Z",
    "'''",
    "\"\"\"",
    "[[",
    "]]",
    "a.b.c = ",
];

static PROFILES: LazyLock<Vec<Profile>> =
    LazyLock::new(|| EMBEDDED.iter().map(|(id, _)| Profile::open(id).expect("an embedded policy")).collect());

/// A case, in YAML or JSON: read, screened, read by every policy, reported in every way.
pub fn case(data: &[u8]) {
    let now = super::now();
    let today = now.to_zoned(TimeZone::UTC).date();
    let case = match CheckedCase::read(data, CaseForm::of(data), today) {
        Ok(case) => case,
        Err(faults) => {
            assert!(!faults.0.is_empty() && faults.0.len() <= 101, "{} faults", faults.0.len());
            return;
        }
    };
    for profile in PROFILES.iter() {
        let asked = profile.asked_lists();
        let screened = super::SCREENER
            .screen_case_until(&case, &asked, now, Threads::Own, &|| false)
            .expect("a checked case can be screened");
        let result = profile.apply(&case, screened);
        for language in [Language::En, Language::Nl] {
            let report = Report { screened: now, language, case: &case, result: &result };
            assert!(report.html().contains("</html>"));
            assert!(!report.markdown().is_empty());
            report.json().expect("a report has a JSON form");
        }
    }
}

/// The text of a CV: each mention stands where it is said to stand.
pub fn cv(data: &[u8]) {
    let Ok(text) = cv_text(data) else { return };
    let Ok(found) = find_institutions(text, &super::SCREENER, &Options::default(), super::now()) else {
        return;
    };
    for mention in &found.mentions {
        assert_eq!(
            text.get(mention.bytes.clone()),
            Some(mention.text.as_str()),
            "a mention stands elsewhere"
        );
        assert!(mention.line > 0 && mention.column > 0);
    }
}

/// A policy's profile.
pub fn policy(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(profile) = Profile::parse("policy.toml", text, None) {
        assert!(!profile.hash().is_empty());
        let _ = profile.asked_lists();
    }
}
