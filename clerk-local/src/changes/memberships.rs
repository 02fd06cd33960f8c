//! Memberships of organizations. Each check and its change happen under one lock: of two requests for the last seat,
//! one gets it.

use super::{ChangeError, find_organization, find_user};
use crate::{
    error::UnknownName,
    resource,
    shared::Shared,
    store::{Membership, Organization, Store, StoreGuard, User},
    webhooks::{Event, MembershipPayload},
};

/// The permission to manage the members.
const MANAGE: &str = "org:sys_memberships:manage";

impl Shared {
    /// Makes a user a member of an organization, unless they are one or there is no seat left.
    pub(crate) fn join(
        &self,
        user_id: &str,
        organization_id: &str,
        role: &str,
        edit: impl FnOnce(&mut Membership),
    ) -> Result<Membership, ChangeError> {
        let now = self.clock.now();
        let mut store = self.store();
        let (user, organization) = (find_user(&store, user_id)?, find_organization(&store, organization_id)?);
        if store.membership(&user.id, &organization.id).is_some() {
            return Err(ChangeError::AlreadyMember(None));
        }
        store.check_room(&organization.id, 1, now).map_err(ChangeError::MembershipLimit)?;
        let mut membership = store.add_membership(&user.id, &organization.id, role, Vec::new(), now);
        edit(&mut membership);
        store.memberships.put(membership.clone());
        let member = membership_payload(&store, user, organization, membership);
        drop(store);
        Ok(self.send_membership_created(member))
    }

    /// Makes a user a member of an organization, or changes the role of a member; ignores the limit of members.
    pub(crate) fn add_member(
        &self,
        user: &str,
        organization: &str,
        role: &str,
        permissions: &[&str],
    ) -> Result<Membership, UnknownName> {
        let mut store = self.store();
        let user = find_user(&store, user)?;
        let organization = find_organization(&store, organization)?;
        let permissions = permissions.iter().map(|&permission| permission.to_owned()).collect();
        let membership = store.add_membership(&user.id, &organization.id, role, permissions, self.clock.now());
        let member = membership_payload(&store, user, organization, membership);
        drop(store);
        Ok(self.send_membership_created(member))
    }

    pub(super) fn send_membership_created(&self, member: MembershipPayload) -> Membership {
        let membership = member.membership.clone();
        self.webhooks.send(&Event::MembershipCreated(Box::new(member)));
        membership
    }

    /// Edits a membership. With `managed`, a member must remain who can manage the others.
    pub(crate) fn edit_membership(
        &self,
        user_id: &str,
        organization_id: &str,
        managed: bool,
        edit: impl FnOnce(&mut Membership),
    ) -> Result<Membership, ChangeError> {
        let unknown = || UnknownName(format!("{user_id} in {organization_id}"));
        let mut store = self.store();
        let mut membership = store.membership(user_id, organization_id).ok_or_else(unknown)?.clone();
        edit(&mut membership);
        membership.updated_at = self.clock.now();
        if managed && !can_manage_members(&store, &membership) {
            check_manager_left(&store, user_id, organization_id)?;
        }
        store.memberships.put(membership.clone());
        let payload = resource::membership_in(&store, &membership);
        drop(store);
        payload.into_iter().for_each(|payload| drop(self.webhooks.send_raw("organizationMembership.updated", payload)));
        Ok(membership)
    }

    /// Removes a user from an organization; the user's next tokens do not name it.
    pub(crate) fn remove_member(&self, user: &str, organization: &str) -> Result<Membership, UnknownName> {
        let store = self.store();
        let (user, organization) = (find_user(&store, user)?, find_organization(&store, organization)?);
        self.remove_membership(store, user, organization)
    }

    /// The same, if a member remains who can manage the others.
    pub(crate) fn leave(&self, user_id: &str, organization_id: &str) -> Result<Membership, ChangeError> {
        let store = self.store();
        let (user, organization) = (find_user(&store, user_id)?, find_organization(&store, organization_id)?);
        check_manager_left(&store, &user.id, &organization.id)?;
        Ok(self.remove_membership(store, user, organization)?)
    }

    fn remove_membership(
        &self,
        mut store: StoreGuard<'_>,
        user: User,
        organization: Organization,
    ) -> Result<Membership, UnknownName> {
        let unknown = || UnknownName(format!("{} in {}", user.identifier(), organization.slug));
        let membership = store.remove_membership(&user.id, &organization.id).ok_or_else(unknown)?;
        let member = membership_payload(&store, user, organization, membership);
        drop(store);
        let membership = member.membership.clone();
        self.webhooks.send(&Event::MembershipDeleted(Box::new(member)));
        Ok(membership)
    }
}

pub(super) fn membership_payload(
    store: &Store,
    user: User,
    organization: Organization,
    membership: Membership,
) -> MembershipPayload {
    MembershipPayload { user, organization, permissions: store.permissions(&membership), membership }
}

fn can_manage_members(store: &Store, membership: &Membership) -> bool {
    store.permissions(membership).iter().any(|one| one == MANAGE)
}

fn check_manager_left(store: &Store, user_id: &str, organization_id: &str) -> Result<(), ChangeError> {
    let mut others = store.members_of(organization_id).filter(|one| one.user_id != user_id);
    if others.any(|one| can_manage_members(store, one)) { Ok(()) } else { Err(ChangeError::NoManagerLeft) }
}
