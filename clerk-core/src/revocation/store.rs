//! [`RevocationStore`], the trait of all stores, and the [`Listeners`] that a store may keep.

use std::{
    fmt::{self, Debug},
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Revocation, RevocationError, RevocationStatus, TokenInfo};
use crate::base::time::Timestamp;

/// Store of revocations.
///
/// Use [`InMemoryRevocations`](super::InMemoryRevocations) for one process, or `RedisRevocations` of `clerk-stores` for several. A store of your own must also answer from this process's memory, and update that memory in the background.
pub trait RevocationStore: Debug + Send + Sync + 'static {
    /// Checks whether a session token is revoked, as far as this process knows.
    ///
    /// Called for every request, so it must do no I/O and should not allocate.
    fn check(&self, token: &TokenInfo<'_>, now: Timestamp) -> RevocationStatus;

    /// Sets how long a revocation must be kept even if the store is full: as long as a token that Clerk issued just before it
    /// can be accepted. Called when a [`Clerk`](crate::Clerk) is built. The default does nothing.
    fn set_min_retention(&self, retention: Duration) {
        let _ = retention;
    }

    /// Stores a revocation until [`Revocation::until`]: in this process before it returns, in other processes when the future resolves.
    fn revoke(&self, revocation: Revocation, now: Timestamp) -> RevokeFuture<'_>;

    /// Adds a listener that is called for each new revocation from any process.
    ///
    /// The default does nothing: then long-lived connections only end by revocations of this process's
    /// [`Clerk`](crate::Clerk).
    fn subscribe(&self, listener: Listener) {
        drop(listener);
    }

    /// Whether revocations from other processes may be missing at this moment.
    fn is_stale(&self) -> bool {
        false
    }

    /// Whether requests are refused or accepted while the store is stale. A route can set its own policy.
    fn stale_policy(&self) -> StalePolicy {
        StalePolicy::Refuse
    }
}

impl<S: RevocationStore + ?Sized> RevocationStore for Arc<S> {
    fn check(&self, token: &TokenInfo<'_>, now: Timestamp) -> RevocationStatus {
        (**self).check(token, now)
    }

    fn set_min_retention(&self, retention: Duration) {
        (**self).set_min_retention(retention);
    }

    fn revoke(&self, revocation: Revocation, now: Timestamp) -> RevokeFuture<'_> {
        (**self).revoke(revocation, now)
    }

    fn subscribe(&self, listener: Listener) {
        (**self).subscribe(listener);
    }

    fn is_stale(&self) -> bool {
        (**self).is_stale()
    }

    fn stale_policy(&self) -> StalePolicy {
        (**self).stale_policy()
    }
}

/// Future of [`RevocationStore::revoke`].
pub type RevokeFuture<'s> = Pin<Box<dyn Future<Output = Result<(), RevocationError>> + Send + 's>>;

/// Whether requests fail open or fail closed while the store is [stale](RevocationStore::is_stale).
///
/// Tokens that are known to be revoked are refused either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StalePolicy {
    /// Fail open: requests are accepted. A revoked session may be accepted until its token expires.
    Accept,
    /// Fail closed: requests are refused with 503. The user is not signed out.
    Refuse,
}

/// A function that is called for each revocation. It returns whether to call it again.
pub type Listener = Box<dyn Fn(&Revocation) -> bool + Send + Sync>;

/// A list of listeners, for use in a [`RevocationStore`].
#[derive(Default)]
pub struct Listeners(Mutex<Vec<Listener>>);

impl Listeners {
    /// Adds a listener.
    pub fn add(&self, listener: Listener) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Calls all listeners, and removes those that return `false`.
    pub fn notify(&self, revocation: &Revocation) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|listener| listener(revocation));
    }
}

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listeners").finish_non_exhaustive()
    }
}
