//! What is sent, and its signature.

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use super::Secret;
use crate::review::monitor::{Alert, AlertKind};

/// Header with the id of the delivery: the same however often it is sent, so that a receiver can pass over what
/// it has had.
pub const DELIVERY_HEADER: &str = "zeef-delivery";
/// Header with the signature: `t=SECONDS,v1=HEX`.
pub const SIGNATURE_HEADER: &str = "zeef-signature";

/// What is sent.
#[derive(Serialize)]
struct Body<'a> {
    delivery: &'a str,
    alerts: Vec<Told<'a>>,
}

/// An alert as it is sent: ids, no names.
#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    number: i64,
    kind: AlertKind,
    watch_id: &'a str,
    reference: &'a str,
    list: &'a str,
    entity_id: &'a str,
    first: bool,
    delisted: bool,
    snapshot: &'a str,
    time: String,
}

/// The body of a delivery.
pub(super) fn body(delivery: &str, alerts: &[Alert]) -> Vec<u8> {
    let told = alerts.iter().map(|a| Told {
        id: &a.id,
        number: a.number,
        kind: a.kind,
        watch_id: &a.watch_id,
        reference: &a.reference,
        list: &a.list,
        entity_id: &a.entity_id,
        first: a.first,
        delisted: a.delisted,
        snapshot: &a.snapshot,
        time: a.time.to_string(),
    });
    // Texts and numbers, which serde always writes.
    serde_json::to_vec(&Body { delivery, alerts: told.collect() }).unwrap_or_default()
}

/// The id of the delivery to a target that ends with an alert and begins after another.
pub(super) fn delivery_id(target: &str, after: i64, last: i64) -> String {
    let hash = blake3::hash(format!("{target}\n{after}\n{last}").as_bytes());
    hash.to_hex()[..32].to_owned()
}

fn mac(secret: &Secret, time: i64, delivery: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    // HMAC takes keys of any length; there is no other error.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).ok()?;
    mac.update(format!("{time}.{delivery}.").as_bytes());
    mac.update(body);
    Some(mac)
}

/// The signature of a delivery sent at `time` (seconds since 1970): HMAC-SHA256 over
/// `TIME.DELIVERY.BODY`.
pub fn signature(secret: &Secret, time: i64, delivery: &str, body: &[u8]) -> String {
    let bytes = mac(secret, time, delivery, body).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    format!("t={time},v1={hex}")
}

/// Whether a signature is that of a delivery, and at most `tolerance` seconds away from `now`. What a receiver
/// does.
pub fn verify(secret: &Secret, header: &str, delivery: &str, body: &[u8], now: i64, tolerance: i64) -> bool {
    let Some((time, hex)) = header.strip_prefix("t=").and_then(|rest| rest.split_once(",v1=")) else {
        return false;
    };
    let Ok(time) = time.parse::<i64>() else { return false };
    let bytes: Option<Vec<u8>> = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let near = now.abs_diff(time) <= tolerance.unsigned_abs();
    near && bytes.is_some_and(|bytes| {
        // Compared in constant time.
        mac(secret, time, delivery, body).is_some_and(|mac| mac.verify_slice(&bytes).is_ok())
    })
}
