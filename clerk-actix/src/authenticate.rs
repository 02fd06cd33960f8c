//! [`ClerkMiddleware`]: decides who sent a request, and never refuses.
//!
//! Wrap the whole app with it; what is inside decides whether signed-out requests are welcome:
//!
//! ```no_run
//! use actix_web::{App, web};
//! use clerk_actix::{Auth, Clerk, ClerkMiddleware, MaybeAuth, UserId};
//!
//! async fn greet(MaybeAuth(user): MaybeAuth<UserId>) -> String {
//!     user.map_or("hello stranger".to_owned(), |user| format!("hello {user}"))
//! }
//!
//! async fn me(Auth(user): Auth<UserId>) -> String {
//!     format!("you are {user}") // all others got 401
//! }
//!
//! # fn run() -> Result<(), clerk_actix::ConfigError> {
//! let clerk = Clerk::from_env()?;
//! let app = App::new()
//!     .route("/", web::get().to(greet))
//!     .route("/me", web::get().to(me))
//!     .wrap(ClerkMiddleware::new(clerk));
//! # let _ = app; Ok(()) }
//! ```

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready as ready_or_return},
};

use actix_web::{
    Error, HttpMessage,
    body::EitherBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
    http::header::{HeaderName, HeaderValue},
};
use clerk_core::{
    Authenticator, Clerk, ConfigError,
    adapter::{Authentication, Decision, ResponseEdit},
};
use pin_project_lite::pin_project;

use crate::{
    headers::Headers,
    rejection::find_denied,
    response::{append, replace, to_actix},
};

/// Middleware that decides who sent each request and attaches an [`AuthState`](clerk_core::AuthState) to it.
///
/// It never refuses: [`RequireAuth`](crate::RequireAuth) and the extractors do. Built from a [`Clerk`], it is for an
/// API and never redirects. [`pages`](Self::pages) is for pages; an [`Authenticator`] has all other settings. Build the
/// [`Clerk`] once, outside of the closure that actix calls for each worker.
///
/// ```no_run
/// use clerk_actix::{Authenticator, Clerk, ClerkMiddleware, TokenType};
///
/// let clerk = Clerk::from_env()?;
/// let api = ClerkMiddleware::new(clerk.clone());
/// let pages = ClerkMiddleware::pages(clerk.clone())?;
/// let machines = Authenticator::new(clerk).accepts_tokens(TokenType::M2mToken)?;
/// let machines = ClerkMiddleware::new(machines);
/// # Ok::<(), clerk_actix::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ClerkMiddleware {
    authenticator: Authenticator,
}

impl ClerkMiddleware {
    /// A middleware with this [`Authenticator`], or with the default one of this [`Clerk`].
    #[must_use]
    pub fn new(authenticator: impl Into<Authenticator>) -> Self {
        Self { authenticator: authenticator.into() }
    }

    /// A middleware for pages: a browser with an expired or unknown session goes through Clerk's handshake, and a
    /// refused page load is redirected to the sign-in page.
    ///
    /// # Errors
    /// When the publishable key or the secret key is missing, which the handshake needs.
    pub fn pages(clerk: Clerk) -> Result<Self, ConfigError> {
        Ok(Self::new(Authenticator::new(clerk).pages()?))
    }
}

impl<S, B> Transform<S, ServiceRequest> for ClerkMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = ClerkService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(ClerkService { inner: Rc::new(inner), authenticator: self.authenticator.clone() }))
    }
}

/// Service that decides who sent each request; see [`ClerkMiddleware`].
#[derive(Debug)]
pub struct ClerkService<S> {
    /// Shared, because a request that waits for a key calls it later.
    inner: Rc<S>,
    authenticator: Authenticator,
}

impl<S, B> Service<ServiceRequest> for ClerkService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = ClerkFuture<S>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let headers = Headers(request.headers());
        let view = headers.view(request.method(), request.uri());
        // The server does TLS itself. The request's target has no scheme over HTTP/1.1.
        let view = if request.app_config().secure() { view.with_scheme("https") } else { view };
        let authentication = self.authenticator.authenticate(&view);
        let state = match authentication.into_ready() {
            Ok(state) => State::from_decision(state.into_decision(), &*self.inner, request),
            Err(authentication) => State::Waiting { authentication, call: Some((Rc::clone(&self.inner), request)) },
        };
        ClerkFuture { state }
    }
}

pin_project! {
    /// Response future of [`ClerkService`].
    pub struct ClerkFuture<S>
    where
        S: Service<ServiceRequest>,
    {
        #[pin]
        state: State<S>,
    }
}

impl<S, B> Future for ClerkFuture<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Output = Result<ServiceResponse<EitherBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Waiting { authentication, call } => {
                    let state = ready_or_return!(authentication.poll(context));
                    // `call` is always there: the state changes right below.
                    let Some((service, request)) = call.take() else { return Poll::Pending };
                    let next = State::from_decision(state.into_decision(), &*service, request);
                    this.state.set(next);
                }
                StateProjection::Calling { future, edit } => {
                    let response = ready_or_return!(future.poll(context))
                        .inspect_err(|error| edit.record_response(find_denied(error)))?;
                    return Poll::Ready(Ok(apply_edit(response, edit)));
                }
                StateProjection::Responded { response } => {
                    let Some((request, response)) = response.take() else { return Poll::Pending };
                    return Poll::Ready(Ok(request.into_response(to_actix(&response)).map_into_right_body()));
                }
            }
        }
    }
}

impl<S> std::fmt::Debug for ClerkFuture<S>
where
    S: Service<ServiceRequest>,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClerkFuture").finish_non_exhaustive()
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S>
    where
        S: Service<ServiceRequest>,
    {
        Waiting { #[pin] authentication: Authentication, call: Option<(Rc<S>, ServiceRequest)> },
        Calling { #[pin] future: S::Future, edit: ResponseEdit },
        Responded { response: Option<(ServiceRequest, clerk_core::adapter::HttpResponse)> },
    }
}

impl<S: Service<ServiceRequest>> State<S> {
    fn from_decision(decision: Decision, service: &S, request: ServiceRequest) -> Self {
        match decision {
            Decision::Respond(response) => Self::Responded { response: Some((request, response)) },
            Decision::Continue(auth, edit) => {
                request.extensions_mut().insert(auth);
                Self::Calling { future: service.call(request), edit }
            }
        }
    }
}

/// Applies the middleware's edit to the inner service's response.
fn apply_edit<B>(mut response: ServiceResponse<B>, edit: &ResponseEdit) -> ServiceResponse<EitherBody<B>> {
    let denied = response.response().error().and_then(find_denied);
    edit.record_response(denied);
    if let Some(replacement) = denied.and_then(|denied| edit.replacement_for(denied)) {
        return response.into_response(to_actix(&replacement)).map_into_right_body();
    }
    let refusal_headers: Vec<_> = denied.into_iter().flat_map(|denied| edit.refusal_headers(denied)).collect();
    for (name, value) in refusal_headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    append(response.headers_mut(), edit.headers());
    replace(response.headers_mut(), edit.replaced_headers());
    response.map_into_left_body()
}
