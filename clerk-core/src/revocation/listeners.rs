//! [`Listeners`]: who is told of revocations.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use super::Revocation;

/// Whoever is told of each revocation; answers whether it wants to hear of more.
pub type Listener = Box<dyn Fn(&Revocation) -> bool + Send + Sync>;

/// Those who are told of revocations, for stores to keep.
#[derive(Default)]
pub struct Listeners(Mutex<Vec<Listener>>);

impl Listeners {
    /// One more.
    pub fn add(&self, listener: Listener) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Tells all of them, and forgets those who have heard enough.
    pub fn tell(&self, revocation: &Revocation) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|listener| listener(revocation));
    }
}

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listeners").finish_non_exhaustive()
    }
}
