//! [`WebhookLayer`] and [`Webhook`]: verified webhooks in handlers.

use std::task::{Context, Poll};

use axum_core::{body::Body, extract::FromRequestParts};
use clerk_core::webhook::{FromWebhook, WebhookEndpoint, WebhookMessage};
use clerk_tower::{webhook::WebhookService, webhook_message};
use http::{Request, request::Parts};
use tower_layer::Layer;
use tower_service::Service;

use crate::{body::BodyService, rejection::AuthRejection};

/// Layer that verifies webhooks: its routes' handlers take them with [`Webhook`], and everything that is no webhook of
/// Clerk's is answered with 400.
///
/// Put it on the one route that Clerk calls, and no other authentication there. Handlers that want the raw body get it as
/// it was signed. It is [`clerk_tower::WebhookLayer`] for axum's body.
///
/// ```no_run
/// use axum::{Router, routing::post};
/// use clerk_axum::{
///     Webhook, WebhookLayer,
///     core::webhook::{Event, InMemoryDedupe, WebhookEndpoint, event::EventData},
/// };
///
/// async fn sync(Webhook(event): Webhook<Event>) {
///     match event.data {
///         EventData::UserDeleted(user) => println!("{:?} is gone", user.id),
///         _ => {} // success: Clerk would send it again otherwise
///     }
/// }
///
/// let endpoint = WebhookEndpoint::from_env()?.dedupe(InMemoryDedupe::default()); // CLERK_WEBHOOK_SIGNING_SECRET
/// let app: Router = Router::new().route("/webhooks/clerk", post(sync).layer(WebhookLayer::new(endpoint)));
/// # Ok::<(), clerk_axum::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct WebhookLayer(clerk_tower::WebhookLayer);

impl WebhookLayer {
    /// A layer that accepts what this endpoint does.
    #[must_use]
    pub fn new(endpoint: WebhookEndpoint) -> Self {
        Self(clerk_tower::WebhookLayer::new(endpoint))
    }
}

impl<S> Layer<S> for WebhookLayer {
    type Service = BodyService<WebhookService<RawBodyService<S>>>;

    fn layer(&self, inner: S) -> Self::Service {
        BodyService(self.0.layer(RawBodyService(inner)))
    }
}

/// Service behind a [`WebhookLayer`]: hands the raw payload on as axum's body.
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

/// Extractor of whatever [`FromWebhook`] can take out of a verified webhook: an
/// [`Event`](clerk_core::webhook::Event), a [`MessageId`](clerk_core::webhook::MessageId), a type of yours.
///
/// ```
/// use clerk_axum::{Webhook, core::webhook::{Event, MessageId}};
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
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AuthRejection> {
        Ok(Self(T::from_webhook(webhook_message(&parts.extensions)?)?))
    }
}
