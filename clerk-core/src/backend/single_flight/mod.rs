//! [`SingleFlight`]: a fetched value, such as the instance's keys, read without a lock and with at most one fetch at a time.
//!
//! Stale-while-revalidate: a value that may still be used is served while the next one is fetched.

mod back_off;

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::{ArcSwap, Guard};
pub use back_off::Attempt;

use super::http::FetchError;
use crate::base::{
    flight::Flight,
    retry::random,
    time::{Clock, Timestamp},
};

/// Where a value comes from.
pub trait Source: Debug + Send + Sync + 'static {
    /// What it fetches.
    type Value: Debug + Send + Sync + 'static;

    /// The clock by which values age.
    fn clock(&self) -> &dyn Clock;

    /// How long a fetch takes at most, which it sees to itself.
    fn limit(&self) -> Duration;

    /// About how long the next attempt waits after a first failure.
    fn failure_cooldown(&self) -> Duration;

    /// Whether a value may still be used, so that no caller has to wait while fetches fail.
    fn serves(&self, value: &Self::Value, now: Timestamp) -> bool;

    /// Fetches the value; `known` is the present one.
    fn fetch(&self, known: Option<Arc<Self::Value>>) -> impl Future<Output = Result<Self::Value, Failure>> + Send;

    /// Logs how a fetch ended; after a failure with the wait until the next one.
    fn log(&self, outcome: Result<(), FetchError>, serving: bool, next_attempt_in: Duration);
}

/// A fetch that failed.
#[derive(Debug, Clone, Copy)]
pub struct Failure {
    /// What happened.
    pub error: FetchError,
    /// The wait that the endpoint asks for.
    pub retry_after: Option<Duration>,
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self { error, retry_after: None }
    }
}

/// The latest value of a [`Source`]. Clones share it.
#[derive(Debug)]
pub struct SingleFlight<S: Source>(Arc<Shared<S>>);

#[derive(Debug)]
struct Shared<S: Source> {
    /// Replaced as a whole, under the lock `writing`.
    state: ArcSwap<State<S::Value>>,
    /// The number of fetches that were started.
    writing: Mutex<u64>,
    source: S,
}

/// The value, and what is known about its fetches.
#[derive(Debug)]
pub struct State<T> {
    /// The latest value.
    pub value: Option<Arc<T>>,
    /// The fetch that is under way, with its number.
    flight: Option<(u64, Flight<Result<(), FetchError>>)>,
    /// The last fetch that ended.
    pub last_attempt: Option<Attempt>,
    /// The last error, and the number of failures in a row.
    failing: Option<(FetchError, u32)>,
}

impl<S: Source> SingleFlight<S> {
    /// Nothing is fetched yet.
    pub fn new(source: S) -> Self {
        Self(Arc::new(Shared { state: ArcSwap::default(), writing: Mutex::default(), source }))
    }

    /// The source.
    #[must_use]
    pub fn source(&self) -> &S {
        &self.0.source
    }

    /// The value, and what is known about its last fetches.
    #[must_use]
    pub fn state(&self) -> Guard<Arc<State<S::Value>>> {
        self.0.state.load()
    }

    /// Waits for the fetch that is under way, or for a new one unless `find` has a result. `find` is called under the lock
    /// that an ending fetch takes, so that no second fetch starts between its call and the start.
    ///
    /// # Errors
    /// When the fetch failed, or cannot be made outside of a Tokio runtime.
    pub async fn fetch_unless<T>(&self, find: impl Fn(&State<S::Value>) -> Option<T>) -> Result<Option<T>, FetchError> {
        // A flight ends with the runtime that it was started on, and is late when that is blocked: try once more.
        for _ in 0..2 {
            let flight = {
                let mut writing = self.0.writing();
                let state = self.state();
                let found = if state.is_under_way() { None } else { find(&state) };
                if found.is_some() {
                    return Ok(found);
                }
                self.join(&mut writing, &state)
            };
            let Some(flight) = flight else { break };
            if let Some(outcome) = flight.wait().await {
                return outcome.map(|()| None);
            }
        }
        Err(FetchError::Connection)
    }

    /// Starts a fetch in the background, unless one is under way or has ended since the caller read `seen`: the next caller
    /// then decides by its result.
    pub fn start_refresh(&self, seen: &State<S::Value>) {
        if !seen.is_under_way() {
            let mut writing = self.0.writing();
            let state = self.state();
            if std::ptr::eq(&**state, seen) {
                drop(self.join(&mut writing, &state));
            }
        }
    }

    /// Drops the value if `unwanted` says so.
    pub fn discard(&self, unwanted: impl FnOnce(&S::Value) -> bool) {
        let _writing = self.0.writing();
        let state = self.state();
        if state.value.as_deref().is_some_and(unwanted) {
            self.0.state.store(Arc::new(State { value: None, ..State::clone(&state) }));
        }
    }

    /// Joins the flight that is under way or starts one; `None` outside a Tokio runtime.
    fn join(
        &self,
        started: &mut MutexGuard<'_, u64>,
        state: &State<S::Value>,
    ) -> Option<Flight<Result<(), FetchError>>> {
        if let Some((_, flight)) = state.flight.as_ref().filter(|(_, flight)| flight.is_under_way()) {
            return Some(flight.clone());
        }
        **started += 1;
        let (shared, number) = (Arc::clone(&self.0), **started);
        let flight = Flight::start(self.0.source.limit(), async move {
            let known = shared.state.load().value.clone();
            let outcome = shared.source.fetch(known).await;
            shared.finish(number, outcome)
        })
        .ok()?;
        self.0.state.store(Arc::new(State { flight: Some((number, flight.clone())), ..state.clone() }));
        Some(flight)
    }
}

impl<S: Source> Clone for SingleFlight<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> State<T> {
    /// The error of the last attempt.
    #[must_use]
    pub fn cause(&self) -> Option<FetchError> {
        self.failing.map(|(cause, _)| cause)
    }

    fn is_under_way(&self) -> bool {
        self.flight.as_ref().is_some_and(|(_, flight)| flight.is_under_way())
    }
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self { value: None, flight: None, last_attempt: None, failing: None }
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        let Self { value, flight, last_attempt, failing } = self;
        Self { value: value.clone(), flight: flight.clone(), last_attempt: *last_attempt, failing: *failing }
    }
}

impl<S: Source> Shared<S> {
    /// Ends a fetch: keeps its value, or decides how long the next one waits. Changes nothing for a fetch that was late, so
    /// that another one was started after it: what it fetched is older.
    fn finish(&self, number: u64, outcome: Result<S::Value, Failure>) -> Result<(), FetchError> {
        let at = self.source.clock().now();
        let _writing = self.writing();
        let before = self.state.load();
        if before.flight.as_ref().is_none_or(|(current, _)| *current != number) {
            return outcome.map(drop).map_err(|failure| failure.error);
        }
        let mut state = State { flight: None, ..State::clone(&before) };
        let serving = state.value.as_deref().is_some_and(|value| self.source.serves(value, at));
        let mut wait = None;
        let outcome = match outcome {
            Ok(value) => {
                state.value = Some(Arc::new(value));
                state.failing = None;
                Ok(())
            }
            Err(Failure { error, retry_after }) => {
                let failures = state.failing.map_or(0, |(_, failures)| failures).saturating_add(1);
                let first = self.source.failure_cooldown();
                wait = Some(back_off::back_off(first, failures, serving, retry_after, random()));
                state.failing = Some((error, failures));
                Err(error)
            }
        };
        state.last_attempt = Some(Attempt { at, wait });
        self.source.log(outcome, serving, wait.unwrap_or_default());
        self.state.store(Arc::new(state));
        outcome
    }

    fn writing(&self) -> MutexGuard<'_, u64> {
        // The state is replaced as a whole, so it is valid even after a panic.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;
    use crate::base::time::SystemClock;

    /// A source that is down.
    #[derive(Debug, Default)]
    struct Down(AtomicUsize);

    impl Source for Down {
        type Value = ();

        fn clock(&self) -> &dyn Clock {
            &SystemClock
        }

        fn limit(&self) -> Duration {
            Duration::from_secs(5)
        }

        fn failure_cooldown(&self) -> Duration {
            Duration::from_secs(5)
        }

        fn serves(&self, (): &(), _: Timestamp) -> bool {
            true
        }

        async fn fetch(&self, _: Option<Arc<()>>) -> Result<(), Failure> {
            self.0.fetch_add(1, SeqCst);
            Err(FetchError::Connection.into())
        }

        fn log(&self, _: Result<(), FetchError>, _: bool, _: Duration) {}
    }

    #[tokio::test]
    async fn a_caller_that_read_the_state_before_a_failed_fetch_starts_no_other() {
        let fetched = SingleFlight::new(Down::default());
        let seen = fetched.state();
        fetched.fetch_unless(|_| None::<()>).await.unwrap_err();
        fetched.start_refresh(&seen);
        tokio::task::yield_now().await;
        assert_eq!(fetched.source().0.load(SeqCst), 1);
        fetched.start_refresh(&fetched.state());
        tokio::task::yield_now().await;
        assert_eq!(fetched.source().0.load(SeqCst), 2);
    }
}
