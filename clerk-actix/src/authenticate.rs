//! [`ClerkMiddleware`]: decides who sent a request, and never refuses.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready as ready_or_return},
};

use actix_web::{
    Error, HttpMessage,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
};
use clerk_core::{Authentication, Clerk, RequestView};
use pin_project_lite::pin_project;

use crate::headers::Headers;

/// Middleware that decides who sent each request and attaches an [`AuthState`](clerk_core::AuthState) to it.
///
/// It never refuses: [`RequireAuth`](crate::RequireAuth) and the extractors do. Build the [`Clerk`] once, outside of
/// the closure that actix calls for each worker.
#[derive(Debug, Clone)]
pub struct ClerkMiddleware {
    clerk: Clerk,
}

impl ClerkMiddleware {
    /// A middleware that trusts this instance.
    #[must_use]
    pub const fn new(clerk: Clerk) -> Self {
        Self { clerk }
    }
}

impl<S, B> Transform<S, ServiceRequest> for ClerkMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = ClerkService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(ClerkService { inner: Rc::new(inner), clerk: self.clerk.clone() }))
    }
}

/// Service that decides who sent each request; see [`ClerkMiddleware`].
#[derive(Debug)]
pub struct ClerkService<S> {
    /// Shared because a request that waits for a key calls it later.
    inner: Rc<S>,
    clerk: Clerk,
}

impl<S, B> Service<ServiceRequest> for ClerkService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Authenticating<S>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let headers = Headers(request.headers());
        let authentication = self.clerk.authenticate(&RequestView::new(&headers));
        let state = match authentication.into_ready() {
            Ok(state) => {
                request.extensions_mut().insert(state);
                State::Calling { future: self.inner.call(request) }
            }
            Err(authentication) => State::Waiting { authentication, call: Some((Rc::clone(&self.inner), request)) },
        };
        Authenticating { state }
    }
}

pin_project! {
    /// Response future of [`ClerkService`].
    pub struct Authenticating<S>
    where
        S: Service<ServiceRequest>,
    {
        #[pin]
        state: State<S>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S>
    where
        S: Service<ServiceRequest>,
    {
        Waiting { #[pin] authentication: Authentication, call: Option<(Rc<S>, ServiceRequest)> },
        Calling { #[pin] future: S::Future },
    }
}

impl<S> Future for Authenticating<S>
where
    S: Service<ServiceRequest>,
{
    type Output = Result<S::Response, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Waiting { authentication, call } => {
                    let state = ready_or_return!(authentication.poll(context));
                    // Taken once: the state changes right below.
                    let Some((service, request)) = call.take() else { return Poll::Pending };
                    request.extensions_mut().insert(state);
                    let future = service.call(request);
                    this.state.set(State::Calling { future });
                }
                StateProjection::Calling { future } => return future.poll(context),
            }
        }
    }
}

impl<S> std::fmt::Debug for Authenticating<S>
where
    S: Service<ServiceRequest>,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authenticating").finish_non_exhaustive()
    }
}
