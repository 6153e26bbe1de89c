//! Who may call, and how much.
//!
//! # Layout
//!
//! * `scope`, `rules`: what callers may do, and which scope each call needs: one table of all methods.
//! * `token`, `oidc` with `keys`, certificates of TLS clients: how callers show who they are.
//! * `clients`: rates, quotas and calls at once, for each client.
//! * `session`, `login`: the same for people with a browser; `provider`, `pending`: logging in through an identity
//!   provider.
//! * `gate`: the layer through which every request comes.
//!
//! # Invariants
//!
//! * Without a rule a call needs the scope `admin`; without credentials nothing but health answers, where
//!   anything at all is asked of callers.
//! * Credentials that are wrong never fall back to anonymity.
//! * No secret is kept: of tokens their hashes, of identity providers public keys. None is logged.

mod clients;
mod gate;
mod keys;
mod login;
mod oidc;
mod pending;
mod provider;
mod rules;
mod scope;
mod session;
mod token;

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;

pub use clients::Allowance;
pub(crate) use clients::Client;
pub use keys::{KeySet, KeySetError};
pub use oidc::{Bearer, Issuer, JwtError, KeySource, Oidc};
pub use provider::{CALLBACK, Endpoints, LoginConfig, Provider, ProviderError, is_guarded};
pub use scope::{Scope, Scopes};
pub use token::{TOKEN_PREFIX, Token, TokenHash, from_hexadecimal, hexadecimal, new_token, token_hash};

pub(super) use gate::{Gate, Gated};
pub(super) use keys::MAX_KEY_SET;
pub(super) use login::routes as login_routes;
pub(super) use rules::names as call_names;
pub(super) use session::SessionKey;
pub(crate) use session::cookie_name as session_cookie;

use super::caller::Caller;
use super::connection::Peer;
use super::status::{Failure, Reason};
use oidc::caller_name;
use session::{Holder, Person, Session};

/// How many callers without a token of ours (addresses, names from an identity provider) are remembered. Beyond
/// that those that ask for nothing at the moment are forgotten.
const MAX_REMEMBERED: usize = 10_000;

/// A TLS client's certificate that lets it in without a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The client's name.
    pub name: String,
    /// SHA-256 of the certificate as sent (DER).
    pub fingerprint: [u8; 32],
    /// What the client may do.
    pub scopes: Scopes,
    /// How much it may ask for; that of all clients where none is given.
    pub allowance: Option<Allowance>,
}

/// Who may call, as the operator says.
#[derive(Clone, Debug)]
pub struct AccessConfig {
    /// Tokens of clients.
    pub tokens: Vec<Token>,
    /// Certificates that stand for a token. They must come from an authority that TLS is told to trust.
    pub certificates: Vec<Certificate>,
    /// An identity provider, with its keys.
    pub oidc: Option<Arc<Oidc>>,
    /// How people log in to the page through that provider; only by a token where it is absent.
    pub provider: Option<Arc<Provider>>,
    /// What callers may do of whom nothing is known.
    pub anonymous: Scopes,
    /// Whether reflection answers callers of whom nothing is known.
    pub open_reflection: bool,
    /// How much each client may ask for, where nothing else is said.
    pub allowance: Allowance,
    /// What the page's sessions are signed with; a key of this process where none is given.
    pub session_key: Option<Vec<u8>>,
    /// How long a person stays logged in. Default: 8 hours, a day at work.
    pub session_length: Duration,
}

impl Default for AccessConfig {
    /// Nothing is asked of callers: for one machine, where whoever can connect may.
    fn default() -> Self {
        Self {
            tokens: Vec::new(),
            certificates: Vec::new(),
            oidc: None,
            provider: None,
            anonymous: Scopes::all(),
            open_reflection: true,
            allowance: Allowance::default(),
            session_key: None,
            session_length: Duration::from_secs(8 * 3_600),
        }
    }
}

impl AccessConfig {
    /// Whether callers must show who they are for anything beyond health.
    pub fn is_closed(&self) -> bool {
        self.anonymous.is_empty()
    }
}

/// Somebody who calls, and is known.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) caller: Caller,
    pub(super) scopes: Scopes,
    pub(super) client: Arc<Client>,
}

/// Who may call as of now, swapped whole when the operator changes it.
pub struct Access {
    now: ArcSwap<Rules>,
    /// Clients that no configuration names.
    met: Mutex<HashMap<String, Arc<Client>>>,
    sessions: SessionKey,
}

/// One configuration, ready for use.
struct Rules {
    config: AccessConfig,
    tokens: HashMap<TokenHash, Entry>,
    certificates: HashMap<[u8; 32], Entry>,
}

struct Entry {
    identity: Identity,
    expires: Option<SystemTime>,
}

impl Entry {
    fn live(&self) -> Option<&Identity> {
        let expired = self.expires.is_some_and(|at| at <= SystemTime::now());
        (!expired).then_some(&self.identity)
    }
}

impl Rules {
    /// Clients of `before` that may ask for the same as before go on with what they have used up.
    fn new(config: AccessConfig, before: Option<&Self>) -> Self {
        let known: BTreeMap<&str, &Arc<Client>> = before
            .iter()
            .flat_map(|rules| rules.tokens.values().chain(rules.certificates.values()))
            .map(|entry| (&*entry.identity.caller.name, &entry.identity.client))
            .collect();
        let entry = |name: &str, scopes, allowance: Option<Allowance>, expires: Option<jiff::Timestamp>| {
            let allowance = allowance.unwrap_or(config.allowance);
            let client = known.get(name).filter(|c| c.allowance() == allowance).map(|c| Arc::clone(c));
            let client = client.unwrap_or_else(|| Arc::new(Client::new(allowance)));
            Entry {
                identity: Identity { caller: Caller::named(name), scopes, client },
                expires: expires.map(SystemTime::from),
            }
        };
        let tokens = config
            .tokens
            .iter()
            .map(|t| (t.hash, entry(&t.name, t.scopes, t.allowance, t.expires)))
            .collect();
        let certificates = config
            .certificates
            .iter()
            .map(|c| (c.fingerprint, entry(&c.name, c.scopes, c.allowance, None)))
            .collect();
        Self { tokens, certificates, config }
    }
}

impl Access {
    /// Lets in whom `config` names.
    ///
    /// # Errors
    /// When no key is given for sessions and the operating system gives no random numbers for one.
    pub fn new(config: AccessConfig) -> Result<Self, getrandom::Error> {
        let sessions = SessionKey::new(config.session_key.as_deref())?;
        let now = ArcSwap::from_pointee(Rules::new(config, None));
        Ok(Self { now, met: Mutex::default(), sessions })
    }

    /// Lets in whom `config` names, from the next call on. The key of sessions stays.
    pub fn replace(&self, config: AccessConfig) {
        let before = self.now.load();
        self.now.store(Arc::new(Rules::new(config, Some(&before))));
        self.met().clear();
    }

    /// What the operator says as of now.
    pub fn config(&self) -> AccessConfig {
        self.now.load().config.clone()
    }

    fn met(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Client>>> {
        // Nothing that panics runs under the lock.
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client of a name that no configuration has.
    fn met_as(&self, name: &str, allowance: Allowance) -> Arc<Client> {
        let mut met = self.met();
        if let Some(client) = met.get(name) {
            return Arc::clone(client);
        }
        if met.len() >= MAX_REMEMBERED {
            // Whoever has a call open holds its client too.
            met.retain(|_, client| Arc::strong_count(client) > 1);
        }
        let client = Arc::new(Client::new(allowance));
        met.insert(name.to_owned(), Arc::clone(&client));
        client
    }

    /// Whom a bearer token names: one of ours, or one of the identity provider.
    pub(super) fn by_token(&self, token: &str) -> Result<Identity, Failure> {
        let rules = self.now.load();
        if let Some(entry) = rules.tokens.get(&token_hash(token)) {
            let expired = || Failure::new(Reason::Unauthenticated, "the token has expired");
            return entry.live().cloned().ok_or_else(expired);
        }
        match &rules.config.oidc {
            Some(oidc) if !token.starts_with(TOKEN_PREFIX) => {
                let bearer = oidc.bearer(token).map_err(|error| {
                    Failure::new(Reason::Unauthenticated, format!("the caller is not let in: {error}"))
                })?;
                let client = self.met_as(&bearer.name, rules.config.allowance);
                let caller = Caller::named(bearer.name);
                Ok(Identity { caller, scopes: bearer.scopes, client })
            }
            _ => Err(Failure::new(Reason::Unauthenticated, "the token is not known here")),
        }
    }

    /// Whom a client's certificate names. TLS has checked that it is the client's.
    fn by_certificate(&self, peer: &Peer) -> Option<Identity> {
        let rules = self.now.load();
        rules.certificates.get(peer.fingerprint.as_deref()?)?.live().cloned()
    }

    /// Whom the hash of a token names, for sessions that began with it.
    fn by_hash(&self, hash: &TokenHash) -> Option<Identity> {
        self.now.load().tokens.get(hash)?.live().cloned()
    }

    /// Whom a session names, if what let them in still does.
    fn by_session(&self, session: &Session) -> Option<Identity> {
        match &session.holder {
            Holder::Token(hash) => self.by_hash(hash),
            Holder::Person(person) => self.by_person(person),
        }
    }

    /// Somebody whom the identity provider let in. Without anything granted they are nobody.
    fn by_person(&self, person: &Person) -> Option<Identity> {
        let rules = self.now.load();
        rules.config.provider.as_ref()?;
        let oidc = rules.config.oidc.as_ref().filter(|oidc| oidc.issuer().issuer == person.issuer)?;
        let scopes = oidc.granted(&person.words);
        let name = caller_name(&person.name);
        let client = self.met_as(&name, rules.config.allowance);
        (!scopes.is_empty()).then(|| Identity { caller: Caller::named(name), scopes, client })
    }

    /// Somebody of whom nothing is known. Each address is a client of its own.
    fn anonymous(&self, address: Option<IpAddr>) -> Identity {
        let rules = self.now.load();
        let name = address.map_or_else(String::new, |a| a.to_string());
        Identity {
            caller: Caller::named(Caller::ANONYMOUS),
            scopes: rules.config.anonymous,
            client: self.met_as(&name, rules.config.allowance),
        }
    }
}
