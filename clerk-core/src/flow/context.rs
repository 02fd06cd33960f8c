//! Everything that a decision depends on besides the request.

use std::sync::Arc;

use super::{
    cache::TokenCache,
    need::Answers,
    notice::{LogLimits, Notice, SettingRefusals},
    options::AuthenticateOptions,
    respond::redirect_guard::MarkerKey,
};
use crate::{
    auth::Session,
    backend::{jwks::Store, machine_tokens::MachineTokenCache, session_status::SessionStatuses},
    base::time::Timestamp,
    config::InstanceConfig,
    revocation::Revocations,
    token::{SignedToken, TokenHints, TokenRules, Unverified, VerifyingKey},
};

/// The configuration, the known keys and the time.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) rules: &'c TokenRules,
    pub(crate) settings: &'c InstanceConfig,
    pub(crate) keys: &'c Keys,
    pub(crate) cache: &'c TokenCache,
    /// `None`: the cache of machine tokens is off.
    pub(crate) machine_tokens: Option<&'c MachineTokenCache>,
    /// `None`: no revocation store is configured.
    pub(crate) revocations: Option<&'c Revocations>,
    pub(crate) session_statuses: &'c SessionStatuses,
    pub(crate) log_limits: &'c LogLimits,
    pub(crate) setting_refusals: &'c SettingRefusals,
    pub(crate) marker_key: &'c MarkerKey,
    pub(crate) options: &'c AuthenticateOptions,
    /// Whether a secret key is configured, so that the Backend API can be called.
    pub(crate) has_secret_key: bool,
    pub(crate) now: Timestamp,
}

/// What the cache knows of a token.
pub(crate) struct CachedToken {
    pub(crate) hints: TokenHints,
    /// Its session, if its key is still trusted and the token is valid now.
    pub(crate) session: Option<Session>,
}

/// The keys that a token is verified with.
#[derive(Debug, Clone)]
pub(crate) enum Keys {
    /// No key: only tokens that the Backend API verifies are accepted.
    None,
    /// One key, whatever `kid` the token names.
    Fixed(Arc<VerifyingKey>),
    /// The instance's JWKS.
    Remote(Store),
}

impl Context<'_> {
    /// If a line may be written now, once for a request and at most once a minute: how many were left out before.
    pub(crate) fn admit_line(&self, notice: Notice, answers: &Answers) -> Option<u64> {
        answers.is_first_notice(notice).then(|| self.log_limits.admit(notice, self.now)).flatten()
    }

    /// A token's hints; `None` for an invalid token.
    pub(crate) fn hints(&self, token: &str) -> Option<TokenHints> {
        self.cached_hints(token.as_bytes()).or_else(|| {
            let signed = SignedToken::parse(token).ok()?;
            Some(Unverified::read(&signed).ok()?.hints(&self.settings.token_issuer()))
        })
    }

    /// A cached token's hints.
    pub(crate) fn cached_hints(&self, token: &[u8]) -> Option<TokenHints> {
        self.cache.get_with(token, |hit| hit.token().hints)
    }

    /// What the cache knows of a token.
    pub(crate) fn cached_token(&self, token: &[u8]) -> Option<CachedToken> {
        self.cache.get_with(token, |hit| {
            let known = hit.token();
            let is_valid = self.keys.still_trust(&known.key, self.now) && known.validity.check(self.now).is_ok();
            CachedToken { hints: known.hints, session: is_valid.then(|| hit.session()) }
        })
    }

    /// A cached token's session, if it is still valid.
    pub(crate) fn cached_session(&self, token: &[u8]) -> Option<(TokenHints, Session)> {
        let CachedToken { hints, session } = self.cached_token(token)?;
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
