//! The waitlist.

use crate::{keys::random_id, shared::Shared, store::WaitlistEntry};

impl Shared {
    /// Adds an address to the waitlist, or returns its existing entry.
    pub(crate) fn join_waitlist(&self, email_address: String) -> WaitlistEntry {
        let now = self.clock.now();
        let mut store = self.store();
        if let Some(known) = store.waitlist_entries.find(|one| one.email_address == email_address) {
            return known.clone();
        }
        let entry = WaitlistEntry {
            id: random_id("wle"),
            email_address,
            status: "pending".to_owned(),
            invitation_id: None,
            created_at: now,
            updated_at: now,
        };
        store.waitlist_entries.put(entry.clone());
        entry
    }
}
