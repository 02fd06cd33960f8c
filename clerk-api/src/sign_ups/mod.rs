//! Sign-ups.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Sign-ups.
    SignUps, sign_ups
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
