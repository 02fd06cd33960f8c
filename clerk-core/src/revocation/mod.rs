//! Revocation: refuses session tokens whose session, user or membership has ended.
//!
//! A session token stays valid for a minute, even if its session ends before that, and Clerk's edge copies its claims into
//! newer tokens. A [`RevocationStore`] closes this gap: it remembers each revocation for 24 hours. Every authentication
//! checks it last, without I/O.
//!
//! ```
//! use clerk_core::{Clerk, revocation::InMemoryRevocations};
//!
//! let builder = Clerk::builder().revocation(InMemoryRevocations::new());
//! ```
//!
//! | what is revoked | effect on tokens |
//! |---|---|
//! | a session | all its tokens are refused: 401 |
//! | a user | tokens whose claims are from up to that moment are refused: 401. The user can sign in again |
//! | a membership | no token is refused, but those whose claims are from up to that moment have no active organization |
//!
//! Claims are as old as [`Session::claims_as_of`](crate::Session::claims_as_of) says, in whole seconds, so claims that were
//! read in the same second as the revocation count as older. If this machine's clock says when the revocation happened, the
//! [clock skew](crate::ClerkBuilder::clock_skew) is added, because Clerk's clock may be ahead: a user who signs in again
//! within these 5 s is refused until then. Times of webhooks are Clerk's own.
//!
//! [`Clerk::revoke_session`](crate::Clerk::revoke_session) and [`Clerk::revoke_user`](crate::Clerk::revoke_user) write to
//! the store and call Clerk. [`Clerk::revoked`](crate::Clerk::revoked) only writes to the store, for revocations that you
//! learn of in another way.

mod entries;
mod error;
mod memory;
mod revocations;
mod revoked;
mod rule;
mod store;

pub use error::{RevocationError, RevocationErrorKind};
pub use memory::InMemoryRevocations;
pub use revocations::RevokedAt;
pub(crate) use revocations::{Revocations, revocation};
pub use revoked::{Revocation, Revoked};
pub use rule::{RevocationStatus, TokenInfo};
pub use store::{Listener, Listeners, RevocationStore, RevokeFuture, StalePolicy};
