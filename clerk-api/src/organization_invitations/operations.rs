//! Operations on invitations.

use serde_json::Value;

use crate::{
    Page,
    define::{example, operations},
    invitations::InvitationStatus,
    organization_invitations::{OrganizationInvitation, UserOrganizationInvitation},
};

operations! { OrganizationInvitations {
    /// Lists the invitations of all organizations.
    fn list_all() -> ListInstanceOrganizationInvitations: "ListInstanceOrganizationInvitations" GET "/organization_invitations" => Page<UserOrganizationInvitation>, streams UserOrganizationInvitation {
        query {
            /// Default: `-created_at`.
            order_by: String,
            status: InvitationStatus,
            query: String,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Invites a person to an organization.
    #[doc = example!(r#"client.organization_invitations().create("org_1", "ada@example.com", "org:member").send().await?;"#)]
    fn create(organization_id; body email_address: String, body role: String) -> CreateOrganizationInvitation: "CreateOrganizationInvitation" POST "/organizations/{organization_id}/invitations" => OrganizationInvitation {
        with body {
            inviter_user_id: Option<String>,
            public_metadata: Option<Value>,
            private_metadata: Option<Value>,
            redirect_url: Option<String>,
            expires_in_days: Option<i64> [1..=365],
            /// Default: `true`.
            notify: Option<bool>,
        }
    }

    /// Lists the invitations of an organization.
    #[doc = example!(r#"let page = client.organization_invitations().list("org_1").send().await?;"#)]
    fn list(organization_id) -> ListOrganizationInvitations: "ListOrganizationInvitations" GET "/organizations/{organization_id}/invitations" => Page<OrganizationInvitation>, streams OrganizationInvitation {
        query {
            status: InvitationStatus,
            email_address: String,
            /// Default: `-created_at`.
            order_by: String,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Invites several people to an organization: all of them, or none if one invitation fails.
    fn bulk_create(organization_id) -> CreateOrganizationInvitationBulk: "CreateOrganizationInvitationBulk" POST "/organizations/{organization_id}/invitations/bulk" => Page<OrganizationInvitation> {
        bulk CreateOrganizationInvitation [1..=10 items]
    }

    /// Gets an invitation by id.
    fn get(organization_id, invitation_id) -> GetOrganizationInvitation: "GetOrganizationInvitation" GET "/organizations/{organization_id}/invitations/{invitation_id}" => OrganizationInvitation {}

    /// Revokes an invitation.
    #[doc = example!(r#"client.organization_invitations().revoke("org_1", "orginv_1").send().await?;"#)]
    fn revoke(organization_id, invitation_id) -> RevokeOrganizationInvitation: "RevokeOrganizationInvitation" POST "/organizations/{organization_id}/invitations/{invitation_id}/revoke" => OrganizationInvitation {
        with body {
            requesting_user_id: Option<String>,
        }
    }
}}
