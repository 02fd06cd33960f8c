//! [`ChangeError`]: why a change is refused.

use crate::error::UnknownName;

/// Why a change to an organization or a membership is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ChangeError {
    /// The user or the organization does not exist.
    Unknown(UnknownName),
    /// Organizations are disabled.
    OrganizationsDisabled,
    /// The user may not create organizations, or no more.
    CreationForbidden,
    /// Another organization has that slug.
    SlugTaken,
    /// The user is a member already; with the address, if the request named the user by it.
    AlreadyMember(Option<String>),
    /// The address was invited already.
    AlreadyInvited(String),
    /// The organization has reached this limit of members, pending invitations included.
    MembershipLimit(u32),
    /// No other member could manage the members.
    NoManagerLeft,
    /// The invitation was accepted or revoked, or has expired.
    InvitationNotPending,
}

impl From<UnknownName> for ChangeError {
    fn from(unknown: UnknownName) -> Self {
        Self::Unknown(unknown)
    }
}
