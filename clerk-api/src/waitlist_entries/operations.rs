//! Operations on waitlist entries.

use crate::{
    Page,
    common::DeletedObject,
    define::{example, operations},
    waitlist_entries::{WaitlistEntry, WaitlistEntryStatus},
};

operations! { WaitlistEntries {
    /// Lists waitlist entries.
    #[doc = example!(r#"let page = client.waitlist_entries().list().status("pending").send().await?;"#)]
    fn list() -> ListWaitlistEntries: "ListWaitlistEntries" GET "/waitlist_entries" => Page<WaitlistEntry>, streams WaitlistEntry {
        query {
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
            query: String,
            status: WaitlistEntryStatus,
            /// Default: `-created_at`.
            order_by: String,
        }
    }

    /// Adds a person to the waitlist.
    fn create(; body email_address: String) -> CreateWaitlistEntry: "CreateWaitlistEntry" POST "/waitlist_entries" => WaitlistEntry {
        with body {
            /// Default: `true`.
            notify: Option<bool>,
        }
    }

    /// Adds several people to the waitlist.
    fn bulk_create() -> CreateBulkWaitlistEntries: "CreateBulkWaitlistEntries" POST "/waitlist_entries/bulk" => Vec<WaitlistEntry> {
        bulk CreateWaitlistEntry [1..=50 items]
    }

    /// Deletes a waitlist entry.
    fn delete(waitlist_entry_id) -> DeleteWaitlistEntry: "DeleteWaitlistEntry" DELETE "/waitlist_entries/{waitlist_entry_id}" => DeletedObject {}

    /// Invites a person on the waitlist.
    #[doc = example!(r#"client.waitlist_entries().invite("wle_1").send().await?;"#)]
    fn invite(waitlist_entry_id) -> InviteWaitlistEntry: "InviteWaitlistEntry" POST "/waitlist_entries/{waitlist_entry_id}/invite" => WaitlistEntry {
        with body {
            /// Default: `false`.
            ignore_existing: Option<bool>,
        }
    }

    /// Rejects a person on the waitlist.
    fn reject(waitlist_entry_id) -> RejectWaitlistEntry: "RejectWaitlistEntry" POST "/waitlist_entries/{waitlist_entry_id}/reject" => WaitlistEntry {}
}}
