//! The store of one `Clerk`, with what it takes to know how long its entries matter.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::Duration,
};

use super::{Revocation, RevocationStore, Revoked, Standing, Subject, WhenStale};
use crate::{auth::Session, base::time::Timestamp, token::rules::ClockSkew};

/// The longest life of a token that is believed.
const LONGEST_LIFE: i64 = 24 * 60 * 60 * 1000;

/// A store, and how long tokens live.
#[derive(Debug)]
pub(crate) struct Revocations {
    store: Arc<dyn RevocationStore>,
    /// In milliseconds: what was configured, or the longest that was seen.
    lifetime: AtomicI64,
    skew: ClockSkew,
}

impl Revocations {
    pub(crate) fn new(store: Arc<dyn RevocationStore>, lifetime: Duration, skew: ClockSkew) -> Self {
        let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(LONGEST_LIFE).min(LONGEST_LIFE);
        Self { store, lifetime: AtomicI64::new(lifetime), skew }
    }

    pub(crate) fn store(&self) -> &dyn RevocationStore {
        &*self.store
    }

    /// What became of a session; `when_stale` is the route's wish, where it has one.
    pub(crate) fn judge(&self, session: &Session, when_stale: Option<WhenStale>, now: Timestamp) -> Standing {
        let subject = Subject::from(session);
        self.learn(&subject, session.expires_at());
        let standing = self.store.judge(&subject, now);
        // What is known to be over is over, however old that knowledge is.
        if standing == Standing::Revoked || !self.store.is_stale() {
            return standing;
        }
        match when_stale.unwrap_or_else(|| self.store.when_stale()) {
            WhenStale::Accept => standing,
            WhenStale::Refuse => Standing::Unknown,
        }
    }

    /// What was revoked at this moment, remembered until the last token that existed then has ended: its life, and the
    /// skew twice, once for how far Clerk's clock may be ahead of ours, and once because that late it is accepted.
    ///
    /// A moment in the future counts as far as Clerk's clock may be ahead.
    pub(crate) fn revocation(&self, revoked: Revoked, at: Timestamp, now: Timestamp) -> Revocation {
        let at = at.min(self.skew.rejected_from(now));
        let life = Duration::from_millis(self.lifetime.load(Relaxed).unsigned_abs());
        Revocation::new(revoked, at, self.skew.rejected_from(self.skew.rejected_from(at + life)))
    }

    /// An entry that is gone before a token would let the token back in, so the longest life counts.
    fn learn(&self, subject: &Subject<'_>, expires_at: Timestamp) {
        let Some(issued_at) = subject.issued_at else { return };
        let life = expires_at.unix_millis().saturating_sub(issued_at.unix_millis());
        if life > self.lifetime.load(Relaxed) {
            self.lives_longer(life.min(LONGEST_LIFE));
        }
    }

    #[cold]
    fn lives_longer(&self, life: i64) {
        if self.lifetime.fetch_max(life, Relaxed) < life {
            tracing::warn!(
                target: "clerk",
                seconds = life / 1000,
                "session tokens live longer than revocations are remembered; from now on they are remembered as long, but what was revoked before may come back: set ClerkBuilder::session_token_lifetime"
            );
        }
    }
}
