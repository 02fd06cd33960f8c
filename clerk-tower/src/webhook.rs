//! Webhooks for a service: [`WebhookLayer`], [`receive_webhook`], and all of [clerk-webhook](clerk_webhook).
//!
//! The inner service gets verified messages only, each once. A request that is not a webhook of Clerk's gets 400.
//!
//! ```no_run
//! use clerk_tower::webhook::{EventData, InMemoryDedupe};
//! use clerk_tower::webhook::{WebhookEndpoint, WebhookLayer, WebhookMessage};
//! use http::{Request, Response, StatusCode};
//!
//! fn handle(message: &WebhookMessage) -> StatusCode {
//!     match message.event().map(|event| event.data) {
//!         Ok(EventData::UserDeleted(user)) => println!("mark {:?} as deleted", user.id),
//!         Ok(_) => {} // success; after any other status Clerk sends the webhook again
//!         Err(_) => return StatusCode::BAD_REQUEST,
//!     }
//!     StatusCode::NO_CONTENT
//! }
//!
//! # fn run() -> Result<(), clerk_tower::ConfigError> {
//! let endpoint = WebhookEndpoint::from_env()?; // CLERK_WEBHOOK_SIGNING_SECRET
//! let service = tower::ServiceBuilder::new()
//!     .layer(WebhookLayer::new(endpoint.dedupe(InMemoryDedupe::default())))
//!     .service_fn(async |request: Request<WebhookMessage>| {
//!         let mut response = Response::new(String::new());
//!         *response.status_mut() = handle(request.body());
//!         Ok::<_, std::convert::Infallible>(response)
//!     });
//! # let _: &dyn std::any::Any = &service; Ok(()) }
//! ```

use std::{
    fmt,
    future::{Future, poll_fn},
    mem,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use bytes::Buf;
pub use clerk_webhook::*;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::ResponseBody,
    headers::Headers,
    response::{head, to_http},
};

/// Layer that verifies webhooks and passes them on with a [`WebhookMessage`] as the request's body.
///
/// Any request that is not a webhook of Clerk's gets 400. If the endpoint has a [store](dedupe), a
/// message that was already handled gets 200. After an error or any status but 2xx, Clerk's next delivery of the
/// message is handled again.
///
/// ```
/// use clerk_tower::webhook::{WebhookEndpoint, WebhookLayer, WebhookMessage};
/// use http::{Request, Response};
///
/// # fn run() -> Result<(), clerk_tower::ConfigError> {
/// let endpoint = WebhookEndpoint::from_env()?; // CLERK_WEBHOOK_SIGNING_SECRET
/// let service = tower::ServiceBuilder::new().layer(WebhookLayer::new(endpoint)).service_fn(
///     async |request: Request<WebhookMessage>| {
///         println!("{:?}", request.body().id());
///         Ok::<_, std::convert::Infallible>(Response::new(String::new()))
///     },
/// );
/// # let _ = service; Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct WebhookLayer {
    endpoint: WebhookEndpoint,
}

impl WebhookLayer {
    /// A layer with this endpoint.
    #[must_use]
    pub fn new(endpoint: WebhookEndpoint) -> Self {
        Self { endpoint }
    }
}

impl<S> Layer<S> for WebhookLayer {
    type Service = WebhookService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        WebhookService { inner, endpoint: self.endpoint.clone() }
    }
}

/// Service that verifies webhooks; see [`WebhookLayer`].
#[derive(Debug, Clone)]
pub struct WebhookService<S> {
    inner: S,
    endpoint: WebhookEndpoint,
}

impl<S, RequestBody, B> Service<Request<RequestBody>> for WebhookService<S>
where
    S: Service<Request<WebhookMessage>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    RequestBody: Body + Send + 'static,
    RequestBody::Data: Send,
    B: Send,
{
    type Response = Response<ResponseBody<B>>;
    type Error = S::Error;
    type Future = WebhookFuture<ResponseBody<B>, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone); // the service that is ready
        let endpoint = self.endpoint.clone();
        WebhookFuture(Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let (message, handling) = match receive(&endpoint, &parts, body).await {
                Ok(Delivery::New(message, handling)) => (message, handling),
                Ok(Delivery::Repeated(response)) => return Ok(to_http(&response)),
                Err(error) => return Ok(with_error(to_http(&error.response()), error)),
            };
            parts.extensions.insert(message.clone());
            let response = inner.call(Request::from_parts(parts, message)).await?;
            handling.finish(response.status().as_u16()).await;
            Ok(response.map(ResponseBody::from_service))
        }))
    }
}

/// Response future of [`WebhookService`].
pub struct WebhookFuture<B, E>(Pin<Box<dyn Future<Output = Result<Response<B>, E>> + Send>>);

impl<B, E> Future for WebhookFuture<B, E> {
    type Output = Result<Response<B>, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<B, E> fmt::Debug for WebhookFuture<B, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookFuture").finish_non_exhaustive()
    }
}

/// Receives a webhook without the layer: reads its body up to the endpoint's limit, and verifies it.
///
/// ```
/// use clerk_tower::webhook::{self, Delivery, WebhookEndpoint};
/// use http::{Request, Response};
///
/// async fn answer<B: http_body::Body>(
///     endpoint: &WebhookEndpoint,
///     request: Request<B>,
/// ) -> Response<String> {
///     match webhook::receive_webhook(endpoint, request).await {
///         Ok(Delivery::New(message, handling)) => {
///             println!("{:?}", message.id());
///             // Before the response; after any other status the next delivery is handled again.
///             handling.finish(200).await;
///             Response::new(String::new())
///         }
///         Ok(Delivery::Repeated(_)) => Response::new(String::new()),
///         Err(error) => webhook::webhook_refusal(&error),
///     }
/// }
/// ```
///
/// # Errors
/// The error to answer with; see [`WebhookEndpoint::receive`].
pub async fn receive_webhook<B: Body>(
    endpoint: &WebhookEndpoint,
    request: Request<B>,
) -> Result<Delivery, WebhookError> {
    let (parts, body) = request.into_parts();
    receive(endpoint, &parts, body).await
}

/// Converts an error to a response, and logs why the webhook is refused. The [`WebhookError`] is put into its extensions.
#[must_use]
pub fn webhook_refusal<B: From<String>>(error: &WebhookError) -> Response<B> {
    let response = error.response();
    with_error(head(&response).map(|()| B::from(response.body().to_owned())), *error)
}

fn with_error<B>(mut response: Response<B>, error: WebhookError) -> Response<B> {
    response.extensions_mut().insert(error);
    response
}

/// The message that [`WebhookLayer`] attached to a request, for extractors without the body.
///
/// # Errors
/// A 500 error, and a log line that names the fix, when the layer is not mounted.
pub fn webhook_message(extensions: &http::Extensions) -> Result<&WebhookMessage, WebhookError> {
    extensions.get().ok_or_else(|| {
        WebhookError::layer_missing("add WebhookLayer to this route: post(handler).layer(WebhookLayer::new(endpoint))")
    })
}

async fn receive<B: Body>(
    endpoint: &WebhookEndpoint,
    parts: &http::request::Parts,
    body: B,
) -> Result<Delivery, WebhookError> {
    let mut incoming = endpoint.begin(&Headers(&parts.headers))?;
    let mut body = pin!(body);
    while let Some(frame) = incoming.wait_for(poll_fn(|context| body.as_mut().poll_frame(context))).await? {
        let Ok(frame) = frame else { return Err(WebhookErrorKind::BodyIncomplete.into()) };
        let Ok(mut data) = frame.into_data() else { continue };
        while data.has_remaining() {
            let chunk = data.chunk();
            incoming.push(chunk)?;
            let read = chunk.len();
            data.advance(read);
        }
    }
    incoming.finish().await
}
