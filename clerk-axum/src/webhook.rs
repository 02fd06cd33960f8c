//! Webhooks in handlers: [`WebhookLayer`], the extractor [`Webhook`], and all of [clerk-webhook](clerk_webhook).
//!
//! The layer on their route verifies them, before anything is parsed. A request that is not a webhook of Clerk's gets 400.
//!
//! ```no_run
//! use axum::{Router, routing::post};
//! use clerk_axum::webhook::{Event, EventData, Webhook};
//! use clerk_axum::webhook::{InMemoryDedupe, WebhookEndpoint, WebhookLayer};
//!
//! async fn sync(Webhook(event): Webhook<Event>) {
//!     match event.data {
//!         // Only if the event is newer than what you know: webhooks come in any order.
//!         EventData::UserCreated(user) | EventData::UserUpdated(user) => {
//!             println!("{} {:?}", user.id, user.updated_at);
//!         }
//!         EventData::UserDeleted(user) => println!("mark {:?} as deleted", user.id),
//!         _ => {} // success; after any other status Clerk sends the webhook again
//!     }
//! }
//!
//! # fn run() -> Result<(), clerk_axum::ConfigError> {
//! let endpoint = WebhookEndpoint::from_env()?; // CLERK_WEBHOOK_SIGNING_SECRET
//! // Each is handled once.
//! let webhooks = WebhookLayer::new(endpoint.dedupe(InMemoryDedupe::default()));
//! let app: Router = Router::new().route("/webhooks/clerk", post(sync).layer(webhooks));
//! # let _ = app; Ok(()) }
//! ```

use std::{
    fmt,
    task::{Context, Poll},
};

use axum_core::{
    body::Body,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use clerk_tower::webhook::{WebhookService, webhook_message, webhook_refusal};
pub use clerk_webhook::*;
use http::{Request, request::Parts};
use tower_layer::Layer;
use tower_service::Service;

use crate::body::BodyService;

/// Layer that verifies webhooks; handlers take them with the extractor [`Webhook`].
///
/// Any request that is not a webhook of Clerk's gets 400. Put the layer on the route that Clerk calls, without any
/// other authentication there. A handler can read the raw body, exactly as it was signed. It is
/// [`clerk_tower::webhook::WebhookLayer`] for axum's body.
///
/// ```no_run
/// use axum::{Router, routing::post};
/// use clerk_axum::webhook::{Event, EventData, Webhook};
/// use clerk_axum::webhook::{InMemoryDedupe, WebhookEndpoint, WebhookLayer};
///
/// async fn sync(Webhook(event): Webhook<Event>) {
///     match event.data {
///         EventData::UserDeleted(user) => println!("{:?} is gone", user.id),
///         _ => {} // success, so that Clerk does not send it again
///     }
/// }
///
/// // CLERK_WEBHOOK_SIGNING_SECRET
/// let endpoint = WebhookEndpoint::from_env()?.dedupe(InMemoryDedupe::default());
/// let webhooks = post(sync).layer(WebhookLayer::new(endpoint));
/// let app: Router = Router::new().route("/webhooks/clerk", webhooks);
/// # Ok::<(), clerk_axum::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct WebhookLayer(clerk_tower::webhook::WebhookLayer);

impl WebhookLayer {
    /// A layer with this endpoint.
    #[must_use]
    pub fn new(endpoint: WebhookEndpoint) -> Self {
        Self(clerk_tower::webhook::WebhookLayer::new(endpoint))
    }
}

impl<S> Layer<S> for WebhookLayer {
    type Service = BodyService<WebhookService<RawBodyService<S>>>;

    fn layer(&self, inner: S) -> Self::Service {
        BodyService(self.0.layer(RawBodyService(inner)))
    }
}

/// Service that passes a message's raw payload on as axum's body; see [`WebhookLayer`].
#[derive(Debug, Clone)]
pub struct RawBodyService<S>(S);

impl<S: Service<Request<Body>>> Service<Request<WebhookMessage>> for RawBodyService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<WebhookMessage>) -> S::Future {
        self.0.call(request.map(|message| Body::from(message.payload().clone())))
    }
}

/// Extractor of any type that implements [`FromWebhook`]: an [`Event`], a [`MessageId`], a type of yours.
///
/// ```
/// use clerk_axum::webhook::{Event, MessageId, Webhook};
///
/// #[axum::debug_handler]
/// async fn sync(Webhook((id, event)): Webhook<(MessageId, Event)>) {
///     println!("{id}: {}", event.event_type());
/// }
/// # let _: axum::routing::MethodRouter = axum::routing::post(sync);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Webhook<T>(pub T);

impl<T: FromWebhook, S: Sync> FromRequestParts<S> for Webhook<T> {
    type Rejection = WebhookRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebhookRejection> {
        Ok(Self(T::from_webhook(webhook_message(&parts.extensions)?)?))
    }
}

/// Rejection of [`Webhook`]: status, headers and body of a [`WebhookError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebhookRejection(WebhookError);

impl WebhookRejection {
    /// The error, with its status and kind.
    #[must_use]
    pub const fn error(&self) -> &WebhookError {
        &self.0
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        webhook_refusal::<Body>(&self.0)
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
