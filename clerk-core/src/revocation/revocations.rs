//! [`Revocations`]: the store of one `Clerk`, and how long its entries must be kept.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::Duration,
};

use super::{Revocation, RevocationStatus, RevocationStore, Revoked, StalePolicy, TokenInfo};
use crate::{auth::Session, base::time::Timestamp, token::rules::ClockSkew};

/// The longest token lifetime that is taken into account, in milliseconds.
const MAX_TOKEN_LIFETIME: i64 = 24 * 60 * 60 * 1000;

/// A store, and the lifetime of tokens.
#[derive(Debug)]
pub(crate) struct Revocations {
    store: Arc<dyn RevocationStore>,
    /// In milliseconds: the configured lifetime, or the longest one seen in a token.
    lifetime: AtomicI64,
    skew: ClockSkew,
}

impl Revocations {
    pub(crate) fn new(store: Arc<dyn RevocationStore>, lifetime: Duration, skew: ClockSkew) -> Self {
        let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(MAX_TOKEN_LIFETIME).min(MAX_TOKEN_LIFETIME);
        Self { store, lifetime: AtomicI64::new(lifetime), skew }
    }

    pub(crate) fn store(&self) -> &dyn RevocationStore {
        &*self.store
    }

    /// Checks whether a session is revoked. `stale_policy` is the route's policy; default: the store's policy.
    pub(crate) fn check(
        &self,
        session: &Session,
        stale_policy: Option<StalePolicy>,
        now: Timestamp,
    ) -> RevocationStatus {
        let token = TokenInfo::from(session);
        self.learn_lifetime(&token, session.expires_at());
        let status = self.store.check(&token, now);
        // A known revocation counts even if the store is stale.
        if status == RevocationStatus::Revoked || !self.store.is_stale() {
            return status;
        }
        match stale_policy.unwrap_or_else(|| self.store.stale_policy()) {
            StalePolicy::Accept => status,
            StalePolicy::Refuse => RevocationStatus::Unknown,
        }
    }

    /// A revocation that is kept until the last token that existed at `at` is no longer accepted: the lifetime plus twice
    /// the clock skew. One skew is for a Clerk clock ahead of ours, one because expired tokens are accepted that long.
    ///
    /// An `at` in the future is capped at the clock skew.
    pub(crate) fn revocation(&self, revoked: Revoked, at: Timestamp, now: Timestamp) -> Revocation {
        let at = at.min(self.skew.rejected_from(now));
        let lifetime = Duration::from_millis(self.lifetime.load(Relaxed).unsigned_abs());
        Revocation::new(revoked, at, self.skew.rejected_from(self.skew.rejected_from(at + lifetime)))
    }

    /// Raises the lifetime if this token lives longer: an entry that expires before its token would accept it again.
    fn learn_lifetime(&self, token: &TokenInfo<'_>, expires_at: Timestamp) {
        let Some(issued_at) = token.issued_at else { return };
        let lifetime = expires_at.unix_millis().saturating_sub(issued_at.unix_millis());
        if lifetime > self.lifetime.load(Relaxed) {
            self.raise_lifetime(lifetime.min(MAX_TOKEN_LIFETIME));
        }
    }

    #[cold]
    fn raise_lifetime(&self, lifetime: i64) {
        if self.lifetime.fetch_max(lifetime, Relaxed) < lifetime {
            tracing::warn!(
                target: "clerk",
                seconds = lifetime / 1000,
                "session tokens live longer than revocations are kept: new revocations are now kept this long, but earlier ones may expire before their tokens; set ClerkBuilder::session_token_lifetime"
            );
        }
    }
}
