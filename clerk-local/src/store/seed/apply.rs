//! Applies a seed to a store, and removes what only the last seed had.

use clerk_core::time::Timestamp;

use super::{Seed, SeedOrganization, SeedRole, SeedUser};
use crate::{
    password::PasswordHash,
    store::{InstanceSettings, Organization, Role, RoleSet, Store, User},
};

impl Seed {
    pub(crate) fn into_store(self, now: Timestamp) -> Store {
        let mut store = Store::default();
        let roles = Role::defaults(now);
        store.role_sets.put(RoleSet::initial(&roles, now));
        for role in roles {
            role.permissions.iter().for_each(|permission| store.add_known_permission(permission, now));
            store.roles.put(role);
        }
        store.instance_settings.put(InstanceSettings::default());
        self.apply(&mut store, now);
        store
    }

    /// Adds the content of the seed, or replaces what has the same names. An existing user keeps what a seed cannot
    /// express.
    pub(crate) fn apply(self, store: &mut Store, now: Timestamp) {
        for role in self.roles {
            role.permissions.iter().for_each(|permission| store.add_known_permission(permission, now));
            store.roles.put(role.into_role(now));
        }
        for organization in self.organizations {
            store.organizations.put(organization.into_organization(now));
        }
        for user in self.users {
            let id = fixed_id("user", &user.username);
            for (slug, membership) in &user.organizations {
                let permissions = membership.permissions().to_vec();
                permissions.iter().for_each(|permission| store.add_known_permission(permission, now));
                store.add_membership(&id, &fixed_id("org", slug), membership.role(), permissions, now);
            }
            let mut user = user.into_user(id, now);
            if let Some(known) = store.users.get(&user.id) {
                user.created_at = known.created_at;
                user.last_sign_in_at = known.last_sign_in_at;
                user.external_accounts.clone_from(&known.external_accounts);
                if user.secrets.password.is_none() {
                    user.secrets.password.clone_from(&known.secrets.password);
                }
                user.secrets.totp.clone_from(&known.secrets.totp);
                user.secrets.backup_codes.clone_from(&known.secrets.backup_codes);
            }
            store.users.put(user);
        }
    }

    /// All memberships: username and slug.
    fn memberships(&self) -> impl Iterator<Item = (&str, &str)> {
        self.users.iter().flat_map(|user| user.organizations.keys().map(|slug| (&*user.username, &**slug)))
    }

    /// Removes what only the last seed had; returns the removed users.
    pub(crate) fn remove_missing(&self, before: &Self, store: &mut Store) -> Vec<User> {
        let gone = |name: &str| !self.users.iter().any(|user| user.username == name);
        let ids = before.users.iter().filter(|user| gone(&user.username)).map(|user| fixed_id("user", &user.username));
        let users = ids.filter_map(|id| store.remove_user(&id)).collect();
        for (user, slug) in before.memberships() {
            if !self.memberships().any(|known| known == (user, slug)) {
                store.remove_membership(&fixed_id("user", user), &fixed_id("org", slug));
            }
        }
        for organization in &before.organizations {
            if !self.organizations.iter().any(|known| known.slug == organization.slug) {
                store.remove_organization(&fixed_id("org", &organization.slug));
            }
        }
        users
    }
}

impl SeedUser {
    fn into_user(self, id: String, now: Timestamp) -> User {
        let mut user = User::new(id, now);
        let email_addresses = self.email_addresses.unwrap_or_else(|| vec![format!("{}@example.com", self.username)]);
        for email_address in &email_addresses {
            user.add_email_address(email_address, Some("admin"));
        }
        for phone_number in &self.phone_numbers {
            user.add_phone_number(phone_number, Some("admin"));
        }
        user.secrets.password = self.password.and_then(|password| PasswordHash::new(&password.0));
        user.username = Some(self.username);
        (user.first_name, user.last_name) = (self.first_name, self.last_name);
        user.external_id = self.external_id;
        (user.pending, user.banned, user.locked) = (self.pending, self.banned, self.locked);
        (user.plan, user.features) = (self.plan, self.features);
        user.public_metadata = self.public_metadata;
        user.private_metadata = self.private_metadata;
        user.unsafe_metadata = self.unsafe_metadata;
        user
    }
}

impl SeedOrganization {
    fn into_organization(self, now: Timestamp) -> Organization {
        let name = self.name.as_ref().unwrap_or(&self.slug);
        let mut organization = Organization::new(fixed_id("org", &self.slug), &self.slug, name, now);
        if let Some(most) = self.max_allowed_memberships {
            organization.max_allowed_memberships = most;
        }
        (organization.plan, organization.features) = (self.plan, self.features);
        organization.public_metadata = self.public_metadata;
        organization.private_metadata = self.private_metadata;
        organization
    }
}

impl SeedRole {
    fn into_role(self, now: Timestamp) -> Role {
        let name = self.key.trim_start_matches("org:").to_owned();
        Role {
            id: fixed_id("role", &name),
            name: self.name.unwrap_or(name),
            key: self.key,
            description: self.description,
            permissions: self.permissions,
            created_at: now,
        }
    }
}

/// A readable id of Clerk's length.
fn fixed_id(prefix: &str, name: &str) -> String {
    format!("{prefix}_{name:0<27}")
}

#[cfg(all(test, feature = "toml"))]
mod tests {
    use super::*;

    #[test]
    fn a_seed_replaces_the_last_one() {
        let now = Timestamp::from_unix_seconds(0);
        let text = |users: &str| format!("[[organizations]]\nslug = \"acme\"\n{users}");
        let users = "[[users]]\nusername = \"a\"\n[[users]]\nusername = \"b\"\n[[users]]\nusername = \"c\"";
        let first = Seed::from_toml(&text(&format!("{users}\norganizations.acme = \"org:member\""))).unwrap();
        let mut store = first.clone().into_store(now);
        let second =
            text("[[users]]\nusername = \"b\"\norganizations.acme = \"org:admin\"\n[[users]]\nusername = \"c\"");
        let second = Seed::from_toml(&second).unwrap();
        let gone = second.remove_missing(&first, &mut store);
        second.apply(&mut store, now);
        assert_eq!(gone.iter().map(User::name).collect::<Vec<_>>(), ["a@example.com"]);
        let names: Vec<_> = store.users.iter().filter_map(|user| user.username.as_deref()).collect();
        assert_eq!(names, ["b", "c"]);
        assert_eq!(store.memberships_of(&fixed_id("user", "b")).next().unwrap().role, "org:admin");
        assert!(store.memberships_of(&fixed_id("user", "c")).next().is_none());
    }
}
