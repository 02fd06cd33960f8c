//! Operations on waitlist entries.

use crate::{
    Page,
    arguments::{Choice, Flag, Integer, Maybe, Text},
    common::DeletedObject,
    define::{example, operations},
    waitlist_entries::{WaitlistEntry, WaitlistEntryStatus},
};

operations! { WaitlistEntries {
    /// Lists waitlist entries.
    #[doc = example!(r#"let page = client.waitlist_entries().list().status("pending").send().await?;"#)]
    fn list() -> ListWaitlistEntries: "ListWaitlistEntries" GET "/waitlist_entries" => Page<WaitlistEntry>, streams WaitlistEntry {
        query {
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
            query: Text,
            status: Choice<WaitlistEntryStatus>,
            /// `-created_at` unless set.
            order_by: Text,
        }
    }

    /// Puts somebody on the waitlist.
    fn create(; body email_address: Text) -> CreateWaitlistEntry: "CreateWaitlistEntry" POST "/waitlist_entries" => WaitlistEntry {
        with body {
            /// `true` unless set.
            notify: Maybe<Flag>,
        }
    }

    /// Puts several people on the waitlist.
    fn bulk_create() -> CreateBulkWaitlistEntries: "CreateBulkWaitlistEntries" POST "/waitlist_entries/bulk" => Vec<WaitlistEntry> {
        bulk CreateWaitlistEntry
    }

    /// Deletes a waitlist entry.
    fn delete(waitlist_entry_id) -> DeleteWaitlistEntry: "DeleteWaitlistEntry" DELETE "/waitlist_entries/{waitlist_entry_id}" => DeletedObject {}

    /// Invites somebody from the waitlist.
    #[doc = example!(r#"client.waitlist_entries().invite("wle_1").send().await?;"#)]
    fn invite(waitlist_entry_id) -> InviteWaitlistEntry: "InviteWaitlistEntry" POST "/waitlist_entries/{waitlist_entry_id}/invite" => WaitlistEntry {
        with body {
            /// `false` unless set.
            ignore_existing: Maybe<Flag>,
        }
    }

    /// Turns somebody on the waitlist away.
    fn reject(waitlist_entry_id) -> RejectWaitlistEntry: "RejectWaitlistEntry" POST "/waitlist_entries/{waitlist_entry_id}/reject" => WaitlistEntry {}
}}
