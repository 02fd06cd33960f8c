//! [`ChangeError`]: a change that was refused when its turn came.

use crate::error::UnknownName;

/// Why an organization or a membership is not changed as somebody asked, in the state that it is in by then.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ChangeError {
    /// What it is about is not there, or not any more.
    Unknown(UnknownName),
    /// The instance has no organizations.
    OrganizationsDisabled,
    /// The user may not create organizations, or no more.
    CreationForbidden,
    /// Another organization has that slug.
    SlugTaken,
    /// The user is a member already; with the address, if that is how they were named.
    AlreadyMember(Option<String>),
    /// The address was invited already.
    AlreadyInvited(String),
    /// The organization may have so many members, outstanding invitations included.
    MembershipLimit(u32),
    /// Nobody would be left who can manage the members.
    NoManagerLeft,
    /// The invitation was accepted or revoked, or has expired.
    InvitationNotPending,
}

impl From<UnknownName> for ChangeError {
    fn from(unknown: UnknownName) -> Self {
        Self::Unknown(unknown)
    }
}
