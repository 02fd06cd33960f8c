//! What this process has revoked itself: written again wherever it may be missing.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{base::time::Timestamp, revocation::Revocation};

/// Revocations of this process that still matter.
pub(super) struct Own {
    entries: Mutex<VecDeque<Entry>>,
    capacity: usize,
}

struct Entry {
    revocation: Revocation,
    written: bool,
}

impl Own {
    pub(super) fn new(capacity: usize) -> Self {
        Self { entries: Mutex::default(), capacity }
    }

    pub(super) fn add(&self, revocation: Revocation, now: Timestamp) {
        let mut entries = self.entries();
        // The oldest ones are over first, but for a few that were learned late.
        while entries.front().is_some_and(|entry| entry.revocation.until() <= now) || entries.len() >= self.capacity {
            if entries.pop_front().is_none() {
                return;
            }
        }
        entries.push_back(Entry { revocation, written: false });
    }

    pub(super) fn written(&self, revocation: &Revocation) {
        // The newest are at the end, where it most likely is.
        if let Some(entry) = self.entries().iter_mut().rev().find(|entry| entry.revocation == *revocation) {
            entry.written = true;
        }
    }

    /// Those that matter and may not have been written, or all of them.
    pub(super) fn to_write(&self, all: bool, now: Timestamp) -> Vec<Revocation> {
        let mut entries = self.entries();
        entries.retain(|entry| now < entry.revocation.until());
        let missing = entries.iter().filter(|entry| all || !entry.written);
        missing.map(|entry| entry.revocation.clone()).collect()
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::Revoked;

    const fn second(second: i64) -> Timestamp {
        Timestamp::from_unix_seconds(second)
    }

    #[test]
    fn it_is_bounded_by_time_and_number() {
        let own = Own::new(3);
        let revocation = |name: &str, at| Revocation::new(Revoked::session(name), second(at), second(at + 70));
        for (name, at) in [("sess_1", 100), ("sess_2", 110), ("sess_3", 120)] {
            own.add(revocation(name, at), second(at));
        }
        own.written(&revocation("sess_2", 110));
        assert_eq!(own.to_write(false, second(120)), [revocation("sess_1", 100), revocation("sess_3", 120)]);
        own.add(revocation("sess_4", 130), second(130));
        assert_eq!(own.to_write(true, second(130)).len(), 3);
        assert_eq!(own.to_write(true, second(190)), [revocation("sess_4", 130)]);
    }
}
