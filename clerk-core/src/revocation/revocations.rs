//! [`Revocations`]: the store of one `Clerk`, and how long its entries must be kept.

use std::{sync::Arc, time::Duration};

use super::{Revocation, RevocationStatus, RevocationStore, Revoked, StalePolicy, TokenInfo};
use crate::{auth::Session, base::time::Timestamp, token::rules::ClockSkew};

/// How long a revocation is kept after its cutoff. The same in all processes, whatever they know about tokens: no token
/// lives longer, and Clerk's edge copies the claims of a token into newer ones for an unknown time.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// Whose clock says when a revocation happened. A plain [`Timestamp`] is this machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokedAt {
    /// Clerk's clock, as in the times of tokens.
    Clerk(Timestamp),
    /// This machine's clock, which may be behind Clerk's by the clock skew.
    Here(Timestamp),
}

impl From<Timestamp> for RevokedAt {
    fn from(at: Timestamp) -> Self {
        Self::Here(at)
    }
}

/// The store of one `Clerk`.
#[derive(Debug)]
pub(crate) struct Revocations(Arc<dyn RevocationStore>);

impl Revocations {
    pub(crate) fn new(store: Arc<dyn RevocationStore>, token_lifetime: Duration, skew: ClockSkew) -> Self {
        let expiry = skew.rejected_from(Timestamp::from_unix_millis(0) + token_lifetime);
        store.set_min_retention(expiry.since(Timestamp::from_unix_millis(0)));
        Self(store)
    }

    pub(crate) fn store(&self) -> &dyn RevocationStore {
        &*self.0
    }

    /// Checks whether a session is revoked. `stale_policy` is the route's policy; default: the store's policy.
    pub(crate) fn check(
        &self,
        session: &Session,
        stale_policy: Option<StalePolicy>,
        now: Timestamp,
    ) -> RevocationStatus {
        let status = self.0.check(&TokenInfo::from(session), now);
        // A known revocation counts even if the store is stale.
        if status == RevocationStatus::Revoked || !self.0.is_stale() {
            return status;
        }
        match stale_policy.unwrap_or_else(|| self.0.stale_policy()) {
            StalePolicy::Accept => status,
            StalePolicy::Refuse => RevocationStatus::Unknown,
        }
    }
}

/// A revocation that covers every token whose claims Clerk can have read until then, by any clock within the skew.
///
/// A time in the future counts as now.
pub(crate) fn revocation(revoked: Revoked, at: RevokedAt, skew: ClockSkew, now: Timestamp) -> Revocation {
    let latest = skew.rejected_from(now);
    let cutoff = match at {
        RevokedAt::Clerk(at) => at,
        RevokedAt::Here(at) => skew.rejected_from(at),
    }
    .min(latest);
    Revocation::new(revoked, cutoff, skew.rejected_from(cutoff + RETENTION))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cutoff_covers_a_clock_that_is_behind() {
        let second = Timestamp::from_unix_seconds;
        for (at, cutoff) in [
            (RevokedAt::Here(second(100)), 105),
            (RevokedAt::Here(second(90)), 95),
            (RevokedAt::Here(second(4000)), 105),
            (RevokedAt::Clerk(second(100)), 100),
            (RevokedAt::Clerk(second(104)), 104),
            (RevokedAt::Clerk(second(4000)), 105),
        ] {
            let revocation = revocation(Revoked::user("user_1"), at, ClockSkew::default(), second(100));
            assert_eq!(revocation.cutoff(), second(cutoff), "{at:?}");
            assert_eq!(revocation.until(), second(cutoff + 24 * 60 * 60 + 5), "{at:?}");
        }
    }
}
