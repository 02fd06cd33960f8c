//! The instance's public keys.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// The instance's public keys.
    JwksKeys, jwks
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
