//! Who is there when the instance starts.

use super::{Membership, Organization, Store, User};

/// The users and organizations that an instance starts with.
#[derive(Debug, Clone)]
pub struct Seed {
    users: Vec<User>,
    organizations: Vec<Organization>,
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
        let organization =
            |slug: &str, name: &str| Organization { id: fixed("org", slug), slug: slug.into(), name: name.into() };
        let member = |slug: &str, role: &str, permissions: &[&str]| Membership {
            organization_id: fixed("org", slug),
            role: role.into(),
            permissions: permissions.iter().map(|&permission| permission.into()).collect(),
        };
        let user = |username: &str, name: &str, memberships| User {
            id: fixed("user", username),
            username: username.into(),
            name: name.into(),
            pending: false,
            memberships,
        };
        Self {
            organizations: vec![organization("acme", "Acme"), organization("globex", "Globex")],
            users: vec![
                user(
                    "alice",
                    "Alice Archer",
                    vec![
                        member("acme", "org:admin", &["org:invoices:read", "org:invoices:create"]),
                        member("globex", "org:member", &[]),
                    ],
                ),
                user("bob", "Bob Baker", vec![member("acme", "org:member", &["org:invoices:read"])]),
                user("carol", "Carol Cooper", Vec::new()),
                User { pending: true, ..user("dave", "Dave Dyer", Vec::new()) },
            ],
        }
    }

    pub(crate) fn into_store(self) -> Store {
        Store { users: self.users, organizations: self.organizations, ..Store::default() }
    }
}

/// A readable id of Clerk's length.
fn fixed(prefix: &str, name: &str) -> String {
    format!("{prefix}_{name:0<27}")
}
