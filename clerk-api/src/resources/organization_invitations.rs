//! Invitations.

use clerk_types::{Page, invitation::InvitationStatus};
pub use clerk_types::{
    invitation::{OrganizationInvitation, UserOrganizationInvitation},
    organization::PublicOrganizationData,
};
use serde_json::Value;

use crate::define::{example, resource};

resource! {
/// Invitations.
OrganizationInvitations, organization_invitations {
    /// Lists the invitations of all organizations.
    GET "/organization_invitations" ListInstanceOrganizationInvitations
    list_all() ?{
        ..paged,
        /// Default: `-created_at`.
        order_by: String,
        status: InvitationStatus, query: String,
    } => Page<UserOrganizationInvitation>;

    /// Invites a person to an organization.
    #[doc = example!(r#"client.organization_invitations().create("org_1", "ada@example.com", "org:member").send().await?;"#)]
    POST "/organizations/{organization_id}/invitations" CreateOrganizationInvitation
    create(organization_id; email_address: String, role: String) {
        inviter_user_id: Option<String>, public_metadata: Option<Value>, private_metadata: Option<Value>,
        redirect_url: Option<String>, expires_in_days: Option<i64> [1..=365],
        /// Default: `true`.
        notify: Option<bool>,
    } -> OrganizationInvitation;

    /// Lists the invitations of an organization.
    #[doc = example!(r#"let page = client.organization_invitations().list("org_1").send().await?;"#)]
    GET "/organizations/{organization_id}/invitations" ListOrganizationInvitations
    list(organization_id) ?{
        ..paged, status: InvitationStatus, email_address: String,
        /// Default: `-created_at`.
        order_by: String,
    } => Page<OrganizationInvitation>;

    /// Invites several people to an organization: all of them, or none if one invitation fails.
    POST "/organizations/{organization_id}/invitations/bulk" CreateOrganizationInvitationBulk
    bulk_create(organization_id) bulk CreateOrganizationInvitation [1..=10 items] -> Page<OrganizationInvitation>;

    /// Gets an invitation by id.
    GET "/organizations/{organization_id}/invitations/{invitation_id}" GetOrganizationInvitation
    get(organization_id, invitation_id) -> OrganizationInvitation;

    /// Revokes an invitation.
    #[doc = example!(r#"client.organization_invitations().revoke("org_1", "orginv_1").send().await?;"#)]
    POST "/organizations/{organization_id}/invitations/{invitation_id}/revoke" RevokeOrganizationInvitation
    revoke(organization_id, invitation_id) { requesting_user_id: Option<String> } -> OrganizationInvitation;
}}
