//! Organizations.

mod model;
mod operations;
mod parts;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Organizations.
    Organizations, organizations
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
