//! A value that comes from elsewhere, such as the instance's keys: read without a lock, and at most one fetch at a time.

mod back_off;

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::{ArcSwap, Guard};
pub(crate) use back_off::Attempt;
use tokio::sync::watch;

use super::http::FetchError;
use crate::base::{
    retry::random,
    time::{Clock, Timestamp},
};

/// Where a value comes from, and what is said about it.
pub(crate) trait Origin: Debug + Send + Sync + 'static {
    type Value: Debug + Send + Sync + 'static;

    fn clock(&self) -> &dyn Clock;

    /// How long after a first failure the next attempt waits, about.
    fn failure_cooldown(&self) -> Duration;

    /// Whether a value will still do, so that nobody has to wait while fetches fail.
    fn serves(&self, value: &Self::Value, now: Timestamp) -> bool;

    fn fetch(&self, known: Option<Arc<Self::Value>>) -> impl Future<Output = Result<Self::Value, Failure>> + Send;

    /// Tells the log how a fetch ended; for a failure with the wait until the next one.
    fn log(&self, outcome: Result<(), FetchError>, serving: bool, next_attempt_in: Duration);
}

/// A fetch that brought nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure {
    pub(crate) error: FetchError,
    /// How long the endpoint asks to be left alone.
    pub(crate) retry_after: Option<Duration>,
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self { error, retry_after: None }
    }
}

/// The latest value of an [`Origin`].
#[derive(Debug)]
pub(crate) struct Fetched<O: Origin>(Arc<Shared<O>>);

#[derive(Debug)]
struct Shared<O: Origin> {
    /// Replaced whole, by whoever holds `writing`.
    state: ArcSwap<State<O::Value>>,
    writing: Mutex<()>,
    origin: O,
}

#[derive(Debug)]
pub(crate) struct State<T> {
    pub(crate) value: Option<Arc<T>>,
    flight: Option<Flight>,
    pub(crate) last_attempt: Option<Attempt>,
    /// What went wrong with the last attempts, and how often in a row.
    failing: Option<(FetchError, u32)>,
}

/// Ends with the outcome, or with a closed channel when the runtime that fetched was shut down.
type Flight = watch::Receiver<Option<Result<(), FetchError>>>;

impl<O: Origin> Fetched<O> {
    pub(crate) fn new(origin: O) -> Self {
        Self(Arc::new(Shared { state: ArcSwap::default(), writing: Mutex::default(), origin }))
    }

    pub(crate) fn origin(&self) -> &O {
        &self.0.origin
    }

    /// What is known at this moment.
    pub(crate) fn state(&self) -> Guard<Arc<State<O::Value>>> {
        self.0.state.load()
    }

    /// Waits for the flight that is under way, or for a new one unless `landed` has an answer. It is asked under the
    /// lock that a landing flight takes, so that nobody starts a second one between asking and starting.
    pub(crate) async fn fetched_unless<T>(
        &self,
        landed: impl Fn(&State<O::Value>) -> Option<T>,
    ) -> Result<Option<T>, FetchError> {
        // A flight dies with the runtime that it was spawned on, as when one of several actix workers stops: try once more.
        for _ in 0..2 {
            let flight = {
                let writing = self.0.writing();
                let state = self.state();
                if !state.under_way()
                    && let Some(answer) = landed(&state)
                {
                    return Ok(Some(answer));
                }
                self.join(&writing, &state)
            };
            let Some(mut flight) = flight else { break };
            if let Ok(outcome) = flight.wait_for(Option::is_some).await {
                return outcome.unwrap_or(Err(FetchError::Connection)).map(|()| None);
            }
        }
        Err(FetchError::Connection)
    }

    /// Starts a flight that nobody waits for, unless one is under way, or was since the caller looked: then whoever comes
    /// next decides by what it brought.
    pub(crate) fn refresh(&self, seen: &State<O::Value>) {
        if !seen.under_way() {
            let writing = self.0.writing();
            let state = self.state();
            if std::ptr::eq(&**state, seen) {
                drop(self.join(&writing, &state));
            }
        }
    }

    /// Drops the value if `unwanted` says so.
    pub(crate) fn discard(&self, unwanted: impl FnOnce(&O::Value) -> bool) {
        let _writing = self.0.writing();
        let state = self.state();
        if state.value.as_deref().is_some_and(unwanted) {
            self.0.state.store(Arc::new(State { value: None, ..State::clone(&state) }));
        }
    }

    /// Joins the flight that is under way or starts one; it is a task of its own, so that a request that goes away
    /// cannot cancel it for the others. `None` outside a Tokio runtime.
    fn join(&self, _writing: &MutexGuard<'_, ()>, state: &State<O::Value>) -> Option<Flight> {
        if state.under_way() {
            return state.flight.clone();
        }
        let runtime = tokio::runtime::Handle::try_current()
            .inspect_err(|_| tracing::error!(target: "clerk", "Clerk can only be asked inside a Tokio runtime"))
            .ok()?;
        let (sender, flight) = watch::channel(None);
        self.0.state.store(Arc::new(State { flight: Some(flight.clone()), ..state.clone() }));
        let shared = Arc::clone(&self.0);
        runtime.spawn(async move {
            let known = shared.state.load().value.clone();
            let outcome = shared.origin.fetch(known).await;
            let outcome = shared.settle(outcome);
            sender.send_replace(Some(outcome));
        });
        Some(flight)
    }
}

impl<O: Origin> Clone for Fetched<O> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> State<T> {
    /// What went wrong with the last attempt.
    pub(crate) fn cause(&self) -> Option<FetchError> {
        self.failing.map(|(cause, _)| cause)
    }

    fn under_way(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| flight.has_changed().is_ok())
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

impl<O: Origin> Shared<O> {
    /// Ends the flight.
    fn settle(&self, outcome: Result<O::Value, Failure>) -> Result<(), FetchError> {
        let at = self.origin.clock().now();
        let _writing = self.writing();
        let before = self.state.load();
        let mut state = State { flight: None, ..State::clone(&before) };
        let serving = state.value.as_deref().is_some_and(|value| self.origin.serves(value, at));
        let mut wait = None;
        let outcome = match outcome {
            Ok(value) => {
                state.value = Some(Arc::new(value));
                state.failing = None;
                Ok(())
            }
            Err(Failure { error, retry_after }) => {
                let failures = state.failing.map_or(0, |(_, failures)| failures).saturating_add(1);
                let first = self.origin.failure_cooldown();
                wait = Some(back_off::back_off(first, failures, serving, retry_after, random()));
                state.failing = Some((error, failures));
                Err(error)
            }
        };
        state.last_attempt = Some(Attempt { at, wait });
        self.origin.log(outcome, serving, wait.unwrap_or_default());
        self.state.store(Arc::new(state));
        outcome
    }

    fn writing(&self) -> MutexGuard<'_, ()> {
        // Nothing panics while it is held; if something did, the state was replaced or it was not.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;
    use crate::base::time::SystemClock;

    /// Comes from a place that is down.
    #[derive(Debug, Default)]
    struct Down(AtomicUsize);

    impl Origin for Down {
        type Value = ();

        fn clock(&self) -> &dyn Clock {
            &SystemClock
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
    async fn whoever_looked_before_a_flight_that_failed_starts_no_other() {
        let fetched = Fetched::new(Down::default());
        let seen = fetched.state();
        fetched.fetched_unless(|_| None::<()>).await.unwrap_err();
        fetched.refresh(&seen);
        tokio::task::yield_now().await;
        assert_eq!(fetched.origin().0.load(SeqCst), 1);
        fetched.refresh(&fetched.state());
        tokio::task::yield_now().await;
        assert_eq!(fetched.origin().0.load(SeqCst), 2);
    }
}
