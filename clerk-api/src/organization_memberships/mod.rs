//! Members.

mod operations;

pub use clerk_types::membership::{OrganizationMembership, PublicUserData};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Members.
    OrganizationMemberships, organization_memberships
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
