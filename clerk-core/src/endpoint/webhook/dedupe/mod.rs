//! [`DedupeStore`]: which messages were handled already.
//!
//! Clerk delivers a message at least once. It sends it again when nobody answered with 2xx within 15 seconds: after 5
//! seconds, 5 and 30 minutes, 2, 5, 10 and 10 hours, always under the same id. With a store each message is handled once,
//! as far as that is possible:
//!
//! ```text
//! verified -> claim -> Granted    -> handler -> 2xx              -> complete: remembered for REMEMBER
//!                                            -> anything else    -> release: the next delivery is handled
//!                                            -> panic, cut off   -> release
//!                                            -> process is gone  -> the claim ends by itself after LEASE
//!                   -> Handled    -> 200, without the handler
//!                   -> InProgress -> 409, without the handler: Clerk tries again
//!                   -> error      -> 503, without the handler: Clerk tries again
//! ```
//!
//! So a message is recorded only once its handler succeeded, and a failed handler sees the redelivery. What remains is a
//! process that dies between the handler's success and its record: then the message is handled twice. A handler whose
//! effect must not happen twice keeps the [`MessageId`] in the transaction that it writes in.

mod memory;
#[cfg(feature = "redis")]
mod redis;

use std::{fmt, time::Duration};

pub use self::memory::InMemoryDedupe;
#[cfg(feature = "redis")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
pub use self::redis::RedisDedupe;
use super::message::MessageId;
use crate::base::{
    store::{StoreError, StoreFuture},
    time::Timestamp,
};

/// How long a message counts as being handled, unless its handler ends before: 60 s.
///
/// Longer than the 15 s that Clerk waits for an answer, and not longer than the next but one attempt is away.
pub const LEASE: Duration = Duration::from_secs(60);

/// How long a handled message is remembered: 24 h, which is longer than any two attempts to deliver it lie apart.
///
/// Within it a message that somebody sends again by hand in the dashboard is not handled again either.
pub const REMEMBER: Duration = Duration::from_secs(24 * 60 * 60);

/// Where it is kept which messages were handled. See [the module](self) for who calls what when.
///
/// Each endpoint has a store, or a name within one, of its own: Clerk sends the same message under the same id to all of
/// your endpoints. Every operation is atomic: of two claims of one message at a time, one is granted. A store on a server
/// may keep one entry for each message, `holder` while it is claimed (written only where there is none, to end after the
/// lease) and a word that is no holder once it was handled.
pub trait DedupeStore: fmt::Debug + Send + Sync + 'static {
    /// Claims a message for a handler, for as long as the lease.
    ///
    /// # Errors
    /// When the store cannot tell. The message is then not handled, and Clerk sends it again.
    fn claim<'a>(&'a self, claim: &'a Claim, lease: Duration, now: Timestamp) -> StoreFuture<'a, Claimed>;

    /// Records that a claimed message was handled, for as long as it shall be remembered: whoever has claimed it
    /// meanwhile, it was handled.
    ///
    /// # Errors
    /// When the store did not record it. The message may then be handled a second time.
    fn complete<'a>(&'a self, claim: &'a Claim, remember: Duration, now: Timestamp) -> StoreFuture<'a, ()>;

    /// Gives a claim back, so that the next delivery is handled. Does nothing unless the message is claimed by this
    /// very holder: a claim that has ended may be somebody else's by now.
    ///
    /// # Errors
    /// When the store did not do it. The claim then ends with its lease.
    fn release<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, ()>;
}

/// What a store says to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Claimed {
    /// The message is the claimant's to handle.
    Granted,
    /// The message was handled already.
    Handled,
    /// The message is being handled.
    InProgress,
}

/// One attempt to handle one message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Claim {
    message: MessageId,
    holder: Box<str>,
}

impl Claim {
    /// A claim that is told from all others.
    pub(crate) fn new(message: MessageId) -> Result<Self, StoreError> {
        let mut random = [0; 16];
        aws_lc_rs::rand::fill(&mut random).map_err(|_| StoreError::new("no random numbers"))?;
        Ok(Self { message, holder: format!("{:032x}", u128::from_ne_bytes(random)).into() })
    }

    /// The message that is to be handled.
    #[must_use]
    pub const fn message(&self) -> &MessageId {
        &self.message
    }

    /// Who handles it: 32 random hexadecimal digits, new with each attempt.
    #[must_use]
    pub const fn holder(&self) -> &str {
        &self.holder
    }
}
