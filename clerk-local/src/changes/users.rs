//! Creating, editing and deleting users.

use std::time::Duration;

use clerk_core::time::Timestamp;

use super::find_user;
use crate::{
    error::UnknownName,
    keys::random_id,
    shared::Shared,
    store::{SessionEnd, Store, User},
    webhooks::Event,
};

/// A change of whether a user can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountChange {
    Ban,
    Lock,
    Unban,
    Unlock,
}

impl Shared {
    /// Creates a user, or replaces the one with the same username.
    pub(crate) fn create_user(&self, username: &str, name: &str) -> User {
        let mut user = User::new(random_id("user"), self.clock.now());
        let (first, last) = name.split_once(' ').map_or((name, None), |(first, last)| (first, Some(last)));
        (user.first_name, user.last_name) = (Some(first.to_owned()), last.map(str::to_owned));
        user.username = Some(username.to_owned());
        let mut store = self.store();
        let known = store.users.find(|known| known.username == user.username).map(|known| known.id.clone());
        known.iter().for_each(|id| drop(store.remove_user(id)));
        drop(store);
        self.add_user(user)
    }

    /// Adds a user.
    pub(crate) fn add_user(&self, user: User) -> User {
        self.store().users.put(user.clone());
        self.webhooks.send(&Event::UserCreated(user.clone(), self.settings()));
        user
    }

    /// Adds a user, unless another user has one of the identifiers.
    pub(crate) fn add_new_user(&self, user: User) -> Option<User> {
        let mut store = self.store();
        let addresses = user.email_addresses.iter().map(|one| &one.email_address);
        let numbers = user.phone_numbers.iter().map(|one| &one.phone_number);
        if addresses.chain(numbers).chain(&user.username).any(|one| store.user_by_identifier(one).is_some()) {
            return None;
        }
        store.users.put(user.clone());
        drop(store);
        self.webhooks.send(&Event::UserCreated(user.clone(), self.settings()));
        Some(user)
    }

    /// Deletes a user, with their sessions and memberships.
    pub(crate) fn delete_user(&self, name: &str) -> Result<User, UnknownName> {
        let mut store = self.store();
        let id = find_user(&store, name)?.id;
        let user = store.remove_user(&id).ok_or_else(|| UnknownName(name.to_owned()))?;
        drop(store);
        self.end_all(SessionEnd::Revoked, |session| session.user_id == user.id);
        self.webhooks.send(&Event::UserDeleted(user.id.clone()));
        Ok(user)
    }

    /// When a lock that begins now ends.
    pub(crate) fn lockout_end(&self) -> Option<Timestamp> {
        let minutes = u64::from(self.settings().lockout_minutes);
        (minutes > 0).then(|| self.clock.now() + Duration::from_secs(minutes * 60))
    }

    /// Bans or locks a user, who cannot sign in then, or undoes that. A ban ends their sessions.
    pub(crate) fn change_user(&self, name: &str, change: AccountChange) -> Result<User, UnknownName> {
        let end = self.lockout_end();
        let user = self.edit_user(name, |user| match change {
            AccountChange::Ban => user.banned = true,
            AccountChange::Lock => user.lock(end),
            AccountChange::Unban => user.banned = false,
            AccountChange::Unlock => user.unlock(),
        })?;
        if change == AccountChange::Ban {
            self.end_all(SessionEnd::Revoked, |session| session.user_id == user.id);
        }
        Ok(user)
    }

    /// Stores a changed user.
    pub(crate) fn put_user(&self, user: User) -> User {
        self.store().users.put(user.clone());
        self.webhooks.send(&Event::UserUpdated(user.clone(), self.settings()));
        user
    }

    /// Edits a user.
    pub(crate) fn edit_user(&self, name: &str, edit: impl FnOnce(&mut User)) -> Result<User, UnknownName> {
        let mut store = self.store();
        let id = find_user(&store, name)?.id;
        let user = store.users.get_mut(&id).ok_or_else(|| UnknownName(name.to_owned()))?;
        edit(user);
        user.updated_at = self.clock.now();
        let user = user.clone();
        drop(store);
        self.webhooks.send(&Event::UserUpdated(user.clone(), self.settings()));
        Ok(user)
    }

    /// Edits a user, unless `edit` returns an error; `unknown` makes the error for a user who does not exist.
    pub(crate) fn try_edit_user<E>(
        &self,
        id: &str,
        unknown: impl FnOnce() -> E,
        edit: impl FnOnce(&Store, &mut User) -> Result<(), E>,
    ) -> Result<User, E> {
        let mut store = self.store();
        let mut user = store.users.get(id).cloned().ok_or_else(unknown)?;
        edit(&store, &mut user)?;
        user.updated_at = self.clock.now();
        store.users.put(user.clone());
        drop(store);
        self.webhooks.send(&Event::UserUpdated(user.clone(), self.settings()));
        Ok(user)
    }
}
