//! [`WebhookListener`]: who hears of each webhook before its handler does.

use super::message::WebhookMessage;

/// Somebody who hears of each new webhook, before its handler is called: see
/// [`WebhookEndpoint::listener`](super::WebhookEndpoint::listener).
///
/// For what is quick and cannot fail, such as forgetting what a webhook says is out of date:
///
/// ```
/// use clerk_core::webhook::{WebhookListener, WebhookMessage};
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// #[derive(Default)]
/// struct Counter(AtomicU64);
///
/// impl WebhookListener for Counter {
///     fn hear(&self, _: &WebhookMessage) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
/// ```
pub trait WebhookListener: Send + Sync + 'static {
    /// Hears of a webhook whose signature is good. The same may come several times, and an older one after a newer.
    fn hear(&self, message: &WebhookMessage);
}
