//! `EntityService`: listed entities, read and searched.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::convert;
use super::deadline::Deadline;
use super::proto;
use super::proto::entity_service_server::EntityService;
use super::proto::{GetEntityRequest, GetEntityResponse, SearchEntitiesRequest, SearchEntitiesResponse};
use super::server::Shared;
use super::status::{Failure, Reason, Violation};
use crate::screening::{Options, Screener};

/// The service, over what all services share.
pub(super) struct Entities(pub(super) Arc<Shared>);

#[tonic::async_trait]
impl EntityService for Entities {
    async fn get_entity(
        &self,
        request: Request<GetEntityRequest>,
    ) -> Result<Response<GetEntityResponse>, Status> {
        let deadline = Deadline::of(request.metadata()).within(self.0.config.longest_call);
        let screener = self.0.screener()?;
        let GetEntityRequest { list, entity_id, request_id } = request.into_inner();
        let mut violations = Vec::new();
        convert::request_id("request_id", &request_id, &mut violations);
        if list.is_empty() {
            violations.push(Violation::new("list", "is empty; give a list id, such as eu"));
        }
        if entity_id.is_empty() {
            violations.push(Violation::new("entity_id", "is empty; give the list's own reference"));
        }
        Failure::unless_valid(violations)?;
        if !screener.snapshot().manifest().lists.iter().any(|l| l.list == list) {
            return Err(Failure::new(Reason::ListNotLoaded, "the list is not loaded").into());
        }
        let stamp = stamp(&screener);
        // The store reads and decompresses: work for a thread.
        let found =
            self.0.workers.run(deadline, move |_| Ok(screener.snapshot().entity(&list, &entity_id)?)).await?;
        let entity = found.ok_or_else(|| {
            Failure::new(Reason::EntityNotFound, "the list has no entity of this reference")
        })?;
        Ok(Response::new(GetEntityResponse {
            entity: Some(convert::entity(entity)),
            stamp: Some(stamp),
            request_id,
        }))
    }

    async fn search_entities(
        &self,
        request: Request<SearchEntitiesRequest>,
    ) -> Result<Response<SearchEntitiesResponse>, Status> {
        let deadline = Deadline::of(request.metadata()).within(self.0.config.longest_call);
        let screener = self.0.screener()?;
        let request = request.into_inner();
        let mut violations = Vec::new();
        convert::request_id("request_id", &request.request_id, &mut violations);
        let request_id = request.request_id.clone();
        let search = convert::search(request, &mut violations);
        Failure::unless_valid(violations)?;
        let stamp = stamp(&screener);
        let page = self.0.workers.run(deadline, move |_| Ok(screener.snapshot().search(&search)?)).await?;
        Ok(Response::new(SearchEntitiesResponse {
            entities: page.found.into_iter().map(|f| convert::summary(f.entity, f.relevance)).collect(),
            next_page_token: page.next_page_token,
            total_size: convert::count(page.total),
            suggestions: page.suggestions,
            stamp: Some(stamp),
            request_id,
        }))
    }
}

/// The stamp of an answer for which nothing was scored.
pub(super) fn stamp(screener: &Screener) -> proto::Stamp {
    let stamp = screener.stamp(&Options::default(), jiff::Timestamp::now());
    convert::stamp(&stamp, false)
}
