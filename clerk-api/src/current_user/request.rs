//! [`RequestCurrent`]: the user and the organization of one request, each looked up at most once.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use clerk_core::{AuthState, Denied, FromAuth as _, OrgId, UserId};

use super::{
    CurrentSource,
    lookup::{Fetch, Lookup, Outcome},
};
use clerk_types::{organization::Organization, user::User};

/// A [`CurrentSource`] for one request, which looks up each object at most once. Adapters keep it in the request's
/// extensions; clones share the result.
#[derive(Clone)]
pub struct RequestCurrent {
    source: CurrentSource,
    cache: Arc<Mutex<RequestCache>>,
}

/// The last outcomes, with their ids: an inner layer may have authenticated another user.
#[derive(Default)]
struct RequestCache {
    user: CachedOutcome<UserId, User>,
    organization: CachedOutcome<OrgId, Organization>,
}

type CachedOutcome<I, T> = Option<(I, Outcome<T>)>;

impl RequestCurrent {
    /// Creates one for a new request.
    #[must_use]
    pub fn new(source: CurrentSource) -> Self {
        Self { source, cache: Arc::default() }
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// As [`CurrentSource::user`].
    pub fn user(&self, state: &AuthState) -> impl Future<Output = Result<Arc<User>, Denied>> + Send + use<> {
        self.find_once(&self.source.users, UserId::from_auth(state), |cache| &mut cache.user)
    }

    /// The active organization.
    ///
    /// # Errors
    /// As [`CurrentSource::organization`].
    pub fn organization(
        &self,
        state: &AuthState,
    ) -> impl Future<Output = Result<Arc<Organization>, Denied>> + Send + use<> {
        self.find_once(&self.source.organizations, OrgId::from_auth(state), |cache| &mut cache.organization)
    }

    fn find_once<I, T>(
        &self,
        lookup: &Lookup<T>,
        id: Result<I, Denied>,
        slot: fn(&mut RequestCache) -> &mut CachedOutcome<I, T>,
    ) -> impl Future<Output = Outcome<T>> + Send + use<I, T>
    where
        I: AsRef<str> + PartialEq + Send + Sync,
        T: Fetch,
    {
        let (this, lookup) = (self.clone(), lookup.clone());
        async move {
            let id = id?;
            if let Some((_, outcome)) = slot(&mut this.cache()).as_ref().filter(|(cached_id, _)| *cached_id == id) {
                return outcome.clone();
            }
            let outcome = lookup.find(id.as_ref()).await;
            *slot(&mut this.cache()) = Some((id, outcome.clone()));
            outcome
        }
    }

    fn cache(&self) -> MutexGuard<'_, RequestCache> {
        // No code panics while it holds the lock.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RequestCurrent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestCurrent").field("source", &self.source).finish_non_exhaustive()
    }
}
