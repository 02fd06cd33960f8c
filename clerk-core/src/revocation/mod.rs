//! Revocation: refuses session tokens whose session, user or membership has ended.
//!
//! A session token stays valid for a minute, even if its session ends before that. A [`RevocationStore`] closes this gap:
//! it remembers each revocation until the last affected token has expired. Every authentication checks it last, without
//! I/O.
//!
//! ```
//! use std::sync::Arc;
//! use clerk_core::{Clerk, revocation::InMemoryRevocations};
//!
//! let builder = Clerk::builder().revocation(Arc::new(InMemoryRevocations::new()));
//! ```
//!
//! | what is revoked | effect on tokens |
//! |---|---|
//! | a session | all its tokens are refused: 401 |
//! | a user | tokens issued up to that moment (`iat`) are refused: 401. The user can sign in again |
//! | a membership | no token is refused, but those issued up to that moment have no active organization |
//!
//! `iat` is in whole seconds, so a token issued in the same second as the revocation counts as issued before it.
//!
//! [`Clerk::revoke_session`](crate::Clerk::revoke_session) and [`Clerk::revoke_user`](crate::Clerk::revoke_user) write to
//! the store and call Clerk. [`Clerk::revoked`](crate::Clerk::revoked) only writes to the store, for revocations that you
//! learn of in another way.

mod entries;
mod error;
mod memory;
#[cfg(feature = "redis")]
pub(crate) mod redis;
mod revocations;
mod revoked;
mod rule;
mod store;

pub use error::{RevocationError, RevocationErrorKind};
pub use memory::InMemoryRevocations;
#[cfg(feature = "redis")]
pub use redis::{RedisRevocations, RedisRevocationsBuilder};
pub(crate) use revocations::Revocations;
pub use revoked::{Revocation, Revoked};
pub use rule::{RevocationStatus, TokenInfo};
pub use store::{Listener, Listeners, RevocationStore, RevokeFuture, StalePolicy};
