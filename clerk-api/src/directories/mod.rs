//! Directories.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Directories.
    Directories, directories
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
