//! Members.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Members.
    OrganizationMemberships, organization_memberships
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
