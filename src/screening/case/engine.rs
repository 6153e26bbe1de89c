//! Screening a case: every subject on every list that can hold it, and what follows from it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rayon::prelude::*;

use crate::index::BOARDS;
use crate::matching::score::PRIOR_BITS;
use crate::matching::{EvidenceKind, Verdict};
use crate::model::{Entity, Relation, RelationKind};
use crate::screening::{AnswerError, Hit, ListStamp, Options, Screener, Stamp, Strength, SubjectKind};

use super::check::CheckedCase;
use super::finding::{
    CaseSubject, Certainty, Finding, FindingKind, ListGap, ListedFacts, Period, RequiredList, Role, Screened,
    Tie, Trace,
};
use super::on_file;
use super::subjects;
use super::traces;

/// Which threads screen a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// The caller's: for a service, whose other threads answer other calls.
    Own,
    /// All cores.
    All,
}

/// Share of the partner, in per cent, from which it counts as owned by listed owners together. EU best
/// practice: assets of an entity owned for 50 % or more by listed persons are frozen like theirs.
const OWNED_SHARE: f64 = 50.0;

/// Bits above the prior from which a name alone makes a finding likely: as for [`Strength::Strong`].
pub(super) const LIKELY_BITS: f64 = PRIOR_BITS + 6.0;

/// A finding before it is put in order.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub subject: usize,
    pub what: FindingKind,
    pub certainty: Certainty,
    pub hit: Option<Hit>,
    pub facts: ListedFacts,
}

impl Screener {
    /// Screens a case on all cores. `required` are the lists that the policy asks for.
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn screen_case(
        &self,
        case: &CheckedCase,
        required: &[RequiredList],
        now: Timestamp,
    ) -> Result<Screened, AnswerError> {
        self.screen_case_until(case, required, now, Threads::All, &|| false)
    }

    /// Like [`Screener::screen_case`], on the threads given, giving up when `cancelled` says so.
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn screen_case_until(
        &self,
        case: &CheckedCase,
        required: &[RequiredList],
        now: Timestamp,
        threads: Threads,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Screened, AnswerError> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let mut subjects = subjects::subjects(case, today);
        let on_file = on_file::add_boards(self, &mut subjects, now)?;
        // The policy's ages go before the operator's.
        let by_policy = required.iter().filter_map(|r| Some((r.list.clone(), r.max_age_days?)));
        let max_age: Vec<(String, i64)> = by_policy.chain(self.max_age_days().iter().cloned()).collect();
        let manifest = self.snapshot().manifest();
        let stamp = Arc::new(Stamp::new(manifest, &Options::default(), &max_age, now));
        let examine = |(i, subject): (usize, &CaseSubject)| self.examine(i, subject, now, cancelled);
        let drafts: Vec<(usize, Vec<Draft>)> = match threads {
            Threads::Own => subjects.iter().enumerate().map(examine).collect::<Result<_, _>>()?,
            Threads::All => subjects.par_iter().enumerate().map(examine).collect::<Result<_, _>>()?,
        };
        let (candidates, drafts): (Vec<usize>, Vec<Vec<Draft>>) = drafts.into_iter().unzip();
        let mut drafts: Vec<Draft> = drafts.into_iter().flatten().collect();
        drafts.extend(through_people_and_companies(&subjects, &drafts, &on_file.doubtful));
        drafts.extend(ownership(&subjects, &drafts));
        let findings = in_order(&subjects, drafts);
        let mut gaps = gaps(&stamp, required, &max_age);
        gaps.extend(register_gap(on_file.register.as_ref(), required, &max_age));
        Ok(Screened { subjects, findings, gaps, stamp, candidates })
    }

    /// Screens one subject and follows the ties of what is found. Says how many names were candidates too.
    fn examine(
        &self,
        number: usize,
        subject: &CaseSubject,
        now: Timestamp,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<(usize, Vec<Draft>), AnswerError> {
        // No limit: which hits fall under one could depend on the order, and that on a nationality.
        let options = Options { limit: Some(usize::MAX), ..Options::default() };
        let answer = self.screen_until(&subject.subject, &options, now, cancelled)?;
        let candidates = answer.candidates;
        let set_aside = answer.set_aside.into_iter().map(|hit| (Certainty::SetAside, hit));
        let hits = answer.hits.into_iter().map(|hit| (certainty(&hit), hit));
        let mut drafts = Vec::new();
        let mut listed = Vec::new();
        for (certainty, hit) in hits.chain(set_aside) {
            let Some(entity) = self.snapshot().entity(&hit.list, &hit.entity_id)? else { continue };
            let facts = ListedFacts::of(&entity);
            let draft =
                Draft { subject: number, what: FindingKind::Listed, certainty, hit: Some(hit), facts };
            drafts.push(draft);
            listed.push((certainty, entity));
        }
        if subject.subject.kind != SubjectKind::Person {
            traces::follow(self, number, &subject.subject, &listed, &mut drafts, now, cancelled)?;
        }
        Ok((candidates, drafts))
    }
}

impl ListedFacts {
    /// What a policy may ask of an entity.
    pub(super) fn of(entity: &Entity) -> Self {
        let mut programmes: Vec<String> =
            entity.listings.iter().map(|l| l.programme.clone()).filter(|p| !p.is_empty()).collect();
        programmes.sort_unstable();
        programmes.dedup();
        let supervises = |r: &&Relation| r.kind == RelationKind::SupervisedBy;
        Self {
            categories: entity.categories.clone(),
            rating: entity.rating,
            programmes,
            supervised_by: entity.relations.iter().filter(supervises).map(|r| r.name.clone()).collect(),
            links: entity.links.clone(),
            countries: entity.countries().into_iter().map(str::to_owned).collect(),
        }
    }
}

/// How sure a hit is: likely when a document number is the same, or when nothing speaks against it and
/// the evidence stands well above the odds. What is only shown (a person's countries) counts nothing.
pub(super) fn certainty(hit: &Hit) -> Certainty {
    let evidence = &hit.explanation.evidence;
    if evidence.iter().any(|e| e.kind == EvidenceKind::Identifier && e.verdict == Verdict::Agrees) {
        return Certainty::Likely;
    }
    let against = evidence.iter().any(|e| e.verdict == Verdict::Conflicts && e.bits < 0.0);
    let clear = match hit.strength {
        Strength::Exact | Strength::Strong => hit.explanation.bits >= LIKELY_BITS,
        Strength::Possible | Strength::Weak => false,
    };
    if clear && !against { Certainty::Likely } else { Certainty::Possible }
}

/// Traces listed board members, companies and owners to the organisation to which they belong.
fn through_people_and_companies(
    subjects: &[CaseSubject],
    drafts: &[Draft],
    doubtful: &[usize],
) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for draft in drafts.iter().filter(|d| matches!(d.what, FindingKind::Listed)) {
        let Some((organisation, trace)) = way_from_organisation(subjects, draft.subject) else { continue };
        let same = |d: &Draft| {
            let reference = |d: &Draft| d.hit.as_ref().map(|h| (h.list.clone(), h.entity_id.clone()));
            d.subject == organisation && reference(d) == reference(draft)
        };
        // What was set aside says nothing of anybody else, and what the organisation is itself needs no way.
        if draft.certainty > Certainty::SetAside && !drafts.iter().chain(&out).any(same) {
            // It may be the board of another organisation of such a name.
            let certainty = match doubtful.contains(&draft.subject) {
                true => draft.certainty.min(Certainty::Possible),
                false => draft.certainty,
            };
            let what = FindingKind::Tied { trace };
            out.push(Draft { subject: organisation, what, certainty, ..draft.clone() });
        }
    }
    out
}

/// The way from an organisation of the case to one that belongs to it, nearest first. None for what
/// belongs to nothing, and for former members: they are on no board.
fn way_from_organisation(subjects: &[CaseSubject], from: usize) -> Option<(usize, Vec<Trace>)> {
    let mut trace = Vec::new();
    let mut at = from;
    while let Some(holder) = subjects.get(at)?.belongs_to {
        let subject = &subjects[at];
        let tie = match subject.role {
            Role::BoardMember if subject.period != Period::Past => Tie::BoardOf,
            Role::GroupCompany => Tie::GroupOf,
            Role::Owner => Tie::OwnerOf,
            _ => return None,
        };
        let source = if subject.on_file_since.is_some() { "boards" } else { "case" };
        trace.push(Trace {
            tie,
            name: subject.subject.name.clone(),
            source: source.into(),
            detail: subject.role_text.clone(),
            since: subject.start,
            until: subject.end,
            share: subject.share,
        });
        at = holder;
    }
    trace.reverse();
    (at != from).then_some((at, trace))
}

/// Sums the shares of owners that stand on the same list. An owner who is only possibly listed counts,
/// and makes the sum as uncertain.
fn ownership(subjects: &[CaseSubject], drafts: &[Draft]) -> Vec<Draft> {
    let mut lists: Vec<&str> = Vec::new();
    let mut owners: Vec<(&str, usize, Certainty, f64)> = Vec::new();
    for draft in drafts {
        let (Some(hit), Some(subject)) = (&draft.hit, subjects.get(draft.subject)) else { continue };
        let owns = matches!(subject.role, Role::Owner | Role::GroupCompany);
        let (true, FindingKind::Listed, Some(share)) = (owns, &draft.what, subject.share) else { continue };
        if draft.certainty == Certainty::SetAside {
            continue;
        }
        if !lists.contains(&hit.list.as_str()) {
            lists.push(&hit.list);
        }
        match owners.iter_mut().find(|o| (o.0, o.1) == (hit.list.as_str(), draft.subject)) {
            Some(known) => known.2 = known.2.max(draft.certainty),
            None => owners.push((&hit.list, draft.subject, draft.certainty, share)),
        }
    }
    lists.sort_unstable();
    let mut out = Vec::new();
    for list in lists {
        let on_list = owners.iter().filter(|o| o.0 == list);
        let sum = |least: Certainty| -> f64 { on_list.clone().filter(|o| o.2 >= least).map(|o| o.3).sum() };
        let certainty = match (sum(Certainty::Likely), sum(Certainty::Possible)) {
            (likely, _) if likely >= OWNED_SHARE => Certainty::Likely,
            (_, possible) if possible >= OWNED_SHARE => Certainty::Possible,
            _ => continue,
        };
        let holders: Vec<usize> = on_list.clone().filter(|o| o.2 >= certainty).map(|o| o.1).collect();
        let Some(owned) = holders.first().and_then(|o| subjects[*o].belongs_to) else { continue };
        out.push(Draft {
            subject: owned,
            what: FindingKind::Ownership { list: list.to_owned(), share: sum(certainty), owners: holders },
            certainty,
            hit: None,
            facts: ListedFacts::default(),
        });
    }
    out
}

/// Most pressing first: what is surest, then what weighs most, then what holds now, then the evidence.
/// Nothing that a nationality could change has a say.
fn in_order(subjects: &[CaseSubject], mut drafts: Vec<Draft>) -> Vec<Finding> {
    let rank = |draft: &Draft| {
        let weight = match draft.what {
            FindingKind::Ownership { .. } => 0,
            FindingKind::Listed => 1,
            FindingKind::Tied { .. } => 2,
        };
        let period = match subjects[draft.subject].period {
            Period::Current => 0,
            Period::Unknown => 1,
            Period::Past => 2,
        };
        (std::cmp::Reverse(draft.certainty), weight, period)
    };
    let bits = |draft: &Draft| draft.hit.as_ref().map_or(0.0, |h| h.explanation.bits);
    let reference = |draft: &Draft| draft.hit.as_ref().map(|h| (h.list.clone(), h.entity_id.clone()));
    drafts.sort_by(|a, b| {
        rank(a)
            .cmp(&rank(b))
            .then_with(|| bits(b).total_cmp(&bits(a)))
            .then_with(|| a.subject.cmp(&b.subject))
            .then_with(|| reference(a).cmp(&reference(b)))
    });
    let numbered = |(number, draft): (usize, Draft)| {
        let Draft { subject, what, certainty, hit, facts } = draft;
        Finding { id: format!("F{number}"), subject, what, certainty, hit, facts }
    };
    (1..).zip(drafts).map(numbered).collect()
}

/// Lists that could not be relied upon.
fn gaps(stamp: &Stamp, required: &[RequiredList], max_age: &[(String, i64)]) -> Vec<ListGap> {
    let mut gaps = Vec::new();
    if stamp.demo {
        gaps.push(ListGap::Demonstration);
    }
    let lists = required.iter().filter(|r| r.list != BOARDS);
    for wanted in lists.filter(|r| stamp.lists.iter().all(|l| l.list != r.list)) {
        gaps.push(ListGap::Missing { list: wanted.list.clone() });
    }
    // Demonstration lists are never current; that says more than their ages.
    for list in stamp.lists.iter().filter(|l| l.stale && !stamp.demo) {
        // What is stale is older than some age.
        let Some((_, max)) = max_age.iter().find(|(l, _)| *l == list.list) else { continue };
        gaps.push(ListGap::Stale { list: list.list.clone(), age_days: list.age_days, max_age_days: *max });
    }
    gaps
}

/// The register of governing boards, where it cannot be relied upon: asked for and missing, or too old.
fn register_gap(
    register: Option<&ListStamp>,
    required: &[RequiredList],
    max_age: &[(String, i64)],
) -> Option<ListGap> {
    let Some(register) = register else {
        let asked = required.iter().any(|r| r.list == BOARDS);
        return asked.then(|| ListGap::Missing { list: BOARDS.into() });
    };
    let (list, max) = max_age.iter().find(|(l, _)| l == BOARDS)?;
    (register.age_days > *max).then(|| ListGap::Stale {
        list: list.clone(),
        age_days: register.age_days,
        max_age_days: *max,
    })
}
