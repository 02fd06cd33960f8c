//! Machines.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Machines.
    Machines, machines
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
