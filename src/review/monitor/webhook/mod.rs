//! Alerts to somebody else's server: signed, tried again until they arrive, each delivery the same however often
//! it is sent.
//!
//! A delivery names watches, entities and alerts by their ids, never a person: what lies in the receiver's logs
//! and queues must not tell who is watched. Whoever may know asks for the alert with the id, over
//! `MonitorService.WatchAlerts` or the page, where access is checked and recorded.

mod body;
mod deliver;
mod secret;

pub use body::{DELIVERY_HEADER, SIGNATURE_HEADER, signature, verify};
pub use deliver::{Delivered, Webhook, WebhookConfig, WebhookError};
pub use secret::{Secret, SecretError};

#[cfg(test)]
mod tests;
