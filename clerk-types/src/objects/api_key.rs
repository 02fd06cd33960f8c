//! [`ApiKey`]: a key of a user or an organization.

use serde_json::Value;

use crate::{model::model, secret::Secret, timestamp::Timestamp};

model! {
    /// An API key.
    ApiKey {
        object: String,
        id: String,
        kind = "type": String,
        subject: String,
        name: String,
        description?: String,
        claims: Option<Value>,
        scopes: Vec<String>,
        secret?: Secret,
        revoked: bool,
        revocation_reason: Option<String>,
        expired: bool,
        expiration: Option<Timestamp>,
        created_by: Option<String>,
        last_used_at: Option<Timestamp>,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// An API key's secret.
    ApiKeySecret {
        secret: Secret,
    }
}
