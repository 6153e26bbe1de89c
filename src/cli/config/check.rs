//! What must fit together across keys.

use std::net::SocketAddr;

use super::fault::Fault;
use super::sections::{
    Access, Client, Data, Limits, Log, Oidc, OidcLogin, RecordsSection, Sections, Server, Tls,
};
use crate::review::store::StoreUrl;
use crate::service::Caller;
use crate::service::access::{CALLBACK, Scope, is_guarded};

/// All faults that lie between keys, or in what a value means.
pub(super) fn faults(sections: &Sections) -> Vec<Fault> {
    let mut faults = Vec::new();
    server(&sections.server, &mut faults);
    data(&sections.data, &mut faults);
    records(&sections.records, &mut faults);
    tls(&sections.tls, &mut faults);
    access(&sections.access, &sections.tls, &mut faults);
    if let Some((oidc, login)) = sections.access.oidc.as_ref().and_then(|o| Some((o, o.login.as_ref()?))) {
        oidc_login(&oidc.issuer, login, sections, &mut faults);
    }
    beyond_this_machine(sections, &mut faults);
    if sections.metrics.listen.as_ref().is_some_and(|l| l.parse::<SocketAddr>().is_err()) {
        faults
            .push(Fault::of_key("metrics.listen", "write an IP address and a port, such as 127.0.0.1:9464"));
    }
    limits(&sections.limits, &mut faults);
    log(&sections.log, &mut faults);
    if sections.traces.share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        faults.push(Fault::of_key("traces.share", "lies outside 0 to 1"));
    }
    if sections
        .traces
        .endpoint
        .as_ref()
        .is_some_and(|e| !e.starts_with("http://") && !e.starts_with("https://"))
    {
        faults.push(Fault::of_key("traces.endpoint", "must begin with http:// or https://"));
    }
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

fn tls(tls: &Tls, faults: &mut Vec<Fault>) {
    match (&tls.certificate, &tls.key) {
        (Some(_), None) => {
            faults.push(Fault::of_key("tls.certificate", "needs its key; name that with tls.key"))
        }
        (None, Some(_)) => {
            faults.push(Fault::of_key("tls.key", "needs its certificate; name that with tls.certificate"))
        }
        _ => {}
    }
    if tls.client_authorities.is_some() && tls.certificate.is_none() {
        let what = "asks clients for certificates, which needs TLS; give tls.certificate and tls.key";
        faults.push(Fault::of_key("tls.client_authorities", what));
    }
    if tls.require_client_certificate.is_some() && tls.client_authorities.is_none() {
        let what = "says nothing without tls.client_authorities";
        faults.push(Fault::of_key("tls.require_client_certificate", what));
    }
}

fn access(access: &Access, tls: &Tls, faults: &mut Vec<Fault>) {
    let mut names: Vec<&str> = Vec::new();
    let tokens = access.tokens.iter().map(|t| ("access.tokens", &t.name, &t.scopes, &t.allowance));
    let certificates =
        access.certificates.iter().map(|c| ("access.certificates", &c.name, &c.scopes, &c.allowance));
    for (key, name, scopes, allowance) in tokens.chain(certificates) {
        let mut fault = |what: String| faults.push(Fault::of_key(key, format!("{name:?}: {what}")));
        if name.is_empty() || name == Caller::ANONYMOUS || name.starts_with("oidc:") {
            fault("is no name for a client; names stand in the audit trail, choose another".to_owned());
        }
        if names.contains(&name.as_str()) {
            fault("there are two of this name; the audit trail could not tell them apart".to_owned());
        }
        names.push(name);
        if scopes.is_empty() {
            fault(format!("may do nothing; give scopes, of {}", Scope::ALL.map(Scope::as_str).join(", ")));
        }
        if let Some(client) = allowance {
            client_faults(key, client, faults);
        }
    }
    let hashes: Vec<_> = access.tokens.iter().map(|t| t.sha256.0).collect();
    if (1..hashes.len()).any(|i| hashes[..i].contains(&hashes[i])) {
        faults.push(Fault::of_key("access.tokens", "two clients share one token; make one for each"));
    }
    if !access.certificates.is_empty() && tls.client_authorities.is_none() {
        let what = "clients are not asked for certificates; give tls.client_authorities";
        faults.push(Fault::of_key("access.certificates", what));
    }
    if let Some(issuer) = &access.oidc {
        oidc(issuer, faults);
    }
    if access.session_length.is_some_and(|s| s.0.as_secs() == 0) {
        faults.push(Fault::of_key("access.session_length", "must be a second or longer"));
    }
}

fn oidc(oidc: &Oidc, faults: &mut Vec<Fault>) {
    let mut fault = |key: &str, what: &str| faults.push(Fault::of_key(&format!("access.oidc.{key}"), what));
    if oidc.issuer.is_empty() || oidc.audience.is_empty() {
        fault("issuer", "issuer and audience are held against each token and must not be empty");
    }
    match (&oidc.jwks_url, &oidc.jwks_file) {
        (Some(_), Some(_)) => fault("jwks_url", "keys come from one place; leave out jwks_url or jwks_file"),
        (None, None) => fault("jwks_url", "is missing: say where the provider's keys are, or give jwks_file"),
        (Some(url), None) => {
            if !is_guarded(url) {
                fault(
                    "jwks_url",
                    "must begin with https://, for whoever changes the keys on their way lets anybody in",
                );
            }
        }
        (None, Some(_)) => {}
    }
    if oidc.grants.values().all(Vec::is_empty) {
        fault("grants", "nothing is granted to anybody; write such as `screeners = [\"screen\"]`");
    }
}

fn oidc_login(issuer: &str, login: &OidcLogin, sections: &Sections, faults: &mut Vec<Fault>) {
    let mut fault =
        |key: &str, what: String| faults.push(Fault::of_key(&format!("access.oidc.login.{key}"), what));
    if login.client_id.is_empty() {
        fault("client_id", "is missing: say who zeef is at the provider".to_owned());
    }
    let ends = login.redirect_uri.strip_suffix(CALLBACK).filter(|start| !start.contains(['?', '#']));
    let host = login.redirect_uri.parse::<axum::http::Uri>().ok().and_then(|uri| {
        // Sessions hold for a whole host, so that zeef must have one to itself.
        (uri.path() == CALLBACK).then(|| uri.authority().map(ToString::to_string)).flatten()
    });
    if ends.is_none() || host.is_none() || !is_guarded(&login.redirect_uri) {
        let what = format!(
            "must be https://, the host by which browsers reach zeef, and {CALLBACK}; http:// on this machine alone"
        );
        fault("redirect_uri", what);
    } else if login.redirect_uri.starts_with("https://")
        && sections.tls.certificate.is_none()
        && !sections.server.behind_tls_proxy
    {
        let what = "begins with https://, and there is no TLS here; give tls.certificate, or say \
                    server.behind_tls_proxy if a proxy ends it";
        fault("redirect_uri", what.to_owned());
    }
    let is_word = |scope: &String| scope.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
    if !login.scopes.is_empty() && !login.scopes.iter().any(|scope| scope == "openid") {
        fault("scopes", "must hold openid, or there is no word on who has logged in".to_owned());
    }
    if !login.scopes.iter().all(|scope| !scope.is_empty() && is_word(scope)) {
        fault("scopes", "holds something that is no scope".to_owned());
    }
    let endpoints = [
        ("authorization_endpoint", &login.authorization_endpoint),
        ("token_endpoint", &login.token_endpoint),
    ];
    for (key, endpoint) in endpoints {
        if endpoint.as_ref().is_some_and(|address| !is_guarded(address)) {
            fault(key, "must begin with https://".to_owned());
        }
    }
    match (&login.authorization_endpoint, &login.token_endpoint) {
        (Some(_), None) => fault("token_endpoint", "is missing beside authorization_endpoint".to_owned()),
        (None, Some(_)) => fault("authorization_endpoint", "is missing beside token_endpoint".to_owned()),
        (None, None) if !is_guarded(issuer) => {
            let what =
                "is missing: the issuer is no address beginning with https:// from which it could be learnt";
            fault("authorization_endpoint", what.to_owned());
        }
        _ => {}
    }
}

/// Refuses to be reached from other machines by whoever likes, unless the operator says so in so many words.
fn beyond_this_machine(sections: &Sections, faults: &mut Vec<Fault>) {
    let server = &sections.server;
    let Some(Ok(listen)) = server.listen.as_ref().map(|l| l.parse::<SocketAddr>()) else { return };
    if listen.ip().is_loopback() || server.insecure_listen {
        return;
    }
    let mut missing = Vec::new();
    if sections.tls.certificate.is_none() {
        missing.push("TLS (give tls.certificate and tls.key)");
    }
    if !sections.asks_who_calls() {
        missing.push("a way to know who calls (give a token with `zeef token new`, or access.oidc)");
    } else if !sections.access.anonymous.is_empty() {
        missing.push("a question who calls (access.anonymous lets everybody in)");
    }
    if !missing.is_empty() {
        faults.push(Fault::of_key(
            "server.listen",
            format!(
                "other machines reach {listen}, and there is not {}. Add what is missing or listen on 127.0.0.1; if \
                 something before this server sees to it, say so with --insecure-listen or server.insecure_listen",
                missing.join(", nor ")
            ),
        ));
    }
}

fn client_faults(key: &str, client: &Client, faults: &mut Vec<Fault>) {
    if client.burst.is_some() && client.per_second.is_none() {
        faults.push(Fault::of_key(&format!("{key}.burst"), "says nothing without per_second"));
    }
    if client.calls_at_once == Some(0) {
        faults.push(Fault::of_key(&format!("{key}.calls_at_once"), "must be 1 or more"));
    }
}

fn limits(limits: &Limits, faults: &mut Vec<Fault>) {
    let numbers = [
        ("max_message_bytes", limits.max_message_bytes),
        ("max_connections", limits.max_connections),
        ("max_connections_per_address", limits.max_connections_per_address),
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
    client_faults("limits.client", &limits.client, faults);
    let times = [
        ("longest_call", limits.longest_call),
        ("handshake_timeout", limits.handshake_timeout),
        ("slow_reader", limits.slow_reader),
        ("idle_stream", limits.idle_stream),
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
