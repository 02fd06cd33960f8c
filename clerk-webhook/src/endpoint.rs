//! [`WebhookEndpoint`]: the settings and listeners of one webhook endpoint, and the steps from request to delivery.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use clerk_core::{
    Clerk,
    adapter::HeaderSource,
    config::{self, ConfigError, ConfigErrorKind, WebhookSigningSecret},
    time::{Clock, SystemClock},
};
use tokio::time::{Instant, timeout_at};

use crate::{
    dedupe::DedupeStore,
    error::{WebhookError, WebhookErrorKind},
    handling::{self, Delivery},
    headers::SignedHeaders,
    message::WebhookMessage,
    revocations::apply_revocations,
    verify::{self, TOLERANCE},
};

/// 1 MiB. A complete user takes about 50 KiB; Clerk's largest webhooks are emails with HTML.
const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;

/// How long a body may take. Clerk gives up after 15 s.
const DEFAULT_BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// An endpoint that receives Clerk's webhooks: its secrets and settings.
///
/// Most services pass it to a layer: `clerk_axum::WebhookLayer`, `clerk_actix::WebhookMiddleware` or
/// `clerk_tower::WebhookLayer`. It is cheap to clone; build it once.
///
/// ```no_run
/// use clerk_webhook::{InMemoryDedupe, WebhookEndpoint};
///
/// // CLERK_WEBHOOK_SIGNING_SECRET
/// let endpoint = WebhookEndpoint::from_env()?.dedupe(InMemoryDedupe::default());
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
///
/// Without a layer, call [`verify`](Self::verify) with the headers and the raw body.
#[derive(Clone)]
pub struct WebhookEndpoint {
    secrets: Arc<[WebhookSigningSecret]>,
    tolerance: Duration,
    body_limit: usize,
    body_timeout: Duration,
    clock: Arc<dyn Clock>,
    dedupe: Option<Arc<dyn DedupeStore>>,
    listeners: Arc<Vec<Arc<dyn WebhookListener>>>,
    revocations: Option<Clerk>,
}

/// A webhook whose headers are complete and recent, and whose body is still arriving. Its signature is not verified yet.
#[derive(Debug)]
#[must_use]
pub struct IncomingWebhook {
    endpoint: WebhookEndpoint,
    headers: SignedHeaders,
    body: Vec<u8>,
    /// When the body must be complete.
    complete_at: Instant,
}

/// A hook that is called for each new webhook, before its handler: see [`WebhookEndpoint::listener`].
///
/// For work that is quick and cannot fail, such as removing cache entries that the webhook says are out of date:
///
/// ```
/// use clerk_webhook::{WebhookListener, WebhookMessage};
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// #[derive(Default)]
/// struct Counter(AtomicU64);
///
/// impl WebhookListener for Counter {
///     fn notify(&self, _: &WebhookMessage) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
/// ```
pub trait WebhookListener: Send + Sync + 'static {
    /// Called with a verified webhook. The same one may arrive several times, and older ones after newer ones.
    fn notify(&self, message: &WebhookMessage);
}

impl WebhookEndpoint {
    /// An endpoint with the secrets and the clock of a [`Clerk`].
    ///
    /// # Errors
    /// When the `Clerk` has no webhook signing secret.
    pub fn new(clerk: &Clerk) -> Result<Self, ConfigError> {
        let endpoint = Self::with_secrets(clerk.webhook_signing_secrets().iter().cloned())?;
        Ok(endpoint.clock(Arc::clone(clerk.clock())))
    }

    /// An endpoint with the secrets in `CLERK_WEBHOOK_SIGNING_SECRET`, separated by commas. For a service that uses
    /// webhooks only.
    ///
    /// # Errors
    /// When the variable is not set, or a secret is malformed.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::with_secrets(config::webhook_signing_secrets(&|name| std::env::var(name).ok())?)
    }

    /// An endpoint that accepts webhooks signed with one of these secrets.
    ///
    /// While you replace a secret, pass both: Clerk signs with the old and the new one for 24 hours.
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
            body_timeout: DEFAULT_BODY_TIMEOUT,
            clock,
            dedupe: None,
            listeners: Arc::default(),
            revocations: None,
        })
    }

    /// The largest difference between now and the time a message was sent, before or after. Default: 5 minutes.
    ///
    /// It limits how long an attacker can replay a recorded message.
    #[must_use]
    pub const fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The largest body in bytes. Default: 1 MiB. Reading stops when a body exceeds it.
    #[must_use]
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// How long a body may take to arrive. Default: 30 s. Clerk itself gives up after 15 s.
    ///
    /// The layers keep it; with [`begin`](Self::begin), read with [`IncomingWebhook::wait_for`].
    #[must_use]
    pub const fn body_timeout(mut self, timeout: Duration) -> Self {
        self.body_timeout = timeout;
        self
    }

    /// The clock. Default: the system clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The store of handled messages, so that each message is handled once. Default: none. See
    /// [`dedupe`](crate::dedupe) for the details, and use a separate store for each endpoint.
    #[must_use]
    pub fn dedupe(mut self, store: impl DedupeStore) -> Self {
        self.dedupe = Some(Arc::new(store));
        self
    }

    /// Revokes what a webhook says has ended, before its handler is called: see
    /// [`WebhookMessage::apply_revocations`]. A `Clerk`
    /// with a [store](clerk_core::ClerkBuilder::revocation) refuses those sessions from then on. This is a complete handler:
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) -> Result<(), clerk_core::ConfigError> {
    /// use clerk_webhook::WebhookEndpoint;
    ///
    /// let endpoint = WebhookEndpoint::new(&clerk)?.revocations(&clerk);
    /// // axum:  .route("/webhooks/clerk", post(async || ()).layer(WebhookLayer::new(endpoint)))
    /// // actix: let verify = WebhookMiddleware::new(endpoint);
    /// //        web::resource("/webhooks/clerk").wrap(verify).post(HttpResponse::Ok)
    /// # Ok(()) }
    /// ```
    ///
    /// When the write for the other processes fails, the response is 503 and the handler is not called: Clerk sends the
    /// message again. In the Clerk dashboard, subscribe to `session.ended`, `session.removed`, `session.revoked`,
    /// `user.deleted`, `user.updated` and `organizationMembership.deleted`. Clerk's webhooks mostly arrive within seconds,
    /// but Clerk does not guarantee it. To end a session at once from your own service, use [`Clerk::revoke_session`].
    #[must_use]
    pub fn revocations(mut self, clerk: &Clerk) -> Self {
        self.revocations = Some(clerk.clone());
        self
    }

    /// Adds a listener that is called for each new webhook, before its handler. Example: a `clerk_api::CurrentSource`,
    /// which drops what has changed from its cache.
    #[must_use]
    pub fn listener(mut self, listener: impl WebhookListener) -> Self {
        Arc::make_mut(&mut self.listeners).push(Arc::new(listener));
        self
    }

    /// Verifies a webhook with its complete raw body. Does not use the store of handled messages: see
    /// [`receive`](Self::receive).
    ///
    /// ```no_run
    /// # use clerk_core::adapter::HeaderSource;
    /// # use clerk_webhook::{WebhookEndpoint, WebhookError};
    /// # fn handle(endpoint: &WebhookEndpoint, headers: &dyn HeaderSource, body: Vec<u8>) -> Result<(), WebhookError> {
    /// let message = endpoint.verify(headers, body)?; // 400 otherwise
    /// println!("{:?}", message.event()?);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the body is too large, the signature does not match, or the timestamp is too old or too new.
    pub fn verify(&self, headers: &dyn HeaderSource, body: impl Into<Bytes>) -> Result<WebhookMessage, WebhookError> {
        let body = body.into();
        if body.len() > self.body_limit {
            return Err(WebhookErrorKind::BodyTooLarge.into());
        }
        verify::verify(&self.secrets, headers, body, self.tolerance, self.clock.now())
    }

    /// Verifies a webhook with its complete raw body, and claims it in the store of handled messages, if there is one.
    ///
    /// # Errors
    /// The response to send: 400 if [`verify`](Self::verify) fails, 409 while the message is being handled, 503 when the
    /// store does not answer.
    pub fn receive<'e, B: Into<Bytes>>(
        &'e self,
        headers: &dyn HeaderSource,
        body: B,
    ) -> impl Future<Output = Result<Delivery, WebhookError>> + Send + use<'e, B> {
        let message = self.verify(headers, body);
        async move {
            let delivery = handling::claim(message?, self.dedupe.as_ref(), &self.clock).await?;
            notify_listeners(&self.listeners, &delivery);
            apply_revocations(self.revocations.as_ref(), delivery).await
        }
    }

    /// Checks a webhook's headers, so that the body of a request without Clerk's headers is never read.
    ///
    /// ```
    /// # use clerk_core::adapter::HeaderSource;
    /// # use clerk_webhook::{Delivery, WebhookEndpoint, WebhookError};
    /// async fn receive(
    ///     endpoint: &WebhookEndpoint,
    ///     headers: &dyn HeaderSource,
    ///     chunks: impl Iterator<Item = Vec<u8>>,
    /// ) -> Result<Delivery, WebhookError> {
    ///     let mut incoming = endpoint.begin(headers)?;
    ///     for chunk in chunks {
    ///         incoming.push(&chunk)?; // read no further after an error
    ///     }
    ///     incoming.finish().await
    /// }
    /// ```
    ///
    /// # Errors
    /// When a header is missing or malformed, the message is too old or too new, or `Content-Length` exceeds the limit.
    pub fn begin(&self, headers: &dyn HeaderSource) -> Result<IncomingWebhook, WebhookError> {
        let signed = SignedHeaders::read(headers)?;
        verify::check_timestamp(&signed, self.tolerance, self.clock.now())?;
        let mut too_large = false;
        headers.visit("content-length", &mut |value| {
            let length = std::str::from_utf8(value).ok().and_then(|digits| digits.trim().parse::<u64>().ok());
            too_large |= length.is_some_and(|length| length > self.body_limit as u64);
        });
        if too_large {
            return Err(WebhookErrorKind::BodyTooLarge.into());
        }
        let complete_at = Instant::now() + self.body_timeout;
        Ok(IncomingWebhook { endpoint: self.clone(), headers: signed, body: Vec::new(), complete_at })
    }
}

impl IncomingWebhook {
    /// Waits for the next part of the body, at most until the endpoint's [time limit](WebhookEndpoint::body_timeout).
    ///
    /// # Errors
    /// When the body is too slow. Then stop reading.
    ///
    /// # Panics
    /// The future panics outside a Tokio runtime.
    pub async fn wait_for<T>(&self, part: impl Future<Output = T>) -> Result<T, WebhookError> {
        timeout_at(self.complete_at, part).await.map_err(|_| WebhookErrorKind::BodyTooSlow.into())
    }

    /// Adds the next part of the body.
    ///
    /// # Errors
    /// When the body exceeds the limit. Then stop reading.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), WebhookError> {
        if chunk.len() > self.endpoint.body_limit.saturating_sub(self.body.len()) {
            return Err(WebhookErrorKind::BodyTooLarge.into());
        }
        self.body.extend_from_slice(chunk);
        Ok(())
    }

    /// Verifies the webhook when its body is complete, and claims it in the store of handled messages, if there is one.
    ///
    /// # Errors
    /// As for [`WebhookEndpoint::receive`].
    pub async fn finish(self) -> Result<Delivery, WebhookError> {
        let Self { endpoint, headers, body, .. } = self;
        let WebhookEndpoint { secrets, tolerance, clock, dedupe, listeners, revocations, .. } = endpoint;
        let message = verify::verify_signed(&secrets, headers, body.into(), tolerance, clock.now())?;
        let delivery = handling::claim(message, dedupe.as_ref(), &clock).await?;
        notify_listeners(&listeners, &delivery);
        apply_revocations(revocations.as_ref(), delivery).await
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

fn notify_listeners(listeners: &[Arc<dyn WebhookListener>], delivery: &Delivery) {
    if let Delivery::New(message, _) = delivery {
        listeners.iter().for_each(|listener| listener.notify(message));
    }
}
