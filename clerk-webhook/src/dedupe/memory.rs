//! [`InMemoryDedupe`]: the store of one process.

use std::{
    fmt,
    future::ready,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clerk_core::{internal::TtlMap, time::Timestamp};

use super::{Claim, ClaimOutcome, DedupeStore, StoreError, StoreFuture};
use crate::message::MessageId;

/// How many messages are kept by default.
const DEFAULT_CAPACITY: usize = 10_000;

/// A [`DedupeStore`] in memory, for a service with one process. Its content is lost on restart.
///
/// It never holds more messages than its capacity, each of some 200 bytes. When it is full, the message that was handled
/// first is forgotten first; a message that is being handled is never forgotten before its lease ends.
///
/// ```
/// use clerk_webhook::{InMemoryDedupe, WebhookEndpoint};
///
/// # let secret: clerk_webhook::WebhookSigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// let endpoint = WebhookEndpoint::with_secrets([secret])?.dedupe(InMemoryDedupe::new(50_000));
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
pub struct InMemoryDedupe {
    capacity: usize,
    messages: Mutex<Messages>,
}

/// Each message is in one of the two maps.
struct Messages {
    /// The capacity of both maps together.
    capacity: usize,
    /// With the holder of the claim.
    claimed: TtlMap<MessageId, Box<str>>,
    handled: TtlMap<MessageId, ()>,
}

/// A record counts until its end, also after the clock was set back.
const ALWAYS: Timestamp = Timestamp::from_unix_millis(i64::MIN);

impl InMemoryDedupe {
    /// A store of at most this many messages, at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let capacity = capacity.max(1);
        let messages = Messages { capacity, claimed: TtlMap::new(capacity), handled: TtlMap::new(capacity) };
        Self { capacity, messages: Mutex::new(messages) }
    }

    fn messages(&self) -> MutexGuard<'_, Messages> {
        // Nothing panics in the middle of a change.
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InMemoryDedupe {
    /// A store of at most 10 000 messages.
    fn default() -> Self {
        Self::new(DEFAULT_CAPACITY)
    }
}

impl Messages {
    /// `None` when the store is full of claims.
    fn claim(&mut self, claim: &Claim, until: Timestamp, now: Timestamp) -> Option<ClaimOutcome> {
        if self.handled.get(claim.message(), now).is_some() {
            return Some(ClaimOutcome::Handled);
        }
        if self.claimed.get(claim.message(), now).is_some() {
            return Some(ClaimOutcome::InProgress);
        }
        self.remove(claim.message());
        if !self.has_room() && !self.handled.remove_oldest() {
            self.claimed.retain(|_, lease| now < lease.end);
            if !self.has_room() {
                return None;
            }
        }
        self.claimed.insert(claim.message().clone(), claim.holder().into(), ALWAYS..until);
        Some(ClaimOutcome::Granted)
    }

    fn complete(&mut self, message: &MessageId, until: Timestamp) {
        // An expired claim may have lost its place to another message.
        if self.remove(message) || self.has_room() {
            self.handled.insert(message.clone(), (), ALWAYS..until);
        }
    }

    fn release(&mut self, claim: &Claim) {
        // Expired or not.
        if self.claimed.get(claim.message(), ALWAYS).is_some_and(|holder| **holder == *claim.holder()) {
            self.claimed.remove(claim.message());
        }
    }

    fn has_room(&self) -> bool {
        self.claimed.len() + self.handled.len() < self.capacity
    }

    /// Whether the message was in either map.
    fn remove(&mut self, message: &MessageId) -> bool {
        self.claimed.remove(message).is_some() || self.handled.remove(message).is_some()
    }
}

impl DedupeStore for InMemoryDedupe {
    fn claim<'a>(&'a self, claim: &'a Claim, lease: Duration, now: Timestamp) -> StoreFuture<'a, ClaimOutcome> {
        let outcome = self.messages().claim(claim, now + lease, now);
        Box::pin(ready(
            outcome.ok_or_else(|| StoreError::new("the store in memory is full of messages that are being handled")),
        ))
    }

    fn complete<'a>(&'a self, claim: &'a Claim, remember: Duration, now: Timestamp) -> StoreFuture<'a, ()> {
        self.messages().complete(claim.message(), now + remember);
        Box::pin(ready(Ok(())))
    }

    fn release<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, ()> {
        self.messages().release(claim);
        Box::pin(ready(Ok(())))
    }
}

impl fmt::Debug for InMemoryDedupe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InMemoryDedupe").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_768_478_400);
    const MINUTE: Duration = Duration::from_secs(60);

    fn claim(id: &str) -> Claim {
        Claim::new(MessageId::new(id)).unwrap()
    }

    /// The result of a future that is ready at once.
    fn now<T>(mut future: StoreFuture<'_, T>) -> Result<T, StoreError> {
        match future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
            std::task::Poll::Ready(result) => result,
            std::task::Poll::Pending => panic!("a store in memory never waits"),
        }
    }

    #[test]
    fn a_message_is_handled_once_and_again_after_a_failure() {
        let store = InMemoryDedupe::default();
        let [first, second] = [claim("msg_1"), claim("msg_1")];
        let try_claim = |claim: &Claim, at| now(store.claim(claim, MINUTE, at)).unwrap();
        assert_eq!(try_claim(&first, NOW), ClaimOutcome::Granted);
        assert_eq!(try_claim(&second, NOW), ClaimOutcome::InProgress);
        now(store.release(&second)).unwrap();
        assert_eq!(try_claim(&second, NOW), ClaimOutcome::InProgress, "only the holder can release a claim");
        now(store.release(&first)).unwrap();
        assert_eq!(try_claim(&second, NOW), ClaimOutcome::Granted);
        now(store.complete(&second, MINUTE * 10, NOW)).unwrap();
        now(store.release(&second)).unwrap();
        assert_eq!(try_claim(&first, NOW + MINUTE * 9), ClaimOutcome::Handled);
        assert_eq!(try_claim(&first, NOW + MINUTE * 10), ClaimOutcome::Granted, "no longer remembered");
        assert_eq!(try_claim(&claim("msg_2"), NOW), ClaimOutcome::Granted);
    }

    #[test]
    fn a_claim_of_a_process_that_died_ends_with_its_lease() {
        let store = InMemoryDedupe::default();
        let [gone, next] = [claim("msg_1"), claim("msg_1")];
        assert_eq!(now(store.claim(&gone, MINUTE, NOW)).unwrap(), ClaimOutcome::Granted);
        assert_eq!(now(store.claim(&next, MINUTE, NOW + MINUTE)).unwrap(), ClaimOutcome::Granted);
        // The first holder was only slow, and succeeds.
        now(store.complete(&gone, MINUTE * 10, NOW + MINUTE)).unwrap();
        now(store.release(&next)).unwrap();
        assert_eq!(now(store.claim(&next, MINUTE, NOW + MINUTE * 2)).unwrap(), ClaimOutcome::Handled);
    }

    #[test]
    fn the_store_never_grows_beyond_its_capacity() {
        let store = InMemoryDedupe::new(3);
        for number in 0..100 {
            let one = claim(&format!("msg_{number}"));
            assert_eq!(now(store.claim(&one, MINUTE, NOW)).unwrap(), ClaimOutcome::Granted);
            now(store.complete(&one, MINUTE, NOW)).unwrap();
            now(store.complete(&one, MINUTE, NOW)).unwrap();
            let messages = store.messages();
            assert!(messages.claimed.len() + messages.handled.len() <= 3);
        }
        assert_eq!(
            now(store.claim(&claim("msg_99"), MINUTE, NOW)).unwrap(),
            ClaimOutcome::Handled,
            "the newest are kept"
        );
        assert_eq!(
            now(store.claim(&claim("msg_96"), MINUTE, NOW)).unwrap(),
            ClaimOutcome::Granted,
            "the oldest are dropped"
        );
    }

    #[test]
    fn a_message_that_is_being_handled_is_not_forgotten() {
        let store = InMemoryDedupe::new(2);
        for id in ["msg_1", "msg_2"] {
            assert_eq!(now(store.claim(&claim(id), MINUTE, NOW)).unwrap(), ClaimOutcome::Granted);
        }
        assert!(now(store.claim(&claim("msg_3"), MINUTE, NOW)).is_err());
        assert_eq!(now(store.claim(&claim("msg_1"), MINUTE, NOW)).unwrap(), ClaimOutcome::InProgress);
        assert_eq!(now(store.claim(&claim("msg_3"), MINUTE, NOW + MINUTE)).unwrap(), ClaimOutcome::Granted);
    }
}
