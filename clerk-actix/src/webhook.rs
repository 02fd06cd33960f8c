//! Webhooks in handlers: [`WebhookMiddleware`], the extractor [`Webhook`], and all of [clerk-webhook](clerk_webhook).
//!
//! The middleware around their resource verifies them, before anything is parsed. A request that is not a webhook of
//! Clerk's gets 400.
//!
//! ```no_run
//! use actix_web::{App, HttpResponse, web};
//! use clerk_actix::webhook::{Event, EventData, Webhook};
//! use clerk_actix::webhook::{InMemoryDedupe, WebhookEndpoint, WebhookMiddleware};
//!
//! async fn sync(Webhook(event): Webhook<Event>) -> HttpResponse {
//!     match event.data {
//!         // Only if the event is newer than what you know: webhooks come in any order.
//!         EventData::UserCreated(user) | EventData::UserUpdated(user) => {
//!             println!("{} {:?}", user.id, user.updated_at);
//!         }
//!         EventData::UserDeleted(user) => println!("mark {:?} as deleted", user.id),
//!         _ => {} // success; after any other status Clerk sends the webhook again
//!     }
//!     HttpResponse::NoContent().finish()
//! }
//!
//! # fn run() -> Result<(), clerk_actix::ConfigError> {
//! // One for all workers: they share the store of handled webhooks.
//! // CLERK_WEBHOOK_SIGNING_SECRET
//! let endpoint = WebhookEndpoint::from_env()?.dedupe(InMemoryDedupe::default());
//! let app = move || {
//!     let verify = WebhookMiddleware::new(endpoint.clone());
//!     App::new().service(web::resource("/webhooks/clerk").wrap(verify).post(sync))
//! };
//! # let _ = app; Ok(()) }
//! ```

use std::{
    fmt,
    future::{Future, Ready, poll_fn, ready},
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, EitherBody},
    dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform},
    error::PayloadError,
    http::StatusCode,
};
use bytes::Bytes;
pub use clerk_webhook::*;
use futures_core::Stream;

use crate::{headers::Headers, response::to_actix};

/// Middleware that verifies webhooks; handlers take them with the extractor [`Webhook`].
///
/// Any request that is not a webhook of Clerk's gets 400. Wrap the resource that Clerk calls with it, without any other
/// authentication around it. A handler can read the raw body, exactly as it was signed. If the endpoint has a
/// [store](dedupe), a message that was already handled gets 200. After any status but 2xx, Clerk's
/// next delivery of the message is handled again.
///
/// ```no_run
/// use actix_web::{App, HttpResponse, web};
/// use clerk_actix::webhook::{Event, EventData, Webhook};
/// use clerk_actix::webhook::{InMemoryDedupe, WebhookEndpoint, WebhookMiddleware};
///
/// async fn sync(Webhook(event): Webhook<Event>) -> HttpResponse {
///     match event.data {
///         EventData::UserDeleted(user) => println!("{:?} is gone", user.id),
///         _ => {} // success, so that Clerk does not send it again
///     }
///     HttpResponse::NoContent().finish()
/// }
///
/// # fn run() -> Result<(), clerk_actix::ConfigError> {
/// // Once, outside of the factory of the App: its workers share the store.
/// // CLERK_WEBHOOK_SIGNING_SECRET
/// let endpoint = WebhookEndpoint::from_env()?.dedupe(InMemoryDedupe::default());
/// let verify = WebhookMiddleware::new(endpoint);
/// let webhooks = web::resource("/webhooks/clerk").wrap(verify).post(sync);
/// # let _ = App::new().service(webhooks); Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct WebhookMiddleware {
    endpoint: WebhookEndpoint,
}

impl WebhookMiddleware {
    /// A middleware with this endpoint.
    #[must_use]
    pub const fn new(endpoint: WebhookEndpoint) -> Self {
        Self { endpoint }
    }
}

impl<S, B> Transform<S, ServiceRequest> for WebhookMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = WebhookService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(WebhookService { inner: Rc::new(inner), endpoint: self.endpoint.clone() }))
    }
}

/// Service that verifies webhooks; see [`WebhookMiddleware`].
#[derive(Debug)]
pub struct WebhookService<S> {
    inner: Rc<S>,
    endpoint: WebhookEndpoint,
}

impl<S, B> Service<ServiceRequest> for WebhookService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let (inner, endpoint) = (Rc::clone(&self.inner), self.endpoint.clone());
        Box::pin(async move {
            let (message, handling) = match receive(&endpoint, &mut request).await {
                Ok(Delivery::New(message, handling)) => (message, handling),
                Ok(Delivery::Repeated(response)) => {
                    return Ok(request.into_response(to_actix(&response)).map_into_right_body());
                }
                // A response, not an error, so that outer middlewares handle it like any other response.
                Err(error) => return Ok(request.error_response(WebhookRejection(error)).map_into_right_body()),
            };
            request.set_payload(Payload::Stream { payload: Box::pin(BufferedBody(Some(message.payload().clone()))) });
            request.extensions_mut().insert(message);
            let result = inner.call(request).await;
            let status = match &result {
                Ok(response) => response.status(),
                Err(error) => error.as_response_error().status_code(),
            };
            handling.finish(status.as_u16()).await;
            result.map(ServiceResponse::map_into_left_body)
        })
    }
}

/// Stream of a body that was already read.
struct BufferedBody(Option<Bytes>);

impl Stream for BufferedBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// Extractor of any type that implements [`FromWebhook`]: an [`Event`], a [`MessageId`], a type of yours.
///
/// ```
/// use actix_web::{HttpResponse, post};
/// use clerk_actix::webhook::{Event, MessageId, Webhook};
///
/// #[post("/webhooks/clerk")]
/// async fn sync(Webhook((id, event)): Webhook<(MessageId, Event)>) -> HttpResponse {
///     println!("{id}: {}", event.event_type());
///     HttpResponse::NoContent().finish()
/// }
/// # let _ = actix_web::App::new().service(sync);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Webhook<T>(pub T);

impl<T: FromWebhook> FromRequest for Webhook<T> {
    type Error = WebhookRejection;
    type Future = Ready<Result<Self, WebhookRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extracted = find_message(request).and_then(|message| T::from_webhook(&message));
        ready(extracted.map(Self).map_err(WebhookRejection))
    }
}

fn find_message(request: &HttpRequest) -> Result<WebhookMessage, WebhookError> {
    request.extensions().get().cloned().ok_or_else(|| {
        WebhookError::layer_missing(
            "wrap the resource with WebhookMiddleware: web::resource(...).wrap(WebhookMiddleware::new(endpoint))",
        )
    })
}

async fn receive(endpoint: &WebhookEndpoint, request: &mut ServiceRequest) -> Result<Delivery, WebhookError> {
    let mut incoming = endpoint.begin(&Headers(request.headers()))?;
    let mut payload = pin!(request.take_payload());
    while let Some(chunk) = incoming.wait_for(poll_fn(|context| payload.as_mut().poll_next(context))).await? {
        let Ok(chunk) = chunk else { return Err(WebhookErrorKind::BodyIncomplete.into()) };
        incoming.push(&chunk)?;
    }
    incoming.finish().await
}

/// Error of [`Webhook`] and [`WebhookMiddleware`]: status, headers and body of a [`WebhookError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebhookRejection(WebhookError);

impl WebhookRejection {
    /// The error, with its status and kind.
    #[must_use]
    pub const fn error(&self) -> &WebhookError {
        &self.0
    }
}

impl ResponseError for WebhookRejection {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        to_actix(&self.0.response())
    }
}

impl From<WebhookError> for WebhookRejection {
    fn from(error: WebhookError) -> Self {
        Self(error)
    }
}

impl fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for WebhookRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
