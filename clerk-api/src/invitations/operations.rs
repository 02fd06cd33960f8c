//! Operations on invitations to sign up.

use serde_json::Value;

use crate::{
    Page,
    common::DeletedObject,
    define::{example, operations},
    invitations::{Invitation, InvitationStatus, InvitationTemplateSlug},
};

operations! { Invitations {
    /// Invites a person to sign up.
    #[doc = example!(r#"client.invitations().create("ada@example.com").redirect_url("https://example.com/welcome").send().await?;"#)]
    fn create(; body email_address: String) -> CreateInvitation: "CreateInvitation" POST "/invitations" => Invitation {
        with body {
            public_metadata: Value,
            redirect_url: String,
            /// Default: `true`.
            notify: Option<bool>,
            /// Default: `false`.
            ignore_existing: Option<bool>,
            expires_in_days: Option<i64> [1..=365],
            template_slug: InvitationTemplateSlug,
        }
    }

    /// Lists invitations to sign up.
    #[doc = example!(r#"let page = client.invitations().list().status("pending").send().await?;"#)]
    fn list() -> ListInvitations: "ListInvitations" GET "/invitations" => Page<Invitation>, streams Invitation, flag paginated {
        query {
            status: InvitationStatus,
            query: String,
            /// Default: `-created_at`.
            order_by: String,
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Invites several people: all of them, or none if one invitation fails.
    #[doc = example!(r#"let invitations = client.invitations();
let both = ["ada@example.com", "grace@example.com"].map(|address| invitations.create(address).notify(false));
invitations.bulk_create(both).send().await?;"#)]
    fn bulk_create() -> CreateBulkInvitations: "CreateBulkInvitations" POST "/invitations/bulk" => Vec<Invitation> {
        bulk CreateInvitation [1..=10 items]
    }

    /// Revokes an invitation to sign up.
    #[doc = example!(r#"client.invitations().revoke("inv_1").send().await?;"#)]
    fn revoke(invitation_id) -> RevokeInvitation: "RevokeInvitation" POST "/invitations/{invitation_id}/revoke" => Invitation {}

    /// Deletes an invitation of any status, and the copies of its email that Clerk has stored, for example because the
    /// person asks for it.
    ///
    /// Clerk's description of the API does not have this operation yet; it is as in version 3.25 of `@clerk/backend`.
    #[doc = example!(r#"client.invitations().delete("inv_1").send().await?;"#)]
    fn delete(invitation_id) -> DeleteInvitation: "DeleteInvitation" DELETE "/invitations/{invitation_id}" => DeletedObject {}
}}
