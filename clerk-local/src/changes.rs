//! What changes users and sessions, whoever asks for it: a page, a backend or a test. Each change is told to the
//! application's webhook endpoints.

use crate::{
    error::UnknownName,
    keys::random_id,
    shared::Shared,
    store::{Browser, End, Membership, Session, User},
    webhooks::{Account, Event, Member, SessionOf},
};

/// What a user's account can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Ban,
    Lock,
    Unban,
    Unlock,
}

impl Shared {
    /// Signs a user in on a browser, in the place of whoever was.
    pub(crate) fn sign_in(&self, browser: &Browser, user_id: &str) -> Browser {
        let now = self.clock.now();
        let mut store = self.store();
        let before = store.browsers.sign_out(&browser.client, now);
        let browser = store.browsers.sign_in(browser, user_id, now);
        drop(store);
        before.iter().for_each(|session| self.tell_end(session, End::Ended));
        if let Some(session) = &browser.session {
            self.webhooks.send(&Event::SessionCreated(session.into()));
        }
        browser
    }

    pub(crate) fn sign_out(&self, client: &str) {
        let session = self.store().browsers.sign_out(client, self.clock.now());
        session.iter().for_each(|session| self.tell_end(session, End::Ended));
    }

    pub(crate) fn sign_out_all(&self) {
        let sessions = self.store().browsers.sign_out_all(self.clock.now());
        sessions.iter().for_each(|session| self.tell_end(session, End::Ended));
    }

    /// Ends a session, whether a browser has it or only a token that was made by hand; nothing happens when it has ended.
    pub(crate) fn end_session(&self, id: &str, end: End) {
        let mut store = self.store();
        if store.browsers.end_of(id).is_some() {
            return;
        }
        let session = store.browsers.end(id, end, self.clock.now());
        drop(store);
        let user_id = session.map(|session| session.user_id);
        self.webhooks.send(&Event::SessionEnded(SessionOf { id: id.to_owned(), user_id }, end));
    }

    /// Adds a user, in place of one with the same name.
    pub(crate) fn create_user(&self, username: &str, name: &str) -> User {
        let (username, name) = (username.to_owned(), name.to_owned());
        let user = User { id: random_id("user"), username, name, pending: false, memberships: Vec::new() };
        let user = self.store().add_user(user);
        self.webhooks.send(&Event::UserCreated(user.clone()));
        user
    }

    /// Takes a user away, and with them their sessions and memberships.
    pub(crate) fn delete_user(&self, name: &str) -> Result<User, UnknownName> {
        let removed = self.store().remove_user(name);
        let user = removed.ok_or_else(|| UnknownName(name.to_owned()))?;
        self.end_sessions_of(&user.id);
        self.webhooks.send(&Event::UserDeleted(user.id.clone()));
        Ok(user)
    }

    /// Bans or locks a user, who cannot sign in then, or undoes that. A ban ends their sessions.
    pub(crate) fn change_user(&self, name: &str, change: Change) -> Result<(User, bool, bool), UnknownName> {
        let mut store = self.store();
        let user = store.user(name).cloned().ok_or_else(|| UnknownName(name.to_owned()))?;
        let standing = store.standing_mut(&user.id);
        match change {
            Change::Ban => standing.banned = true,
            Change::Lock => standing.locked = true,
            Change::Unban => standing.banned = false,
            Change::Unlock => standing.locked = false,
        }
        let (banned, locked) = (standing.banned, standing.locked);
        drop(store);
        if change == Change::Ban {
            self.end_sessions_of(&user.id);
        }
        self.webhooks.send(&Event::UserUpdated(Account { user: user.clone(), banned, locked }));
        Ok((user, banned, locked))
    }

    /// Makes a user a member of an organization, in the place of what they were there.
    pub(crate) fn add_member(
        &self,
        user: &str,
        organization: &str,
        role: &str,
        permissions: &[&str],
    ) -> Result<(), UnknownName> {
        let mut store = self.store();
        let user = store.user(user).cloned().ok_or_else(|| UnknownName(user.to_owned()))?;
        let organization =
            store.organization(organization).cloned().ok_or_else(|| UnknownName(organization.to_owned()))?;
        let permissions = permissions.iter().map(|&permission| permission.to_owned()).collect();
        let membership = Membership { organization_id: organization.id.clone(), role: role.to_owned(), permissions };
        store.add_membership(&user.id, membership.clone());
        drop(store);
        self.webhooks.send(&Event::MembershipCreated(Box::new(Member { user, organization, membership })));
        Ok(())
    }

    /// Takes a user out of an organization; their next tokens do not name it any more.
    pub(crate) fn remove_member(&self, user: &str, organization: &str) -> Result<(), UnknownName> {
        let mut store = self.store();
        let user = store.user(user).cloned().ok_or_else(|| UnknownName(user.to_owned()))?;
        let organization =
            store.organization(organization).cloned().ok_or_else(|| UnknownName(organization.to_owned()))?;
        let membership = store.remove_membership(&user.id, &organization.id);
        drop(store);
        let membership =
            membership.ok_or_else(|| UnknownName(format!("{} in {}", user.username, organization.slug)))?;
        self.webhooks.send(&Event::MembershipDeleted(Box::new(Member { user, organization, membership })));
        Ok(())
    }

    fn end_sessions_of(&self, user_id: &str) {
        let ids: Vec<_> = self.store().browsers.sessions_of(user_id).map(|session| session.id.clone()).collect();
        ids.iter().for_each(|id| self.end_session(id, End::Revoked));
    }

    fn tell_end(&self, session: &Session, end: End) {
        self.webhooks.send(&Event::SessionEnded(session.into(), end));
    }
}

impl From<&Session> for SessionOf {
    fn from(session: &Session) -> Self {
        Self { id: session.id.clone(), user_id: Some(session.user_id.clone()) }
    }
}
