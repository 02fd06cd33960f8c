//! Directories.

mod operations;

pub use clerk_types::directory::{Directory, DirectoryCustomAttribute, DirectoryGroupRoleMapping};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Directories.
    Directories, directories
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
