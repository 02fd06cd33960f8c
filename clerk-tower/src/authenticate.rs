//! [`ClerkLayer`]: decides who sent a request, and never refuses.
//!
//! Put it around the whole service; what is inside reads the state that it attaches:
//!
//! ```no_run
//! use clerk_tower::{Clerk, ClerkLayer, auth_state};
//! use http::{Request, Response};
//!
//! # fn run() -> Result<(), clerk_tower::ConfigError> {
//! let greet = async |request: Request<String>| {
//!     let session = auth_state(request.extensions()).and_then(|state| state.session().cloned());
//!     let name = session.map_or("stranger".to_owned(), |session| session.user_id().to_string());
//!     Ok::<_, std::convert::Infallible>(Response::new(format!("hello {name}")))
//! };
//! let layer = ClerkLayer::new(Clerk::from_env()?);
//! let service = tower::ServiceBuilder::new().layer(layer).service_fn(greet);
//! # let _: &dyn std::any::Any = &service; Ok(()) }
//! ```

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use clerk_core::{
    Authenticator, Clerk, ConfigError,
    adapter::{Authentication, Decision, RequestView, ResponseEdit},
};
use http::{Extensions, Request, Response, Uri};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::ResponseBody,
    headers::Headers,
    response::{apply_edit, to_http},
};

/// Layer that decides who sent each request and attaches an [`AuthState`](clerk_core::AuthState) to it.
///
/// It never refuses: [`RequireAuthLayer`](crate::RequireAuthLayer) and the extractors do. Built from a [`Clerk`], it is
/// for an API and never redirects. [`pages`](Self::pages) is for pages; an [`Authenticator`] has all other settings.
///
/// ```no_run
/// use clerk_tower::{ClerkLayer, clerk_core::{Authenticator, Clerk, TokenType}};
///
/// let clerk = Clerk::from_env()?;
/// let api = ClerkLayer::new(clerk.clone());
/// let pages = ClerkLayer::pages(clerk.clone())?;
/// let machines = ClerkLayer::new(Authenticator::new(clerk).accepts_tokens(TokenType::M2mToken)?);
/// # Ok::<(), clerk_tower::clerk_core::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ClerkLayer {
    authenticator: Authenticator,
    address: Address,
}

/// How to find the parts of a request's address that the request itself does not have.
#[derive(Debug, Clone, Copy)]
struct Address {
    original_uri: fn(&Extensions) -> Option<&Uri>,
    scheme: fn(&Extensions) -> Option<&'static str>,
}

impl ClerkLayer {
    /// A layer with this [`Authenticator`], or with the default one of this [`Clerk`].
    #[must_use]
    pub fn new(authenticator: impl Into<Authenticator>) -> Self {
        let address = Address { original_uri: |_| None, scheme: |_| None };
        Self { authenticator: authenticator.into(), address }
    }

    /// A layer for pages: a browser with an expired or unknown session goes through Clerk's handshake, and a refused
    /// page load is redirected to the sign-in page.
    ///
    /// # Errors
    /// When the publishable key or the secret key is missing, which the handshake needs.
    pub fn pages(clerk: Clerk) -> Result<Self, ConfigError> {
        Ok(Self::new(Authenticator::new(clerk).pages()?))
    }

    /// Finds the request's original URI in its extensions, for a router that strips paths. A handshake returns to this
    /// URI, and organization sync and the audit trail read it.
    ///
    /// ```
    /// use clerk_tower::{ClerkLayer, clerk_core::Clerk};
    ///
    /// /// The router puts it there before it strips the path.
    /// #[derive(Clone)]
    /// struct Original(http::Uri);
    ///
    /// # fn run(clerk: Clerk) {
    /// let layer = ClerkLayer::new(clerk)
    ///     .original_uri(|extensions| extensions.get::<Original>().map(|uri| &uri.0));
    /// # }
    /// ```
    #[must_use]
    pub fn original_uri(mut self, find: fn(&Extensions) -> Option<&Uri>) -> Self {
        self.address.original_uri = find;
        self
    }

    /// Finds the scheme of the connection in a request's extensions, for a server that does TLS itself (default: the
    /// URI's scheme, or else `http`). The scheme that a proxy received the request with is in its headers; see
    /// [`PublicOrigin`](clerk_core::config::PublicOrigin).
    ///
    /// ```
    /// use clerk_tower::{ClerkLayer, clerk_core::Clerk};
    ///
    /// # fn run(clerk: Clerk) {
    /// // Every listener of this service does TLS.
    /// let layer = ClerkLayer::new(clerk).scheme(|_| Some("https"));
    /// # }
    /// ```
    #[must_use]
    pub fn scheme(mut self, find: fn(&Extensions) -> Option<&'static str>) -> Self {
        self.address.scheme = find;
        self
    }
}

impl Address {
    fn view<'a, B>(self, request: &'a Request<B>, headers: &'a Headers<'_>) -> RequestView<'a> {
        let uri = (self.original_uri)(request.extensions()).unwrap_or(request.uri());
        let view = headers.view(request.method(), uri);
        match (self.scheme)(request.extensions()) {
            Some(scheme) => view.with_scheme(scheme),
            None => view,
        }
    }
}

impl<S> Layer<S> for ClerkLayer {
    type Service = ClerkService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ClerkService { inner, authenticator: self.authenticator.clone(), address: self.address }
    }
}

/// Service that decides who sent each request; see [`ClerkLayer`].
#[derive(Debug, Clone)]
pub struct ClerkService<S> {
    inner: S,
    authenticator: Authenticator,
    address: Address,
}

impl<S, RequestBody, B> Service<Request<RequestBody>> for ClerkService<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
{
    type Response = Response<ResponseBody<B>>;
    type Error = S::Error;
    type Future = ResponseFuture<S, RequestBody>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let headers = Headers(request.headers());
        let authentication = self.authenticator.authenticate(&self.address.view(&request, &headers));
        let state = match authentication.into_ready() {
            Ok(state) => State::from_decision(state.into_decision(), &mut self.inner, request),
            Err(authentication) => {
                // The service that is ready goes with the request; its clone, which is not ready, stays here.
                let clone = self.inner.clone();
                let service = std::mem::replace(&mut self.inner, clone);
                State::Waiting { authentication, call: Some((service, request)) }
            }
        };
        ResponseFuture { state }
    }
}

pin_project! {
    /// Response future of [`ClerkService`].
    pub struct ResponseFuture<S, RequestBody>
    where
        S: Service<Request<RequestBody>>,
    {
        #[pin]
        state: State<S, RequestBody>,
    }
}

impl<S, RequestBody, B> Future for ResponseFuture<S, RequestBody>
where
    S: Service<Request<RequestBody>, Response = Response<B>>,
{
    type Output = Result<Response<ResponseBody<B>>, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Waiting { authentication, call } => {
                    let state = ready!(authentication.poll(context));
                    // `call` is always there: the state changes right below.
                    let Some((mut service, request)) = call.take() else { return Poll::Pending };
                    let next = State::from_decision(state.into_decision(), &mut service, request);
                    this.state.set(next);
                }
                StateProjection::Calling { future, edit } => {
                    let response = ready!(future.poll(context))?;
                    return Poll::Ready(Ok(apply_edit(response, edit)));
                }
                StateProjection::Responded { response } => return Poll::Ready(Ok(to_http(response))),
            }
        }
    }
}

impl<S, RequestBody> std::fmt::Debug for ResponseFuture<S, RequestBody>
where
    S: Service<Request<RequestBody>>,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, RequestBody>
    where
        S: Service<Request<RequestBody>>,
    {
        Waiting { #[pin] authentication: Authentication, call: Option<(S, Request<RequestBody>)> },
        Calling { #[pin] future: S::Future, edit: ResponseEdit },
        Responded { response: clerk_core::adapter::HttpResponse },
    }
}

impl<S, RequestBody> State<S, RequestBody>
where
    S: Service<Request<RequestBody>>,
{
    fn from_decision(decision: Decision, service: &mut S, mut request: Request<RequestBody>) -> Self {
        match decision {
            Decision::Respond(response) => Self::Responded { response },
            Decision::Continue(auth, edit) => {
                request.extensions_mut().insert(auth);
                Self::Calling { future: service.call(request), edit }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::ready};

    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    /// Panics if a call breaks tower's contract: `poll_ready` must be called before on the same service, not on a
    /// clone.
    #[derive(Default)]
    struct PanicsIfNotReady {
        ready: bool,
    }

    impl Clone for PanicsIfNotReady {
        fn clone(&self) -> Self {
            Self { ready: false }
        }
    }

    impl Service<Request<String>> for PanicsIfNotReady {
        type Response = Response<String>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<Self::Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            self.ready = true;
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request<String>) -> Self::Future {
            assert!(std::mem::take(&mut self.ready), "called without being ready");
            assert!(request.extensions().get::<clerk_core::AuthState>().is_some());
            ready(Ok(Response::new(request.into_body())))
        }
    }

    /// Trusts an instance with an unreachable Backend API, so that a token with a `kid` must wait.
    fn service() -> ClerkService<PanicsIfNotReady> {
        let builder = Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap());
        let clerk = builder.api_url("http://127.0.0.1:1").unwrap().build().unwrap();
        ClerkLayer::new(clerk).layer(PanicsIfNotReady::default())
    }

    fn request(authorization: Option<&str>) -> Request<String> {
        let mut request = Request::new("body".to_owned());
        if let Some(value) = authorization {
            request.headers_mut().insert("authorization", value.parse().unwrap());
        }
        request
    }

    #[tokio::test]
    async fn the_ready_service_is_called() {
        // {"alg":"RS256","kid":"k"}
        let waits = "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AA";
        let mut service = service();
        for authorization in [None, Some("Bearer abc"), Some(waits), None] {
            let response = service.ready().await.unwrap().call(request(authorization)).await.unwrap();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(body, "body", "{authorization:?}");
        }
    }

    #[tokio::test]
    async fn only_a_request_that_needs_a_key_waits() {
        let mut service = service();
        let poll = |service: &mut ClerkService<PanicsIfNotReady>, authorization| {
            let mut future = std::pin::pin!(service.call(request(authorization)));
            future.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())).is_ready()
        };
        service.ready().await.unwrap();
        assert!(poll(&mut service, None));
        service.ready().await.unwrap();
        assert!(!poll(&mut service, Some("Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AA")));
    }
}
