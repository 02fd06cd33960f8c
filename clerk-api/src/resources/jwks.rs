//! The instance's public keys.

pub use clerk_types::jwt::{Jwk, Jwks};

use crate::define::resource;

resource! {
/// The instance's public keys.
JwksKeys, jwks {
    /// Gets the public keys that verify the instance's tokens.
    GET "/jwks" GetJwks = "GetJWKS"
    get() -> Jwks;
}}
