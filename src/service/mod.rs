//! The gRPC service: a thin adapter over one [`Screener`](crate::screening::Screener).
//!
//! # Layout
//!
//! * `proto/zeef/v1/` defines the API; [`proto`] is the code generated from it, `convert` the one
//!   place where its messages meet the types of [`model`](crate::model) and
//!   [`screening`](crate::screening).
//! * `screening`, `stream`, `cases`, `entities`, `lists`, `snapshots`, `monitor`: one file per service or hard
//!   part of one; `watching` brings watched subjects to each snapshot.
//! * `recording`: answers are recorded before they leave; `reviews`: the queue of suspected matches.
//! * [`Caller`]: who asks, found in a request's extensions.
//! * `status`: the one place where errors of every layer become gRPC codes with details.
//! * [`ScreenerHandle`]: what is being served, swapped whole; `reload` watches a data folder.
//! * `accept`, `connection`, `tls`: connections, from their first byte to the cut.
//! * [`access`]: who may call, and how much. `telemetry`: what is counted.
//! * `routes`: gRPC, gRPC-Web and the page on one port.
//! * `workers`: where CPU work runs, never on an async worker.
//! * [`run`]: the server on a listener until a shutdown; [`serve`]: the same on a data folder.
//!
//! # Invariants
//!
//! * A call sees one snapshot from beginning to end.
//! * Without a snapshot every call fails with FAILED_PRECONDITION; none answers "nothing found".
//! * CPU work runs on `workers`, stops at the call's deadline and when the caller has gone.
//! * Every queue is bounded; what does not fit is refused at once with RESOURCE_EXHAUSTED.
//! * Every request comes through one gate, which knows what each method needs.
//! * Whoever does not go on, at TLS, at its question or at its answer, is cut.
//! * Nothing that was screened reaches a log, a trace or an error text.

mod accept;
pub mod access;
mod caller;
mod cases;
mod config;
mod connection;
mod convert;
mod deadline;
mod entities;
mod handle;
mod health;
mod lists;
mod monitor;
mod recording;
mod reload;
mod reviews;
mod routes;
mod screening;
mod server;
mod snapshots;
mod status;
mod stream;
mod telemetry;
mod tls;
mod upkeep;
mod watching;
mod workers;

pub use caller::Caller;
pub use config::{Config, DataSource, RecordsConfig, ServeConfig};
pub use connection::Peer;
pub use handle::ScreenerHandle;
pub use health::FRESH_LISTS;
pub use reload::ServeEvent;
pub use server::{ServiceError, run, runtime, serve};
pub use status::{ERROR_DOMAIN, Reason};
pub use telemetry::{CALL_SPANS, Metrics};
pub use tls::{Tls, TlsError, TlsFiles};
pub use upkeep::{KeysError, read_keys};
pub use watching::Watching;

pub(crate) use deadline::Deadline;
pub(crate) use server::Shared;
pub(crate) use status::{Failure, Violation};
pub(crate) use workers::Wanted;

/// Code generated from `proto/zeef/v1/`: messages, clients and servers. Documented there.
pub mod proto {
    #![allow(missing_docs, clippy::all, clippy::pedantic)]
    tonic::include_proto!("zeef.v1");

    /// The compiled descriptors of the package and its imports, as server reflection gives them.
    pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zeef.v1.bin"));
}
