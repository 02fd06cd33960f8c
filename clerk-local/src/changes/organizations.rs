//! Creating, editing and deleting organizations.

use serde_json::json;

use super::{ChangeError, find_organization, find_user, memberships::membership_payload};
use crate::{
    error::UnknownName,
    keys::random_id,
    resource,
    shared::Shared,
    store::{Organization, Store, User},
};

impl Shared {
    /// Creates an organization, or replaces the one with the same slug.
    pub(crate) fn create_organization(&self, slug: &str, name: &str) -> Organization {
        let organization = Organization::new(random_id("org"), slug, name, self.clock.now());
        let mut store = self.store();
        let known = store.organizations.find(|known| known.slug == slug).map(|known| known.id.clone());
        known.iter().for_each(|id| drop(store.remove_organization(id)));
        store.organizations.put(organization.clone());
        organization
    }

    /// Adds an organization, with its creator (if it has one) as the first member. Without a slug it gets a free one.
    /// With `by_user`, the creator must be allowed to create it.
    pub(crate) fn add_organization(
        &self,
        mut organization: Organization,
        by_user: bool,
    ) -> Result<Organization, ChangeError> {
        let mut store = self.store();
        if !store.settings().has_organization_setting("enabled") {
            return Err(ChangeError::OrganizationsDisabled);
        }
        let creator = organization.created_by.as_ref().map(|id| find_user(&store, id)).transpose()?;
        if by_user && !creator.as_ref().is_some_and(|user| can_create_organization(&store, user)) {
            return Err(ChangeError::CreationForbidden);
        }
        if organization.slug.is_empty() {
            organization.slug = store.free_slug(&organization.name);
        } else if store.organization(&organization.slug).is_some() {
            return Err(ChangeError::SlugTaken);
        }
        store.organizations.put(organization.clone());
        let first = creator.map(|user| {
            let role = store.settings().creator_role().to_owned();
            let membership = store.add_membership(&user.id, &organization.id, &role, Vec::new(), self.clock.now());
            membership_payload(&store, user, organization.clone(), membership)
        });
        drop(store);
        self.webhooks.send_raw("organization.created", resource::organization(&organization));
        first.into_iter().for_each(|member| drop(self.send_membership_created(member)));
        Ok(organization)
    }

    /// Edits an organization; its slug must not be another's.
    pub(crate) fn edit_organization(
        &self,
        name: &str,
        edit: impl FnOnce(&mut Organization),
    ) -> Result<Organization, ChangeError> {
        let mut store = self.store();
        let mut organization = find_organization(&store, name)?;
        edit(&mut organization);
        organization.updated_at = self.clock.now();
        if store.organization(&organization.slug).is_some_and(|other| other.id != organization.id) {
            return Err(ChangeError::SlugTaken);
        }
        store.organizations.put(organization.clone());
        drop(store);
        self.webhooks.send_raw("organization.updated", resource::organization(&organization));
        Ok(organization)
    }

    /// Deletes an organization, with its memberships and invitations.
    pub(crate) fn delete_organization(&self, name: &str) -> Result<Organization, UnknownName> {
        let mut store = self.store();
        let id = find_organization(&store, name)?.id;
        let organization = store.remove_organization(&id).ok_or_else(|| UnknownName(name.to_owned()))?;
        drop(store);
        let deleted =
            json!({"deleted": true, "id": organization.id, "slug": organization.slug, "object": "organization"});
        self.webhooks.send_raw("organization.deleted", deleted);
        Ok(organization)
    }
}

/// Whether a user may create another organization.
fn can_create_organization(store: &Store, user: &User) -> bool {
    let created = store.organizations.iter().filter(|one| one.created_by.as_ref() == Some(&user.id)).count();
    let most = user.create_organizations_limit.filter(|most| *most > 0);
    user.create_organization_enabled && most.is_none_or(|most| u32::try_from(created).is_ok_and(|count| count < most))
}
