//! Operations on invitations to sign up.

use crate::{
    Page,
    arguments::{Choice, Flag, Integer, Json, Maybe, Text},
    common::DeletedObject,
    define::{example, operations},
    invitations::{Invitation, InvitationStatus, InvitationTemplateSlug},
};

operations! { Invitations {
    /// Invites a person to sign up.
    #[doc = example!(r#"client.invitations().create("ada@example.com").redirect_url("https://example.com/welcome").send().await?;"#)]
    fn create(; body email_address: Text) -> CreateInvitation: "CreateInvitation" POST "/invitations" => Invitation {
        with body {
            public_metadata: Json,
            redirect_url: Text,
            /// Default: `true`.
            notify: Maybe<Flag>,
            /// Default: `false`.
            ignore_existing: Maybe<Flag>,
            expires_in_days: Maybe<Integer> [1..=365],
            template_slug: Choice<InvitationTemplateSlug>,
        }
    }

    /// Lists invitations to sign up.
    #[doc = example!(r#"let page = client.invitations().list().status("pending").send().await?;"#)]
    fn list() -> ListInvitations: "ListInvitations" GET "/invitations" => Page<Invitation>, streams Invitation, flag paginated {
        query {
            status: Choice<InvitationStatus>,
            query: Text,
            /// Default: `-created_at`.
            order_by: Text,
            paginated: Flag,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
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
