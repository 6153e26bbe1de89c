//! `ScreeningService`: screen one, screen many, compare two.

use std::sync::Arc;

use tonic::{Request, Response, Status, Streaming};

use super::caller::Caller;
use super::deadline::Deadline;
use super::proto::screening_service_server::ScreeningService;
use super::proto::{CompareRequest, CompareResponse, ScreenRequest, ScreenResponse, ScreenStreamRequest};
use super::server::Shared;
use super::status::{Failure, Reason, Violation};
use super::{convert, stream};
use crate::review::audit::Asked;
use crate::screening::{DEFAULT_THRESHOLD, MATCHER_VERSION, Screener};

/// The service, over what all services share.
pub(super) struct Screening(pub(super) Arc<Shared>);

#[tonic::async_trait]
impl ScreeningService for Screening {
    type ScreenStreamStream = stream::Answers;

    async fn screen(&self, request: Request<ScreenRequest>) -> Result<Response<ScreenResponse>, Status> {
        let deadline = Deadline::of(request.metadata()).within(self.0.config.longest_call);
        let caller = Caller::of(request.extensions());
        let screener = self.0.screener_to_ask()?;
        let recorder = self.0.recorder(&screener);
        let request = request.into_inner();

        let mut violations = Vec::new();
        convert::request_id("request_id", &request.request_id, &mut violations);
        let occasion = convert::occasion(request.occasion, &caller, &mut violations);
        let reference = convert::reference("subject", request.subject.as_ref(), &mut violations);
        let options = convert::options("options", request.options, &mut violations);
        let subject = convert::subject("subject", request.subject, &mut violations);
        let subject = convert::checked(subject, violations)?;

        let metrics = Arc::clone(&self.0.metrics);
        let (mut answer, draft) = self
            .0
            .workers
            .run(deadline, move |wanted| {
                let now = jiff::Timestamp::now();
                let answer = screener.screen_until(&subject, &options, now, &|| wanted.cancelled())?;
                metrics.screened(&answer);
                let draft = recorder.map(|recorder| {
                    let asked =
                        Asked { id: "", row: 0, reference: &reference, subject: &subject, answer: &answer };
                    recorder.screening(&occasion, &screener, now, &[asked])
                });
                Ok((convert::answer(answer), draft))
            })
            .await?;
        let receipt = self.0.recorded(draft, deadline).await?;
        convert::attach(&mut answer, receipt.number, &receipt.standings);
        Ok(Response::new(ScreenResponse { answer: Some(answer), request_id: request.request_id }))
    }

    async fn screen_stream(
        &self,
        request: Request<Streaming<ScreenStreamRequest>>,
    ) -> Result<Response<stream::Answers>, Status> {
        let deadline = Deadline::of(request.metadata());
        let caller = Caller::of(request.extensions());
        let screener: Arc<Screener> = self.0.screener_to_ask()?;
        let client = request.extensions().get().cloned();
        let place = Arc::clone(&self.0.streams).try_acquire_owned().map_err(|_| {
            Failure::new(Reason::TooManyStreams, "too many streams are open already; try again later")
        })?;
        let answers =
            stream::answers(request.into_inner(), caller, &self.0, screener, deadline, place, client);
        Ok(Response::new(answers))
    }

    async fn compare(&self, request: Request<CompareRequest>) -> Result<Response<CompareResponse>, Status> {
        let deadline = Deadline::of(request.metadata()).within(self.0.config.longest_call);
        let request = request.into_inner();

        let mut violations = Vec::new();
        convert::request_id("request_id", &request.request_id, &mut violations);
        if request.threshold.is_some_and(|t| !(0.0..=1.0).contains(&t)) {
            violations.push(Violation::new("threshold", "lies outside 0 to 1"));
        }
        let query = convert::subject("query", request.query, &mut violations);
        let candidate = convert::subject("candidate", request.candidate, &mut violations);
        let (query, candidate) = convert::checked(query.zip(candidate), violations)?;

        let threshold = request.threshold;
        let comparison = self
            .0
            .workers
            .run(deadline, move |wanted| {
                Ok(Screener::compare_until(&query, &candidate, threshold, &|| wanted.cancelled())?)
            })
            .await?;
        Ok(Response::new(CompareResponse {
            matcher_version: MATCHER_VERSION.to_owned(),
            threshold: threshold.unwrap_or(DEFAULT_THRESHOLD),
            request_id: request.request_id,
            ..convert::comparison(comparison)
        }))
    }
}
