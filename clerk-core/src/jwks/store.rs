//! The keys that one `Clerk` trusts: a snapshot read without a lock, and at most one fetch at a time.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::{
    KeySet, KeysUnavailable, Source,
    plan::{Attempt, JwksPolicy, Plan, Situation, back_off, next_refresh, plan},
    source::Failure,
};
use crate::{
    http::FetchError,
    jwt::VerifyingKey,
    time::{Clock, Timestamp},
};

/// What the store answers when it is asked for a key.
#[derive(Debug)]
pub(crate) enum KeyAnswer {
    Key(Arc<VerifyingKey>),
    /// The instance has no such key.
    Unknown,
    /// The instance has a key of that name that is not for our signatures.
    Unusable,
    /// Nobody can tell now, for this reason; try again after this time.
    Unavailable(Duration, FetchError),
}

impl KeyAnswer {
    fn of(found: Option<Option<&Arc<VerifyingKey>>>) -> Self {
        match found {
            Some(Some(key)) => Self::Key(Arc::clone(key)),
            Some(None) => Self::Unusable,
            None => Self::Unknown,
        }
    }
}

/// The keys of one instance. Never shared between two `Clerk`s: a `kid` means nothing outside its instance.
#[derive(Debug, Clone)]
pub(crate) struct Store(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Replaced whole, by whoever holds `writing`.
    state: ArcSwap<State>,
    writing: Mutex<()>,
    source: Source,
    policy: JwksPolicy,
    clock: Arc<dyn Clock>,
}

#[derive(Debug, Clone, Default)]
struct State {
    keys: Option<Arc<KeySet>>,
    flight: Option<Flight>,
    last_attempt: Option<Attempt>,
    /// What went wrong with the last attempts, and how often in a row.
    failing: Option<(FetchError, u32)>,
}

/// Ends with the outcome, or with a closed channel when the runtime that fetched was shut down.
type Flight = watch::Receiver<Option<Result<(), FetchError>>>;

impl Store {
    pub(crate) fn new(source: Source, policy: JwksPolicy, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared { state: ArcSwap::default(), writing: Mutex::default(), source, policy, clock }))
    }

    /// The answer that needs no waiting; `None` when a fetch must be waited for.
    pub(crate) fn look_up(&self, kid: &str, now: Timestamp) -> Option<KeyAnswer> {
        let state = self.0.state.load();
        let (plan, answer) = self.0.answer(&state, kid, now);
        if plan == Plan::UseAndRefresh {
            self.refresh(&state);
        }
        answer
    }

    /// Whether this very key is still one of the instance's, and may be used at this time.
    pub(crate) fn still_trusts(&self, key: &Arc<VerifyingKey>, now: Timestamp) -> bool {
        let state = self.0.state.load();
        if !state.keys.as_ref().is_some_and(|keys| keys.contains(key)) {
            return false;
        }
        match plan(&self.0.policy, state.situation(true), now) {
            Plan::Use => true,
            Plan::UseAndRefresh => {
                self.refresh(&state);
                true
            }
            Plan::Fetch | Plan::RefuseUnknown | Plan::RefuseUnavailable(_) => false,
        }
    }

    /// Waits for a fetch, its own or one that is under way, and answers from what it brought. A fetch that ended after
    /// the caller had looked will do: of all who found no key, only the first one fetches.
    pub(crate) async fn fetch_and_look_up(&self, kid: &str) -> KeyAnswer {
        let landed = |state: &State| self.0.answer(state, kid, self.0.clock.now()).1;
        match self.fetched_unless(landed).await {
            Ok(Some(answer)) => answer,
            Ok(None) => KeyAnswer::of(self.0.state.load().find(kid)),
            Err(cause) => {
                let wait = self.0.state.load().last_attempt.and_then(|attempt| attempt.wait);
                KeyAnswer::Unavailable(wait.unwrap_or(self.0.policy.failure_cooldown), cause)
            }
        }
    }

    /// Fetches the keys now, unless a fetch is under way, and waits for the outcome.
    pub(crate) async fn refreshed(&self) -> Result<(), KeysUnavailable> {
        match self.fetched_unless(|_| None::<()>).await {
            Ok(_) => Ok(()),
            Err(cause) => Err(self.0.unavailable(cause)),
        }
    }

    /// Whether a token of a known key would be judged now.
    pub(crate) fn ready(&self) -> Result<(), KeysUnavailable> {
        let state = self.0.state.load();
        match plan(&self.0.policy, state.situation(true), self.0.clock.now()) {
            Plan::Use | Plan::UseAndRefresh => Ok(()),
            Plan::Fetch | Plan::RefuseUnknown | Plan::RefuseUnavailable(_) => {
                Err(self.0.unavailable(state.failing.map_or(FetchError::NotYet, |(cause, _)| cause)))
            }
        }
    }

    /// How long a background refresher sleeps.
    pub(super) fn next_refresh(&self) -> Duration {
        let situation = self.0.state.load().situation(true);
        next_refresh(&self.0.policy, situation, self.0.clock.now(), random())
    }

    /// Waits for the flight that is under way, or for a new one unless `landed` has an answer. It is asked under the
    /// lock that a landing flight takes, so that nobody starts a second one between asking and starting.
    async fn fetched_unless<T>(&self, landed: impl Fn(&State) -> Option<T>) -> Result<Option<T>, FetchError> {
        // A flight dies with the runtime that it was spawned on, as when one of several actix workers stops: try once more.
        for _ in 0..2 {
            let flight = {
                let writing = self.0.writing();
                let state = self.0.state.load();
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

    /// Starts a flight that nobody waits for, unless one is under way.
    fn refresh(&self, state: &State) {
        if !state.under_way() {
            let writing = self.0.writing();
            drop(self.join(&writing, &self.0.state.load()));
        }
    }

    /// Joins the flight that is under way or starts one; it is a task of its own, so that a request that goes away
    /// cannot cancel it for the others. `None` outside a Tokio runtime.
    fn join(&self, _writing: &MutexGuard<'_, ()>, state: &State) -> Option<Flight> {
        if state.under_way() {
            return state.flight.clone();
        }
        let runtime = tokio::runtime::Handle::try_current()
            .inspect_err(|_| tracing::error!(target: "clerk", "keys can only be fetched inside a Tokio runtime"))
            .ok()?;
        let (sender, flight) = watch::channel(None);
        self.0.state.store(Arc::new(State { flight: Some(flight.clone()), ..state.clone() }));
        let shared = Arc::clone(&self.0);
        runtime.spawn(async move {
            let outcome = shared.fetch().await;
            let outcome = shared.settle(outcome);
            sender.send_replace(Some(outcome));
        });
        Some(flight)
    }
}

impl State {
    fn find(&self, kid: &str) -> Option<Option<&Arc<VerifyingKey>>> {
        self.keys.as_ref()?.find(kid)
    }

    fn under_way(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| flight.has_changed().is_ok())
    }

    fn situation(&self, known: bool) -> Situation {
        let fetched_at = self.keys.as_ref().map(|keys| keys.fetched_at);
        Situation { fetched_at, known, last_attempt: self.last_attempt }
    }
}

impl Shared {
    /// What there is to do, and the answer unless it is to fetch.
    fn answer(&self, state: &State, kid: &str, now: Timestamp) -> (Plan, Option<KeyAnswer>) {
        let found = state.find(kid);
        let plan = plan(&self.policy, state.situation(found.is_some()), now);
        let answer = match plan {
            Plan::Use | Plan::UseAndRefresh => Some(KeyAnswer::of(found)),
            Plan::RefuseUnknown => Some(KeyAnswer::Unknown),
            Plan::RefuseUnavailable(wait) => {
                let cause = state.failing.map_or(FetchError::Connection, |(cause, _)| cause);
                Some(KeyAnswer::Unavailable(wait, cause))
            }
            Plan::Fetch => None,
        };
        (plan, answer)
    }

    async fn fetch(&self) -> Result<KeySet, Failure> {
        let known = self.state.load().keys.clone();
        // While there are keys to serve with, one attempt per fetch will do.
        let attempts = if known.is_some() { 1 } else { 3 };
        match self.source.fetch(&*self.clock, attempts, known.as_deref()).await {
            // An endpoint that suddenly has no key for us is broken, and must not take the ones that we have.
            Ok(keys) if !keys.is_usable() && known.is_some() => Err(FetchError::NoKeys.into()),
            other => other,
        }
    }

    /// Ends the flight.
    fn settle(&self, outcome: Result<KeySet, Failure>) -> Result<(), FetchError> {
        let at = self.clock.now();
        let _writing = self.writing();
        let before = self.state.load();
        let mut state = State { flight: None, ..State::clone(&before) };
        let outcome = match outcome {
            Ok(keys) => {
                tracing::debug!(target: "clerk", url = %self.source.url, "fetched the instance's keys");
                state.keys = Some(Arc::new(keys));
                state.failing = None;
                state.last_attempt = Some(Attempt { at, wait: None });
                Ok(())
            }
            Err(Failure { error: cause, retry_after }) => {
                let serving = state.keys.is_some();
                let failures = state.failing.map_or(0, |(_, failures)| failures).saturating_add(1);
                let wait = back_off(&self.policy, failures, serving, retry_after, random());
                state.failing = Some((cause, failures));
                state.last_attempt = Some(Attempt { at, wait: Some(wait) });
                let error = self.unavailable(cause);
                tracing::warn!(target: "clerk", %error, serving_older_keys = serving, next_attempt_in = ?wait, "could not fetch the instance's keys");
                Err(cause)
            }
        };
        self.state.store(Arc::new(state));
        outcome
    }

    fn unavailable(&self, cause: FetchError) -> KeysUnavailable {
        KeysUnavailable { url: self.source.url.clone(), cause }
    }

    fn writing(&self) -> MutexGuard<'_, ()> {
        // Nothing panics while it is held; if something did, the state was replaced or it was not.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number between 0 and 1 that differs from process to process and from call to call: enough for jitter.
fn random() -> f64 {
    RandomState::new().hash_one(()) as f64 / u64::MAX as f64
}
