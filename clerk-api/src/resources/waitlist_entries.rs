//! Waitlist entries.

use clerk_types::common::DeletedObject;
pub use clerk_types::invitation::{WaitlistEntry, WaitlistEntryStatus};

use crate::define::{example, resource};

resource! {
/// Waitlist entries.
WaitlistEntries, waitlist_entries {
    /// Lists waitlist entries.
    #[doc = example!(r#"let page = client.waitlist_entries().list().status("pending").send().await?;"#)]
    GET "/waitlist_entries" ListWaitlistEntries
    list() ?{
        ..paged, query: String, status: WaitlistEntryStatus,
        /// Default: `-created_at`.
        order_by: String,
    } => Page<WaitlistEntry>;

    /// Adds a person to the waitlist.
    POST "/waitlist_entries" CreateWaitlistEntry
    create(; email_address: String) {
        /// Default: `true`.
        notify: Option<bool>,
    } -> WaitlistEntry;

    /// Adds several people to the waitlist.
    POST "/waitlist_entries/bulk" CreateBulkWaitlistEntries
    bulk_create() bulk CreateWaitlistEntry [1..=50 items] -> Vec<WaitlistEntry>;

    /// Deletes a waitlist entry.
    DELETE "/waitlist_entries/{waitlist_entry_id}" DeleteWaitlistEntry
    delete(waitlist_entry_id) -> DeletedObject;

    /// Invites a person on the waitlist.
    #[doc = example!(r#"client.waitlist_entries().invite("wle_1").send().await?;"#)]
    POST "/waitlist_entries/{waitlist_entry_id}/invite" InviteWaitlistEntry
    invite(waitlist_entry_id) {
        /// Default: `false`.
        ignore_existing: Option<bool>,
    } -> WaitlistEntry;

    /// Rejects a person on the waitlist.
    POST "/waitlist_entries/{waitlist_entry_id}/reject" RejectWaitlistEntry
    reject(waitlist_entry_id) -> WaitlistEntry;
}}
