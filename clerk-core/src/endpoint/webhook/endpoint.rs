//! [`WebhookEndpoint`]: what one of your webhook addresses accepts.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use bytes::Bytes;

use super::{
    TOLERANCE,
    dedupe::DedupeStore,
    error::{WebhookError, WebhookErrorKind},
    handling::{self, Delivery},
    headers::SignedHeaders,
    listener::WebhookListener,
    message::WebhookMessage,
    revocations::fed,
    verify,
};
use crate::{
    auth::Denied,
    base::time::{Clock, SystemClock},
    clerk::Clerk,
    config::{self, ConfigError, ConfigErrorKind, WebhookSigningSecret},
    flow::HeaderSource,
};

/// 1 MiB; a user with everything takes some 50 KiB, and Clerk's largest are the emails with their HTML.
const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;

/// One of your addresses that Clerk sends webhooks to: its secrets, and what it accepts.
///
/// Most services give it to a layer: `clerk_axum::WebhookLayer`, `clerk_actix::WebhookMiddleware` or
/// `clerk_tower::WebhookLayer`. Cheap to clone; build it once.
///
/// ```no_run
/// use clerk_core::webhook::{InMemoryDedupe, WebhookEndpoint};
///
/// let endpoint = WebhookEndpoint::from_env()?.dedupe(InMemoryDedupe::default()); // CLERK_WEBHOOK_SIGNING_SECRET
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
///
/// By hand, [`verify`](Self::verify) takes the headers and the raw body.
#[derive(Clone)]
pub struct WebhookEndpoint {
    secrets: Arc<[WebhookSigningSecret]>,
    tolerance: Duration,
    body_limit: usize,
    clock: Arc<dyn Clock>,
    dedupe: Option<Arc<dyn DedupeStore>>,
    listeners: Arc<Vec<Arc<dyn WebhookListener>>>,
    revocations: Option<Clerk>,
}

/// A webhook whose body is on its way: its headers are those of a webhook of this moment, and nothing is verified yet.
#[derive(Debug)]
#[must_use]
pub struct IncomingWebhook {
    endpoint: WebhookEndpoint,
    headers: SignedHeaders,
    body: Vec<u8>,
}

impl WebhookEndpoint {
    /// The endpoint whose secrets and clock are those of a [`Clerk`].
    ///
    /// # Errors
    /// When it has no webhook signing secret.
    pub fn new(clerk: &Clerk) -> Result<Self, ConfigError> {
        let endpoint = Self::with_secrets(clerk.settings().webhook_signing_secrets.iter().cloned())?;
        Ok(endpoint.clock(Arc::clone(clerk.clock())))
    }

    /// The endpoint that `CLERK_WEBHOOK_SIGNING_SECRET` names, for a service that needs nothing else of Clerk. Several
    /// secrets are separated by commas.
    ///
    /// # Errors
    /// When the variable is not set, or a secret malformed.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::with_secrets(config::webhook_signing_secrets(&|name| std::env::var(name).ok())?)
    }

    /// An endpoint that accepts what is signed with one of these secrets.
    ///
    /// While a secret is being replaced, give it both: Clerk signs with the old and the new one for 24 hours.
    ///
    /// # Errors
    /// When there is no secret.
    pub fn with_secrets(secrets: impl IntoIterator<Item = WebhookSigningSecret>) -> Result<Self, ConfigError> {
        let secrets: Arc<[_]> = secrets.into_iter().collect();
        if secrets.is_empty() {
            return Err(ConfigError::new(
                ConfigErrorKind::MissingKeys,
                "no webhook signing secret: set CLERK_WEBHOOK_SIGNING_SECRET to the one on the endpoint's page in the Clerk dashboard",
            ));
        }
        let clock = Arc::new(SystemClock);
        Ok(Self {
            secrets,
            tolerance: TOLERANCE,
            body_limit: DEFAULT_BODY_LIMIT,
            clock,
            dedupe: None,
            listeners: Arc::default(),
            revocations: None,
        })
    }

    /// How far from now a message may have been sent, before or after; 5 minutes unless set.
    ///
    /// It bounds for how long somebody who has recorded a message can send it again.
    #[must_use]
    pub const fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The largest body in bytes; 1 MiB unless set. Reading stops where a body becomes larger.
    #[must_use]
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Where "now" comes from; the system clock unless set.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Where it is kept which messages were handled, so that none is handled twice; nowhere unless set. See
    /// [`dedupe`](super::dedupe) for what that means, and give each endpoint a store of its own.
    #[must_use]
    pub fn dedupe(mut self, store: impl DedupeStore) -> Self {
        self.dedupe = Some(Arc::new(store));
        self
    }

    /// Ends what a webhook says has ended, before its handler is called: see [`Clerk::revoked_by`]. A `Clerk` with a
    /// [store](crate::ClerkBuilder::revocation) refuses such sessions from then on. So this is a whole handler:
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) -> Result<(), clerk_core::ConfigError> {
    /// use clerk_core::WebhookEndpoint;
    ///
    /// let endpoint = WebhookEndpoint::new(&clerk)?.revocations(&clerk);
    /// // axum:  .route("/webhooks/clerk", post(async || ()).layer(WebhookLayer::new(endpoint)))
    /// // actix: web::resource("/webhooks/clerk").wrap(WebhookMiddleware::new(endpoint)).post(HttpResponse::Ok)
    /// # Ok(()) }
    /// ```
    ///
    /// When the other processes could not be told, the answer is 503 and no handler is called: Clerk sends the message
    /// again. In the Clerk dashboard, subscribe to `session.ended`, `session.removed`, `session.revoked`, `user.deleted`,
    /// `user.updated` and `organizationMembership.deleted`. Clerk's webhooks mostly arrive within seconds, but nobody
    /// promises when; what your own service ends it ends at once with [`Clerk::revoke_session`].
    #[must_use]
    pub fn revocations(mut self, clerk: &Clerk) -> Self {
        self.revocations = Some(clerk.clone());
        self
    }

    /// Somebody more who hears of each new webhook, before its handler is called; for example a
    /// `clerk_api::CurrentSource`, which forgets what has changed.
    #[must_use]
    pub fn listener(mut self, listener: impl WebhookListener) -> Self {
        Arc::make_mut(&mut self.listeners).push(Arc::new(listener));
        self
    }

    /// Verifies a webhook whose raw body was read already. Does not ask the store of handled messages: that is
    /// [`receive`](Self::receive).
    ///
    /// ```no_run
    /// # use clerk_core::{HeaderSource, webhook::{WebhookEndpoint, WebhookError}};
    /// # fn handle(endpoint: &WebhookEndpoint, headers: &dyn HeaderSource, body: Vec<u8>) -> Result<(), WebhookError> {
    /// let message = endpoint.verify(headers, body)?; // 400 otherwise
    /// println!("{:?}", message.event()?);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the body is too large, or the webhook is not Clerk's or not of this moment.
    pub fn verify(&self, headers: &dyn HeaderSource, body: impl Into<Bytes>) -> Result<WebhookMessage, WebhookError> {
        let body = body.into();
        if body.len() > self.body_limit {
            return Err(WebhookErrorKind::BodyTooLarge.into());
        }
        verify::verify(&self.secrets, headers, body, self.tolerance, self.clock.now())
    }

    /// Verifies a webhook whose raw body was read already, and claims it for a handler where there is a store of handled
    /// messages.
    ///
    /// # Errors
    /// The refusal to answer with: 400 as [`verify`](Self::verify), 409 while the message is being handled, 503 when the
    /// store does not answer.
    pub fn receive<'e, B: Into<Bytes>>(
        &'e self,
        headers: &dyn HeaderSource,
        body: B,
    ) -> impl Future<Output = Result<Delivery, Denied>> + Send + use<'e, B> {
        let verified = self.verify(headers, body);
        async move {
            let delivery = handling::claim(verified?, self.dedupe.as_ref(), &self.clock).await?;
            heard(&self.listeners, &delivery);
            fed(self.revocations.as_ref(), delivery).await
        }
    }

    /// Reads a webhook's headers, before its body: whoever sends none of Clerk's does not get its body read.
    ///
    /// ```
    /// # use clerk_core::{Denied, HeaderSource, webhook::{Delivery, WebhookEndpoint}};
    /// async fn receive(
    ///     endpoint: &WebhookEndpoint,
    ///     headers: &dyn HeaderSource,
    ///     chunks: impl Iterator<Item = Vec<u8>>,
    /// ) -> Result<Delivery, Denied> {
    ///     let mut incoming = endpoint.begin(headers)?;
    ///     for chunk in chunks {
    ///         incoming.push(&chunk)?; // read no further after an error
    ///     }
    ///     incoming.finish().await
    /// }
    /// ```
    ///
    /// # Errors
    /// When a header is missing or malformed, the message is too old or too new, or the body declares to be too large.
    pub fn begin(&self, headers: &dyn HeaderSource) -> Result<IncomingWebhook, WebhookError> {
        let signed = SignedHeaders::read(headers)?;
        verify::of_this_moment(&signed, self.tolerance, self.clock.now())?;
        let mut too_large = false;
        headers.visit("content-length", &mut |value| {
            let length = std::str::from_utf8(value).ok().and_then(|digits| digits.trim().parse::<u64>().ok());
            too_large |= length.is_some_and(|length| length > self.body_limit as u64);
        });
        if too_large {
            return Err(WebhookErrorKind::BodyTooLarge.into());
        }
        Ok(IncomingWebhook { endpoint: self.clone(), headers: signed, body: Vec::new() })
    }
}

impl IncomingWebhook {
    /// Takes the next part of the body.
    ///
    /// # Errors
    /// When the body becomes too large; read no further then.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), WebhookError> {
        if chunk.len() > self.endpoint.body_limit.saturating_sub(self.body.len()) {
            return Err(WebhookErrorKind::BodyTooLarge.into());
        }
        self.body.extend_from_slice(chunk);
        Ok(())
    }

    /// Verifies the webhook, now that its body is whole, and claims it for a handler where there is a store of handled
    /// messages.
    ///
    /// # Errors
    /// As [`WebhookEndpoint::receive`].
    pub async fn finish(self) -> Result<Delivery, Denied> {
        let Self { endpoint, headers, body } = self;
        let WebhookEndpoint { secrets, tolerance, clock, dedupe, listeners, revocations, .. } = endpoint;
        let message = verify::verified(&secrets, headers, body.into(), tolerance, clock.now())?;
        let delivery = handling::claim(message, dedupe.as_ref(), &clock).await?;
        heard(&listeners, &delivery);
        fed(revocations.as_ref(), delivery).await
    }
}

fn heard(listeners: &[Arc<dyn WebhookListener>], delivery: &Delivery) {
    if let Delivery::New(message, _) = delivery {
        listeners.iter().for_each(|listener| listener.hear(message));
    }
}

impl fmt::Debug for WebhookEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint")
            .field("secrets", &self.secrets)
            .field("tolerance", &self.tolerance)
            .field("body_limit", &self.body_limit)
            .field("dedupe", &self.dedupe)
            .finish_non_exhaustive()
    }
}
