//! Weak aliases beside another name: alone they are met whole or not at all, together they confirm.

use zeef::matching::EvidenceKind;
use zeef::names::PersonName;
use zeef::screening::{Hit, Options, Subject};

use crate::support::{DEMO, now, person};

fn hit(subject: &Subject, entity: &str) -> Option<Hit> {
    let options = Options { threshold: Some(0.0), limit: Some(usize::MAX), ..Options::default() };
    let answer = DEMO.screen(subject, &options, now()).unwrap();
    answer.hits.into_iter().find(|h| h.entity_id == entity)
}

/// Each entity with a name of one word and a longer one, as the demonstration lists have them.
fn with_byname() -> Vec<(String, String, String)> {
    let index = DEMO.snapshot().names();
    let people = index.people();
    let mut out = Vec::new();
    for byname in 0..people.len() as u32 {
        let entity = people.name(byname).entity;
        if PersonName::analyse(people.text(byname)).core().count() != 1 {
            continue;
        }
        let whole =
            index.names_of_entity(entity).find(|&n| PersonName::analyse(people.text(n)).core().count() > 2);
        if let Some(whole) = whole {
            let id = index.card(entity).id.to_string();
            out.push((id, people.text(whole).to_owned(), people.text(byname).to_owned()));
        }
    }
    out
}

#[test]
fn a_weak_alias_beside_another_agreeing_name_confirms() {
    let mut confirmed = 0;
    for (entity, whole, byname) in with_byname() {
        // Without its last word the name still agrees, and is no longer the same.
        let words: Vec<&str> = whole.split_whitespace().collect();
        let shorter = words[..words.len() - 1].join(" ");
        let Some(alone) = hit(&person(&shorter), &entity) else { continue };
        let both = Subject { aliases: vec![byname.clone()], ..person(&shorter) };
        let both = hit(&both, &entity).unwrap();
        assert!(both.score >= alone.score, "{entity}: an agreeing alias lowered the score");
        let sum: f64 = both.explanation.evidence.iter().map(|e| e.bits).sum();
        assert!((sum - both.explanation.bits).abs() < 1e-6, "{entity}: parts do not add up");
        let other = both.explanation.evidence.iter().find(|e| e.kind == EvidenceKind::OtherName);
        if let Some(other) = other {
            assert!(other.bits > 0.0 && both.score > alone.score, "{entity}");
            confirmed += 1;
        }
        // A name of nobody beside it confirms nothing.
        let unlike = Subject { aliases: vec!["Testnameh".into()], ..person(&shorter) };
        assert_eq!(hit(&unlike, &entity).map(|h| h.score), Some(alone.score), "{entity}");
    }
    assert!(confirmed > 0, "no entity of the demonstration lists could show it");
}

#[test]
fn a_weak_alias_is_no_part_of_a_longer_name() {
    for (entity, _, byname) in with_byname() {
        let longer = format!("{byname} Testnameh Thistlewaite");
        let found = hit(&person(&longer), &entity).filter(|h| h.score >= 0.5);
        assert!(found.is_none(), "{entity}: met inside a longer name");
    }
}
