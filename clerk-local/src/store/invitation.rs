//! [`Invitation`]s to the application, and [`WaitlistEntry`]s.

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Store, table::record};

/// An invitation to sign up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Invitation {
    /// `inv_...`, which the ticket of the invitation's link names.
    pub(crate) id: String,
    pub(crate) email_address: String,
    /// The initial public metadata of the user.
    pub(crate) public_metadata: Map<String, Value>,
    /// Where the link leads, instead of the instance's own page.
    pub(crate) redirect_url: Option<String>,
    /// `pending`, `accepted` or `revoked`.
    pub(crate) status: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// An address on the waitlist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WaitlistEntry {
    /// `wle_...`
    pub(crate) id: String,
    pub(crate) email_address: String,
    /// `pending`, `invited`, `completed` or `rejected`.
    pub(crate) status: String,
    pub(crate) invitation_id: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Store {
    /// Completes the waitlist entry of an invitation: its user exists now.
    pub(crate) fn complete_waitlist_entry(&mut self, invitation_id: &str, now: Timestamp) {
        let entry = self.waitlist_entries.find(|one| one.invitation_id.as_deref() == Some(invitation_id));
        let Some(id) = entry.map(|one| one.id.clone()) else { return };
        if let Some(entry) = self.waitlist_entries.get_mut(&id) {
            "completed".clone_into(&mut entry.status);
            entry.updated_at = now;
        }
    }
}

impl Invitation {
    /// The status, as Clerk names it.
    pub(crate) fn status(&self, now: Timestamp) -> &str {
        if self.status == "pending" && now >= self.expires_at { "expired" } else { &self.status }
    }
}

record!(Invitation, "invitation");
record!(WaitlistEntry, "waitlist_entry");
