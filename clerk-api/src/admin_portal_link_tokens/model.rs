//! Response types of links to the admin portal.

use crate::{Secret, model::model};

model! {
    /// A link to the admin portal.
    AdminPortalLinkToken {
        object: String,
        id: String,
        admin_portal_link_id: String,
        instance_id: String,
        organization_id: Option<String>,
        it_contact_id: Option<String>,
        scopes: Option<Vec<String>>,
        token: Option<Secret>,
        revoked: bool,
        revocation_reason: Option<String>,
        expired: bool,
        /// In milliseconds since the Unix epoch.
        expiration: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}
