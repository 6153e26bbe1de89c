//! What must fit together across keys.

use std::net::SocketAddr;

use super::fault::Fault;
use super::sections::{Data, Limits, Log, RecordsSection, Sections, Server};
use crate::review::store::StoreUrl;

/// All faults that lie between keys, or in what a value means.
pub(super) fn faults(sections: &Sections) -> Vec<Fault> {
    let mut faults = Vec::new();
    server(&sections.server, &mut faults);
    data(&sections.data, &mut faults);
    records(&sections.records, &mut faults);
    limits(&sections.limits, &mut faults);
    log(&sections.log, &mut faults);
    faults
}

fn server(server: &Server, faults: &mut Vec<Fault>) {
    if server.listen.as_ref().is_some_and(|l| l.parse::<SocketAddr>().is_err()) {
        faults.push(Fault::of_key(
            "server.listen",
            "write an IP address and a port, such as 127.0.0.1:50051 or [::1]:50051",
        ));
    }
    if server.threads == Some(0) {
        faults.push(Fault::of_key("server.threads", "must be 1 or more; leave it out for one per core"));
    }
}

fn data(data: &Data, faults: &mut Vec<Fault>) {
    if data.demo && data.folder.is_some() {
        faults.push(Fault::of_key(
            "data.demo",
            "the demonstration lists stand beside no folder; leave out data.folder or data.demo",
        ));
    }
    for (list, days) in &data.max_age_days {
        if *days < 0 {
            faults.push(Fault::of_key(&format!("data.max_age_days.{list}"), "must be 0 or more days"));
        }
    }
}

fn records(records: &RecordsSection, faults: &mut Vec<Fault>) {
    match records.store.as_deref().map(str::parse::<StoreUrl>) {
        Some(Err(what)) => faults.push(Fault::of_key("records.store", what.to_string())),
        Some(Ok(url)) if url.has_password() => faults.push(Fault::of_key(
            "records.store",
            "leave the password out, and put it into PGPASSWORD or the file that PGPASSFILE names",
        )),
        _ => {}
    }
}

fn limits(limits: &Limits, faults: &mut Vec<Fault>) {
    let numbers = [
        ("max_message_bytes", limits.max_message_bytes),
        ("max_connections", limits.max_connections),
        ("max_calls_per_connection", limits.max_calls_per_connection.map(|n| n as usize)),
        ("max_streams", limits.max_streams),
        ("max_queued", limits.max_queued),
        ("batch_size", limits.batch_size),
        ("batches_in_flight", limits.batches_in_flight),
    ];
    for (key, number) in numbers {
        if number == Some(0) {
            faults.push(Fault::of_key(&format!("limits.{key}"), "must be 1 or more"));
        }
    }
    let times = [
        ("longest_call", limits.longest_call),
        ("keepalive_interval", limits.keepalive_interval),
        ("keepalive_timeout", limits.keepalive_timeout),
    ];
    for (key, time) in times {
        if time.is_some_and(|t| t.0.is_zero()) {
            faults.push(Fault::of_key(&format!("limits.{key}"), "must be longer than no time at all"));
        }
    }
}

fn log(log: &Log, faults: &mut Vec<Fault>) {
    if let Some(level) = &log.level
        && let Err(error) = tracing_subscriber::EnvFilter::try_new(level)
    {
        faults.push(Fault::of_key(
            "log.level",
            format!("{error}; write a level such as info, or warn,zeef=debug"),
        ));
    }
}
