//! Roles.

mod operations;

pub use clerk_types::role::{Permission, Role};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Roles.
    OrganizationRoles, organization_roles
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
