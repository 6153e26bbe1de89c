//! `ListService`: which lists are loaded. What is kept and what changed is told by `snapshots`.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::convert::{self, count, timestamp};
use super::proto;
use super::proto::list_service_server::ListService;
use super::proto::{
    DiffSnapshotsRequest, DiffSnapshotsResponse, ListListsRequest, ListListsResponse, ListSnapshotsRequest,
    ListSnapshotsResponse,
};
use super::server::Shared;
use super::snapshots;
use super::status::{Failure, Violation};
use crate::index::{ListManifest, RegisterManifest};
use crate::screening::Screener;
use crate::sources::{Issue, Severity};

/// Issues shown per list when the caller does not say.
const DEFAULT_ISSUES: i32 = 100;
/// Most issues shown per list; a manifest keeps no more.
const MAX_ISSUES: i32 = 1_000;

/// The service, over what all services share.
pub(super) struct Lists(pub(super) Arc<Shared>);

#[tonic::async_trait]
impl ListService for Lists {
    async fn list_lists(
        &self,
        request: Request<ListListsRequest>,
    ) -> Result<Response<ListListsResponse>, Status> {
        let screener = self.0.screener()?;
        let request = request.into_inner();
        let mut violations = Vec::new();
        convert::request_id("request_id", &request.request_id, &mut violations);
        let limit = request.issue_limit.unwrap_or(DEFAULT_ISSUES);
        if !(0..=MAX_ISSUES).contains(&limit) {
            violations.push(Violation::new("issue_limit", format!("lies outside 0 to {MAX_ISSUES}")));
        }
        Failure::unless_valid(violations)?;
        let limit = usize::try_from(limit).unwrap_or(0);

        let manifest = screener.snapshot().manifest();
        let mut lists: Vec<proto::LoadedList> = manifest.lists.iter().map(|l| loaded(l, limit)).collect();
        lists.sort_by(|a, b| a.list.cmp(&b.list));
        let now = jiff::Timestamp::now();
        let registers = manifest.registers.iter().map(|r| register(r, &screener, limit, now)).collect();
        Ok(Response::new(ListListsResponse {
            lists,
            snapshot_time: timestamp(&manifest.created),
            stamp: Some(super::entities::stamp(&screener)),
            request_id: request.request_id,
            registers,
        }))
    }

    async fn list_snapshots(
        &self,
        request: Request<ListSnapshotsRequest>,
    ) -> Result<Response<ListSnapshotsResponse>, Status> {
        snapshots::list(&self.0, request).await.map(Response::new).map_err(Status::from)
    }

    async fn diff_snapshots(
        &self,
        request: Request<DiffSnapshotsRequest>,
    ) -> Result<Response<DiffSnapshotsResponse>, Status> {
        snapshots::diff(&self.0, request).await.map(Response::new).map_err(Status::from)
    }
}

fn loaded(list: &ListManifest, issues: usize) -> proto::LoadedList {
    let counts = &list.counts;
    proto::LoadedList {
        list: list.list.clone(),
        title: list.title.clone(),
        sources: list.sources.clone(),
        as_of: list.as_of.clone(),
        edition: list.edition.clone(),
        import_time: timestamp(&list.imported),
        content_hash: list.content_hash.clone(),
        counts: Some(proto::ListCounts {
            entities: count(counts.entities),
            persons: count(counts.persons),
            organisations: count(counts.organisations),
            names: count(counts.names),
            births: count(counts.births),
            citizenships: count(counts.citizenships),
            addresses: count(counts.addresses),
            identifiers: count(counts.identifiers),
            relations: count(counts.relations),
        }),
        issue_count: count(list.issue_count),
        issues: list.issues.iter().take(issues).map(issue).collect(),
    }
}

fn register(
    register: &RegisterManifest,
    screener: &Screener,
    issues: usize,
    now: jiff::Timestamp,
) -> proto::LoadedRegister {
    let age = screener.register_stamp(register, now);
    proto::LoadedRegister {
        register: register.register.clone(),
        title: register.title.clone(),
        sources: register.sources.clone(),
        as_of: register.as_of.clone(),
        import_time: timestamp(&register.imported),
        content_hash: register.content_hash.clone(),
        organisations: count(register.counts.organisations),
        seats: count(register.counts.seats),
        issue_count: count(register.issue_count),
        issues: register.issues.iter().take(issues).map(issue).collect(),
        age_days: age.age_days,
        stale: age.stale,
    }
}

fn issue(issue: &Issue) -> proto::ListIssue {
    let severity = match issue.severity {
        Severity::Value => proto::IssueSeverity::Value,
        Severity::Record => proto::IssueSeverity::Record,
    };
    proto::ListIssue { severity: severity.into(), place: issue.place.clone(), what: issue.what.clone() }
}
