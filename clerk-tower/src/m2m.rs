//! Tokens for the services that this one calls: those of [`clerk_api::m2m`], and [`M2mTokenLayer`], which adds one to each
//! request of an HTTP client.
//!
//! ```no_run
//! use clerk_tower::{Clerk, m2m::M2mTokenSource};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let source = M2mTokenSource::new(&Clerk::from_env()?)?; // CLERK_MACHINE_SECRET_KEY
//! let token = source.token().await?; // created once, renewed before it expires
//! let request = http::Request::get("https://api.example.com/job")
//!     .header("authorization", format!("Bearer {}", token.expose()))
//!     .body(String::new())?;
//! # let _ = request; Ok(()) }
//! ```

use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

pub use clerk_api::m2m::*;
use clerk_core::ConfigError;
use http::{HeaderValue, Request, Uri, header::AUTHORIZATION};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

/// Layer that adds `Authorization: Bearer` with a token of this machine to an HTTP client's requests.
///
/// Requests to other origins than the given ones get no token, nor do requests that already have an `Authorization` or
/// whose URI has no host. A layer that follows redirects belongs outside of this one, so that each URI is checked.
///
/// ```no_run
/// use clerk_tower::{Clerk, m2m::{M2mTokenLayer, M2mTokenSource}};
/// use tower::{ServiceBuilder, ServiceExt};
/// # use http::{Request, Response};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = tower::service_fn(async |_: Request<String>| Ok::<_, std::io::Error>(Response::new(String::new())));
/// let source = M2mTokenSource::new(&Clerk::from_env()?)?; // CLERK_MACHINE_SECRET_KEY
/// let client = ServiceBuilder::new()
///     .layer(M2mTokenLayer::new(source, ["https://api.example.com"])?)
///     .service(client); // any client that is a tower Service, such as hyper-util's
/// let request = Request::get("https://api.example.com/job").body(String::new())?;
/// let response = client.oneshot(request).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct M2mTokenLayer {
    source: M2mTokenSource,
    origins: AllowedOrigins,
}

impl M2mTokenLayer {
    /// A layer that sends tokens of this source to these origins only.
    ///
    /// # Errors
    /// When one is not an http(s) origin (`https://api.example.com`, without a path), or the list is empty.
    pub fn new<I>(source: M2mTokenSource, origins: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        Ok(Self { source, origins: AllowedOrigins::new(origins)? })
    }
}

impl<S> Layer<S> for M2mTokenLayer {
    type Service = M2mTokenService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        M2mTokenService { inner, source: self.source.clone(), origins: self.origins.clone() }
    }
}

/// Service that adds a token to outgoing requests; see [`M2mTokenLayer`].
#[derive(Clone)]
pub struct M2mTokenService<S> {
    inner: S,
    source: M2mTokenSource,
    origins: AllowedOrigins,
}

/// Error of an [`M2mTokenService`].
#[derive(Debug)]
#[non_exhaustive]
pub enum M2mCallError<E> {
    /// The client's own error.
    Call(E),
    /// No token could be obtained, so the request was not sent.
    Token(M2mTokenError),
}

impl<S, B> Service<Request<B>> for M2mTokenService<S>
where
    S: Service<Request<B>> + Clone,
{
    type Response = S::Response;
    type Error = M2mCallError<S::Error>;
    type Future = M2mTokenFuture<S, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(M2mCallError::Call)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if request.headers().contains_key(AUTHORIZATION) || !is_allowed(&self.origins, request.uri()) {
            return M2mTokenFuture { state: State::Calling { future: self.inner.call(request) } };
        }
        if let Some(token) = self.source.token_now() {
            add_token(&mut request, &token);
            return M2mTokenFuture { state: State::Calling { future: self.inner.call(request) } };
        }
        // The service that is ready goes with the request; its clone, which is not ready, stays here.
        let clone = self.inner.clone();
        let service = std::mem::replace(&mut self.inner, clone);
        let source = self.source.clone();
        let token = Box::pin(async move { source.token().await });
        M2mTokenFuture { state: State::Waiting { token, call: Some((service, request)) } }
    }
}

pin_project! {
    /// Response future of [`M2mTokenService`].
    pub struct M2mTokenFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<S, B>,
    }
}

impl<S, B> Future for M2mTokenFuture<S, B>
where
    S: Service<Request<B>>,
{
    type Output = Result<S::Response, M2mCallError<S::Error>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Waiting { token, call } => {
                    let token = ready!(token.as_mut().poll(context)).map_err(M2mCallError::Token)?;
                    // `call` is always there: the state changes right below.
                    let Some((mut service, mut request)) = call.take() else { return Poll::Pending };
                    add_token(&mut request, &token);
                    this.state.set(State::Calling { future: service.call(request) });
                }
                StateProjection::Calling { future } => return future.poll(context).map_err(M2mCallError::Call),
            }
        }
    }
}

impl<E> fmt::Display for M2mCallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Call(_) => "the request failed",
            Self::Token(_) => "the request was not sent: no token could be obtained",
        })
    }
}

impl<E: Error + 'static> Error for M2mCallError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Call(error) => Some(error),
            Self::Token(error) => Some(error),
        }
    }
}

impl<S> fmt::Debug for M2mTokenService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("M2mTokenService")
            .field("source", &self.source)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

impl<S, B> fmt::Debug for M2mTokenFuture<S, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("M2mTokenFuture").finish_non_exhaustive()
    }
}

type Token = Pin<Box<dyn Future<Output = Result<BearerToken, M2mTokenError>> + Send>>;

pin_project! {
    #[project = StateProjection]
    enum State<S, B>
    where
        S: Service<Request<B>>,
    {
        Waiting { token: Token, call: Option<(S, Request<B>)> },
        Calling { #[pin] future: S::Future },
    }
}

fn is_allowed(origins: &AllowedOrigins, uri: &Uri) -> bool {
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    origins.allow(scheme, authority.as_str())
}

fn add_token<B>(request: &mut Request<B>, token: &BearerToken) {
    // A valid token is always a valid header value.
    if let Ok(mut value) = HeaderValue::from_str(token.authorization()) {
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
}
