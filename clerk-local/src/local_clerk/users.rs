//! Users, organizations and sessions of the instance.

use super::LocalClerk;
use crate::{
    changes::AccountChange,
    error::UnknownName,
    frontend_api::session_cookies,
    settings::Settings,
    store::{Membership, Organization, Seed, SessionEnd, User},
    user_builder::UserBuilder,
};
use std::sync::Arc;

impl LocalClerk {
    /// The user with this name or id.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<User> {
        let mut user = self.shared.store().user(name).cloned()?;
        user.end_lockout(self.shared.clock.now());
        Some(user)
    }

    /// All users.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        let mut users: Vec<User> = self.shared.store().users.iter().cloned().collect();
        users.iter_mut().for_each(|user| user.end_lockout(self.shared.clock.now()));
        users
    }

    /// Memberships of a user, the oldest first; empty for an unknown user.
    #[must_use]
    pub fn memberships(&self, user: &str) -> Vec<Membership> {
        let store = self.shared.store();
        store.user(user).map_or_else(Vec::new, |user| store.memberships_of(&user.id).cloned().collect())
    }

    /// Builds a user for a test; creates the user, or adds to an existing one.
    pub fn with_user(&self, username: &str) -> UserBuilder {
        UserBuilder::new(Arc::clone(&self.shared), username)
    }

    /// Creates a user, or replaces the one with the same username.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn create_user(&self, username: &str, name: &str) -> User {
        self.shared.create_user(username, name)
    }

    /// Creates an organization, or replaces the one with the same slug.
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

    /// What users may do now.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings::clone(&self.shared.settings())
    }

    /// Changes what users may do from now on, as in the console at `/settings`.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let local = clerk_local::LocalClerk::start().await?;
    /// let mut settings = local.settings();
    /// settings.legal_consent = true;
    /// local.set_settings(settings);
    /// # Ok(()) }
    /// ```
    pub fn set_settings(&self, settings: Settings) {
        self.shared.set_settings(settings);
    }

    /// Replaces the last seed: creates or changes what the new one contains, deletes what only the last one contained,
    /// and keeps everything else.
    pub fn reseed(&self, seed: Seed) {
        if let Some(settings) = seed.settings() {
            self.shared.set_settings(settings.clone());
        }
        self.shared.reseed(seed);
    }

    /// Ends the sessions of all browsers, as if their users had signed out elsewhere.
    pub fn end_sessions(&self) {
        self.shared.sign_out_all();
    }

    /// Ends one session by its id, as if its user had signed out elsewhere.
    pub fn end_session(&self, session_id: &str) {
        self.shared.end_session(session_id, SessionEnd::Ended);
    }

    /// Ends one session by its id, as if an administrator had revoked it in the dashboard.
    pub fn revoke_session(&self, session_id: &str) {
        self.shared.end_session(session_id, SessionEnd::Revoked);
    }

    /// Signs a user in on a new browser; returns the session's id, for tokens of it.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn sign_in(&self, user: &str) -> Result<String, UnknownName> {
        let unknown = || UnknownName(user.to_owned());
        let user_id = self.user(user).ok_or_else(unknown)?.id;
        let client = self.shared.store().clients.add(self.shared.clock.now());
        self.shared.sign_in(&client, &user_id).last_active_session_id.ok_or_else(unknown)
    }

    /// Signs a user in on a new browser; returns the cookies that the browser sends to the app at this origin,
    /// `http://localhost:3000` for example, as the value of a `Cookie` header. They are those of a development
    /// instance: session, refresh, `__client_uat` and dev browser, with and without the suffix.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn browser_cookies(&self, user: &str, origin: &str) -> Result<String, UnknownName> {
        let unknown = || UnknownName(user.to_owned());
        let user_id = self.user(user).ok_or_else(unknown)?.id;
        let client = self.shared.store().clients.add(self.shared.clock.now());
        let client = self.shared.sign_in(&client, &user_id);
        let lines = session_cookies::for_client(&self.shared, &client, origin);
        let pairs: Vec<&str> = lines.iter().filter_map(|line| line.split(';').next()).collect();
        Ok(pairs.join("; "))
    }

    /// Removes a user from an organization; the user's next tokens do not name it.
    ///
    /// # Errors
    /// When the instance has no such user or organization, or the user is not a member.
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

    /// Locks a user for an hour of the instance's clock (`Settings::lockout_minutes`), or until they are
    /// [unlocked](Self::unlock_user). They cannot sign in meanwhile; their sessions go on.
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
