//! Creating, accepting and revoking invitations to organizations.

use clerk_core::time::Timestamp;

use super::{ChangeError, find_organization, find_user, memberships::membership_payload};
use crate::{
    resource,
    shared::Shared,
    store::{OrganizationInvitation, Store},
};

impl Shared {
    /// Invites people to one organization: all of them, or none.
    pub(crate) fn invite(&self, invitations: &[OrganizationInvitation]) -> Result<(), ChangeError> {
        let now = self.clock.now();
        let mut store = self.store();
        for (index, one) in invitations.iter().enumerate() {
            find_organization(&store, &one.organization_id)?;
            let is_same = |other: &OrganizationInvitation| other.email_address == one.email_address;
            let mut pending = store.pending_invitations_to(&one.organization_id);
            if pending.any(|other| is_same(other) && now < other.expires_at)
                || invitations.iter().take(index).any(is_same)
            {
                return Err(ChangeError::AlreadyInvited(one.email_address.clone()));
            }
            let user = store.user_by_identifier(&one.email_address);
            if user.is_some_and(|user| store.membership(&user.id, &one.organization_id).is_some()) {
                return Err(ChangeError::AlreadyMember(Some(one.email_address.clone())));
            }
        }
        if let Some(first) = invitations.first() {
            store.check_room(&first.organization_id, invitations.len(), now).map_err(ChangeError::MembershipLimit)?;
        }
        let payload: Vec<_> =
            invitations.iter().map(|one| resource::organization_invitation(&store, one, now)).collect();
        invitations.iter().for_each(|one| store.organization_invitations.put(one.clone()));
        drop(store);
        payload.into_iter().for_each(|payload| drop(self.webhooks.send_raw("organizationInvitation.created", payload)));
        Ok(())
    }

    /// Makes the invited user a member; an existing membership stays.
    pub(crate) fn accept_invitation(&self, id: &str, user_id: &str) -> Result<OrganizationInvitation, ChangeError> {
        let now = self.clock.now();
        let mut store = self.store();
        let user = find_user(&store, user_id)?;
        let invitation = set_invitation_status(&mut store, id, "accepted", now)?;
        let organization = find_organization(&store, &invitation.organization_id)?;
        let payload = resource::organization_invitation(&store, &invitation, now);
        let joined = if store.membership(&user.id, &organization.id).is_none() {
            let mut membership = store.add_membership(&user.id, &organization.id, &invitation.role, Vec::new(), now);
            membership.public_metadata.clone_from(&invitation.public_metadata);
            membership.private_metadata.clone_from(&invitation.private_metadata);
            store.memberships.put(membership.clone());
            Some(membership_payload(&store, user, organization, membership))
        } else {
            None
        };
        drop(store);
        self.webhooks.send_raw("organizationInvitation.accepted", payload);
        joined.into_iter().for_each(|member| drop(self.send_membership_created(member)));
        Ok(invitation)
    }

    /// Revokes a pending invitation.
    pub(crate) fn revoke_invitation(&self, id: &str) -> Result<OrganizationInvitation, ChangeError> {
        let now = self.clock.now();
        let mut store = self.store();
        let invitation = set_invitation_status(&mut store, id, "revoked", now)?;
        let payload = resource::organization_invitation(&store, &invitation, now);
        drop(store);
        self.webhooks.send_raw("organizationInvitation.revoked", payload);
        Ok(invitation)
    }
}

/// Gives a pending invitation its final status.
fn set_invitation_status(
    store: &mut Store,
    id: &str,
    status: &str,
    now: Timestamp,
) -> Result<OrganizationInvitation, ChangeError> {
    let invitation = store.organization_invitations.get_mut(id).filter(|one| one.status(now) == "pending");
    let invitation = invitation.ok_or(ChangeError::InvitationNotPending)?;
    status.clone_into(&mut invitation.status);
    invitation.updated_at = now;
    Ok(invitation.clone())
}
