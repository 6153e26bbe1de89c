//! Hits that stand against hits that were found. No I/O, no clock.

use std::collections::{BTreeMap, HashSet};

use super::AlertKind;
use crate::screening::Hit;

/// A hit that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub list: String,
    pub entity_id: String,
    /// See [`mark`].
    pub mark: String,
    /// The hit, as JSON.
    pub hit: String,
}

/// How one hit differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HitChange {
    pub kind: AlertKind,
    pub list: String,
    pub entity_id: String,
    /// As JSON.
    pub before: String,
    /// As JSON.
    pub after: String,
    /// Mark of the hit as it stands now; empty where it vanished.
    pub mark: String,
}

/// List and reference of entities.
pub(super) type Keys = HashSet<(String, String)>;

/// A hit as it is kept, with what tells whether its evidence is the same.
pub(super) fn standing(hit: &Hit) -> Standing {
    // A hit is plain data, which serde always writes.
    let json = serde_json::to_string(hit).unwrap_or_default();
    Standing { list: hit.list.clone(), entity_id: hit.entity_id.clone(), mark: mark(&json), hit: json }
}

/// The same for the same evidence: everything that is shown of a hit counts.
fn mark(json: &str) -> String {
    let hash = blake3::hash(json.as_bytes());
    hash.to_hex()[..32].to_owned()
}

/// How the hits found differ from those that stand, by list and reference. Where only some entities were looked
/// at (`looked_at`), what stands on others is left alone.
pub(super) fn compare(
    standing: &[Standing],
    found: Vec<Standing>,
    looked_at: Option<&Keys>,
) -> Vec<HitChange> {
    let mut before: BTreeMap<(String, String), &Standing> = standing
        .iter()
        .map(|s| ((s.list.clone(), s.entity_id.clone()), s))
        .filter(|(key, _)| looked_at.is_none_or(|keys| keys.contains(key)))
        .collect();
    let mut changes = Vec::new();
    for now in found {
        let was = before.remove(&(now.list.clone(), now.entity_id.clone()));
        let kind = match was {
            None => AlertKind::New,
            Some(was) if was.mark != now.mark => AlertKind::Changed,
            Some(_) => continue,
        };
        changes.push(HitChange {
            kind,
            before: was.map(|s| s.hit.clone()).unwrap_or_default(),
            after: now.hit,
            list: now.list,
            entity_id: now.entity_id,
            mark: now.mark,
        });
    }
    changes.extend(before.into_values().map(|s| HitChange {
        kind: AlertKind::Vanished,
        list: s.list.clone(),
        entity_id: s.entity_id.clone(),
        before: s.hit.clone(),
        after: String::new(),
        mark: String::new(),
    }));
    changes.sort_by(|a, b| (&a.list, &a.entity_id).cmp(&(&b.list, &b.entity_id)));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(text: &str) -> Vec<Standing> {
        let of = |word: &str| {
            let (id, mark) = word.split_once('=').unwrap();
            Standing {
                list: "eu".into(),
                entity_id: id.into(),
                mark: mark.into(),
                hit: format!("{{{word}}}"),
            }
        };
        text.split_whitespace().map(of).collect()
    }

    #[track_caller]
    fn check(standing: &str, found: &str, looked_at: Option<&str>, expected: &str) {
        let keys = looked_at.map(|ids| ids.split_whitespace().map(|id| ("eu".into(), id.into())).collect());
        let changes = compare(&hits(standing), hits(found), keys.as_ref());
        let told: Vec<String> =
            changes.iter().map(|c| format!("{} {}", c.entity_id, c.kind.as_str())).collect();
        assert_eq!(told.join(", "), expected);
    }

    #[test]
    fn hits_are_new_gone_or_rest_on_other_evidence() {
        check("", "", None, "");
        check("", "a=1 b=1", None, "a new, b new");
        check("a=1 b=1", "b=1", None, "a vanished");
        check("a=1 b=1", "b=2 c=1", None, "a vanished, b changed, c new");
        check("a=1 b=1 c=1", "b=2", Some("a b d"), "a vanished, b changed");
        check("a=1", "a=1", Some("a"), "");
    }
}
