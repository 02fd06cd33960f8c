//! [`InMemoryRevocations`]: the store of one process.

use std::time::Duration;

use super::{
    Listener, Listeners, Revocation, RevocationStatus, RevocationStore, RevokeFuture, TokenInfo, entries::Entries,
};
use crate::base::time::Timestamp;

/// A [`RevocationStore`] in the memory of this process.
///
/// It holds at most 100 000 revocations by default (see [`with_capacity`](Self::with_capacity)), and keeps each for 24 hours.
/// Each takes 33 bytes, or twice that just after the table has grown; 256 KiB are fixed.
///
/// When the store is full, it forgets the oldest ones, and refuses tokens with 503 whose
/// [claims](crate::Session::claims_as_of) are that old: only Clerk's edge issues such tokens. If all are newer than a token's
/// [lifetime](crate::ClerkBuilder::session_token_lifetime), it forgets none, and refuses every token with claims from up to
/// that moment, because that token may be one that it could not store. Both are logged.
#[derive(Debug)]
pub struct InMemoryRevocations {
    entries: Entries,
    listeners: Listeners,
}

impl InMemoryRevocations {
    /// The default capacity, in revocations.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// An empty store with the default capacity.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(Self::DEFAULT_CAPACITY)
    }

    /// An empty store for at most this many revocations at a time.
    #[must_use]
    pub fn with_capacity(revocations: usize) -> Self {
        Self { entries: Entries::new(revocations), listeners: Listeners::default() }
    }

    /// Adds a revocation, and calls the listeners if it is new. For a store of your own that keeps its memory in this one.
    pub fn insert(&self, revocation: &Revocation, now: Timestamp) {
        if self.entries.insert(revocation, now) {
            self.listeners.notify(revocation);
        }
    }

    /// The number of revocations in memory. Some of them may have expired.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no revocations in memory.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for InMemoryRevocations {
    fn default() -> Self {
        Self::new()
    }
}

impl RevocationStore for InMemoryRevocations {
    fn check(&self, token: &TokenInfo<'_>, now: Timestamp) -> RevocationStatus {
        self.entries.check(token, now)
    }

    fn set_min_retention(&self, retention: Duration) {
        self.entries.set_min_retention(retention);
    }

    fn revoke(&self, revocation: Revocation, now: Timestamp) -> RevokeFuture<'_> {
        self.insert(&revocation, now);
        Box::pin(std::future::ready(Ok(())))
    }

    fn subscribe(&self, listener: Listener) {
        self.listeners.add(listener);
    }
}
