//! Role sets.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Role sets.
    RoleSets, role_sets
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
