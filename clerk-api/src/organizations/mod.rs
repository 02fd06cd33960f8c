//! Organizations.

mod operations;
mod parts;

pub use clerk_types::organization::Organization;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Organizations.
    Organizations, organizations
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
