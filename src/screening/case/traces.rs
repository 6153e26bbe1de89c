//! Ties that the lists name: from a laboratory to its university, from an institution to the listed
//! agency above it.

use std::cell::RefCell;

use jiff::Timestamp;

use crate::index::organisations::{OrganisationHit, Scratch};
use crate::index::{TiedEntity, TiedName};
use crate::matching::organisation::{self, OrganisationQuery};
use crate::matching::score;
use crate::model::{Entity, EntityKind, Relation, RelationKind};
use crate::screening::{
    AnswerError, DEFAULT_THRESHOLD, Hit, Options, Screener, Strength, Subject, SubjectKind,
};

use super::engine::{Draft, certainty};
use super::finding::{Certainty, FindingKind, ListedFacts, Tie, Trace};

/// How many agencies above each other are followed. The tracker names one or two.
const MAX_CLIMB: usize = 3;
/// Most ties of one entity that are followed.
const MAX_FOLLOWED: usize = 64;
/// Most listed organisations that one unit is traced to. A laboratory has one or two hosts.
const MAX_HOLDERS: usize = 5;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// Adds what the lists tie the subject to. `listed` are the entities that it may be.
///
/// # Errors
/// See [`AnswerError`].
pub(super) fn follow(
    screener: &Screener,
    number: usize,
    subject: &Subject,
    listed: &[(Certainty, Entity)],
    drafts: &mut Vec<Draft>,
    now: Timestamp,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<(), AnswerError> {
    let seen = listed.iter().map(|(_, e)| (e.list.clone(), e.id.clone())).collect();
    let mut traces = Traces { screener, number, now, cancelled, seen, drafts };
    for (certainty, entity) in listed {
        // What was set aside speaks of nobody else either.
        if *certainty > Certainty::SetAside && entity.kind == EntityKind::Organisation {
            traces.follow_entity(entity, &[], *certainty)?;
        }
    }
    traces.follow_unit(subject)
}

struct Traces<'a> {
    screener: &'a Screener,
    number: usize,
    now: Timestamp,
    cancelled: &'a (dyn Fn() -> bool + Sync),
    /// Entities that the subject has a finding on: list and reference.
    seen: Vec<(String, String)>,
    drafts: &'a mut Vec<Draft>,
}

impl Traces<'_> {
    /// Whether there is no finding on the entity yet.
    fn is_new(&self, list: &str, id: &str) -> bool {
        self.seen.iter().all(|(l, i)| l != list || i != id)
    }

    fn push(&mut self, trace: Vec<Trace>, certainty: Certainty, hit: Hit, entity: &Entity) {
        self.seen.push((hit.list.clone(), hit.entity_id.clone()));
        self.drafts.push(Draft {
            subject: self.number,
            what: FindingKind::Tied { trace },
            certainty,
            hit: Some(hit),
            facts: ListedFacts::of(entity),
        });
    }

    /// Follows the ties of a listed entity that the subject is, or to which `way` leads, to entities that
    /// are listed themselves.
    fn follow_entity(
        &mut self,
        entity: &Entity,
        way: &[Trace],
        certainty: Certainty,
    ) -> Result<(), AnswerError> {
        for relation in entity.relations.iter().take(MAX_FOLLOWED) {
            let tie = match relation.kind {
                RelationKind::SupervisedBy => Tie::SupervisedBy,
                RelationKind::Parent => Tie::PartOf,
                // What lies below or beside is told of the subject itself only, and where the list says
                // that it is listed: a university has a hundred laboratories.
                _ if relation.entity_id.is_empty() || !way.is_empty() => continue,
                RelationKind::Related => Tie::Related,
                RelationKind::Laboratory | RelationKind::Subsidiary | RelationKind::Child => Tie::ParentOf,
            };
            for hit in self.listed_as(entity, relation)? {
                if !self.is_new(&hit.list, &hit.entity_id) {
                    continue;
                }
                let Some(other) = self.screener.snapshot().entity(&hit.list, &hit.entity_id)? else {
                    continue;
                };
                let mut trace = way.to_vec();
                let source = if relation.lent_by.is_empty() { &entity.list } else { &relation.lent_by };
                trace.push(step(tie, &relation.name, source, String::new()));
                self.push(trace.clone(), certainty, hit, &other);
                if matches!(tie, Tie::SupervisedBy | Tie::PartOf) && trace.len() < MAX_CLIMB {
                    self.follow_entity(&other, &trace, certainty)?;
                }
            }
        }
        Ok(())
    }

    /// The listed entities that a tie names: by the list's own reference, or by a name that is the same.
    fn listed_as(&self, entity: &Entity, relation: &Relation) -> Result<Vec<Hit>, AnswerError> {
        let named = Subject {
            aliases: Some(relation.native_name.clone()).filter(|n| !n.is_empty()).into_iter().collect(),
            ..Subject::named(&relation.name, SubjectKind::Organisation)
        };
        let options = Options::default();
        let mut hits = self.screener.screen_until(&named, &options, self.now, self.cancelled)?.hits;
        hits.retain(|hit| {
            let by_reference = hit.list == entity.list && hit.entity_id == relation.entity_id;
            by_reference || hit.strength == Strength::Exact
        });
        Ok(hits)
    }

    /// Looks the subject up among the laboratories, subsidiaries, agencies and parents that lists name.
    fn follow_unit(&mut self, subject: &Subject) -> Result<(), AnswerError> {
        let snapshot = self.screener.snapshot();
        let ties = snapshot.ties()?;
        if ties.is_empty() {
            return Ok(());
        }
        // The best hit on each name, with the query that it answers.
        let mut best: Vec<(OrganisationHit, OrganisationQuery, &str)> = Vec::new();
        for text in std::iter::once(&subject.name).chain(&subject.aliases) {
            let query = OrganisationQuery::new(text, &subject.countries, &subject.address);
            let mut hits = Vec::new();
            SCRATCH.with_borrow_mut(|scratch| {
                ties.find(&query, score::bits(DEFAULT_THRESHOLD), scratch, &mut hits);
            });
            for hit in hits {
                match best.iter_mut().find(|b| b.0.entity == hit.entity) {
                    Some(known) if hit.bits > known.0.bits => *known = (hit, query.clone(), text),
                    Some(_) => {}
                    None => best.push((hit, query.clone(), text)),
                }
            }
        }
        for (hit, query, text) in best {
            let Some(name) = ties.get(hit.entity) else { continue };
            for (tie, holder, detail) in holders(name, &hit) {
                // A laboratory that the list names apart says more than its university alone.
                let told_apart = holder.kind == RelationKind::Laboratory;
                if !told_apart && !self.is_new(&holder.list, &holder.entity_id) {
                    continue;
                }
                let Some(entity) = snapshot.entity(&holder.list, &holder.entity_id)? else { continue };
                let Some(hit) = unit_hit(&hit, &query, text, name, &entity) else { continue };
                let trace = vec![step(tie, entity.display_name(), &holder.source, detail)];
                let certainty = certainty(&hit);
                let is_new = self.is_new(&holder.list, &holder.entity_id);
                self.push(trace.clone(), certainty, hit, &entity);
                if tie == Tie::PartOf && is_new {
                    self.follow_entity(&entity, &trace, certainty)?;
                }
            }
        }
        Ok(())
    }
}

fn step(tie: Tie, name: &str, source: &str, detail: String) -> Trace {
    Trace {
        tie,
        name: name.to_owned(),
        source: source.to_owned(),
        detail,
        since: None,
        until: None,
        share: None,
    }
}

/// The listed organisations to which a unit leads, and how.
fn holders<'a>(name: &'a TiedName, hit: &OrganisationHit) -> Vec<(Tie, &'a TiedEntity, String)> {
    let below = |t: &&TiedEntity| {
        matches!(t.kind, RelationKind::Laboratory | RelationKind::Subsidiary | RelationKind::Child)
    };
    let part = |t: &'a TiedEntity| {
        let unit = match t.kind {
            RelationKind::Laboratory => "laboratory",
            RelationKind::Subsidiary => "subsidiary",
            _ => "part",
        };
        (Tie::PartOf, t, unit.to_owned())
    };
    let mut found: Vec<_> = name.tied.iter().filter(below).take(MAX_HOLDERS).map(part).collect();
    // Agencies stand in affiliations of half a country ("Ministry of Education"): only who is one, by its
    // whole name, is told so, and with one of those below it.
    if hit.exact && !hit.weak {
        let above: Vec<&TiedEntity> = name.tied.iter().filter(|t| !below(t)).collect();
        if let Some(first) = above.first() {
            let tie = if first.kind == RelationKind::Related { Tie::Related } else { Tie::ParentOf };
            let detail = if above.len() > 1 { format!("1 of {}", above.len()) } else { String::new() };
            found.push((tie, first, detail));
        }
    }
    found
}

/// A hit on a unit, told as one on the listed entity that has it: the matched name is the unit's.
fn unit_hit(
    hit: &OrganisationHit,
    query: &OrganisationQuery,
    text: &str,
    name: &TiedName,
    entity: &Entity,
) -> Option<Hit> {
    let listed = hit.name_index as usize;
    let (_, explanation) = organisation::explain(query, &name.named, listed)?;
    let strength = match () {
        () if hit.weak => Strength::Weak,
        () if hit.exact => Strength::Exact,
        () if explanation.bits >= super::engine::LIKELY_BITS => Strength::Strong,
        () => Strength::Possible,
    };
    Some(Hit {
        list: entity.list.clone(),
        entity_id: entity.id.clone(),
        kind: entity.kind,
        name: entity.display_name().to_owned(),
        matched_name: name.named.names.get(listed)?.whole.clone(),
        query_name: text.to_owned(),
        score: score::score(explanation.bits),
        strength,
        explanation,
    })
}
