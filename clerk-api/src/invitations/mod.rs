//! Invitations to sign up.

mod operations;

pub use clerk_types::invitation::{Invitation, InvitationStatus, InvitationTemplateSlug};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Invitations to sign up.
    Invitations, invitations
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
