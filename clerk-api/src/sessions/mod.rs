//! Sessions.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Sessions.
    Sessions, sessions
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
