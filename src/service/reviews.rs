//! `ReviewService`: the queue of suspected matches.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::caller::Caller;
use super::convert;
use super::proto;
use super::proto::review_service_server::ReviewService;
use super::server::Shared;
use super::status::{Failure, Violation};
use crate::review::queue::{Decision, Etag, MatchFilter, MatchState, Queue, QueueError, Verdict};

/// The service, over what all services share.
pub(super) struct Reviews(pub(super) Arc<Shared>);

impl Reviews {
    fn queue(&self) -> Result<&Queue, Failure> {
        Ok(&self.0.records()?.queue)
    }
}

/// Who signs a change: the caller, and whom it speaks for. A caller of whom nothing is known must say who it is.
fn author(caller: &Caller, named: &str) -> Result<String, Failure> {
    match (caller.is_anonymous(), named.trim()) {
        (true, "") => {
            let what = "is missing; say who does this, for whoever asks a year from now";
            Err(Failure::invalid(vec![Violation::new("author", what)]))
        }
        (true, named) => Ok(named.to_owned()),
        (false, "") => Ok(caller.name.to_string()),
        (false, named) => Ok(format!("{}:{named}", caller.name)),
    }
}

fn etag(text: &str) -> Result<Etag, Failure> {
    text.parse().map_err(|e: QueueError| e.into())
}

#[tonic::async_trait]
impl ReviewService for Reviews {
    async fn list_matches(
        &self,
        request: Request<proto::ListMatchesRequest>,
    ) -> Result<Response<proto::ListMatchesResponse>, Status> {
        let request = request.into_inner();
        let mut states = Vec::new();
        for (i, state) in request.states.iter().enumerate() {
            states.push(match proto::MatchState::try_from(*state) {
                Ok(proto::MatchState::Open) => MatchState::Open,
                Ok(proto::MatchState::InReview) => MatchState::InReview,
                Ok(proto::MatchState::Confirmed) => MatchState::Confirmed,
                Ok(proto::MatchState::Cleared) => MatchState::Cleared,
                Ok(proto::MatchState::Unspecified) | Err(_) => {
                    let what = "is not a state of this version";
                    return Err(Failure::invalid(vec![Violation::new(format!("states[{i}]"), what)]).into());
                }
            });
        }
        let Ok(size) = usize::try_from(request.page_size) else {
            return Err(Failure::invalid(vec![Violation::new("page_size", "is below 0")]).into());
        };
        let filter = MatchFilter {
            states,
            list: request.list,
            entity_id: request.entity_id,
            assignee: request.assignee,
            case_reference: request.case_reference,
            purpose: request.purpose,
            name: request.name,
        };
        let page = self.queue()?.list(&filter, size, &request.page_token).await.map_err(Failure::from)?;
        Ok(Response::new(proto::ListMatchesResponse {
            matches: page.matches.into_iter().map(convert::suspected_match).collect(),
            next_page_token: page.next,
            total_size: page.total,
        }))
    }

    async fn get_match(
        &self,
        request: Request<proto::GetMatchRequest>,
    ) -> Result<Response<proto::GetMatchResponse>, Status> {
        let found = self.queue()?.get(&request.into_inner().id).await.map_err(Failure::from)?;
        Ok(Response::new(proto::GetMatchResponse { r#match: Some(convert::suspected_match(found)) }))
    }

    async fn assign_match(
        &self,
        request: Request<proto::AssignMatchRequest>,
    ) -> Result<Response<proto::AssignMatchResponse>, Status> {
        let caller = Caller::of(request.extensions());
        let request = request.into_inner();
        let author = author(&caller, &request.author)?;
        let etag = etag(&request.etag)?;
        let changed = self.queue()?.assign(&request.id, etag, &author, &request.assignee).await;
        let changed = changed.map_err(Failure::from)?;
        Ok(Response::new(proto::AssignMatchResponse { r#match: Some(convert::suspected_match(changed)) }))
    }

    async fn decide_match(
        &self,
        request: Request<proto::DecideMatchRequest>,
    ) -> Result<Response<proto::DecideMatchResponse>, Status> {
        let caller = Caller::of(request.extensions());
        let request = request.into_inner();
        let author = author(&caller, &request.author)?;
        let etag = etag(&request.etag)?;
        let verdict = match proto::MatchState::try_from(request.state) {
            Ok(proto::MatchState::Confirmed) => Verdict::Confirmed,
            Ok(proto::MatchState::Cleared) => Verdict::Cleared,
            _ => {
                let what = "is no decision; write MATCH_STATE_CONFIRMED or MATCH_STATE_CLEARED";
                return Err(Failure::invalid(vec![Violation::new("state", what)]).into());
            }
        };
        let decision = Decision { verdict, reason: request.reason, note: request.note };
        let changed = self.queue()?.decide(&request.id, etag, &author, &decision).await;
        let changed = changed.map_err(Failure::from)?;
        Ok(Response::new(proto::DecideMatchResponse { r#match: Some(convert::suspected_match(changed)) }))
    }

    async fn reopen_match(
        &self,
        request: Request<proto::ReopenMatchRequest>,
    ) -> Result<Response<proto::ReopenMatchResponse>, Status> {
        let caller = Caller::of(request.extensions());
        let request = request.into_inner();
        let author = author(&caller, &request.author)?;
        let etag = etag(&request.etag)?;
        let changed = self.queue()?.reopen(&request.id, etag, &author, &request.reason).await;
        let changed = changed.map_err(Failure::from)?;
        Ok(Response::new(proto::ReopenMatchResponse { r#match: Some(convert::suspected_match(changed)) }))
    }

    async fn comment_match(
        &self,
        request: Request<proto::CommentMatchRequest>,
    ) -> Result<Response<proto::CommentMatchResponse>, Status> {
        let caller = Caller::of(request.extensions());
        let request = request.into_inner();
        let author = author(&caller, &request.author)?;
        let etag = etag(&request.etag)?;
        let changed = self.queue()?.comment(&request.id, etag, &author, &request.note).await;
        let changed = changed.map_err(Failure::from)?;
        Ok(Response::new(proto::CommentMatchResponse { r#match: Some(convert::suspected_match(changed)) }))
    }
}
