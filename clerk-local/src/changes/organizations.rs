//! Organizations, who belongs to them, and who is invited.

use serde_json::json;

use super::{known_organization, known_user};
use crate::{
    error::UnknownName,
    keys::random_id,
    resource,
    shared::Shared,
    store::{Membership, Organization, OrganizationInvitation},
    webhooks::{Event, Member},
};

impl Shared {
    /// Adds an organization, in place of one with the same slug.
    pub(crate) fn create_organization(&self, slug: &str, name: &str) -> Organization {
        let organization = Organization::new(random_id("org"), slug, name, self.clock.now());
        let mut store = self.store();
        let known = store.organizations.find(|known| known.slug == slug).map(|known| known.id.clone());
        known.iter().for_each(|id| drop(store.remove_organization(id)));
        store.organizations.put(organization.clone());
        organization
    }

    /// Adds an organization as it is, with a first member if there is one.
    pub(crate) fn add_organization(&self, organization: Organization, creator: Option<(&str, &str)>) -> Organization {
        self.store().organizations.put(organization.clone());
        self.webhooks.send_raw("organization.created", resource::organization(&organization));
        if let Some((user_id, role)) = creator {
            // Somebody deleted the user a moment ago, if this fails.
            let _ = self.add_member(user_id, &organization.id, role, &[]);
        }
        organization
    }

    /// Adds an organization with its first member; `None` when the slug is taken, or the user is gone.
    pub(crate) fn found_organization(&self, name: &str, slug: &str, creator_id: &str) -> Option<Organization> {
        let mut organization = Organization::new(random_id("org"), slug, name, self.clock.now());
        organization.created_by = Some(creator_id.to_owned());
        let mut store = self.store();
        if store.organization(slug).is_some() || store.users.get(creator_id).is_none() {
            return None;
        }
        store.organizations.put(organization.clone());
        drop(store);
        self.webhooks.send_raw("organization.created", resource::organization(&organization));
        self.add_member(creator_id, &organization.id, "org:admin", &[]).ok()?;
        Some(organization)
    }

    /// Changes anything about an organization.
    pub(crate) fn edit_organization(
        &self,
        name: &str,
        edit: impl FnOnce(&mut Organization),
    ) -> Result<Organization, UnknownName> {
        let mut store = self.store();
        let id = known_organization(&store, name)?.id;
        let organization = store.organizations.get_mut(&id).ok_or_else(|| UnknownName(name.to_owned()))?;
        edit(organization);
        organization.updated_at = self.clock.now();
        let organization = organization.clone();
        drop(store);
        self.webhooks.send_raw("organization.updated", resource::organization(&organization));
        Ok(organization)
    }

    /// Takes an organization away, with its memberships and invitations.
    pub(crate) fn delete_organization(&self, name: &str) -> Result<Organization, UnknownName> {
        let mut store = self.store();
        let id = known_organization(&store, name)?.id;
        let organization = store.remove_organization(&id).ok_or_else(|| UnknownName(name.to_owned()))?;
        drop(store);
        let deleted =
            json!({"deleted": true, "id": organization.id, "slug": organization.slug, "object": "organization"});
        self.webhooks.send_raw("organization.deleted", deleted);
        Ok(organization)
    }

    /// Changes anything about a user's place in an organization.
    pub(crate) fn edit_membership(
        &self,
        user_id: &str,
        organization_id: &str,
        edit: impl FnOnce(&mut Membership),
    ) -> Result<Membership, UnknownName> {
        let unknown = || UnknownName(format!("{user_id} in {organization_id}"));
        let mut store = self.store();
        let id = store.membership(user_id, organization_id).ok_or_else(unknown)?.id.clone();
        let membership = store.memberships.get_mut(&id).ok_or_else(unknown)?;
        edit(membership);
        membership.updated_at = self.clock.now();
        let membership = membership.clone();
        let told = resource::membership_in(&store, &membership);
        drop(store);
        told.into_iter().for_each(|told| drop(self.webhooks.send_raw("organizationMembership.updated", told)));
        Ok(membership)
    }

    /// Adds an invitation to an organization, or changes it; `happened` is the event's last word, `created` for example.
    pub(crate) fn put_organization_invitation(&self, invitation: OrganizationInvitation, happened: &str) {
        let mut store = self.store();
        let told = resource::organization_invitation(&store, &invitation, self.clock.now());
        store.organization_invitations.put(invitation);
        drop(store);
        self.webhooks.send_raw(&format!("organizationInvitation.{happened}"), told);
    }

    /// Makes a user a member of an organization, in the place of what they were there.
    pub(crate) fn add_member(
        &self,
        user: &str,
        organization: &str,
        role: &str,
        permissions: &[&str],
    ) -> Result<Membership, UnknownName> {
        let mut store = self.store();
        let user = known_user(&store, user)?;
        let organization = known_organization(&store, organization)?;
        let permissions = permissions.iter().map(|&permission| permission.to_owned()).collect();
        let membership = store.add_membership(&user.id, &organization.id, role, permissions, self.clock.now());
        let member = Member { user, organization, permissions: store.permissions(&membership), membership };
        drop(store);
        let membership = member.membership.clone();
        self.webhooks.send(&Event::MembershipCreated(Box::new(member)));
        Ok(membership)
    }

    /// Takes a user out of an organization; their next tokens do not name it any more.
    pub(crate) fn remove_member(&self, user: &str, organization: &str) -> Result<Membership, UnknownName> {
        let mut store = self.store();
        let user = known_user(&store, user)?;
        let organization = known_organization(&store, organization)?;
        let membership = store.remove_membership(&user.id, &organization.id);
        let membership =
            membership.ok_or_else(|| UnknownName(format!("{} in {}", user.identifier(), organization.slug)))?;
        let member = Member { user, organization, permissions: store.permissions(&membership), membership };
        drop(store);
        let membership = member.membership.clone();
        self.webhooks.send(&Event::MembershipDeleted(Box::new(member)));
        Ok(membership)
    }
}
