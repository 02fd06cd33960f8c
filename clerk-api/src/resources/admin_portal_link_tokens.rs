//! Links to the admin portal.

pub use clerk_types::token::AdminPortalLinkToken;

use crate::define::resource;

resource! {
/// Links to the admin portal.
AdminPortalLinkTokens, admin_portal_link_tokens {
    /// Creates a link to the admin portal.
    POST "/admin_portal_link_tokens" CreateAdminPortalLinkToken = "createAdminPortalLinkToken"
    create() {
        organization_id: String, it_contact_id: String [1.. characters], scopes: Vec<String>,
        /// Default: `3600`.
        seconds_until_expiration: i64 [1..=86400],
    } -> AdminPortalLinkToken;

    /// Revokes a link to the admin portal.
    POST "/admin_portal_link_tokens/{adminPortalLinkTokenID}/revoke" RevokeAdminPortalLinkToken = "revokeAdminPortalLinkToken"
    revoke(admin_portal_link_token_id) { revocation_reason: Option<String> } -> AdminPortalLinkToken;
}}
