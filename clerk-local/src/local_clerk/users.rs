//! Who is there: users, organizations, sessions.

use super::LocalClerk;
use crate::{
    changes::AccountChange,
    error::UnknownName,
    store::{Membership, Organization, Seed, SessionEnd, User},
    user_builder::UserBuilder,
};
use std::sync::Arc;

impl LocalClerk {
    /// The user with this name or id.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<User> {
        self.shared.store().user(name).cloned()
    }

    /// All users.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.shared.store().users.iter().cloned().collect()
    }

    /// What a user is in which organizations, the oldest first; nothing for a user whom the instance does not know.
    #[must_use]
    pub fn memberships(&self, user: &str) -> Vec<Membership> {
        let store = self.shared.store();
        store.user(user).map_or_else(Vec::new, |user| store.memberships_of(&user.id).cloned().collect())
    }

    /// A user as a test wants them, who is created unless they are there.
    pub fn with_user(&self, username: &str) -> UserBuilder {
        UserBuilder::new(Arc::clone(&self.shared), username)
    }

    /// Creates a user, in place of one with the same name.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn create_user(&self, username: &str, name: &str) -> User {
        self.shared.create_user(username, name)
    }

    /// Creates an organization, in place of one with the same slug.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn create_organization(&self, slug: &str, name: &str) -> Organization {
        self.shared.create_organization(slug, name)
    }

    /// Makes a user a member of an organization.
    ///
    /// # Errors
    /// When the instance has no such user or organization.
    pub fn add_member(
        &self,
        user: &str,
        organization: &str,
        role: &str,
        permissions: &[&str],
    ) -> Result<(), UnknownName> {
        self.shared.add_member(user, organization, role, permissions).map(|_| ())
    }

    /// Puts a seed in the place of the last one: its users, organizations and memberships are as it says, those that only
    /// the last one had are gone, and whatever came to be otherwise stays.
    pub fn reseed(&self, seed: Seed) {
        self.shared.reseed(seed);
    }

    /// Ends the session of every browser, as if each had signed out somewhere else.
    pub fn end_sessions(&self) {
        self.shared.sign_out_all();
    }

    /// Ends one session, by its id: as if it had been signed out somewhere else.
    pub fn end_session(&self, session_id: &str) {
        self.shared.end_session(session_id, SessionEnd::Ended);
    }

    /// Ends one session, by its id: as if somebody had revoked it in the dashboard.
    pub fn revoke_session(&self, session_id: &str) {
        self.shared.end_session(session_id, SessionEnd::Revoked);
    }

    /// Signs a user in on a new browser; the session's id, for tokens of it.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn sign_in(&self, user: &str) -> Result<String, UnknownName> {
        let unknown = || UnknownName(user.to_owned());
        let user_id = self.user(user).ok_or_else(unknown)?.id;
        let client = self.shared.store().clients.add(self.shared.clock.now());
        self.shared.sign_in(&client, &user_id).last_active_session_id.ok_or_else(unknown)
    }

    /// Takes a user out of an organization; their next tokens do not name it any more.
    ///
    /// # Errors
    /// When the instance has no such user or organization, or the user is no member.
    pub fn remove_member(&self, user: &str, organization: &str) -> Result<(), UnknownName> {
        self.shared.remove_member(user, organization).map(|_| ())
    }

    /// Bans a user, which ends their sessions; they cannot sign in until they are [unbanned](Self::unban_user).
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn ban_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.change_user(user, AccountChange::Ban).map(|_| ())
    }

    /// Lets a banned user sign in again.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn unban_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.change_user(user, AccountChange::Unban).map(|_| ())
    }

    /// Locks a user, who cannot sign in until they are [unlocked](Self::unlock_user); their sessions go on.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn lock_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.change_user(user, AccountChange::Lock).map(|_| ())
    }

    /// Lets a locked user sign in again.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn unlock_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.change_user(user, AccountChange::Unlock).map(|_| ())
    }

    /// Deletes a user, and with them their sessions.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn delete_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.delete_user(user).map(|_| ())
    }
}
