//! Everything that a decision depends on besides the request.

use std::sync::Arc;

use super::{cache::TokenCache, options::AuthenticateOptions};
use crate::{
    auth::Session,
    backend::{jwks::Store, machine_tokens::MachineTokenCache, session_status::SessionStatuses},
    base::time::Timestamp,
    config::InstanceConfig,
    revocation::Revocations,
    token::{KnownHeader, SignedToken, TokenHints, TokenRules, Unverified, VerifyingKey},
};

/// What is configured, which keys are known, and when "now" is.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) rules: &'c TokenRules,
    pub(crate) settings: &'c InstanceConfig,
    pub(crate) keys: &'c Keys,
    pub(crate) cache: &'c TokenCache,
    /// Off unless switched on.
    pub(crate) machine_tokens: Option<&'c MachineTokenCache>,
    pub(crate) known_header: &'c KnownHeader,
    /// Off unless there is a store.
    pub(crate) revocations: Option<&'c Revocations>,
    pub(crate) session_statuses: &'c SessionStatuses,
    pub(crate) options: &'c AuthenticateOptions,
    /// Whether there is a secret key to ask the Backend API with.
    pub(crate) has_secret_key: bool,
    pub(crate) now: Timestamp,
}

/// What is remembered of a token.
pub(crate) struct Recalled {
    pub(crate) hints: TokenHints,
    /// Its session, if its key is still trusted and its time has neither passed nor is yet to come.
    pub(crate) session: Option<Session>,
}

/// The keys that a token is verified with.
#[derive(Debug, Clone)]
pub(crate) enum Keys {
    /// None at all: only tokens that are looked up can be accepted.
    None,
    /// One key, whatever `kid` the token names.
    Fixed(Arc<VerifyingKey>),
    /// The instance's JWKS.
    Remote(Store),
}

impl Context<'_> {
    /// What a token says about itself; `None` when it is none.
    pub(crate) fn hints(&self, token: &str) -> Option<TokenHints> {
        self.known_hints(token.as_bytes()).or_else(|| {
            let signed = SignedToken::parse(token).ok()?;
            Some(Unverified::read(&signed).ok()?.hints(&self.settings.token_issuer()))
        })
    }

    /// What a token that was verified before says about itself.
    pub(crate) fn known_hints(&self, token: &[u8]) -> Option<TokenHints> {
        self.cache.ask(token, |found| found.token().hints)
    }

    /// What is remembered of a token that was verified before.
    pub(crate) fn recall(&self, token: &[u8]) -> Option<Recalled> {
        self.cache.ask(token, |found| {
            let known = found.token();
            let is_good = self.keys.still_trust(&known.key, self.now) && known.validity.check(self.now).is_ok();
            Recalled { hints: known.hints, session: is_good.then(|| found.session()) }
        })
    }

    /// The session of a token that was verified before, if it is still good.
    pub(crate) fn known(&self, token: &[u8]) -> Option<(TokenHints, Session)> {
        let Recalled { hints, session } = self.recall(token)?;
        Some((hints, session?))
    }
}

impl Keys {
    fn still_trust(&self, key: &Arc<VerifyingKey>, now: Timestamp) -> bool {
        match self {
            Self::None => false,
            Self::Fixed(fixed) => Arc::ptr_eq(fixed, key),
            Self::Remote(store) => store.still_trusts(key, now),
        }
    }
}
