//! What answers about oauth access tokens hold.

use crate::model::model;

model! {
    /// What Clerk knows of an OAuth access token.
    OAuthAccessToken {
        object: Option<String>,
        id: Option<String>,
        client_id: Option<String>,
        subject: Option<String>,
        scopes: Option<Vec<String>>,
        revoked: Option<bool>,
        revocation_reason: Option<String>,
        expired: Option<bool>,
        /// A point in time, as the API writes it.
        expiration: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        updated_at: Option<i64>,
        active: Option<bool>,
    }
}
