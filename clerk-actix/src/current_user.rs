//! [`CurrentUser`] and [`CurrentOrganization`]: who is signed in, as Clerk's Backend API has them.
//!
//! A token holds ids. These extractors fetch the rest, such as names and e-mail addresses:
//!
//! ```no_run
//! use actix_web::{App, HttpServer, get};
//! use clerk_actix::{Clerk, ClerkMiddleware, CurrentMiddleware, CurrentUser, api::CurrentSource};
//!
//! #[get("/me")]
//! async fn me(CurrentUser(user): CurrentUser) -> String {
//!     format!("Hello {}", user.first_name.as_deref().unwrap_or("you"))
//! }
//!
//! # async fn run(clerk: Clerk) -> std::io::Result<()> {
//! // One for all workers; also for `WebhookEndpoint::listener`, which ends the cache when a
//! // webhook reports a change.
//! let current = CurrentSource::new(&clerk);
//! let app = move || {
//!     App::new()
//!         .service(me)
//!         .wrap(CurrentMiddleware::new(&current))
//!         .wrap(ClerkMiddleware::new(clerk.clone()))
//! };
//! HttpServer::new(app).bind("127.0.0.1:3000")?.run().await
//! # }
//! ```
//!
//! The API is called at most once per request, concurrent requests share one call, and the result is cached for 10 s. A
//! deleted or banned user gets 401; while the API is down, the response is 503 with `Retry-After`. See
//! [`clerk_api::current_user`].

use std::{
    fmt,
    future::{Future, Ready, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest,
    dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform},
};
use clerk_api::{CurrentSource, RequestCurrent, organizations::Organization, users::User};
use clerk_core::{AuthState, Denied};

use crate::rejection::{AuthRejection, auth_state};

/// Middleware that lets handlers fetch the signed-in user from the Backend API. It fetches nothing until a handler
/// asks.
///
/// Its order relative to [`ClerkMiddleware`](crate::ClerkMiddleware) does not matter. Make the [`CurrentSource`] once,
/// outside of the factory of the `App`, so that all workers share its cache.
#[derive(Debug, Clone)]
pub struct CurrentMiddleware(CurrentSource);

impl CurrentMiddleware {
    /// A middleware with this source.
    #[must_use]
    pub fn new(source: &CurrentSource) -> Self {
        Self(source.clone())
    }
}

impl<S, B> Transform<S, ServiceRequest> for CurrentMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = CurrentService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(CurrentService { inner, source: self.0.clone() }))
    }
}

/// Service that attaches the source to each request; see [`CurrentMiddleware`].
#[derive(Debug)]
pub struct CurrentService<S> {
    inner: S,
    source: CurrentSource,
}

impl<S, B> Service<ServiceRequest> for CurrentService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = S::Future;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        request.extensions_mut().insert(RequestCurrent::new(self.source.clone()));
        self.inner.call(request)
    }
}

/// Extractor of the signed-in user, as the Backend API has them.
///
/// It needs a [`CurrentMiddleware`]. The user is fetched at most once per request and cached for a short time; see
/// [`clerk_api::current_user`], also for the responses when the API is unavailable.
///
/// ```no_run
/// use actix_web::{App, HttpServer, get};
/// use clerk_actix::{Clerk, ClerkMiddleware, CurrentMiddleware, CurrentUser, api::CurrentSource};
///
/// #[get("/me")]
/// async fn me(CurrentUser(user): CurrentUser) -> String {
///     format!("Hello {}", user.first_name.as_deref().unwrap_or("you"))
/// }
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = Clerk::from_env()?;
/// let current = CurrentSource::new(&clerk); // one for all workers
/// let app = move || {
///     App::new()
///         .service(me)
///         .wrap(CurrentMiddleware::new(&current))
///         .wrap(ClerkMiddleware::new(clerk.clone()))
/// };
/// # let _ = HttpServer::new(app); Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct CurrentUser(pub Arc<User>);

/// Extractor of the active organization, as the Backend API has it; works like [`CurrentUser`]. Without an active
/// organization the response is 403.
#[derive(Debug, Clone)]
pub struct CurrentOrganization(pub Arc<Organization>);

/// Extractor of the user, or of `None` for signed-out requests; 403, 500 and 503 still refuse.
#[derive(Debug, Clone)]
pub struct MaybeCurrentUser(pub Option<Arc<User>>);

/// Future of the extractors [`CurrentUser`], [`MaybeCurrentUser`] and [`CurrentOrganization`].
pub struct CurrentFuture<T>(Pin<Box<dyn Future<Output = Result<T, Denied>>>>);

impl<T: 'static> CurrentFuture<T> {
    /// Fetches with `fetch`, and maps the result with `then`.
    fn new<V, F>(request: &HttpRequest, fetch: impl FnOnce(&RequestCurrent, &AuthState) -> F, then: Then<V, T>) -> Self
    where
        V: 'static,
        F: Future<Output = Result<V, Denied>> + 'static,
    {
        let fetched = current_of(request).and_then(|current| Ok(fetch(&current, auth_state(&request.extensions())?)));
        Self(Box::pin(async move {
            match fetched {
                Ok(future) => then(future.await),
                Err(denied) => then(Err(denied)),
            }
        }))
    }
}

type Then<V, T> = fn(Result<V, Denied>) -> Result<T, Denied>;

impl<T> Future for CurrentFuture<T> {
    type Output = Result<T, AuthRejection>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context).map_err(AuthRejection::from)
    }
}

impl<T> fmt::Debug for CurrentFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CurrentFuture").finish_non_exhaustive()
    }
}

impl FromRequest for CurrentUser {
    type Error = AuthRejection;
    type Future = CurrentFuture<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        CurrentFuture::new(request, RequestCurrent::user, |user| user.map(Self))
    }
}

impl FromRequest for MaybeCurrentUser {
    type Error = AuthRejection;
    type Future = CurrentFuture<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        CurrentFuture::new(request, RequestCurrent::user, |user| match user {
            Err(denied) if denied.is_unauthenticated() => Ok(Self(None)),
            user => user.map(|user| Self(Some(user))),
        })
    }
}

impl FromRequest for CurrentOrganization {
    type Error = AuthRejection;
    type Future = CurrentFuture<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        CurrentFuture::new(request, RequestCurrent::organization, |organization| organization.map(Self))
    }
}

fn current_of(request: &HttpRequest) -> Result<RequestCurrent, Denied> {
    request.extensions().get::<RequestCurrent>().cloned().ok_or_else(|| {
        Denied::layer_missing(
            "add .wrap(CurrentMiddleware::new(&current)) to the App, with `current` a CurrentSource::new(&clerk) made outside of its factory",
        )
    })
}
