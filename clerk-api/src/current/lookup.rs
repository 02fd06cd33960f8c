//! [`Lookup`]: one thing by its id, asked for once however many want it.

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
    known::Known,
    refusal::{PAUSE, Subject, refusal, wait},
};
use crate::{ApiError, Client, organizations::Organization, users::User};

/// How many calls may be under way at once; more are refused rather than queued.
const MAX_FLIGHTS: usize = 64;

/// What was found, or the refusal to answer with.
pub(super) type Outcome<T> = Result<Arc<T>, Denied>;

/// What can be looked up.
pub(super) trait Get: Subject + Send + Sync + 'static {
    fn get(client: &Client, id: &str, timeout: Duration) -> impl Future<Output = Result<Self, ApiError>> + Send;
}

impl Get for User {
    fn get(client: &Client, id: &str, timeout: Duration) -> impl Future<Output = Result<Self, ApiError>> + Send {
        client.users().get(id).call_timeout(timeout).send()
    }
}

impl Get for Organization {
    fn get(client: &Client, id: &str, timeout: Duration) -> impl Future<Output = Result<Self, ApiError>> + Send {
        client.organizations().get(id).call_timeout(timeout).send()
    }
}

/// Looks up users, or organizations. Clones share what they know.
pub(super) struct Lookup<T>(Arc<Shared<T>>);

struct Shared<T> {
    client: Client,
    settings: Settings,
    state: Mutex<State<T>>,
}

struct State<T> {
    known: Known<Outcome<T>>,
    flights: HashMap<Arc<str>, Flight<T>>,
    count: u64,
    /// From when until when the API has asked to be left alone.
    closed: Option<(Timestamp, Timestamp)>,
}

/// A call that is under way. It ends with the outcome, or with a closed channel when its runtime was shut down.
struct Flight<T> {
    number: u64,
    outcome: watch::Receiver<Option<Outcome<T>>>,
}

impl<T: Get> Lookup<T> {
    pub(super) fn new(client: &Client, settings: Settings) -> Self {
        let known = Known::new(settings.capacity);
        let state = Mutex::new(State { known, flights: HashMap::new(), count: 0, closed: None });
        Self(Arc::new(Shared { client: client.clone(), settings, state }))
    }

    pub(super) async fn find(&self, id: &str) -> Outcome<T> {
        // A call dies with the runtime that it was spawned on, as when one of several actix workers stops: try once more.
        for _ in 0..2 {
            let mut flight = match self.known_or_flight(id) {
                Ok(outcome) => return outcome,
                Err(flight) => flight,
            };
            if let Ok(outcome) = flight.wait_for(Option::is_some).await
                && let Some(outcome) = &*outcome
            {
                return outcome.clone();
            }
        }
        Err(Denied::unavailable(PAUSE))
    }

    /// What is known; else the call that is under way, or a new one. It is a task of its own, so that a request that goes
    /// away cannot cancel it for the others.
    fn known_or_flight(&self, id: &str) -> Result<Outcome<T>, watch::Receiver<Option<Outcome<T>>>> {
        let now = self.0.now();
        let mut state = self.0.state();
        if let Some(outcome) = state.known.get(id, now) {
            return Ok(outcome);
        }
        if let Some(flight) = state.flights.get(id) {
            return Err(flight.outcome.clone());
        }
        if let Some((from, until)) = state.closed
            && from <= now
            && now < until
        {
            return Ok(Err(Denied::unavailable(until.since(now))));
        }
        if state.flights.len() >= MAX_FLIGHTS {
            tracing::warn!(target: "clerk", what = T::WHAT, "{MAX_FLIGHTS} calls are under way already");
            return Ok(Err(Denied::unavailable(PAUSE)));
        }
        let Ok(runtime) = Handle::try_current() else {
            tracing::error!(target: "clerk", "the Backend API can only be asked inside a Tokio runtime");
            return Ok(Err(Denied::misconfigured()));
        };
        state.count += 1;
        let (number, id) = (state.count, Arc::<str>::from(id));
        let (sender, outcome) = watch::channel(None);
        state.flights.insert(Arc::clone(&id), Flight { number, outcome: outcome.clone() });
        let flying = Flying { shared: Arc::clone(&self.0), id, number, sender };
        runtime.spawn(flying.fly());
        Err(outcome)
    }

    /// Drops what is known, and lets nobody else wait for an answer that was asked for before.
    pub(super) fn forget(&self, id: &str) {
        let mut state = self.0.state();
        state.known.forget(id);
        state.flights.remove(id);
    }

    /// The same for everything.
    pub(super) fn forget_all(&self) {
        let mut state = self.0.state();
        state.known.clear();
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
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call, from inside. However it ends, nobody waits for it any longer.
struct Flying<T> {
    shared: Arc<Shared<T>>,
    id: Arc<str>,
    number: u64,
    sender: watch::Sender<Option<Outcome<T>>>,
}

impl<T: Get> Flying<T> {
    async fn fly(self) {
        let answer = T::get(&self.shared.client, &self.id, self.shared.settings.timeout).await;
        let outcome = self.landed(answer);
        self.sender.send_replace(Some(outcome));
    }

    /// What an answer means, and keeps it, unless somebody has said since that it may be out of date.
    fn landed(&self, answer: Result<T, ApiError>) -> Outcome<T> {
        let asked_to_wait = answer.as_ref().err().and_then(ApiError::retry_after);
        let outcome = match answer {
            Ok(found) if found.id() == &*self.id => found.judge().map(|()| Arc::new(found)),
            Ok(_) => {
                tracing::error!(target: "clerk", what = T::WHAT, "the Backend API's answer is about somebody else: is there a cache in between?");
                Err(Denied::unavailable(PAUSE))
            }
            Err(error) => Err(refusal::<T>(&error)),
        };
        let now = self.shared.now();
        let mut state = self.shared.state();
        if asked_to_wait.is_some() {
            state.closed = Some((now, now + wait(asked_to_wait)));
        }
        if state.flights.get(&self.id).is_some_and(|flight| flight.number == self.number) {
            let max_age = self.shared.settings.max_age;
            // Who is refused may ask as often as anybody, and shall not cause a call each time.
            let age = match &outcome {
                Ok(_) => max_age,
                Err(denied) if matches!(denied.kind(), DeniedKind::Unavailable { .. }) => PAUSE,
                Err(_) => max_age.max(PAUSE),
            };
            state.flights.remove(&self.id);
            state.known.insert(Arc::clone(&self.id), outcome.clone(), now, now + age);
        }
        outcome
    }
}

impl<T> Drop for Flying<T> {
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
