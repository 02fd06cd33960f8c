//! SCIM directories.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// SCIM directories.
    ScimDirectories, scim_directories
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
