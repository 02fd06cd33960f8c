//! [`ClerkLayer`]: decides who sent a request, and never refuses.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use clerk_core::{Authentication, Clerk, RequestView};
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::headers::Headers;

/// Layer that decides who sent each request and attaches an [`AuthState`](clerk_core::AuthState) to it.
///
/// It never refuses: [`RequireLayer`](crate::RequireLayer) and the extractors do.
#[derive(Debug, Clone)]
pub struct ClerkLayer {
    clerk: Clerk,
}

impl ClerkLayer {
    /// A layer that trusts this instance.
    #[must_use]
    pub const fn new(clerk: Clerk) -> Self {
        Self { clerk }
    }
}

impl<S> Layer<S> for ClerkLayer {
    type Service = ClerkService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ClerkService { inner, clerk: self.clerk.clone() }
    }
}

/// Middleware that decides who sent each request; see [`ClerkLayer`].
#[derive(Debug, Clone)]
pub struct ClerkService<S> {
    inner: S,
    clerk: Clerk,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for ClerkService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Authenticating<S, RequestBody>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        let headers = Headers(request.headers());
        let authentication = self.clerk.authenticate(&RequestView::new(&headers));
        let state = match authentication.into_ready() {
            Ok(state) => {
                request.extensions_mut().insert(state);
                State::Calling { future: self.inner.call(request) }
            }
            Err(authentication) => {
                // The service that was polled ready goes with the request; a clone that was not stays here.
                let clone = self.inner.clone();
                let service = std::mem::replace(&mut self.inner, clone);
                State::Waiting { authentication, call: Some((service, request)) }
            }
        };
        Authenticating { state }
    }
}

pin_project! {
    /// Response future of [`ClerkService`].
    pub struct Authenticating<S, RequestBody>
    where
        S: Service<Request<RequestBody>>,
    {
        #[pin]
        state: State<S, RequestBody>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, RequestBody>
    where
        S: Service<Request<RequestBody>>,
    {
        Waiting { #[pin] authentication: Authentication, call: Option<(S, Request<RequestBody>)> },
        Calling { #[pin] future: S::Future },
    }
}

impl<S, RequestBody> Future for Authenticating<S, RequestBody>
where
    S: Service<Request<RequestBody>>,
{
    type Output = Result<S::Response, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Waiting { authentication, call } => {
                    let state = ready!(authentication.poll(context));
                    // Taken once: the state changes right below.
                    let Some((mut service, mut request)) = call.take() else { return Poll::Pending };
                    request.extensions_mut().insert(state);
                    let future = service.call(request);
                    this.state.set(State::Calling { future });
                }
                StateProjection::Calling { future } => return future.poll(context),
            }
        }
    }
}

impl<S, RequestBody> std::fmt::Debug for Authenticating<S, RequestBody>
where
    S: Service<Request<RequestBody>>,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authenticating").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::ready};

    use tower::ServiceExt;

    use super::*;

    /// Insists on tower's contract: a call needs a `poll_ready` on the very same service before it.
    #[derive(Default)]
    struct Strict {
        ready: bool,
    }

    impl Clone for Strict {
        fn clone(&self) -> Self {
            Self { ready: false }
        }
    }

    impl Service<Request<String>> for Strict {
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

    /// Trusts an instance whose Backend API nobody answers for, so that a token with a `kid` must wait.
    fn service() -> ClerkService<Strict> {
        let builder = Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap());
        let clerk = builder.api_url("http://127.0.0.1:1").unwrap().build().unwrap();
        ClerkLayer::new(clerk).layer(Strict::default())
    }

    fn request(authorization: Option<&str>) -> Request<String> {
        let mut request = Request::new("body".to_owned());
        if let Some(value) = authorization {
            request.headers_mut().insert("authorization", value.parse().unwrap());
        }
        request
    }

    #[tokio::test]
    async fn the_service_that_was_ready_is_the_one_that_is_called() {
        // {"alg":"RS256","kid":"k"}
        let waits = "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AA";
        let mut service = service();
        for authorization in [None, Some("Bearer abc"), Some(waits), None] {
            let response = service.ready().await.unwrap().call(request(authorization)).await.unwrap();
            assert_eq!(response.into_body(), "body", "{authorization:?}");
        }
    }

    #[tokio::test]
    async fn only_a_request_that_needs_a_key_waits() {
        let mut service = service();
        let poll = |service: &mut ClerkService<Strict>, authorization| {
            let mut future = std::pin::pin!(service.call(request(authorization)));
            future.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())).is_ready()
        };
        service.ready().await.unwrap();
        assert!(poll(&mut service, None));
        service.ready().await.unwrap();
        assert!(!poll(&mut service, Some("Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AA")));
    }
}
