//! Invitations to sign up.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Invitations to sign up.
    Invitations, invitations
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
