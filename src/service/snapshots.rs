//! `ListService`'s calls about snapshots that are kept: which there are, and what changed between two.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tonic::Request;

use super::convert::{self, count, timestamp};
use super::deadline::Deadline;
use super::proto::{
    self, DiffSnapshotsRequest, DiffSnapshotsResponse, ListSnapshotsRequest, ListSnapshotsResponse,
};
use super::server::Shared;
use super::status::{Failure, Reason};
use crate::index::diff::{self, ChangeKind, Edition, EntityChange};
use crate::index::{KeptGeneration, Manifest, Snapshot, SnapshotError, kept_generations};

/// The snapshots that the folder being served still holds.
pub(super) async fn list(
    shared: &Arc<Shared>,
    request: Request<ListSnapshotsRequest>,
) -> Result<ListSnapshotsResponse, Failure> {
    let deadline = Deadline::of(request.metadata()).within(shared.config.longest_call);
    let screener = shared.screener()?;
    let request = request.into_inner();
    let mut violations = Vec::new();
    convert::request_id("request_id", &request.request_id, &mut violations);
    Failure::unless_valid(violations)?;
    // Manifests are read from disk: work for a thread.
    let snapshots = shared
        .workers
        .run(deadline, move |_| match screener.snapshot().origin() {
            Some((folder, _)) => Ok(kept_generations(folder)?),
            None => Ok(Vec::new()),
        })
        .await?;
    Ok(ListSnapshotsResponse {
        snapshots: snapshots.iter().map(|k| kept(&k.name, &k.manifest, k.current)).collect(),
        request_id: request.request_id,
    })
}

/// A page of what differs between two of them.
pub(super) async fn diff(
    shared: &Arc<Shared>,
    request: Request<DiffSnapshotsRequest>,
) -> Result<DiffSnapshotsResponse, Failure> {
    let deadline = Deadline::of(request.metadata()).within(shared.config.longest_call);
    let screener = shared.screener()?;
    let DiffSnapshotsRequest { from, to, page_size, page_token, request_id } = request.into_inner();
    let mut violations = Vec::new();
    convert::request_id("request_id", &request_id, &mut violations);
    Failure::unless_valid(violations)?;
    let size = usize::try_from(page_size).unwrap_or(0);
    let mut response = shared
        .workers
        .run(deadline, move |_| {
            let (folder, from, to) = named(screener.snapshot(), &from, &to)?;
            let (before, after) = (Edition::open(&folder, Some(&from))?, Edition::open(&folder, Some(&to))?);
            let page = diff::page(&before, &after, size, &page_token)?;
            let current =
                |edition: &Edition| screener.snapshot().origin().is_some_and(|o| o.1 == edition.name());
            let kept = |edition: &Edition| kept(edition.name(), edition.manifest(), current(edition));
            Ok(DiffSnapshotsResponse {
                changes: page.changes.into_iter().map(change).collect(),
                next_page_token: page.next_page_token,
                from: Some(kept(&before)),
                to: Some(kept(&after)),
                request_id: String::new(),
            })
        })
        .await?;
    response.request_id = request_id;
    Ok(response)
}

/// The folder and the two generations that a request means: what it leaves open is the one that is served,
/// and the newest before `to`.
fn named(serving: &Snapshot, from: &str, to: &str) -> Result<(PathBuf, String, String), Failure> {
    let (folder, current) = serving.origin().ok_or_else(|| {
        Failure::new(Reason::SnapshotNotKept, "of demonstration lists no earlier snapshot is kept")
    })?;
    let to = if to.is_empty() { current } else { to };
    let from = match from {
        "" => before(folder, to)?,
        from => from.to_owned(),
    };
    Ok((folder.to_owned(), from, to.to_owned()))
}

fn before(folder: &Path, name: &str) -> Result<String, Failure> {
    let kept: Vec<KeptGeneration> = kept_generations(folder)?;
    let at = kept.iter().position(|k| k.name == name).ok_or_else(|| SnapshotError::NotKept {
        folder: folder.display().to_string(),
        name: name.to_owned(),
    })?;
    let before = at.checked_sub(1).and_then(|at| kept.get(at)).ok_or_else(|| {
        Failure::new(
            Reason::SnapshotNotKept,
            "no snapshot before that one is kept; there is nothing to compare",
        )
    })?;
    Ok(before.name.clone())
}

fn kept(name: &str, manifest: &Manifest, current: bool) -> proto::KeptSnapshot {
    proto::KeptSnapshot {
        generation: name.to_owned(),
        snapshot: manifest.id.clone(),
        snapshot_time: timestamp(&manifest.created),
        current,
        lists: manifest
            .lists
            .iter()
            .map(|list| proto::KeptList {
                list: list.list.clone(),
                as_of: list.as_of.clone(),
                import_time: timestamp(&list.imported),
                content_hash: list.content_hash.clone(),
                entities: count(list.counts.entities),
            })
            .collect(),
    }
}

fn change(change: EntityChange) -> proto::EntityChange {
    let kind = match change.kind() {
        ChangeKind::Added => proto::EntityChangeKind::Added,
        ChangeKind::Removed => proto::EntityChangeKind::Removed,
        ChangeKind::Changed => proto::EntityChangeKind::Changed,
    };
    let fields = change
        .fields()
        .iter()
        .map(|f| proto::FieldChange {
            field: f.field.as_str().to_owned(),
            removed: f.removed.clone(),
            added: f.added.clone(),
            evidence: f.field.is_evidence(),
        })
        .collect();
    proto::EntityChange {
        fields,
        kind: kind.into(),
        entity: Some(convert::entity(change.entity().clone())),
        list: change.list,
        entity_id: change.id,
    }
}
