//! Response types of API keys.

use serde_json::Value;

use crate::{Secret, model::model};

model! {
    /// An API key.
    ApiKey {
        object: String,
        id: String,
        kind = "type": String,
        subject: String,
        name: String,
        description: Option<String>,
        claims: Value,
        scopes: Vec<String>,
        secret: Option<Secret>,
        revoked: bool,
        revocation_reason: Option<String>,
        expired: bool,
        /// In milliseconds since the Unix epoch.
        expiration: Option<i64>,
        created_by: Option<String>,
        /// In milliseconds since the Unix epoch.
        last_used_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// An API key's secret.
    ApiKeySecret {
        secret: Secret,
    }
}
