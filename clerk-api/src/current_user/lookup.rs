//! [`Lookup`]: looks up objects by id, cached and with single flight.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clerk_core::{
    Denied, DeniedKind,
    time::{Clock, Timestamp},
};
use tokio::{runtime::Handle, sync::watch};

use super::{
    Settings,
    cache::TtlCache,
    denied::{DEFAULT_RETRY_AFTER, LookupTarget, clamp_retry_after, denied_for},
};
use crate::{ApiError, Client, organizations::Organization, users::User};

/// How many calls may be in flight at once. Further ones are rejected, not queued.
const MAX_FLIGHTS: usize = 64;

/// The object, or the error response.
pub(super) type Outcome<T> = Result<Arc<T>, Denied>;

/// An object that can be fetched from the API.
pub(super) trait Fetch: LookupTarget + Send + Sync + 'static {
    fn fetch(client: &Client, id: &str, timeout: Duration) -> impl Future<Output = Result<Self, ApiError>> + Send;
}

impl Fetch for User {
    fn fetch(client: &Client, id: &str, timeout: Duration) -> impl Future<Output = Result<Self, ApiError>> + Send {
        client.users().get(id).call_timeout(timeout).send()
    }
}

impl Fetch for Organization {
    fn fetch(client: &Client, id: &str, timeout: Duration) -> impl Future<Output = Result<Self, ApiError>> + Send {
        client.organizations().get(id).call_timeout(timeout).send()
    }
}

/// Looks up users, or organizations. Clones share the cache.
pub(super) struct Lookup<T>(Arc<Shared<T>>);

struct Shared<T> {
    client: Client,
    settings: Settings,
    state: Mutex<State<T>>,
}

struct State<T> {
    cache: TtlCache<Outcome<T>>,
    flights: HashMap<Arc<str>, Flight<T>>,
    count: u64,
    /// Start and end of the pause that the API asked for with `Retry-After`.
    back_off: Option<(Timestamp, Timestamp)>,
}

/// A call in flight, as its waiters see it: ends with the outcome, or with a closed channel if its runtime was shut
/// down.
struct Flight<T> {
    number: u64,
    outcome: watch::Receiver<Option<Outcome<T>>>,
}

impl<T: Fetch> Lookup<T> {
    pub(super) fn new(client: &Client, settings: Settings) -> Self {
        let cache = TtlCache::new(settings.capacity);
        let state = Mutex::new(State { cache, flights: HashMap::new(), count: 0, back_off: None });
        Self(Arc::new(Shared { client: client.clone(), settings, state }))
    }

    pub(super) async fn find(&self, id: &str) -> Outcome<T> {
        // A call is lost if its runtime stops, such as that of one actix worker: try once more.
        for _ in 0..2 {
            let mut flight = match self.cached_or_flight(id) {
                Ok(outcome) => return outcome,
                Err(flight) => flight,
            };
            if let Ok(outcome) = flight.wait_for(Option::is_some).await
                && let Some(outcome) = &*outcome
            {
                return outcome.clone();
            }
        }
        Err(Denied::unavailable(DEFAULT_RETRY_AFTER))
    }

    /// The cached outcome; otherwise the call in flight, or a new one. A call is a spawned task, so that a request that
    /// is cancelled does not cancel it for others.
    fn cached_or_flight(&self, id: &str) -> Result<Outcome<T>, watch::Receiver<Option<Outcome<T>>>> {
        let now = self.0.now();
        let mut state = self.0.state();
        if let Some(outcome) = state.cache.get(id, now) {
            return Ok(outcome);
        }
        if let Some(flight) = state.flights.get(id) {
            return Err(flight.outcome.clone());
        }
        if let Some((from, until)) = state.back_off
            && from <= now
            && now < until
        {
            return Ok(Err(Denied::unavailable(until.since(now))));
        }
        if state.flights.len() >= MAX_FLIGHTS {
            tracing::warn!(target: "clerk", what = T::NAME, "{MAX_FLIGHTS} calls are in flight already");
            return Ok(Err(Denied::unavailable(DEFAULT_RETRY_AFTER)));
        }
        let Ok(runtime) = Handle::try_current() else {
            tracing::error!(target: "clerk", "a lookup in the Backend API needs a Tokio runtime");
            return Ok(Err(Denied::misconfigured()));
        };
        state.count += 1;
        let (number, id) = (state.count, Arc::<str>::from(id));
        let (sender, outcome) = watch::channel(None);
        state.flights.insert(Arc::clone(&id), Flight { number, outcome: outcome.clone() });
        let task = FlightTask { shared: Arc::clone(&self.0), id, number, sender };
        runtime.spawn(task.run());
        Err(outcome)
    }

    /// Removes an object from the cache, and detaches its call in flight, whose response may be out of date.
    pub(super) fn forget(&self, id: &str) {
        let mut state = self.0.state();
        state.cache.forget(id);
        state.flights.remove(id);
    }

    /// Like [`Self::forget`], for all objects.
    pub(super) fn forget_all(&self) {
        let mut state = self.0.state();
        state.cache.clear();
        state.flights.clear();
    }
}

impl<T> Shared<T> {
    fn now(&self) -> Timestamp {
        self.clock().now()
    }

    fn clock(&self) -> &dyn Clock {
        self.client.settings().access.clock()
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // No code panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The spawned task of a call. On drop it removes its entry in `flights`, even if it was cancelled.
struct FlightTask<T> {
    shared: Arc<Shared<T>>,
    id: Arc<str>,
    number: u64,
    sender: watch::Sender<Option<Outcome<T>>>,
}

impl<T: Fetch> FlightTask<T> {
    async fn run(self) {
        let response = T::fetch(&self.shared.client, &self.id, self.shared.settings.timeout).await;
        let outcome = self.finish(response);
        self.sender.send_replace(Some(outcome));
    }

    /// Turns a response into an outcome, and caches it if [`Lookup::forget`] was not called since the call began.
    fn finish(&self, response: Result<T, ApiError>) -> Outcome<T> {
        let retry_after = response.as_ref().err().and_then(ApiError::retry_after);
        let outcome = match response {
            Ok(found) if found.id() == &*self.id => found.check().map(|()| Arc::new(found)),
            Ok(_) => {
                tracing::error!(target: "clerk", what = T::NAME, "the Backend API returned another id: is there a cache in between?");
                Err(Denied::unavailable(DEFAULT_RETRY_AFTER))
            }
            Err(error) => Err(denied_for::<T>(&error)),
        };
        let now = self.shared.now();
        let mut state = self.shared.state();
        if retry_after.is_some() {
            state.back_off = Some((now, now + clamp_retry_after(retry_after)));
        }
        if state.flights.get(&self.id).is_some_and(|flight| flight.number == self.number) {
            let max_age = self.shared.settings.max_age;
            // Errors are cached, too, so that rejected requests do not cause a call each.
            let age = match &outcome {
                Ok(_) => max_age,
                Err(denied) if matches!(denied.kind(), DeniedKind::Unavailable { .. }) => DEFAULT_RETRY_AFTER,
                Err(_) => max_age.max(DEFAULT_RETRY_AFTER),
            };
            state.flights.remove(&self.id);
            state.cache.insert(Arc::clone(&self.id), outcome.clone(), now, now + age);
        }
        outcome
    }
}

impl<T> Drop for FlightTask<T> {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        if state.flights.get(&self.id).is_some_and(|flight| flight.number == self.number) {
            state.flights.remove(&self.id);
        }
    }
}

impl<T> Clone for Lookup<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
