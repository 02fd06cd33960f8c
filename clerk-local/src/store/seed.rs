//! Who is there when the instance starts.

use clerk_core::time::Timestamp;

use super::{InstanceSettings, Organization, Role, RoleSet, Store, User};

/// The users and organizations that an instance starts with.
#[derive(Debug, Clone)]
pub struct Seed {
    users: Vec<SeedUser>,
    /// Slug and name.
    organizations: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
struct SeedUser {
    username: String,
    first_name: String,
    last_name: String,
    pending: bool,
    memberships: Vec<SeedMembership>,
}

#[derive(Debug, Clone)]
struct SeedMembership {
    organization: String,
    role: String,
    permissions: Vec<String>,
}

impl Seed {
    /// Nobody and nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self { users: Vec::new(), organizations: Vec::new() }
    }

    /// Two organizations, an admin, a member, a user without an organization and one with a task left to do.
    #[must_use]
    pub fn demo() -> Self {
        let member = |organization: &str, role: &str, permissions: &[&str]| SeedMembership {
            organization: organization.into(),
            role: role.into(),
            permissions: permissions.iter().map(|&permission| permission.into()).collect(),
        };
        let user = |username: &str, first_name: &str, last_name: &str, memberships| SeedUser {
            username: username.into(),
            first_name: first_name.into(),
            last_name: last_name.into(),
            pending: false,
            memberships,
        };
        Self {
            organizations: [("acme", "Acme"), ("globex", "Globex")]
                .map(|(slug, name)| (slug.into(), name.into()))
                .into(),
            users: vec![
                user(
                    "alice",
                    "Alice",
                    "Archer",
                    vec![
                        member("acme", "org:admin", &["org:invoices:read", "org:invoices:create"]),
                        member("globex", "org:member", &[]),
                    ],
                ),
                user("bob", "Bob", "Baker", vec![member("acme", "org:member", &["org:invoices:read"])]),
                user("carol", "Carol", "Cooper", Vec::new()),
                SeedUser { pending: true, ..user("dave", "Dave", "Dyer", Vec::new()) },
            ],
        }
    }

    pub(crate) fn into_store(self, now: Timestamp) -> Store {
        let mut store = Store::default();
        let roles = Role::defaults(now);
        store.role_sets.put(RoleSet::initial(&roles, now));
        for role in roles {
            role.permissions.iter().for_each(|permission| store.know_permission(permission, now));
            store.roles.put(role);
        }
        store.instance_settings.put(InstanceSettings::default());
        for (slug, name) in &self.organizations {
            store.organizations.put(Organization::new(fixed("org", slug), slug, name, now));
        }
        for seed in self.users {
            let mut user = User::new(fixed("user", &seed.username), now);
            user.add_email_address(&format!("{}@example.com", seed.username), Some("admin"));
            user.username = Some(seed.username);
            (user.first_name, user.last_name) = (Some(seed.first_name), Some(seed.last_name));
            user.pending = seed.pending;
            for membership in seed.memberships {
                let organization = fixed("org", &membership.organization);
                membership.permissions.iter().for_each(|permission| store.know_permission(permission, now));
                store.add_membership(&user.id, &organization, &membership.role, membership.permissions, now);
            }
            store.users.put(user);
        }
        store
    }
}

/// A readable id of Clerk's length.
fn fixed(prefix: &str, name: &str) -> String {
    format!("{prefix}_{name:0<27}")
}
