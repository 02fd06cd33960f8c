//! [`Store`]: the keys that one `Clerk` trusts, read without a lock and with at most one fetch at a time.

use std::{sync::Arc, time::Duration};

use super::{
    JwksEndpoint, KeySet, KeysUnavailable,
    plan::{JwksPolicy, Plan, Situation, next_refresh, plan},
};
use crate::{
    backend::{
        http::FetchError,
        single_flight::{Failure, SingleFlight, Source, State},
    },
    base::{
        retry::random,
        time::{Clock, Timestamp},
    },
    observe::metrics,
    token::VerifyingKey,
};

/// Result of looking up a key.
#[derive(Debug)]
pub(crate) enum KeyLookup {
    Key(Arc<VerifyingKey>),
    /// The instance has no such key.
    Unknown,
    /// The instance has this key, but not for signatures of session tokens.
    Unusable,
    /// The keys cannot be obtained now, for this reason; try again after this time.
    Unavailable(Duration, FetchError),
}

impl KeyLookup {
    fn of(found: Option<Option<&Arc<VerifyingKey>>>) -> Self {
        match found {
            Some(Some(key)) => Self::Key(Arc::clone(key)),
            Some(None) => Self::Unusable,
            None => Self::Unknown,
        }
    }
}

/// The keys of one instance. Not shared between two `Clerk`s, because a `kid` is unique only within its instance.
#[derive(Debug, Clone)]
pub(crate) struct Store(SingleFlight<JwksSource>);

#[derive(Debug)]
struct JwksSource {
    endpoint: JwksEndpoint,
    policy: JwksPolicy,
    clock: Arc<dyn Clock>,
}

impl Store {
    pub(crate) fn new(endpoint: JwksEndpoint, policy: JwksPolicy, clock: Arc<dyn Clock>) -> Self {
        Self(SingleFlight::new(JwksSource { endpoint, policy, clock }))
    }

    /// The result, if it is known without a fetch.
    pub(crate) fn look_up(&self, kid: &str, now: Timestamp) -> Option<KeyLookup> {
        let state = self.0.state();
        let (plan, found) = self.find(&state, kid, now);
        if plan == Plan::UseAndRefresh {
            self.0.start_refresh(&state);
        }
        found
    }

    /// Whether this same key object is still one of the instance's, and may be used now.
    pub(crate) fn still_trusts(&self, key: &Arc<VerifyingKey>, now: Timestamp) -> bool {
        let state = self.0.state();
        if !state.value.as_ref().is_some_and(|keys| keys.contains(key)) {
            return false;
        }
        match plan(self.policy(), situation(&state, true), now) {
            Plan::Use => true,
            Plan::UseAndRefresh => {
                self.0.start_refresh(&state);
                true
            }
            Plan::Fetch | Plan::RefuseUnknown | Plan::RefuseUnavailable(_) => false,
        }
    }

    /// Looks a key up after a fetch: a new one, the one that is under way, or one that has ended since the caller looked.
    /// Of all callers that found no key, only the first one fetches.
    pub(crate) async fn fetch_and_look_up(&self, kid: &str) -> KeyLookup {
        let find = |state: &State<KeySet>| self.find(state, kid, self.0.source().clock.now()).1;
        match self.0.fetch_unless(find).await {
            Ok(Some(found)) => found,
            Ok(None) => KeyLookup::of(find_key(&self.0.state(), kid)),
            Err(cause) => {
                let wait = self.0.state().last_attempt.and_then(|attempt| attempt.wait);
                KeyLookup::Unavailable(wait.unwrap_or(self.policy().failure_cooldown), cause)
            }
        }
    }

    /// Fetches the keys now, or waits for the fetch that is under way.
    pub(crate) async fn refresh(&self) -> Result<(), KeysUnavailable> {
        match self.0.fetch_unless(|_| None::<()>).await {
            Ok(_) => Ok(()),
            Err(cause) => Err(self.0.source().unavailable(cause)),
        }
    }

    /// Whether a token with a known key could be verified now.
    pub(crate) fn ready(&self) -> Result<(), KeysUnavailable> {
        let state = self.0.state();
        match plan(self.policy(), situation(&state, true), self.0.source().clock.now()) {
            Plan::Use | Plan::UseAndRefresh => Ok(()),
            Plan::Fetch | Plan::RefuseUnknown | Plan::RefuseUnavailable(_) => {
                Err(self.0.source().unavailable(state.cause().unwrap_or(FetchError::NotYet)))
            }
        }
    }

    /// How long a background refresher sleeps.
    pub(crate) fn next_refresh(&self) -> Duration {
        next_refresh(self.policy(), situation(&self.0.state(), true), self.0.source().clock.now(), random())
    }

    /// What to do about a key, and the result unless that is to fetch.
    fn find(&self, state: &State<KeySet>, kid: &str, now: Timestamp) -> (Plan, Option<KeyLookup>) {
        let key = find_key(state, kid);
        let plan = plan(self.policy(), situation(state, key.is_some()), now);
        let found = match plan {
            Plan::Use | Plan::UseAndRefresh => Some(KeyLookup::of(key)),
            Plan::RefuseUnknown => Some(KeyLookup::Unknown),
            Plan::RefuseUnavailable(wait) => {
                Some(KeyLookup::Unavailable(wait, state.cause().unwrap_or(FetchError::Connection)))
            }
            Plan::Fetch => None,
        };
        (plan, found)
    }

    fn policy(&self) -> &JwksPolicy {
        &self.0.source().policy
    }
}

fn find_key<'s>(state: &'s State<KeySet>, kid: &str) -> Option<Option<&'s Arc<VerifyingKey>>> {
    state.value.as_ref()?.find(kid)
}

fn situation(state: &State<KeySet>, known: bool) -> Situation {
    let fetched_at = state.value.as_ref().map(|keys| keys.fetched_at);
    Situation { fetched_at, known, last_attempt: state.last_attempt }
}

impl Source for JwksSource {
    type Value = KeySet;

    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn limit(&self) -> Duration {
        self.endpoint.transport.timeout()
    }

    fn failure_cooldown(&self) -> Duration {
        self.policy.failure_cooldown
    }

    fn serves(&self, _: &KeySet, _: Timestamp) -> bool {
        true
    }

    async fn fetch(&self, known: Option<Arc<KeySet>>) -> Result<KeySet, Failure> {
        // While there are usable keys, one attempt per fetch is enough.
        let attempts = if known.is_some() { 1 } else { 3 };
        match self.endpoint.fetch(&*self.clock, attempts, known.as_deref()).await {
            // An endpoint that suddenly has no usable key is broken: keep the known keys.
            Ok(keys) if !keys.is_usable() && known.is_some() => Err(FetchError::NoKeys.into()),
            other => other,
        }
    }

    fn log(&self, outcome: Result<(), FetchError>, serving: bool, next_attempt_in: Duration) {
        metrics::jwks_fetch(outcome.map_or_else(FetchError::label, |()| metrics::SUCCESS));
        match outcome {
            Ok(()) => tracing::debug!(target: "clerk", url = %self.endpoint.url, "fetched the instance's keys"),
            Err(cause) => {
                let error = self.unavailable(cause);
                tracing::warn!(target: "clerk", %error, serving_older_keys = serving, ?next_attempt_in, "could not fetch the instance's keys");
            }
        }
    }
}

impl JwksSource {
    fn unavailable(&self, cause: FetchError) -> KeysUnavailable {
        KeysUnavailable { url: self.endpoint.url.clone(), cause }
    }
}
