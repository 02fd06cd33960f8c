//! Response types of machine-to-machine tokens.

use serde_json::Value;

use crate::{
    Secret,
    model::{choice, model},
};

model! {
    /// A machine-to-machine token.
    M2mToken {
        object: String,
        id: String,
        subject: String,
        claims: Value,
        scopes: Option<Vec<String>>,
        token: Option<Secret>,
        revoked: bool,
        revocation_reason: Option<String>,
        expired: bool,
        /// In milliseconds since the Unix epoch.
        expiration: Option<i64>,
        /// In milliseconds since the Unix epoch.
        last_used_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}

choice! {
    /// Values of a parameter.
    TokenFormat {
        Opaque = "opaque",
        Jwt = "jwt",
    }
}
