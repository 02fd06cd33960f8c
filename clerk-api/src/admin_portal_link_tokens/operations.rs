//! Operations on links to the admin portal.

use crate::{
    admin_portal_link_tokens::AdminPortalLinkToken,
    arguments::{Integer, List, Maybe, Text},
    define::operations,
};

operations! { AdminPortalLinkTokens {
    /// Creates a link to the admin portal.
    fn create() -> CreateAdminPortalLinkToken: "createAdminPortalLinkToken" POST "/admin_portal_link_tokens" => AdminPortalLinkToken {
        with body {
            organization_id: Text,
            it_contact_id: Text,
            scopes: List<Text>,
            /// 0 to 86400; default: `3600`.
            seconds_until_expiration: Integer,
        }
    }

    /// Revokes a link to the admin portal.
    fn revoke(admin_portal_link_token_id) -> RevokeAdminPortalLinkToken: "revokeAdminPortalLinkToken" POST "/admin_portal_link_tokens/{adminPortalLinkTokenID}/revoke" => AdminPortalLinkToken {
        with body {
            revocation_reason: Maybe<Text>,
        }
    }
}}
