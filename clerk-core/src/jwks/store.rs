//! The keys that one `Clerk` trusts: a snapshot read without a lock, and at most one fetch at a time.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use tokio::sync::watch;

use super::{
    KeySet, KeysUnavailable, Source,
    plan::{JwksPolicy, Plan, Situation, plan},
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
    snapshot: ArcSwapOption<KeySet>,
    fetching: Mutex<Fetching>,
    source: Source,
    policy: JwksPolicy,
    clock: Arc<dyn Clock>,
}

#[derive(Debug, Default)]
struct Fetching {
    flight: Option<Flight>,
    /// When the last fetch ended, and what it brought.
    last_attempt: Option<(Timestamp, Result<(), FetchError>)>,
}

/// Ends with the outcome, or with a closed channel when the runtime that fetched was shut down.
type Flight = watch::Receiver<Option<Result<(), FetchError>>>;

impl Store {
    pub(crate) fn new(source: Source, policy: JwksPolicy, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared { snapshot: ArcSwapOption::empty(), fetching: Mutex::default(), source, policy, clock }))
    }

    /// The answer that needs no waiting; `None` when a fetch must be waited for.
    pub(crate) fn look_up(&self, kid: &str, now: Timestamp) -> Option<KeyAnswer> {
        let snapshot = self.0.snapshot.load();
        let found = snapshot.as_ref().and_then(|keys| keys.find(kid));
        let last_attempt = self.last_attempt(found.is_some(), snapshot.as_deref(), now);
        let (plan, answer) = self.0.answer(snapshot.as_deref(), found, last_attempt, now);
        if plan == Plan::UseAndRefresh {
            drop(self.join(&mut self.lock()));
        }
        answer
    }

    /// Reads the lock only where the answer can matter: a fresh key costs none.
    fn last_attempt(
        &self,
        known: bool,
        snapshot: Option<&KeySet>,
        now: Timestamp,
    ) -> Option<(Timestamp, Result<(), FetchError>)> {
        if known
            && snapshot
                .is_some_and(|keys| keys.fetched_at <= now && now.since(keys.fetched_at) < self.0.policy.refresh_after)
        {
            return None;
        }
        self.lock().last_attempt
    }

    /// Waits for a fetch, its own or one that is under way, and answers from what it brought. A fetch that ended after
    /// the caller had looked will do: of all who found no key, only the first one fetches.
    pub(crate) async fn fetch_and_look_up(&self, kid: &str) -> KeyAnswer {
        let landed = |fetching: &Fetching| {
            let snapshot = self.0.snapshot.load();
            let found = snapshot.as_ref().and_then(|keys| keys.find(kid));
            self.0.answer(snapshot.as_deref(), found, fetching.last_attempt, self.0.clock.now()).1
        };
        match self.fetched_unless(landed).await {
            Ok(Some(answer)) => answer,
            Ok(None) => KeyAnswer::of(self.0.snapshot.load().as_ref().and_then(|keys| keys.find(kid))),
            Err(cause) => KeyAnswer::Unavailable(self.0.policy.failure_cooldown, cause),
        }
    }

    /// Fetches the keys now, unless a fetch is under way, and waits for the outcome.
    pub(crate) async fn refreshed(&self) -> Result<(), KeysUnavailable> {
        match self.fetched_unless(|_| None::<()>).await {
            Ok(_) => Ok(()),
            Err(cause) => Err(KeysUnavailable { url: self.0.source.url.clone(), cause }),
        }
    }

    /// Waits for the flight that is under way, or for a new one unless `landed` has an answer. It is asked under the
    /// lock that a landing flight takes, so that nobody starts a second one between asking and starting.
    async fn fetched_unless<T>(&self, landed: impl Fn(&Fetching) -> Option<T>) -> Result<Option<T>, FetchError> {
        // A flight dies with the runtime that it was spawned on, as when one of several actix workers stops: try once more.
        for _ in 0..2 {
            let flight = {
                let mut fetching = self.lock();
                if !fetching.under_way()
                    && let Some(answer) = landed(&fetching)
                {
                    return Ok(Some(answer));
                }
                self.join(&mut fetching)
            };
            let Some(mut flight) = flight else { break };
            if let Ok(outcome) = flight.wait_for(Option::is_some).await {
                return outcome.unwrap_or(Err(FetchError::Connection)).map(|()| None);
            }
        }
        Err(FetchError::Connection)
    }

    /// Joins the flight that is under way or starts one; it is a task of its own, so that a request that goes away
    /// cannot cancel it for the others. `None` outside a Tokio runtime.
    fn join(&self, fetching: &mut Fetching) -> Option<Flight> {
        if fetching.under_way() {
            return fetching.flight.clone();
        }
        let runtime = tokio::runtime::Handle::try_current()
            .inspect_err(|_| tracing::error!(target: "clerk", "keys can only be fetched inside a Tokio runtime"))
            .ok()?;
        let (sender, flight) = watch::channel(None);
        fetching.flight = Some(flight.clone());
        let shared = Arc::clone(&self.0);
        runtime.spawn(async move {
            let outcome = shared.fetch().await;
            shared.settle(outcome);
            sender.send_replace(Some(outcome));
        });
        Some(flight)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Fetching> {
        self.0.lock()
    }
}

impl Fetching {
    fn under_way(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| flight.has_changed().is_ok())
    }
}

impl Shared {
    /// What there is to do, and the answer unless it is to fetch.
    fn answer(
        &self,
        keys: Option<&KeySet>,
        found: Option<Option<&Arc<VerifyingKey>>>,
        last_attempt: Option<(Timestamp, Result<(), FetchError>)>,
        now: Timestamp,
    ) -> (Plan, Option<KeyAnswer>) {
        let situation = Situation {
            fetched_at: keys.map(|keys| keys.fetched_at),
            known: found.is_some(),
            last_attempt: last_attempt.map(|(at, outcome)| (at, outcome.is_ok())),
        };
        let plan = plan(&self.policy, situation, now);
        let answer = match plan {
            Plan::Use | Plan::UseAndRefresh => Some(KeyAnswer::of(found)),
            Plan::RefuseUnknown => Some(KeyAnswer::Unknown),
            Plan::RefuseUnavailable(wait) => {
                let cause = last_attempt.and_then(|(_, outcome)| outcome.err()).unwrap_or(FetchError::Connection);
                Some(KeyAnswer::Unavailable(wait, cause))
            }
            Plan::Fetch => None,
        };
        (plan, answer)
    }

    async fn fetch(&self) -> Result<(), FetchError> {
        let outcome = match self.source.fetch(&*self.clock, self.attempts()).await {
            // An endpoint that suddenly has no key for us is broken, and must not take the ones that we have.
            Ok(keys) if !keys.is_usable() && self.snapshot.load().is_some() => Err(FetchError::NoKeys),
            other => other,
        };
        match outcome {
            Ok(keys) => {
                tracing::debug!(target: "clerk", url = %self.source.url, "fetched the instance's keys");
                self.snapshot.store(Some(Arc::new(keys)));
                Ok(())
            }
            Err(cause) => {
                let error = KeysUnavailable { url: self.source.url.clone(), cause };
                let serving = self.snapshot.load().is_some();
                tracing::warn!(target: "clerk", %error, serving_older_keys = serving, "could not fetch the instance's keys");
                Err(cause)
            }
        }
    }

    /// While there are keys to serve with, one attempt per fetch will do.
    fn attempts(&self) -> u32 {
        if self.snapshot.load().is_some() { 1 } else { 3 }
    }

    fn settle(&self, outcome: Result<(), FetchError>) {
        let now = self.clock.now();
        let mut fetching = self.lock();
        fetching.flight = None;
        fetching.last_attempt = Some((now, outcome));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Fetching> {
        // Nothing panics while it is held; if something did, the two fields are still consistent.
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
