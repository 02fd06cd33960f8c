//! [`InMemoryDedupe`]: the messages that one process has handled.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    future::ready,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Claim, Claimed, DedupeStore};
use crate::{
    base::{
        store::{StoreError, StoreFuture},
        time::Timestamp,
    },
    endpoint::webhook::message::MessageId,
};

/// How many messages are kept unless set.
const DEFAULT_CAPACITY: usize = 10_000;

/// A [`DedupeStore`] in memory: for a service of one process, which may forget everything when it restarts.
///
/// It never holds more messages than its capacity, each of some 200 bytes. When it is full, the message that was handled
/// first is forgotten first; what is being handled is never forgotten before its lease is over.
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
    entries: HashMap<MessageId, Entry>,
    /// In the order in which they were handled.
    handled: VecDeque<(MessageId, Timestamp)>,
}

enum Entry {
    Claimed { holder: Box<str>, until: Timestamp },
    Handled { until: Timestamp },
}

impl InMemoryDedupe {
    /// A store of at most this many messages, at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), messages: Mutex::default() }
    }

    /// What a thread left behind that panicked is whole: nothing here panics in the middle of a change.
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
    fn claim(&mut self, claim: &Claim, until: Timestamp, now: Timestamp, capacity: usize) -> Option<Claimed> {
        match self.entries.get(claim.message()) {
            Some(Entry::Handled { until }) if *until > now => return Some(Claimed::Handled),
            Some(Entry::Claimed { until, .. }) if *until > now => return Some(Claimed::InProgress),
            Some(_) => {}
            None => {
                if self.entries.len() >= capacity && !self.make_room(now) {
                    return None;
                }
            }
        }
        self.entries.insert(claim.message().clone(), Entry::Claimed { holder: claim.holder().into(), until });
        Some(Claimed::Granted)
    }

    /// Forgets what was handled first; else every claim that is over. `false` when there is nothing to forget.
    fn make_room(&mut self, now: Timestamp) -> bool {
        while let Some((message, until)) = self.handled.pop_front() {
            // It may have been claimed anew since.
            if matches!(self.entries.get(&message), Some(Entry::Handled { until: current }) if *current == until) {
                self.entries.remove(&message);
                return true;
            }
        }
        let before = self.entries.len();
        self.entries.retain(|_, entry| !matches!(entry, Entry::Claimed { until, .. } if *until <= now));
        self.entries.len() < before
    }

    fn complete(&mut self, message: &MessageId, until: Timestamp, capacity: usize) {
        // Not remembered twice, however often it is completed.
        let known = matches!(self.entries.get(message), Some(Entry::Handled { until: current }) if *current == until);
        // A claim that was forgotten when its lease was over needs its place anew; it may have gone to another.
        let place = self.entries.contains_key(message) || self.entries.len() < capacity;
        if !known && place {
            // Messages that were claimed anew after they were forgotten stand in the queue twice.
            if self.handled.len() >= capacity.saturating_mul(2) {
                let Self { entries, handled } = self;
                handled.retain(|(message, until)| {
                    matches!(entries.get(message), Some(Entry::Handled { until: current }) if current == until)
                });
            }
            self.entries.insert(message.clone(), Entry::Handled { until });
            self.handled.push_back((message.clone(), until));
        }
    }

    fn release(&mut self, claim: &Claim) {
        if matches!(self.entries.get(claim.message()), Some(Entry::Claimed { holder, .. }) if **holder == *claim.holder())
        {
            self.entries.remove(claim.message());
        }
    }
}

impl DedupeStore for InMemoryDedupe {
    fn claim<'a>(&'a self, claim: &'a Claim, lease: Duration, now: Timestamp) -> StoreFuture<'a, Claimed> {
        let claimed = self.messages().claim(claim, now + lease, now, self.capacity);
        Box::pin(ready(
            claimed
                .ok_or_else(|| StoreError::new("as many messages are being handled as the store in memory may hold")),
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

    /// The future is ready at once.
    fn now<T>(mut future: StoreFuture<'_, T>) -> Result<T, StoreError> {
        match future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
            std::task::Poll::Ready(answer) => answer,
            std::task::Poll::Pending => panic!("a store in memory waits for nothing"),
        }
    }

    #[test]
    fn a_message_is_handled_once_and_again_after_a_failure() {
        let store = InMemoryDedupe::default();
        let [first, second] = [claim("msg_1"), claim("msg_1")];
        let ask = |claim: &Claim, at| now(store.claim(claim, MINUTE, at)).unwrap();
        assert_eq!(ask(&first, NOW), Claimed::Granted);
        assert_eq!(ask(&second, NOW), Claimed::InProgress);
        now(store.release(&second)).unwrap();
        assert_eq!(ask(&second, NOW), Claimed::InProgress, "only the holder gives a claim back");
        now(store.release(&first)).unwrap();
        assert_eq!(ask(&second, NOW), Claimed::Granted);
        now(store.complete(&second, MINUTE * 10, NOW)).unwrap();
        now(store.release(&second)).unwrap();
        assert_eq!(ask(&first, NOW + MINUTE * 9), Claimed::Handled);
        assert_eq!(ask(&first, NOW + MINUTE * 10), Claimed::Granted, "remembered long enough");
        assert_eq!(ask(&claim("msg_2"), NOW), Claimed::Granted);
    }

    #[test]
    fn a_claim_whose_process_is_gone_ends_by_itself() {
        let store = InMemoryDedupe::default();
        let [gone, next] = [claim("msg_1"), claim("msg_1")];
        assert_eq!(now(store.claim(&gone, MINUTE, NOW)).unwrap(), Claimed::Granted);
        assert_eq!(now(store.claim(&next, MINUTE, NOW + MINUTE)).unwrap(), Claimed::Granted);
        // The first one was only slow, and succeeds after all.
        now(store.complete(&gone, MINUTE * 10, NOW + MINUTE)).unwrap();
        now(store.release(&next)).unwrap();
        assert_eq!(now(store.claim(&next, MINUTE, NOW + MINUTE * 2)).unwrap(), Claimed::Handled);
    }

    #[test]
    fn it_never_grows_beyond_its_capacity() {
        let store = InMemoryDedupe::new(3);
        for number in 0..100 {
            let one = claim(&format!("msg_{number}"));
            assert_eq!(now(store.claim(&one, MINUTE, NOW)).unwrap(), Claimed::Granted);
            now(store.complete(&one, MINUTE, NOW)).unwrap();
            now(store.complete(&one, MINUTE, NOW)).unwrap();
            let messages = store.messages();
            assert!(messages.entries.len() <= 3 && messages.handled.len() <= 3);
        }
        assert_eq!(now(store.claim(&claim("msg_99"), MINUTE, NOW)).unwrap(), Claimed::Handled, "the last are kept");
        assert_eq!(now(store.claim(&claim("msg_96"), MINUTE, NOW)).unwrap(), Claimed::Granted, "the first are not");
    }

    #[test]
    fn what_is_being_handled_is_not_forgotten() {
        let store = InMemoryDedupe::new(2);
        for id in ["msg_1", "msg_2"] {
            assert_eq!(now(store.claim(&claim(id), MINUTE, NOW)).unwrap(), Claimed::Granted);
        }
        assert!(now(store.claim(&claim("msg_3"), MINUTE, NOW)).is_err());
        assert_eq!(now(store.claim(&claim("msg_1"), MINUTE, NOW)).unwrap(), Claimed::InProgress);
        assert_eq!(now(store.claim(&claim("msg_3"), MINUTE, NOW + MINUTE)).unwrap(), Claimed::Granted);
    }
}
