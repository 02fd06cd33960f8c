//! Sessions that end when they are ended.
//!
//! A session token is good for a minute, whatever happens to its session meanwhile. A [`RevocationStore`] closes that gap:
//! it remembers what was revoked for as long as a token of it could still be accepted, and every authentication asks it
//! last, without any I/O.
//!
//! ```
//! use std::sync::Arc;
//! use clerk_core::{Clerk, revocation::InMemoryRevocations};
//!
//! let builder = Clerk::builder().revocation(Arc::new(InMemoryRevocations::new()));
//! ```
//!
//! | what is revoked | who is refused |
//! |---|---|
//! | a session | every token of it: 401 |
//! | a user | tokens whose `iat` is not after that moment, so that signing in again works: 401 |
//! | a membership | nobody; but the sessions of the user count as without this organization, until a newer token names it |
//!
//! `iat` counts whole seconds, so that a token issued in the second of the revocation counts as issued before it.
//!
//! [`Clerk::revoke_session`](crate::Clerk::revoke_session) and [`Clerk::revoke_user`](crate::Clerk::revoke_user) write the
//! store and call Clerk; [`Clerk::revoked`](crate::Clerk::revoked) writes the store alone, for what you heard of otherwise.

mod entries;
mod error;
mod listeners;
mod memory;
mod policy;
#[cfg(feature = "redis")]
pub(crate) mod redis;
mod revoked;
mod rule;

use std::{fmt::Debug, future::Future, pin::Pin};

pub use error::{RevocationError, RevocationErrorKind};
pub use listeners::{Listener, Listeners};
pub use memory::InMemoryRevocations;
pub(crate) use policy::Revocations;
#[cfg(feature = "redis")]
pub use redis::{RedisRevocations, RedisRevocationsBuilder};
pub use revoked::{Revocation, Revoked};
pub use rule::{Standing, Subject};

use crate::base::time::Timestamp;

/// Where revocations are remembered.
///
/// [`InMemoryRevocations`] for one process, with the feature `redis` `RedisRevocations` for several. A store of your own judges by what is in this process's memory, too, and keeps
/// that up to date behind the requests.
pub trait RevocationStore: Debug + Send + Sync + 'static {
    /// What became of a session, as far as this process knows. Asked for every request: neither I/O nor allocation.
    fn judge(&self, subject: &Subject<'_>, now: Timestamp) -> Standing;

    /// Remembers a revocation: in this process before it returns, elsewhere when the future resolves.
    fn revoke(&self, revocation: Revocation, now: Timestamp) -> Revoking<'_>;

    /// Asks to be told of revocations from now on, whoever made them. Without it long-lived connections hear of those of
    /// this process's [`Clerk`](crate::Clerk) alone.
    fn subscribe(&self, listener: Listener) {
        drop(listener);
    }

    /// Whether revocations that others made may be missing at this moment.
    fn is_stale(&self) -> bool {
        false
    }

    /// What becomes of requests meanwhile, on routes that do not say otherwise.
    fn when_stale(&self) -> WhenStale {
        WhenStale::Refuse
    }
}

/// Future of [`RevocationStore::revoke`].
pub type Revoking<'s> = Pin<Box<dyn Future<Output = Result<(), RevocationError>> + Send + 's>>;

/// What becomes of a session's requests while revocations may be missing: whether the store fails open or closed. What is
/// known to be revoked is refused either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhenStale {
    /// They are accepted: a revoked session may be let in for as long as its token is good.
    Accept,
    /// They are refused with 503, and nobody is told that they are signed out.
    Refuse,
}
