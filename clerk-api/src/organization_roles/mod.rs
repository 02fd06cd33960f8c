//! Roles.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Roles.
    OrganizationRoles, organization_roles
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
