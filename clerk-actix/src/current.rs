//! [`CurrentUser`] and [`CurrentOrganization`]: who is signed in, as the Backend API has them.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use clerk_api::{CurrentSource, RequestCurrent, organizations::Organization, users::User};
use clerk_core::{AuthState, Denied};

use crate::error::{AuthError, auth_state};

/// Extractor of the signed-in user, as the Backend API has them.
///
/// It needs a [`CurrentSource`] among the `app_data`. The API is asked once for a request, and not at all where it was a
/// moment ago: see [`clerk_api::current_user`], also for what is answered when it cannot be asked.
///
/// ```no_run
/// use actix_web::{App, HttpServer, get};
/// use clerk_actix::{Clerk, ClerkMiddleware, CurrentUser, api::CurrentSource};
///
/// #[get("/me")]
/// async fn me(CurrentUser(user): CurrentUser) -> String {
///     format!("Hello {}", user.first_name.as_deref().unwrap_or("you"))
/// }
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = Clerk::from_env()?;
/// let current = CurrentSource::new(&clerk); // one for all workers
/// let app = move || App::new().app_data(current.clone()).service(me).wrap(ClerkMiddleware::new(clerk.clone()));
/// # let _ = HttpServer::new(app); Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct CurrentUser(pub Arc<User>);

/// Extractor of the active organization, as the Backend API has it; the same holds as for [`CurrentUser`]. Without an active
/// organization the answer is 403.
#[derive(Debug, Clone)]
pub struct CurrentOrganization(pub Arc<Organization>);

/// Extractor of the user that is `None` for signed-out requests; 403, 500 and 503 still refuse.
#[derive(Debug, Clone)]
pub struct MaybeCurrentUser(pub Option<Arc<User>>);

/// Future of [`CurrentUser`], [`MaybeCurrentUser`] and [`CurrentOrganization`].
pub struct Looking<T>(Pin<Box<dyn Future<Output = Result<T, Denied>>>>);

impl<T: 'static> Looking<T> {
    /// Asks what this request has not asked for yet.
    fn new<V, F>(request: &HttpRequest, ask: impl FnOnce(&RequestCurrent, &AuthState) -> F, then: Then<V, T>) -> Self
    where
        V: 'static,
        F: Future<Output = Result<V, Denied>> + 'static,
    {
        let asked = current(request).and_then(|current| Ok(ask(&current, auth_state(&request.extensions())?)));
        Self(Box::pin(async move {
            match asked {
                Ok(answer) => then(answer.await),
                Err(denied) => then(Err(denied)),
            }
        }))
    }
}

type Then<V, T> = fn(Result<V, Denied>) -> Result<T, Denied>;

/// What this request has asked for so far.
fn current(request: &HttpRequest) -> Result<RequestCurrent, Denied> {
    if let Some(current) = request.extensions().get::<RequestCurrent>() {
        return Ok(current.clone());
    }
    let source = request.app_data::<CurrentSource>().ok_or_else(|| {
        Denied::layer_missing("add .app_data(current.clone()) to the App, with `current` a CurrentSource::new(&clerk) made outside of its factory")
    })?;
    let current = RequestCurrent::new(source.clone());
    request.extensions_mut().insert(current.clone());
    Ok(current)
}

impl<T> Future for Looking<T> {
    type Output = Result<T, AuthError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context).map_err(AuthError)
    }
}

impl<T> fmt::Debug for Looking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Looking").finish_non_exhaustive()
    }
}

impl FromRequest for CurrentUser {
    type Error = AuthError;
    type Future = Looking<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Looking::new(request, RequestCurrent::user, |user| user.map(Self))
    }
}

impl FromRequest for MaybeCurrentUser {
    type Error = AuthError;
    type Future = Looking<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Looking::new(request, RequestCurrent::user, |user| match user {
            Err(denied) if denied.is_unauthenticated() => Ok(Self(None)),
            user => user.map(|user| Self(Some(user))),
        })
    }
}

impl FromRequest for CurrentOrganization {
    type Error = AuthError;
    type Future = Looking<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Looking::new(request, RequestCurrent::organization, |organization| organization.map(Self))
    }
}
