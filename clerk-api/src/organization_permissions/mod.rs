//! Permissions.

mod operations;

pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Permissions.
    OrganizationPermissions, organization_permissions
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
