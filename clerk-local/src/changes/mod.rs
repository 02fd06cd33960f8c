//! Changes of users, sessions and organizations, for pages, backends and tests. Each change is sent to the
//! application's webhook endpoints.

mod error;
mod memberships;
mod organization_invitations;
mod organizations;
mod sessions;
mod users;
mod waitlist;

use std::sync::PoisonError;

pub(crate) use error::ChangeError;
pub(crate) use sessions::SessionOptions;
pub(crate) use users::AccountChange;

use crate::{
    error::UnknownName,
    shared::Shared,
    store::{Organization, Seed, SessionEnd, Store, User},
    webhooks::Event,
};

impl Shared {
    /// Replaces the last seed by another.
    pub(crate) fn reseed(&self, seed: Seed) {
        let before = std::mem::replace(&mut *self.seed.lock().unwrap_or_else(PoisonError::into_inner), seed.clone());
        let mut store = self.store();
        let gone = seed.remove_missing(&before, &mut store);
        seed.apply(&mut store, self.clock.now());
        drop(store);
        for user in gone {
            self.end_sessions_of(&user.id, SessionEnd::Revoked);
            self.webhooks.send(&Event::UserDeleted(user.id));
        }
    }
}

fn find_user(store: &Store, name: &str) -> Result<User, UnknownName> {
    store.user(name).cloned().ok_or_else(|| UnknownName(name.to_owned()))
}

fn find_organization(store: &Store, name: &str) -> Result<Organization, UnknownName> {
    store.organization(name).cloned().ok_or_else(|| UnknownName(name.to_owned()))
}
