//! What health says: of the whole, of every service, and of the age of the lists.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tonic::server::NamedService;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use super::cases::Cases;
use super::entities::Entities;
use super::lists::Lists;
use super::monitor::Monitoring;
use super::proto::case_service_server::CaseServiceServer;
use super::proto::entity_service_server::EntityServiceServer;
use super::proto::list_service_server::ListServiceServer;
use super::proto::monitor_service_server::MonitorServiceServer;
use super::proto::review_service_server::ReviewServiceServer;
use super::proto::screening_service_server::ScreeningServiceServer;
use super::reviews::Reviews;
use super::screening::Screening;
use super::server::Shared;

/// How often it is looked whether a list has become too old.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// A service of health alone: NOT_SERVING while any list is older than the operator allows, or none is loaded.
pub const FRESH_LISTS: &str = "zeef.lists.fresh";

/// The whole, and what screens: NOT_SERVING too while lists that are too old are refused.
const SCREENS: [&str; 3] = [
    "",
    <ScreeningServiceServer<Screening> as NamedService>::NAME,
    <CaseServiceServer<Cases> as NamedService>::NAME,
];

/// All other services.
const OTHERS: [&str; 4] = [
    <EntityServiceServer<Entities> as NamedService>::NAME,
    <ListServiceServer<Lists> as NamedService>::NAME,
    <MonitorServiceServer<Monitoring> as NamedService>::NAME,
    <ReviewServiceServer<Reviews> as NamedService>::NAME,
];

/// What is told.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Told {
    loaded: bool,
    fresh: bool,
    screens: bool,
}

impl Told {
    /// As of now.
    fn of(shared: &Shared) -> Self {
        let fresh = shared.stale_lists().map(|stale| stale.is_empty());
        let loaded = fresh.is_some();
        let fresh = fresh.unwrap_or(false);
        Self { loaded, fresh, screens: loaded && (fresh || !shared.config.refuse_stale) }
    }
}

/// Tells health what is so now, and whatever changes. Never returns while the lists are watched.
pub(super) async fn follow(health: &HealthReporter, shared: &Arc<Shared>, mut loaded: watch::Receiver<bool>) {
    let mut told = None;
    loop {
        loaded.mark_unchanged();
        let now = Told::of(shared);
        if told.replace(now) != Some(now) {
            announce(health, now).await;
        }
        tokio::select! {
            changed = loaded.changed() => if changed.is_err() { std::future::pending::<()>().await },
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Tells that nothing is served from now on.
pub(super) async fn withdraw(health: &HealthReporter) {
    announce(health, Told::default()).await;
}

async fn announce(health: &HealthReporter, told: Told) {
    let status = |serving| if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
    for name in SCREENS {
        health.set_service_status(name, status(told.screens)).await;
    }
    for name in OTHERS {
        health.set_service_status(name, status(told.loaded)).await;
    }
    health.set_service_status(FRESH_LISTS, status(told.fresh)).await;
}

/// Ends every watch of health, after what it has been told last.
pub(super) async fn end_watches(mut health: HealthReporter) {
    for name in SCREENS.into_iter().chain(OTHERS).chain([FRESH_LISTS]) {
        health.clear_service_status(name).await;
    }
}
