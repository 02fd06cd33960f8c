//! Operations on jwks.

use crate::{define::operations, jwks::Jwks};

operations! { JwksKeys {
    /// The public keys that tokens are verified with.
    fn get() -> GetJwks: "GetJWKS" GET "/jwks" => Jwks {}
}}
