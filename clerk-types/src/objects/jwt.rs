//! Keys of session tokens, and templates of other tokens.

use serde_json::{Map, Value};

use crate::{model::model, secret::Secret, timestamp::Timestamp};

model! {
    /// `JWKS` in Clerk's description of the API.
    Jwks {
        keys?: Vec<Jwk>,
    }

    /// A key. Which members are set depends on its type.
    Jwk {
        kid: String,
        alg: String,
        usage = "use": String,
        kty: String,
        crv?: String,
        x?: String,
        x5c?: Vec<String>,
        x5t?: String,
        x5t_s256 = "x5t#S256"?: String,
        x5u?: String,
        y?: String,
        n?: String,
        e?: String,
        d?: Secret,
        p?: Secret,
        q?: Secret,
        dp?: Secret,
        dq?: Secret,
        qi?: Secret,
        k?: Secret,
    }

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
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}
