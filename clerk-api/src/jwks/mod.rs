//! The instance's public keys.

mod operations;

pub use clerk_types::jwt::{Jwk, Jwks};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// The instance's public keys.
    JwksKeys, jwks
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
