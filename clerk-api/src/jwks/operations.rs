//! Operations on the JWKS.

use crate::{define::operations, jwks::Jwks};

operations! { JwksKeys {
    /// Gets the public keys that verify the instance's tokens.
    fn get() -> GetJwks: "GetJWKS" GET "/jwks" => Jwks {}
}}
