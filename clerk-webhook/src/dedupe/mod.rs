//! [`DedupeStore`]: which messages were handled already.
//!
//! ```no_run
//! use clerk_webhook::{InMemoryDedupe, WebhookEndpoint};
//!
//! let endpoint = WebhookEndpoint::from_env()?.dedupe(InMemoryDedupe::default());
//! # Ok::<(), clerk_core::ConfigError>(())
//! ```
//!
//! Several processes share one in Redis: `RedisDedupe` of [clerk-stores](https://docs.rs/clerk-stores).
//!
//! Clerk delivers a message at least once. Without a 2xx response within 15 seconds it sends it again: after 5
//! seconds, 5 and 30 minutes, 2, 5, 10 and 10 hours, always with the same id. With a store each message is handled once,
//! as far as that is possible:
//!
//! ```text
//! verified -> claim -> Granted    -> handler -> 2xx            -> complete: kept for REMEMBER
//!                                            -> anything else  -> release: handled next time
//!                                            -> panic, cut off -> release
//!                                            -> process ends   -> the claim ends after LEASE
//!                   -> Handled    -> 200, without the handler
//!                   -> InProgress -> 409, without the handler: Clerk tries again
//!                   -> error      -> 503, without the handler: Clerk tries again
//! ```
//!
//! So a message is recorded only after its handler succeeded, and a failed handler gets the redelivery. One case remains:
//! if the process dies between the handler's success and the record, the message is handled twice. A handler whose effect
//! must not happen twice stores the [`MessageId`] in its own transaction.

mod memory;

use std::{error::Error, fmt, future::Future, pin::Pin, time::Duration};

use clerk_core::{internal::random_bytes, time::Timestamp};

pub use self::memory::InMemoryDedupe;
use crate::message::MessageId;

/// How long a claim lasts at most, unless its handler ends before: 60 s.
///
/// Longer than the 15 s that Clerk waits for a response, and shorter than the 5 minutes to the second redelivery.
pub const LEASE: Duration = Duration::from_secs(60);

/// How long a handled message is remembered: 24 h, longer than the time between any two delivery attempts.
///
/// During that time a message that is resent by hand in the dashboard is not handled again either.
pub const REMEMBER: Duration = Duration::from_secs(24 * 60 * 60);

/// Store of handled messages. See [the module](self) for when each method is called.
///
/// Each endpoint needs a store, or a name within one, of its own: Clerk sends the same message with the same id to all your
/// endpoints. Every operation is atomic: of two simultaneous claims of one message, one is granted. A store on a server
/// may keep one entry for each message: the claim's `holder` while it is claimed (written only if there is no entry, with
/// the lease as its lifetime), and a word that cannot be a holder after it was handled.
pub trait DedupeStore: fmt::Debug + Send + Sync + 'static {
    /// Claims a message for a handler, for the time of the lease.
    ///
    /// # Errors
    /// When the store does not answer. The message is then not handled, and Clerk sends it again.
    fn claim<'a>(&'a self, claim: &'a Claim, lease: Duration, now: Timestamp) -> StoreFuture<'a, ClaimOutcome>;

    /// Records for this time that a claimed message was handled. Overrides a claim that another holder has made since.
    ///
    /// # Errors
    /// When the store did not record it. The message may then be handled a second time.
    fn complete<'a>(&'a self, claim: &'a Claim, remember: Duration, now: Timestamp) -> StoreFuture<'a, ()>;

    /// Releases a claim, so that the next delivery is handled. Does nothing if this holder no longer has the claim: after
    /// the lease has ended, another holder may have it.
    ///
    /// # Errors
    /// When the store did not release it. The claim then ends with its lease.
    fn release<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, ()>;
}

/// Result of [`DedupeStore::claim`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClaimOutcome {
    /// The claim is granted: handle the message.
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
    /// A claim with a unique holder.
    pub(crate) fn new(message: MessageId) -> Result<Self, StoreError> {
        let random = random_bytes().ok_or_else(|| StoreError::new("no random numbers"))?;
        Ok(Self { message, holder: format!("{:032x}", u128::from_ne_bytes(random)).into() })
    }

    /// The id of the message to handle.
    #[must_use]
    pub const fn message(&self) -> &MessageId {
        &self.message
    }

    /// The id of this attempt: 32 random hexadecimal digits.
    #[must_use]
    pub const fn holder(&self) -> &str {
        &self.holder
    }
}

/// Future of a store's operation, which may call a server.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A failed operation of a store. Its `source` is the cause.
///
/// ```
/// use clerk_webhook::dedupe::StoreError;
///
/// let error = StoreError::new(std::io::Error::other("connection reset"));
/// assert_eq!(error.to_string(), "the store failed: connection reset");
/// ```
#[derive(Debug)]
pub struct StoreError(Box<dyn Error + Send + Sync>);

impl StoreError {
    /// An error with this cause. Its text is logged, so it must not hold a credential, such as the password in a URL.
    #[must_use]
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store failed: {}", self.0)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
