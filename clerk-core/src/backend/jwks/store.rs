//! The keys that one `Clerk` trusts: a snapshot read without a lock, and at most one fetch at a time.

use std::{sync::Arc, time::Duration};

use super::{
    KeySet, KeysUnavailable, Source,
    plan::{JwksPolicy, Plan, Situation, next_refresh, plan},
};
use crate::{
    backend::{
        http::FetchError,
        single_flight::{Failure, Fetched, Origin, State},
    },
    base::{
        retry::random,
        time::{Clock, Timestamp},
    },
    observe::metrics,
    token::VerifyingKey,
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
pub(crate) struct Store(Fetched<Keys>);

#[derive(Debug)]
struct Keys {
    source: Source,
    policy: JwksPolicy,
    clock: Arc<dyn Clock>,
}

impl Store {
    pub(crate) fn new(source: Source, policy: JwksPolicy, clock: Arc<dyn Clock>) -> Self {
        Self(Fetched::new(Keys { source, policy, clock }))
    }

    /// The answer that needs no waiting; `None` when a fetch must be waited for.
    pub(crate) fn look_up(&self, kid: &str, now: Timestamp) -> Option<KeyAnswer> {
        let state = self.0.state();
        let (plan, answer) = self.answer(&state, kid, now);
        if plan == Plan::UseAndRefresh {
            self.0.refresh(&state);
        }
        answer
    }

    /// Whether this very key is still one of the instance's, and may be used at this time.
    pub(crate) fn still_trusts(&self, key: &Arc<VerifyingKey>, now: Timestamp) -> bool {
        let state = self.0.state();
        if !state.value.as_ref().is_some_and(|keys| keys.contains(key)) {
            return false;
        }
        match plan(self.policy(), situation(&state, true), now) {
            Plan::Use => true,
            Plan::UseAndRefresh => {
                self.0.refresh(&state);
                true
            }
            Plan::Fetch | Plan::RefuseUnknown | Plan::RefuseUnavailable(_) => false,
        }
    }

    /// Waits for a fetch, its own or one that is under way, and answers from what it brought. A fetch that ended after
    /// the caller had looked will do: of all who found no key, only the first one fetches.
    pub(crate) async fn fetch_and_look_up(&self, kid: &str) -> KeyAnswer {
        let landed = |state: &State<KeySet>| self.answer(state, kid, self.0.origin().clock.now()).1;
        match self.0.fetched_unless(landed).await {
            Ok(Some(answer)) => answer,
            Ok(None) => KeyAnswer::of(find(&self.0.state(), kid)),
            Err(cause) => {
                let wait = self.0.state().last_attempt.and_then(|attempt| attempt.wait);
                KeyAnswer::Unavailable(wait.unwrap_or(self.policy().failure_cooldown), cause)
            }
        }
    }

    /// Fetches the keys now, unless a fetch is under way, and waits for the outcome.
    pub(crate) async fn refreshed(&self) -> Result<(), KeysUnavailable> {
        match self.0.fetched_unless(|_| None::<()>).await {
            Ok(_) => Ok(()),
            Err(cause) => Err(self.0.origin().unavailable(cause)),
        }
    }

    /// Whether a token of a known key would be judged now.
    pub(crate) fn ready(&self) -> Result<(), KeysUnavailable> {
        let state = self.0.state();
        match plan(self.policy(), situation(&state, true), self.0.origin().clock.now()) {
            Plan::Use | Plan::UseAndRefresh => Ok(()),
            Plan::Fetch | Plan::RefuseUnknown | Plan::RefuseUnavailable(_) => {
                Err(self.0.origin().unavailable(state.cause().unwrap_or(FetchError::NotYet)))
            }
        }
    }

    /// How long a background refresher sleeps.
    pub(crate) fn next_refresh(&self) -> Duration {
        next_refresh(self.policy(), situation(&self.0.state(), true), self.0.origin().clock.now(), random())
    }

    /// What there is to do, and the answer unless it is to fetch.
    fn answer(&self, state: &State<KeySet>, kid: &str, now: Timestamp) -> (Plan, Option<KeyAnswer>) {
        let found = find(state, kid);
        let plan = plan(self.policy(), situation(state, found.is_some()), now);
        let answer = match plan {
            Plan::Use | Plan::UseAndRefresh => Some(KeyAnswer::of(found)),
            Plan::RefuseUnknown => Some(KeyAnswer::Unknown),
            Plan::RefuseUnavailable(wait) => {
                Some(KeyAnswer::Unavailable(wait, state.cause().unwrap_or(FetchError::Connection)))
            }
            Plan::Fetch => None,
        };
        (plan, answer)
    }

    fn policy(&self) -> &JwksPolicy {
        &self.0.origin().policy
    }
}

fn find<'s>(state: &'s State<KeySet>, kid: &str) -> Option<Option<&'s Arc<VerifyingKey>>> {
    state.value.as_ref()?.find(kid)
}

fn situation(state: &State<KeySet>, known: bool) -> Situation {
    let fetched_at = state.value.as_ref().map(|keys| keys.fetched_at);
    Situation { fetched_at, known, last_attempt: state.last_attempt }
}

impl Origin for Keys {
    type Value = KeySet;

    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn failure_cooldown(&self) -> Duration {
        self.policy.failure_cooldown
    }

    fn serves(&self, _: &KeySet, _: Timestamp) -> bool {
        true
    }

    async fn fetch(&self, known: Option<Arc<KeySet>>) -> Result<KeySet, Failure> {
        // While there are keys to serve with, one attempt per fetch will do.
        let attempts = if known.is_some() { 1 } else { 3 };
        match self.source.fetch(&*self.clock, attempts, known.as_deref()).await {
            // An endpoint that suddenly has no key for us is broken, and must not take the ones that we have.
            Ok(keys) if !keys.is_usable() && known.is_some() => Err(FetchError::NoKeys.into()),
            other => other,
        }
    }

    fn log(&self, outcome: Result<(), FetchError>, serving: bool, next_attempt_in: Duration) {
        metrics::jwks_fetch(outcome.map_or_else(FetchError::label, |()| metrics::SUCCESS));
        match outcome {
            Ok(()) => tracing::debug!(target: "clerk", url = %self.source.url, "fetched the instance's keys"),
            Err(cause) => {
                let error = self.unavailable(cause);
                tracing::warn!(target: "clerk", %error, serving_older_keys = serving, ?next_attempt_in, "could not fetch the instance's keys");
            }
        }
    }
}

impl Keys {
    fn unavailable(&self, cause: FetchError) -> KeysUnavailable {
        KeysUnavailable { url: self.source.url.clone(), cause }
    }
}
