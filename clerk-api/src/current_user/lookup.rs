//! [`Lookup`]: looks up objects by id, cached and with single flight.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clerk_core::{
    Denied, DeniedKind,
    backend_rules::{FlightError, FlightMap},
    time::{Clock, Timestamp},
};

use super::{
    Settings,
    denied::{DEFAULT_RETRY_AFTER, LookupTarget, clamp_retry_after, denied_for},
};
use crate::{ApiError, Client, organizations::Organization, transport::with_deadline, users::User};

/// How much longer than the call's own timeout a request waits for a call that another request has started.
const GRACE: Duration = Duration::from_secs(1);

/// How many calls a request waits for, if their threads are blocked.
const MAX_WAITS: u32 = 2;

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
    outcomes: FlightMap<Outcome<T>>,
    /// When a call for an id was last given up.
    given_up: Mutex<HashMap<String, Timestamp>>,
    /// The pause that the API asked for with `Retry-After`.
    back_off: Mutex<Option<Range<Timestamp>>>,
}

impl<T: Fetch> Lookup<T> {
    pub(super) fn new(client: &Client, settings: Settings) -> Self {
        let outcomes = FlightMap::new(settings.capacity, MAX_FLIGHTS).call_limit(settings.timeout);
        let shared = Shared {
            client: client.clone(),
            settings,
            outcomes,
            given_up: Mutex::default(),
            back_off: Mutex::default(),
        };
        Self(Arc::new(shared))
    }

    /// The cached outcome, that of the call in flight, or that of a new call.
    ///
    /// A call ends in time unless the thread that it runs on is blocked, for example an actix worker by a slow handler.
    /// Requests of other threads then give it up and start another one.
    pub(super) async fn find(&self, id: &str) -> Outcome<T> {
        let call = || {
            let (shared, id) = (Arc::clone(&self.0), id.to_owned());
            async move { shared.fetch(&id).await }
        };
        let clock = self.0.clock();
        for _ in 0..MAX_WAITS {
            let start = clock.now();
            let wait = self.0.outcomes.get_or_call(id, clock, |_| true, call);
            match with_deadline(clock, start + self.0.settings.timeout + GRACE, wait).await {
                Some(Ok(outcome)) => return outcome,
                Some(Err(FlightError::NoRuntime)) => return Err(Denied::misconfigured()),
                Some(Err(error)) => {
                    tracing::warn!(target: "clerk", what = T::NAME, ?error, "a lookup in the Backend API failed");
                    return Err(Denied::unavailable(DEFAULT_RETRY_AFTER));
                }
                None => self.0.give_up(id, start),
            }
        }
        tracing::warn!(target: "clerk", what = T::NAME, "lookups in the Backend API do not end: are all threads blocked?");
        Err(Denied::unavailable(DEFAULT_RETRY_AFTER))
    }

    /// Removes an object from the cache, and detaches its call in flight, whose response may be out of date.
    pub(super) fn forget(&self, id: &str) {
        self.0.outcomes.remove(id);
    }

    /// Like [`Self::forget`], for all objects.
    pub(super) fn forget_all(&self) {
        self.0.outcomes.clear();
    }
}

impl<T> Shared<T> {
    /// Detaches the call that a request has waited for since `start`, unless another request has done so meanwhile: one
    /// call replaces it, not one for each request.
    fn give_up(&self, id: &str, start: Timestamp)
    where
        T: Send + Sync + 'static,
    {
        let now = self.clock().now();
        // No code panics while it holds the lock.
        let mut given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        let longest_wait = (self.settings.timeout + GRACE) * MAX_WAITS;
        given_up.retain(|_, at| now.since(*at) <= longest_wait);
        if given_up.get(id).is_none_or(|at| *at < start) {
            tracing::warn!(target: "clerk", "a lookup in the Backend API does not end, because its thread is blocked; another one is started");
            self.outcomes.remove(id);
            given_up.insert(id.to_owned(), now);
        }
    }

    fn clock(&self) -> &dyn Clock {
        self.client.settings().access.clock()
    }

    fn back_off(&self) -> MutexGuard<'_, Option<Range<Timestamp>>> {
        // No code panics while it holds the lock.
        self.back_off.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Fetch> Shared<T> {
    /// Calls the API unless it has asked for a pause. Returns the outcome, and when that is valid.
    async fn fetch(&self, id: &str) -> (Outcome<T>, Range<Timestamp>) {
        let now = self.clock().now();
        if let Some(pause) = self.back_off().as_ref().filter(|pause| pause.contains(&now)) {
            return (Err(Denied::unavailable(pause.end.since(now))), now..now);
        }
        let response = T::fetch(&self.client, id, self.settings.timeout).await;
        let now = self.clock().now();
        let retry_after = response.as_ref().err().and_then(ApiError::retry_after);
        if retry_after.is_some() {
            *self.back_off() = Some(now..now + clamp_retry_after(retry_after));
        }
        let outcome = match response {
            Ok(found) if found.id() == id => found.check().map(|()| Arc::new(found)),
            Ok(_) => {
                tracing::error!(target: "clerk", what = T::NAME, "the Backend API returned another id: is there a cache in between?");
                Err(Denied::unavailable(DEFAULT_RETRY_AFTER))
            }
            Err(error) => Err(denied_for::<T>(&error)),
        };
        let max_age = self.settings.max_age;
        // Errors are cached, too, so that rejected requests do not cause a call each.
        let age = match &outcome {
            Ok(_) => max_age,
            Err(denied) if matches!(denied.kind(), DeniedKind::Unavailable { .. }) => DEFAULT_RETRY_AFTER,
            Err(_) => max_age.max(DEFAULT_RETRY_AFTER),
        };
        (outcome, now..now + age)
    }
}

impl<T> Clone for Lookup<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
