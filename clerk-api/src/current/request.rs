//! [`RequestCurrent`]: what one request has asked for already.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use clerk_core::{AuthState, Denied, FromAuth as _, OrgId, UserId};

use super::{
    CurrentSource,
    lookup::{Get, Lookup, Outcome},
};
use crate::{organizations::Organization, users::User};

/// A [`CurrentSource`] for one request, which asks for each thing at most once. Adapters keep it in the request's
/// extensions; clones are about the same request.
#[derive(Clone)]
pub struct RequestCurrent {
    source: CurrentSource,
    seen: Arc<Mutex<Seen>>,
}

/// By id: a layer further in may have found somebody else.
#[derive(Default)]
struct Seen {
    user: Found<UserId, User>,
    organization: Found<OrgId, Organization>,
}

type Found<I, T> = Option<(I, Outcome<T>)>;

impl RequestCurrent {
    /// For a new request.
    #[must_use]
    pub fn new(source: CurrentSource) -> Self {
        Self { source, seen: Arc::default() }
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// As [`CurrentSource::user`].
    pub fn user(&self, state: &AuthState) -> impl Future<Output = Result<Arc<User>, Denied>> + Send + use<> {
        self.once(&self.source.users, UserId::from_auth(state), |seen| &mut seen.user)
    }

    /// The active organization.
    ///
    /// # Errors
    /// As [`CurrentSource::organization`].
    pub fn organization(
        &self,
        state: &AuthState,
    ) -> impl Future<Output = Result<Arc<Organization>, Denied>> + Send + use<> {
        self.once(&self.source.organizations, OrgId::from_auth(state), |seen| &mut seen.organization)
    }

    fn once<I, T>(
        &self,
        lookup: &Lookup<T>,
        id: Result<I, Denied>,
        place: fn(&mut Seen) -> &mut Found<I, T>,
    ) -> impl Future<Output = Outcome<T>> + Send + use<I, T>
    where
        I: AsRef<str> + PartialEq + Send + Sync,
        T: Get,
    {
        let (this, lookup) = (self.clone(), lookup.clone());
        async move {
            let id = id?;
            if let Some((_, outcome)) = place(&mut this.seen()).as_ref().filter(|(seen, _)| *seen == id) {
                return outcome.clone();
            }
            let outcome = lookup.find(id.as_ref()).await;
            *place(&mut this.seen()) = Some((id, outcome.clone()));
            outcome
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Nothing panics while it is held.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RequestCurrent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestCurrent").field("source", &self.source).finish_non_exhaustive()
    }
}
