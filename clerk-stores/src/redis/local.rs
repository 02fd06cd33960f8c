//! [`LocalRevocations`]: the revocations of this process, kept so that they can be written to Redis again.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use clerk_core::{revocation::Revocation, time::Timestamp};

/// The revocations of this process that have not expired.
pub(super) struct LocalRevocations {
    entries: Mutex<VecDeque<LocalRevocation>>,
    capacity: usize,
}

struct LocalRevocation {
    revocation: Revocation,
    written: bool,
}

impl LocalRevocations {
    pub(super) fn new(capacity: usize) -> Self {
        Self { entries: Mutex::default(), capacity }
    }

    pub(super) fn add(&self, revocation: Revocation, now: Timestamp) {
        let mut entries = self.entries();
        // The oldest expire first, except for a few that were added late.
        while entries.front().is_some_and(|entry| entry.revocation.until() <= now) || entries.len() >= self.capacity {
            if entries.pop_front().is_none() {
                return;
            }
        }
        entries.push_back(LocalRevocation { revocation, written: false });
    }

    pub(super) fn mark_written(&self, revocation: &Revocation) {
        // Searched from the end, because it is most likely a new one.
        if let Some(entry) = self.entries().iter_mut().rev().find(|entry| entry.revocation == *revocation) {
            entry.written = true;
        }
    }

    /// Returns those that may be missing in Redis, or all of them.
    pub(super) fn list_unwritten(&self, all: bool, now: Timestamp) -> Vec<Revocation> {
        let mut entries = self.entries();
        entries.retain(|entry| now < entry.revocation.until());
        let missing = entries.iter().filter(|entry| all || !entry.written);
        missing.map(|entry| entry.revocation.clone()).collect()
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<LocalRevocation>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use clerk_core::revocation::Revoked;

    use super::*;

    const fn second(second: i64) -> Timestamp {
        Timestamp::from_unix_seconds(second)
    }

    #[test]
    fn the_list_is_bounded_by_expiry_and_capacity() {
        let local = LocalRevocations::new(3);
        let revocation = |name: &str, at| Revocation::new(Revoked::session(name), second(at), second(at + 70));
        for (name, at) in [("sess_1", 100), ("sess_2", 110), ("sess_3", 120)] {
            local.add(revocation(name, at), second(at));
        }
        local.mark_written(&revocation("sess_2", 110));
        assert_eq!(local.list_unwritten(false, second(120)), [revocation("sess_1", 100), revocation("sess_3", 120)]);
        local.add(revocation("sess_4", 130), second(130));
        assert_eq!(local.list_unwritten(true, second(130)).len(), 3);
        assert_eq!(local.list_unwritten(true, second(190)), [revocation("sess_4", 130)]);
    }
}
