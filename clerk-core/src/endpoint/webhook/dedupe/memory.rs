//! [`InMemoryDedupe`]: the store of one process.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    future::ready,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Claim, ClaimOutcome, DedupeStore};
use crate::{
    base::{
        store::{StoreError, StoreFuture},
        time::Timestamp,
    },
    endpoint::webhook::message::MessageId,
};

/// The default capacity, in messages.
const DEFAULT_CAPACITY: usize = 10_000;

/// A [`DedupeStore`] in memory, for a service with one process. Its content is lost on restart.
///
/// It never holds more messages than its capacity, about 200 bytes each. When it is full, it drops the message that was
/// handled first. A message that is being handled is never dropped before its lease ends.
///
/// ```
/// use clerk_core::webhook::{InMemoryDedupe, WebhookEndpoint};
///
/// # let secret: clerk_core::WebhookSigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// let endpoint = WebhookEndpoint::with_secrets([secret])?.dedupe(InMemoryDedupe::new(50_000));
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
pub struct InMemoryDedupe {
    capacity: usize,
    messages: Mutex<Messages>,
}

#[derive(Default)]
struct Messages {
    states: HashMap<MessageId, MessageState>,
    /// Handled messages, in the order of handling.
    handled: VecDeque<(MessageId, Timestamp)>,
}

enum MessageState {
    Claimed { holder: Box<str>, until: Timestamp },
    Handled { until: Timestamp },
}

impl InMemoryDedupe {
    /// A store of at most this many messages, at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), messages: Mutex::default() }
    }

    /// Ignores poisoning: no code panics in the middle of a change.
    fn messages(&self) -> MutexGuard<'_, Messages> {
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
    fn claim(&mut self, claim: &Claim, until: Timestamp, now: Timestamp, capacity: usize) -> Option<ClaimOutcome> {
        match self.states.get(claim.message()) {
            Some(MessageState::Handled { until }) if *until > now => return Some(ClaimOutcome::Handled),
            Some(MessageState::Claimed { until, .. }) if *until > now => return Some(ClaimOutcome::InProgress),
            Some(_) => {}
            None => {
                if self.states.len() >= capacity && !self.make_room(now) {
                    return None;
                }
            }
        }
        self.states.insert(claim.message().clone(), MessageState::Claimed { holder: claim.holder().into(), until });
        Some(ClaimOutcome::Granted)
    }

    /// Drops the message that was handled first, or else all expired claims. Returns whether it dropped any.
    fn make_room(&mut self, now: Timestamp) -> bool {
        while let Some((message, until)) = self.handled.pop_front() {
            // It may have been claimed again since.
            if matches!(self.states.get(&message), Some(MessageState::Handled { until: current }) if *current == until)
            {
                self.states.remove(&message);
                return true;
            }
        }
        let before = self.states.len();
        self.states.retain(|_, state| !matches!(state, MessageState::Claimed { until, .. } if *until <= now));
        self.states.len() < before
    }

    fn complete(&mut self, message: &MessageId, until: Timestamp, capacity: usize) {
        // Repeated calls must not add it twice.
        let known =
            matches!(self.states.get(message), Some(MessageState::Handled { until: current }) if *current == until);
        // A claim that was dropped after its lease needs room again, and there may be none left.
        let has_room = self.states.contains_key(message) || self.states.len() < capacity;
        if !known && has_room {
            // Messages that were claimed again after they expired are in the queue twice.
            if self.handled.len() >= capacity.saturating_mul(2) {
                let Self { states, handled } = self;
                handled.retain(|(message, until)| {
                    matches!(states.get(message), Some(MessageState::Handled { until: current }) if current == until)
                });
            }
            self.states.insert(message.clone(), MessageState::Handled { until });
            self.handled.push_back((message.clone(), until));
        }
    }

    fn release(&mut self, claim: &Claim) {
        if matches!(self.states.get(claim.message()), Some(MessageState::Claimed { holder, .. }) if **holder == *claim.holder())
        {
            self.states.remove(claim.message());
        }
    }
}

impl DedupeStore for InMemoryDedupe {
    fn claim<'a>(&'a self, claim: &'a Claim, lease: Duration, now: Timestamp) -> StoreFuture<'a, ClaimOutcome> {
        let outcome = self.messages().claim(claim, now + lease, now, self.capacity);
        Box::pin(ready(
            outcome.ok_or_else(|| StoreError::new("the store in memory is full of messages that are being handled")),
        ))
    }

    fn complete<'a>(&'a self, claim: &'a Claim, remember: Duration, now: Timestamp) -> StoreFuture<'a, ()> {
        self.messages().complete(claim.message(), now + remember, self.capacity);
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

    /// Returns the result of a future that is ready at once.
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
    fn a_claim_ends_with_its_lease() {
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
    fn the_store_never_exceeds_its_capacity() {
        let store = InMemoryDedupe::new(3);
        for number in 0..100 {
            let one = claim(&format!("msg_{number}"));
            assert_eq!(now(store.claim(&one, MINUTE, NOW)).unwrap(), ClaimOutcome::Granted);
            now(store.complete(&one, MINUTE, NOW)).unwrap();
            now(store.complete(&one, MINUTE, NOW)).unwrap();
            let messages = store.messages();
            assert!(messages.states.len() <= 3 && messages.handled.len() <= 3);
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
    fn a_message_that_is_being_handled_is_not_dropped() {
        let store = InMemoryDedupe::new(2);
        for id in ["msg_1", "msg_2"] {
            assert_eq!(now(store.claim(&claim(id), MINUTE, NOW)).unwrap(), ClaimOutcome::Granted);
        }
        assert!(now(store.claim(&claim("msg_3"), MINUTE, NOW)).is_err());
        assert_eq!(now(store.claim(&claim("msg_1"), MINUTE, NOW)).unwrap(), ClaimOutcome::InProgress);
        assert_eq!(now(store.claim(&claim("msg_3"), MINUTE, NOW + MINUTE)).unwrap(), ClaimOutcome::Granted);
    }
}
