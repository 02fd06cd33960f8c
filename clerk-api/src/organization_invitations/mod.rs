//! Invitations.

mod operations;

pub use clerk_types::{
    invitation::{OrganizationInvitation, UserOrganizationInvitation},
    organization::PublicOrganizationData,
};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Invitations.
    OrganizationInvitations, organization_invitations
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
