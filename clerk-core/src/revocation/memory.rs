//! [`InMemoryRevocations`]: the store of one process.

use super::{Listener, Listeners, Revocation, RevocationStore, Revoking, Standing, Subject, entries::Entries};
use crate::base::time::Timestamp;

/// Revocations in the memory of this process.
///
/// At most 100 000 unless [set](Self::with_capacity), 33 bytes each and twice that where the table has just grown, and 256
/// KiB besides: with Clerk's usual tokens, that is 1 400 revocations each second.
///
/// When there is no place left, nothing is forgotten before its time. Instead every token that was issued up to that
/// moment is refused with 503, since it may be one of those that could not be remembered; newer ones are accepted, and all
/// is well again once the older ones have ended. The log says so.
#[derive(Debug)]
pub struct InMemoryRevocations {
    entries: Entries,
    listeners: Listeners,
}

/// How many revocations are remembered unless set.
pub(super) const DEFAULT_CAPACITY: usize = 100_000;

impl InMemoryRevocations {
    /// A store without any revocation.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(DEFAULT_CAPACITY)
    }

    /// A store for so many revocations at a time.
    #[must_use]
    pub fn with_capacity(revocations: usize) -> Self {
        Self { entries: Entries::new(revocations), listeners: Listeners::default() }
    }

    /// How many revocations are in memory, some of them over perhaps.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
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
    fn judge(&self, subject: &Subject<'_>, now: Timestamp) -> Standing {
        self.entries.judge(subject, now)
    }

    fn revoke(&self, revocation: Revocation, now: Timestamp) -> Revoking<'_> {
        if self.entries.insert(&revocation, now) {
            self.listeners.tell(&revocation);
        }
        Box::pin(std::future::ready(Ok(())))
    }

    fn subscribe(&self, listener: Listener) {
        self.listeners.add(listener);
    }
}
