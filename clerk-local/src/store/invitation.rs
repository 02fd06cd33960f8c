//! [`Invitation`]s to the application, and the [`WaitlistEntry`]s of those who would like one.

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::table::record;

/// An invitation to sign up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Invitation {
    /// `inv_...`, which the ticket of the invitation's link names.
    pub(crate) id: String,
    pub(crate) email_address: String,
    /// What the user's public metadata begin as.
    pub(crate) public_metadata: Map<String, Value>,
    /// Where the link leads, instead of the instance's own page.
    pub(crate) redirect_url: Option<String>,
    /// `pending`, `accepted` or `revoked`.
    pub(crate) status: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// Somebody who would like to be invited.
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

impl Invitation {
    /// The status in Clerk's word.
    pub(crate) fn status(&self, now: Timestamp) -> &str {
        if self.status == "pending" && now >= self.expires_at { "expired" } else { &self.status }
    }
}

record!(Invitation, "invitation");
record!(WaitlistEntry, "waitlist_entry");
