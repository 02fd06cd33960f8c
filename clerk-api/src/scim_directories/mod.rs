//! SCIM directories.

mod operations;

pub use clerk_types::directory::{ScimDirectory, ScimDirectoryCustomAttribute, ScimGroupRoleMapping};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// SCIM directories.
    ScimDirectories, scim_directories
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
