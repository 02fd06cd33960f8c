//! Response types of JWT templates.

use serde_json::{Map, Value};

use crate::model::model;

model! {
    /// `JWTTemplate` in Clerk's description of the API.
    JwtTemplate {
        object: String,
        id: String,
        name: String,
        claims: Map<String, Value>,
        lifetime: i64,
        allowed_clock_skew: i64,
        custom_signing_key: bool,
        signing_algorithm: String,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}
