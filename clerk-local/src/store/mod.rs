//! What the instance knows: users, organizations and sessions.

mod seed;

use std::{collections::BTreeMap, fmt};

use clerk_core::time::Timestamp;
pub use seed::Seed;

use crate::keys::random_id;

/// A user of the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `user_...`
    pub id: String,
    /// The name to find the user by.
    pub username: String,
    /// The name that pages show.
    pub name: String,
    /// Whether the user's sessions have a task left to do, so that they count as signed out.
    pub pending: bool,
    /// The user's organizations; the first is active after sign-in.
    pub memberships: Vec<Membership>,
}

/// A user's place in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organization's id.
    pub organization_id: String,
    /// The role, `org:admin` for example.
    pub role: String,
    /// The permissions, `org:invoices:read` for example.
    pub permissions: Vec<String>,
}

/// An organization of the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// `org_...`
    pub id: String,
    /// The name in URLs.
    pub slug: String,
    /// The name that pages show.
    pub name: String,
}

/// A signed-in browser.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) user_id: String,
    /// The `__client` cookie that identifies the browser.
    pub(crate) client: String,
    pub(crate) created_at: Timestamp,
}

impl fmt::Debug for Session {
    /// Leaves the client out: whoever has it is signed in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// Everything, behind one lock of the instance.
#[derive(Debug, Default)]
pub(crate) struct Store {
    users: Vec<User>,
    organizations: Vec<Organization>,
    sessions: BTreeMap<String, Session>,
}

impl Store {
    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    pub(crate) fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.values()
    }

    /// A user by id or by name.
    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == name || user.username == name)
    }

    /// An organization by id or by slug.
    pub(crate) fn organization(&self, name: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.id == name || organization.slug == name)
    }

    pub(crate) fn add_user(&mut self, user: User) -> User {
        self.users.retain(|known| known.username != user.username && known.id != user.id);
        self.users.push(user.clone());
        user
    }

    pub(crate) fn add_organization(&mut self, organization: Organization) -> Organization {
        self.organizations.retain(|known| known.slug != organization.slug && known.id != organization.id);
        self.organizations.push(organization.clone());
        organization
    }

    pub(crate) fn add_membership(&mut self, user_id: &str, membership: Membership) {
        if let Some(user) = self.users.iter_mut().find(|user| user.id == user_id) {
            user.memberships.retain(|known| known.organization_id != membership.organization_id);
            user.memberships.push(membership);
        }
    }

    pub(crate) fn start_session(&mut self, user_id: &str, now: Timestamp) -> Session {
        let session = Session {
            id: random_id("sess"),
            user_id: user_id.to_owned(),
            client: random_id("client"),
            created_at: now,
        };
        self.sessions.insert(session.id.clone(), session.clone());
        session
    }

    pub(crate) fn end_sessions_of(&mut self, client: &str) {
        self.sessions.retain(|_, session| session.client != client);
    }
}
