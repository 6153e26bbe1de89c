//! `CaseService`: whole cases, read by a policy.

use std::sync::Arc;

use jiff::tz::TimeZone;
use tonic::{Request, Response, Status};

use super::caller::Caller;
use super::convert;
use super::deadline::Deadline;
use super::proto::case_service_server::CaseService;
use super::proto::{ScreenCaseRequest, ScreenCaseResponse};
use super::server::Shared;
use super::status::{Failure, Reason};
use crate::review::queue::is_raised;
use crate::screening::case::Threads;

/// The policy applied when a request names none.
const DEFAULT_POLICY: &str = "generic";

/// The service, over what all services share.
pub(super) struct Cases(pub(super) Arc<Shared>);

#[tonic::async_trait]
impl CaseService for Cases {
    async fn screen_case(
        &self,
        request: Request<ScreenCaseRequest>,
    ) -> Result<Response<ScreenCaseResponse>, Status> {
        let deadline = Deadline::of(request.metadata());
        let caller = Caller::of(request.extensions());
        let screener = self.0.screener_to_ask()?;
        let recorder = self.0.recorder(&screener);
        let ScreenCaseRequest { case, policy, request_id, occasion } = request.into_inner();
        let now = jiff::Timestamp::now();

        let mut violations = Vec::new();
        convert::request_id("request_id", &request_id, &mut violations);
        let mut occasion = convert::occasion(occasion, &caller, &mut violations);
        let case = convert::case(case, violations, now.to_zoned(TimeZone::UTC).date())?;
        let wanted = if policy.is_empty() { DEFAULT_POLICY } else { &policy };
        let (policies, metrics) = (Arc::clone(&self.0.config.policies), Arc::clone(&self.0.metrics));
        let Some(chosen) = policies.iter().position(|p| p.id() == wanted) else {
            let loaded: Vec<&str> = policies.iter().map(|p| p.id()).collect();
            let message = format!("no policy of this id is loaded; loaded are: {}", loaded.join(", "));
            return Err(Failure::new(Reason::PolicyNotFound, message).into());
        };

        let (case_id, mut result, raised, draft) = self
            .0
            .workers
            .run(deadline, move |wanted| {
                let policy = &policies[chosen];
                let cancelled = || wanted.cancelled();
                let required = policy.asked_lists();
                let screened = screener.screen_case_until(&case, &required, now, Threads::Own, &cancelled)?;
                metrics.screened_case(&screened);
                let result = policy.apply(&case, screened);
                if occasion.case_reference.is_empty() {
                    occasion.case_reference.clone_from(&result.case_id);
                }
                let draft = recorder.map(|recorder| recorder.case(&occasion, &screener, now, &result));
                let raised: Vec<bool> = result.screened.findings.iter().map(is_raised).collect();
                Ok((result.case_id.clone(), convert::case_result(result), raised, draft))
            })
            .await?;
        let receipt = self.0.recorded(draft, deadline).await?;
        let record = receipt.number;
        convert::attach_to_case(&mut result, &raised, receipt);
        Ok(Response::new(ScreenCaseResponse { case_id, result: Some(result), request_id, record }))
    }
}
