//! Operations on links to the admin portal.

use crate::{admin_portal_link_tokens::AdminPortalLinkToken, define::operations};

operations! { AdminPortalLinkTokens {
    /// Creates a link to the admin portal.
    fn create() -> CreateAdminPortalLinkToken: "createAdminPortalLinkToken" POST "/admin_portal_link_tokens" => AdminPortalLinkToken {
        with body {
            organization_id: String,
            it_contact_id: String [1.. characters],
            scopes: Vec<String>,
            /// Default: `3600`.
            seconds_until_expiration: i64 [1..=86400],
        }
    }

    /// Revokes a link to the admin portal.
    fn revoke(admin_portal_link_token_id) -> RevokeAdminPortalLinkToken: "revokeAdminPortalLinkToken" POST "/admin_portal_link_tokens/{adminPortalLinkTokenID}/revoke" => AdminPortalLinkToken {
        with body {
            revocation_reason: Option<String>,
        }
    }
}}
