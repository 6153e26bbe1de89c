//! `zeef case`: a whole case from a file, told by a policy.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::model::PartialDate;
use crate::report::{Language, Report};
use crate::review::audit::Receipt;
use crate::review::queue::{Standing, by_finding, is_raised};
use crate::screening::case::{
    Case, CaseForm, CaseResult, Certainty, CheckedCase, Finding, FindingKind, ListGap, MAX_CASE_BYTES,
    Outcome, Text, Tie, Trace,
};
use crate::screening::policy::Profile;
use crate::screening::{MAX_CV_BYTES, Options, Screener, cv_text, find_institutions};

use super::args::{LanguageArg, ReportArg};
use super::exit::{CliError, code};
use super::plan::{CasePlan, RowsFrom};
use super::print::{safe, table};
use super::records::{Kept, standing_text};
use super::{data, notice, print, rows};

/// Screens the case and prints or files what came of it.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(plan: &CasePlan) -> Result<u8, CliError> {
    let now = jiff::Timestamp::now();
    let (bytes, form) = read(&plan.input)?;
    let case = CheckedCase::read(&bytes, form, now.to_zoned(TimeZone::UTC).date())?;
    let policy = Profile::open(&plan.policy)?;
    let screener = data::open(&plan.data)?;
    let screened = screener.screen_case(&case, &policy.asked_lists(), now)?;
    notice::warn_demo(&screened.stamp);
    let result = policy.apply(&case, screened);
    let receipt = Kept::open(&plan.record, &screener)?.map(|mut kept| {
        kept.record(|recorder, occasion| {
            occasion.case_reference.clone_from(&result.case_id);
            recorder.case(occasion, &screener, now, &result)
        })
    });
    let receipt = receipt.transpose()?.unwrap_or_default();
    let answer = match (plan.report, plan.json) {
        (Some(form), _) => report(plan, form, now, &case, &result)?,
        (None, true) => json(&result, &receipt)?,
        (None, false) => {
            let mut text = text(&result, plan.language, &receipt);
            for path in &plan.cvs {
                text.push_str(&proposals(path, &screener, now, plan.language)?);
            }
            text
        }
    };
    match &plan.output {
        Some(path) => rows::whole_file(path, &answer)?,
        None => print::out(&answer)?,
    }
    Ok(if plan.exit_hit && is_to_be_reviewed(&result) { code::HIT } else { code::ANSWERED })
}

/// The answer as a program reads it, with the number of its record and how its findings stand.
fn json(result: &CaseResult, receipt: &Receipt) -> Result<String, CliError> {
    #[derive(Serialize)]
    struct Recorded<'a> {
        #[serde(flatten)]
        result: &'a CaseResult,
        #[serde(skip_serializing_if = "Option::is_none")]
        record: Option<i64>,
        /// By the ids of findings.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        standings: BTreeMap<&'a str, &'a Standing>,
    }
    let standings = by_finding(&result.screened.findings, &receipt.standings);
    let recorded = Recorded { result, record: (receipt.number > 0).then_some(receipt.number), standings };
    Ok(serde_json::to_string_pretty(&recorded).map_err(io::Error::from)? + "\n")
}

/// The report that people file.
fn report(
    plan: &CasePlan,
    form: ReportArg,
    screened: jiff::Timestamp,
    case: &Case,
    result: &CaseResult,
) -> Result<String, CliError> {
    let language = match plan.language {
        LanguageArg::En => Language::En,
        LanguageArg::Nl => Language::Nl,
    };
    let report = Report { screened, language, case, result };
    Ok(match form {
        ReportArg::Html => report.html() + "\n",
        ReportArg::Md => report.markdown(),
        ReportArg::Json => report.json().map_err(io::Error::from)? + "\n",
    })
}

/// Whether a person has findings to look at.
fn is_to_be_reviewed(result: &CaseResult) -> bool {
    result.questions.iter().any(|q| q.outcome == Outcome::ToBeReviewed)
        || result.screened.findings.iter().any(|f| f.certainty > Certainty::SetAside)
}

/// The case's bytes, no more than one can have, and its form.
fn read(input: &RowsFrom) -> Result<(Vec<u8>, CaseForm), CliError> {
    // One more than can be read: enough to see that it is too much.
    let most = MAX_CASE_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    match input {
        RowsFrom::Stdin => {
            let at = |source| CliError::File { file: "standard input".into(), source };
            io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(at)?;
        }
        RowsFrom::File(path) => {
            let at = rows::file_error(path);
            File::open(path).and_then(|f| f.take(most).read_to_end(&mut bytes)).map_err(at)?;
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            if extension.eq_ignore_ascii_case("json") {
                return Ok((bytes, CaseForm::Json));
            }
            if ["yaml", "yml"].iter().any(|e| extension.eq_ignore_ascii_case(e)) {
                return Ok((bytes, CaseForm::Yaml));
            }
        }
    }
    let form = CaseForm::of(&bytes);
    Ok((bytes, form))
}

/// Institutions that a CV mentions, as affiliations to confirm. The CV is read and not kept.
fn proposals(
    path: &Path,
    screener: &Screener,
    now: jiff::Timestamp,
    language: LanguageArg,
) -> Result<String, CliError> {
    let words = Words { language };
    let mut bytes = Vec::new();
    // More than can be read, a byte-order mark included: enough to see that it is too much.
    let most = MAX_CV_BYTES as u64 + 4;
    File::open(path).and_then(|f| f.take(most).read_to_end(&mut bytes)).map_err(rows::file_error(path))?;
    let found = find_institutions(cv_text(&bytes)?, screener, &Options::default(), now)?;
    let mut table = table([
        words.pick("line", "regel"),
        words.pick("mentioned", "genoemd"),
        words.pick("from", "van"),
        words.pick("to", "tot"),
        words.pick("may be listed as", "staat mogelijk op de lijst als"),
    ]);
    for mention in &found.mentions {
        let period = mention.period.unwrap_or_default();
        let date = |d: Option<PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
        let listed = mention.proposals.iter();
        let listed: Vec<String> =
            listed.map(|p| format!("{} ({} {})", safe(&p.name), safe(&p.list), safe(&p.entity_id))).collect();
        table.add_row([
            format!("{}:{}", mention.line, mention.column),
            safe(&mention.text),
            date(period.start),
            date(period.end),
            listed.join("\n"),
        ]);
    }
    Ok(format!(
        "\n{} {}: {}\n{}\n",
        words.pick("Mentioned in", "Genoemd in"),
        safe(&path.display().to_string()),
        words.pick(
            "proposals, not screened as part of the case; add those that are right to affiliations",
            "voorstellen, niet meegenomen in deze zaak; voeg toe aan affiliations wat klopt"
        ),
        table.trim_fmt()
    ))
}

/// The words of the table in one language.
struct Words {
    language: LanguageArg,
}

impl Words {
    fn pick<'a>(&self, en: &'a str, nl: &'a str) -> &'a str {
        match self.language {
            LanguageArg::En => en,
            LanguageArg::Nl => nl,
        }
    }

    fn of(&self, text: &Text) -> String {
        safe(self.pick(&text.en, &text.nl))
    }

    fn outcome(&self, outcome: Outcome) -> &'static str {
        match (outcome, self.language) {
            (Outcome::ClearOnLists, LanguageArg::En) => "clear on the lists named",
            (Outcome::ClearOnLists, LanguageArg::Nl) => "niets op de genoemde lijsten",
            (Outcome::QuestionForPerson, LanguageArg::En) => "question for a person",
            (Outcome::QuestionForPerson, LanguageArg::Nl) => "vraag aan een mens",
            (Outcome::NotChecked, LanguageArg::En) => "not checked",
            (Outcome::NotChecked, LanguageArg::Nl) => "niet nagegaan",
            (Outcome::StandingAdvice, LanguageArg::En) => "standing advice",
            (Outcome::StandingAdvice, LanguageArg::Nl) => "vast advies",
            (Outcome::ToBeReviewed, LanguageArg::En) => "to be reviewed",
            (Outcome::ToBeReviewed, LanguageArg::Nl) => "te beoordelen",
        }
    }

    fn certainty(&self, certainty: Certainty) -> &'static str {
        match (certainty, self.language) {
            (Certainty::Likely, LanguageArg::En) => "likely",
            (Certainty::Likely, LanguageArg::Nl) => "waarschijnlijk",
            (Certainty::Possible, LanguageArg::En) => "possible",
            (Certainty::Possible, LanguageArg::Nl) => "mogelijk",
            (Certainty::SetAside, LanguageArg::En) => "set aside",
            (Certainty::SetAside, LanguageArg::Nl) => "terzijde gelegd",
        }
    }

    fn tie(&self, tie: Tie) -> &'static str {
        match (tie, self.language) {
            (Tie::PartOf, LanguageArg::En) => "part of",
            (Tie::PartOf, LanguageArg::Nl) => "onderdeel van",
            (Tie::SupervisedBy, LanguageArg::En) => "supervised by",
            (Tie::SupervisedBy, LanguageArg::Nl) => "onder toezicht van",
            (Tie::ParentOf, LanguageArg::En) => "parent of",
            (Tie::ParentOf, LanguageArg::Nl) => "staat boven",
            (Tie::BoardOf, LanguageArg::En) => "board:",
            (Tie::BoardOf, LanguageArg::Nl) => "bestuur:",
            (Tie::GroupOf, LanguageArg::En) => "group:",
            (Tie::GroupOf, LanguageArg::Nl) => "groep:",
            (Tie::OwnerOf, LanguageArg::En) => "owner:",
            (Tie::OwnerOf, LanguageArg::Nl) => "eigenaar:",
            (Tie::Related, LanguageArg::En) => "related to",
            (Tie::Related, LanguageArg::Nl) => "verbonden met",
        }
    }

    fn what(&self, finding: &Finding) -> String {
        match &finding.what {
            FindingKind::Listed => self.pick("may be listed", "staat mogelijk op de lijst").to_owned(),
            FindingKind::Tied { trace } => trace.iter().map(|t| self.step(t)).collect::<Vec<_>>().join(" > "),
            FindingKind::Ownership { share, owners, .. } => format!(
                "{share} % {} {}",
                self.pick("owned by listed owners:", "in handen van eigenaren op de lijst:"),
                owners.len()
            ),
        }
    }

    fn step(&self, step: &Trace) -> String {
        let mut text = format!("{} {}", self.tie(step.tie), safe(&step.name));
        let mut details = Vec::new();
        if !step.detail.is_empty() {
            details.push(safe(&step.detail));
        }
        details.extend(step.since.map(|d| format!("{} {d}", self.pick("since", "sinds"))));
        details.extend(step.until.map(|d| format!("{} {d}", self.pick("until", "tot"))));
        details.extend(step.share.map(|s| format!("{s} %")));
        if !details.is_empty() {
            let _ = write!(text, " ({})", details.join(", "));
        }
        text
    }

    fn gap(&self, gap: &ListGap) -> String {
        match gap {
            ListGap::Missing { list } => {
                format!(
                    "{}: {}",
                    safe(list),
                    self.pick("not loaded, so not asked", "niet geladen, dus niet geraadpleegd")
                )
            }
            ListGap::Stale { list, age_days, max_age_days } => match self.language {
                LanguageArg::En => {
                    format!("{}: {age_days} days old, {max_age_days} are allowed", safe(list))
                }
                LanguageArg::Nl => {
                    format!("{}: {age_days} dagen oud, {max_age_days} mag", safe(list))
                }
            },
            ListGap::Demonstration => self
                .pick("demonstration lists: protect nobody", "demonstratielijsten: beschermen niemand")
                .into(),
        }
    }
}

/// What came of the case as a person reads it: what to do, the questions, the findings, what it rests on.
fn text(result: &CaseResult, language: LanguageArg, receipt: &Receipt) -> String {
    let words = Words { language };
    let screened = &result.screened;
    let mut text = format!(
        "{} {}. {} {} ({} {}).\n",
        words.pick("Case", "Zaak"),
        safe(&result.case_id),
        words.pick("Policy:", "Beleid:"),
        words.of(&result.policy_title),
        safe(&result.policy),
        safe(&result.policy_version)
    );
    let _ = writeln!(text, "{}", words.of(&result.next_step.text));
    let deciders: Vec<String> = result.next_step.deciders.iter().map(|d| words.of(&d.name)).collect();
    if !deciders.is_empty() {
        let _ = writeln!(text, "{} {}.", words.pick("Who decides:", "Wie beslist:"), deciders.join(", "));
    }
    for gap in &screened.gaps {
        let _ = writeln!(text, "! {}", words.gap(gap));
    }
    let mut questions = table(["", words.pick("question", "vraag"), words.pick("outcome", "uitkomst"), ""]);
    for question in &result.questions {
        let mut said = vec![words.of(&question.summary)];
        said.extend(question.advice.iter().map(|a| words.of(&a.text)));
        questions.add_row([
            safe(&question.printed),
            words.of(&question.title),
            words.outcome(question.outcome).to_owned(),
            said.join("\n"),
        ]);
    }
    let _ = writeln!(text, "\n{}", questions.trim_fmt());
    if !screened.findings.is_empty() {
        let mut findings = table([
            "",
            words.pick("certainty", "zekerheid"),
            words.pick("of whom", "van wie"),
            words.pick("what", "wat"),
            words.pick("listed entry", "vermelding"),
            words.pick("why", "waarom"),
        ]);
        let mut standings = receipt.standings.iter();
        for finding in &screened.findings {
            let standing = if is_raised(finding) { standings.next() } else { None };
            let standing = standing.map(standing_text).filter(|s| !s.is_empty());
            let subject = screened.subjects.get(finding.subject);
            let who = subject.map_or(String::new(), |s| format!("{}\n{}", safe(&s.subject.name), s.path));
            let (entry, why) = finding.hit.as_ref().map_or(Default::default(), |hit| {
                let entry = format!("{}\n{} {}", safe(&hit.name), safe(&hit.list), safe(&hit.entity_id));
                let mut why = safe(&hit.explanation.summary);
                if let Some(standing) = &standing {
                    let _ = write!(why, "\n{standing}");
                }
                (entry, why)
            });
            findings.add_row([
                finding.id.clone(),
                words.certainty(finding.certainty).to_owned(),
                who,
                words.what(finding),
                entry,
                why,
            ]);
        }
        let _ = writeln!(text, "\n{}", findings.trim_fmt());
    }
    let _ = writeln!(
        text,
        "\n{}\n{}",
        words.pick(
            "A person decides; nothing here is an approval.",
            "Een mens beslist; niets hierin is een goedkeuring."
        ),
        notice::lists_line(&screened.stamp)
    );
    if receipt.number > 0 {
        let _ =
            writeln!(text, "{} {}.", words.pick("Audit record", "Vastgelegd onder nummer"), receipt.number);
    }
    text
}
