//! Delivering: one delivery at a time to each target, by one process at a time, until it arrives.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row as _;

use super::body::{DELIVERY_HEADER, SIGNATURE_HEADER, body, delivery_id, signature};
use super::{Secret, SecretError};
use crate::review::monitor::{Alert, Monitor};
use crate::review::store::StoreError;

/// Most alerts in one delivery.
const MOST_ALERTS: usize = 100;

/// The wait after the first failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// The longest wait. Deliveries are never given up: an alert that is dropped is an alert that nobody sees.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// How often a target without anything to deliver is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Where to deliver to, and how.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// Names the target in the store: what was delivered is remembered under it.
    pub name: String,
    /// `https://…`; `http://` on this machine alone.
    pub url: String,
    /// What deliveries are signed with.
    pub secret: Secret,
    /// Longest that one attempt may take. Default: 15 s.
    pub timeout: Duration,
    /// The wait after the first failure, which doubles up to an hour. Default: 5 s.
    pub first_wait: Duration,
}

impl WebhookConfig {
    /// A target with the usual times.
    ///
    /// # Errors
    /// [`WebhookError::Url`].
    pub fn new(
        name: impl Into<String>,
        url: impl Into<String>,
        secret: Secret,
    ) -> Result<Self, WebhookError> {
        let url = url.into();
        let plain_here = ["http://127.0.0.1", "http://[::1]", "http://localhost"].iter().any(|here| {
            url.strip_prefix(here).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        });
        let secure = url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
        if !secure && !plain_here {
            return Err(WebhookError::Url);
        }
        let (timeout, first_wait) = (Duration::from_secs(15), FIRST_WAIT);
        Ok(Self { name: name.into(), url, secret, timeout, first_wait })
    }
}

/// A webhook that cannot be used as it is.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The address.
    #[error("a webhook's address begins with https://, or with http:// on this machine alone")]
    Url,
    /// The secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for WebhookError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What one step has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// So many alerts have arrived; there may be more.
    Alerts(usize),
    /// There is nothing to deliver.
    Nothing,
    /// Somebody else delivers, or the wait after a failure is not over.
    NotYet,
    /// The receiver did not take it; it is tried again later.
    Failed,
}

/// Delivers alerts to one target.
pub struct Webhook {
    monitor: Monitor,
    config: Arc<WebhookConfig>,
    agent: ureq::Agent,
    /// Tells this process from others.
    holder: String,
}

/// How far a target has come.
struct State {
    delivered: i64,
    pending: i64,
    attempts: i64,
}

impl Webhook {
    /// A deliverer to one target.
    pub fn new(monitor: Monitor, config: WebhookConfig) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(config.timeout))
            // A signed body goes where the operator said and nowhere else.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("zeef/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        let mut bytes = [0_u8; 8];
        // Two processes with the same mark would only both deliver: receivers know a delivery by its id.
        let _ = getrandom::fill(&mut bytes);
        let holder = bytes.iter().map(|b| format!("{b:02x}")).collect();
        Self { monitor, config: Arc::new(config), agent, holder }
    }

    /// Delivers for ever. Dropped at any point, the next process goes on where this one was.
    pub async fn run(self) {
        let mut told = false;
        loop {
            let wait = match self.step().await {
                Ok(Delivered::Alerts(_)) => {
                    told = false;
                    Duration::ZERO
                }
                Ok(Delivered::Nothing | Delivered::NotYet | Delivered::Failed) => LOOK_EVERY,
                Err(error) => {
                    if !std::mem::replace(&mut told, true) {
                        tracing::warn!(webhook = self.config.name, %error, "alerts cannot be delivered now");
                    }
                    LOOK_EVERY
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Tries one delivery.
    ///
    /// # Errors
    /// When the store cannot be used; a receiver that does not answer is no error.
    pub async fn step(&self) -> Result<Delivered, WebhookError> {
        let Some(state) = self.hold().await? else { return Ok(Delivered::NotYet) };
        let alerts = self.alerts(&state).await?;
        let Some(last) = alerts.last().map(|a| a.number) else {
            // Nothing new, or what was under way is gone with its watches.
            let delivered = state.pending.max(state.delivered);
            self.release(&State { delivered, pending: 0, attempts: 0 }, 0).await?;
            return Ok(Delivered::Nothing);
        };
        let pending = state.pending.max(last);
        if state.pending == 0 {
            sqlx::query("UPDATE webhook_state SET pending = $1 WHERE target = $2 AND holder = $3")
                .bind(pending)
                .bind(self.config.name.as_str())
                .bind(self.holder.as_str())
                .execute(self.monitor.store().pool())
                .await?;
        }
        let delivery = delivery_id(&self.config.name, state.delivered, pending);
        match self.send(delivery.clone(), body(&delivery, &alerts)).await {
            Ok(()) => {
                self.release(&State { delivered: pending, pending: 0, attempts: 0 }, 0).await?;
                Ok(Delivered::Alerts(alerts.len()))
            }
            Err(why) => {
                let attempts = state.attempts + 1;
                let wait = wait_after(self.config.first_wait, attempts);
                tracing::warn!(
                    webhook = self.config.name,
                    delivery,
                    attempts,
                    why,
                    "a delivery did not arrive"
                );
                let wait = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
                let next = Timestamp::now().as_microsecond().saturating_add(wait);
                self.release(&State { delivered: state.delivered, pending, attempts }, next).await?;
                Ok(Delivered::Failed)
            }
        }
    }

    /// Takes the right to deliver to the target, for longer than an attempt can take.
    async fn hold(&self) -> Result<Option<State>, WebhookError> {
        let now = Timestamp::now().as_microsecond();
        let long = self.config.timeout * 2 + Duration::from_secs(30);
        let until = now.saturating_add(i64::try_from(long.as_micros()).unwrap_or(i64::MAX));
        sqlx::query(
            "INSERT INTO webhook_state (target, delivered, pending, attempts, next_attempt, held_until, holder) \
             VALUES ($1, 0, 0, 0, 0, 0, '') ON CONFLICT (target) DO NOTHING",
        )
        .bind(self.config.name.as_str())
        .execute(self.monitor.store().pool())
        .await?;
        let row = sqlx::query(
            "UPDATE webhook_state SET held_until = $1, holder = $2 WHERE target = $3 AND next_attempt <= $4 \
             AND (held_until <= $5 OR holder = $6) RETURNING delivered, pending, attempts",
        )
        .bind(until)
        .bind(self.holder.as_str())
        .bind(self.config.name.as_str())
        .bind(now)
        .bind(now)
        .bind(self.holder.as_str())
        .fetch_optional(self.monitor.store().pool())
        .await?;
        row.map(|row| {
            Ok(State { delivered: row.try_get(0)?, pending: row.try_get(1)?, attempts: row.try_get(2)? })
        })
        .transpose()
    }

    async fn release(&self, state: &State, next_attempt: i64) -> Result<(), WebhookError> {
        sqlx::query(
            "UPDATE webhook_state SET delivered = $1, pending = $2, attempts = $3, next_attempt = $4, \
             held_until = 0, holder = '' WHERE target = $5 AND holder = $6",
        )
        .bind(state.delivered)
        .bind(state.pending)
        .bind(state.attempts)
        .bind(next_attempt)
        .bind(self.config.name.as_str())
        .bind(self.holder.as_str())
        .execute(self.monitor.store().pool())
        .await?;
        Ok(())
    }

    /// The alerts of the delivery under way, or of the next.
    async fn alerts(&self, state: &State) -> Result<Vec<Alert>, WebhookError> {
        let mut alerts = self.monitor.alerts(state.delivered, MOST_ALERTS).await?;
        if state.pending > 0 {
            alerts.retain(|a| a.number <= state.pending);
        }
        Ok(alerts)
    }

    /// One attempt, on a thread that may wait.
    async fn send(&self, delivery: String, body: Vec<u8>) -> Result<(), String> {
        let (agent, config) = (self.agent.clone(), Arc::clone(&self.config));
        let sent = tokio::task::spawn_blocking(move || {
            let signed = signature(&config.secret, Timestamp::now().as_second(), &delivery, &body);
            agent
                .post(&config.url)
                .header("content-type", "application/json")
                .header(DELIVERY_HEADER, &delivery)
                .header(SIGNATURE_HEADER, &signed)
                .send(&body)
                .map(|response| response.status())
        });
        match sent.await {
            Ok(Ok(status)) if status.is_success() => Ok(()),
            Ok(Ok(status)) => Err(format!("the receiver answers {}", status.as_u16())),
            // These texts name hosts and causes; the body is in none.
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the attempt broke down".into()),
        }
    }
}

/// How long to wait after so many failures: twice as long each time, less up to a quarter, so that many
/// deliverers do not come back at the same moment.
fn wait_after(first: Duration, attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX).min(20);
    let wait = first.saturating_mul(1 << doublings).min(LONGEST_WAIT);
    let mut byte = [0_u8; 1];
    let _ = getrandom::fill(&mut byte);
    wait - wait / 4 * u32::from(byte[0]) / 255
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn waits_grow_up_to_an_hour() {
        let wait = |attempts| wait_after(FIRST_WAIT, attempts);
        for (attempts, most) in [(1, 5), (2, 10), (3, 20), (11, 3600), (i64::MAX, 3600)] {
            let most = Duration::from_secs(most);
            assert!(wait(attempts) <= most && wait(attempts) >= most * 3 / 4, "{attempts}");
        }
    }

    #[test]
    fn only_this_machine_is_told_in_the_clear() {
        let secret = || Secret::new(b"0123456789abcdef").unwrap();
        for (url, good) in [
            ("https://example.org/hook", true),
            ("http://127.0.0.1:80/hook", true),
            ("http://localhost/hook", true),
            ("http://[::1]:8/hook", true),
            ("http://example.org/hook", false),
            ("http://127.0.0.1.example.org/", false),
            ("http://localhost@example.org/", false),
            ("https://", false),
            ("ftp://example.org", false),
            ("", false),
        ] {
            assert_eq!(WebhookConfig::new("t", url, secret()).is_ok(), good, "{url}");
        }
    }
}
