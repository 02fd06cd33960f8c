//! What changes users, sessions and organizations, whoever asks for it: a page, a backend or a test. Each change is told to
//! the application's webhook endpoints.

mod denied;
mod memberships;
mod organization_invitations;
mod organizations;
mod sessions;
mod users;
mod waitlist;

use std::sync::PoisonError;

pub(crate) use denied::Denied;
pub(crate) use sessions::Proved;
pub(crate) use users::Change;

use crate::{
    error::UnknownName,
    shared::Shared,
    store::{End, Organization, Seed, Store, User},
    webhooks::Event,
};

impl Shared {
    /// Puts a seed in the place of the last one.
    pub(crate) fn reseed(&self, seed: Seed) {
        let before = std::mem::replace(&mut *self.seed.lock().unwrap_or_else(PoisonError::into_inner), seed.clone());
        let mut store = self.store();
        let gone = seed.weed(&before, &mut store);
        seed.plant(&mut store, self.clock.now());
        drop(store);
        for user in gone {
            self.end_sessions_of(&user.id, End::Revoked);
            self.webhooks.send(&Event::UserDeleted(user.id));
        }
    }
}

fn known_user(store: &Store, name: &str) -> Result<User, UnknownName> {
    store.user(name).cloned().ok_or_else(|| UnknownName(name.to_owned()))
}

fn known_organization(store: &Store, name: &str) -> Result<Organization, UnknownName> {
    store.organization(name).cloned().ok_or_else(|| UnknownName(name.to_owned()))
}
