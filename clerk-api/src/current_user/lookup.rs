//! [`Lookup`]: looks up objects by id, cached and with single flight.

use std::{
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clerk_core::{
    Denied,
    auth::DeniedKind,
    internal::{FlightError, FlightMap},
    time::{Clock, Timestamp},
};

use super::{
    Settings,
    denied::{DEFAULT_RETRY_AFTER, LookupTarget, clamp_retry_after, denied_for},
};
use clerk_types::{organization::Organization, user::User};

use crate::{client::Client, http::error::ApiError};

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
    /// The pause that the API asked for with `Retry-After`.
    back_off: Mutex<Option<Range<Timestamp>>>,
}

impl<T: Fetch> Lookup<T> {
    pub(super) fn new(client: &Client, settings: Settings) -> Self {
        let outcomes = FlightMap::new(settings.capacity, MAX_FLIGHTS).call_limit(settings.timeout);
        let shared = Shared { client: client.clone(), settings, outcomes, back_off: Mutex::default() };
        Self(Arc::new(shared))
    }

    /// The cached outcome, that of the call in flight, or that of a new call.
    pub(super) async fn find(&self, id: &str) -> Outcome<T> {
        let call = || {
            let (shared, id) = (Arc::clone(&self.0), id.to_owned());
            async move { shared.fetch(&id).await }
        };
        self.0.outcomes.get_or_call(id, self.0.clock(), |_| true, call).await.unwrap_or_else(|error| {
            if error == FlightError::NoRuntime {
                return Err(Denied::misconfigured());
            }
            tracing::warn!(target: "clerk", what = T::NAME, ?error, "a lookup in the Backend API failed");
            Err(Denied::unavailable(DEFAULT_RETRY_AFTER))
        })
    }

    /// Removes an object from the cache, and detaches its call in flight, whose response may be out of date.
    pub(super) fn forget(&self, id: &str) {
        self.0.outcomes.remove(id);
    }

    /// Like [`Self::forget`], for all objects.
    #[cfg(feature = "webhook")]
    pub(super) fn forget_all(&self) {
        self.0.outcomes.clear();
    }
}

impl<T> Shared<T> {
    fn clock(&self) -> &dyn Clock {
        self.client.settings().clerk.clock()
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
