//! What the instance knows: users, organizations, browsers and machines' tokens.

mod browsers;
mod machine_tokens;
mod oauth;
mod seed;

use std::collections::BTreeMap;

use browsers::Browsers;
pub(crate) use browsers::{Active, Browser, End, Session};
use machine_tokens::MachineTokens;
pub(crate) use machine_tokens::{Kind, MachineToken};
use oauth::OAuth;
pub(crate) use oauth::{Grant, OAuthClient};
pub use seed::Seed;

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

/// What keeps a user from signing in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) banned: bool,
    pub(crate) locked: bool,
}

/// Everything, behind one lock of the instance.
#[derive(Debug, Default)]
pub(crate) struct Store {
    users: Vec<User>,
    /// By user id; those of no other user differ from the default.
    standings: BTreeMap<String, Standing>,
    organizations: Vec<Organization>,
    pub(crate) browsers: Browsers,
    pub(crate) machine_tokens: MachineTokens,
    pub(crate) oauth: OAuth,
}

impl Store {
    pub(crate) fn users(&self) -> &[User] {
        &self.users
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

    /// Takes away a user with this id or name.
    pub(crate) fn remove_user(&mut self, name: &str) -> Option<User> {
        let index = self.users.iter().position(|user| user.id == name || user.username == name)?;
        let user = self.users.remove(index);
        self.standings.remove(&user.id);
        Some(user)
    }

    pub(crate) fn standing(&self, user_id: &str) -> Standing {
        self.standings.get(user_id).copied().unwrap_or_default()
    }

    pub(crate) fn standing_mut(&mut self, user_id: &str) -> &mut Standing {
        self.standings.entry(user_id.to_owned()).or_default()
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

    /// What the user was in the organization, if anything.
    pub(crate) fn remove_membership(&mut self, user_id: &str, organization_id: &str) -> Option<Membership> {
        let memberships = &mut self.users.iter_mut().find(|user| user.id == user_id)?.memberships;
        let index = memberships.iter().position(|one| one.organization_id == organization_id)?;
        Some(memberships.remove(index))
    }
}
