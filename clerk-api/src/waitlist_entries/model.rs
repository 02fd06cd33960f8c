//! Response types of waitlist entries.

use crate::{
    invitations::Invitation,
    model::{choice, model},
};

model! {
    /// `WaitlistEntry` in Clerk's description of the API.
    WaitlistEntry {
        object: String,
        id: String,
        email_address: String,
        status: WaitlistEntryStatus,
        is_locked: Option<bool>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        invitation: Option<Invitation>,
    }
}

choice! {
    /// Values of [`WaitlistEntry`](crate::waitlist_entries::WaitlistEntry)'s `status`.
    WaitlistEntryStatus {
        Pending = "pending",
        Invited = "invited",
        Completed = "completed",
        Rejected = "rejected",
    }
}
