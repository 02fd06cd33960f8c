//! Invitations.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Invitations.
    OrganizationInvitations, organization_invitations
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
