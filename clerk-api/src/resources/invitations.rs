//! Invitations to sign up.

use clerk_types::common::DeletedObject;
pub use clerk_types::invitation::{Invitation, InvitationStatus, InvitationTemplateSlug};
use serde_json::Value;

use crate::define::{example, resource};

resource! {
/// Invitations to sign up.
Invitations, invitations {
    /// Invites a person to sign up.
    #[doc = example!(r#"client.invitations().create("ada@example.com").redirect_url("https://example.com/welcome").send().await?;"#)]
    POST "/invitations" CreateInvitation
    create(; email_address: String) {
        public_metadata: Value, redirect_url: String,
        /// Default: `true`.
        notify: Option<bool>,
        /// Default: `false`.
        ignore_existing: Option<bool>,
        expires_in_days: Option<i64> [1..=365], template_slug: InvitationTemplateSlug,
    } -> Invitation;

    /// Lists invitations to sign up.
    #[doc = example!(r#"let page = client.invitations().list().status("pending").send().await?;"#)]
    GET "/invitations" ListInvitations
    list() ?{
        ..paged, status: InvitationStatus, query: String,
        /// Default: `-created_at`.
        order_by: String,
        paginated: bool,
    } => Page<Invitation>, flag paginated;

    /// Invites several people: all of them, or none if one invitation fails.
    #[doc = example!(r#"let invitations = client.invitations();
let both = ["ada@example.com", "grace@example.com"].map(|address| invitations.create(address).notify(false));
invitations.bulk_create(both).send().await?;"#)]
    POST "/invitations/bulk" CreateBulkInvitations
    bulk_create() bulk CreateInvitation [1..=10 items] -> Vec<Invitation>;

    /// Revokes an invitation to sign up.
    #[doc = example!(r#"client.invitations().revoke("inv_1").send().await?;"#)]
    POST "/invitations/{invitation_id}/revoke" RevokeInvitation
    revoke(invitation_id) -> Invitation;

    /// Deletes an invitation of any status, and the copies of its email that Clerk has stored, for example because the
    /// person asks for it.
    ///
    /// Clerk's description of the API does not have this operation yet; it is as in version 3.25 of `@clerk/backend`.
    #[doc = example!(r#"client.invitations().delete("inv_1").send().await?;"#)]
    DELETE "/invitations/{invitation_id}" DeleteInvitation
    delete(invitation_id) -> DeletedObject;
}}
