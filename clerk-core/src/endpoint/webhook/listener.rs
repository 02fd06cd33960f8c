//! [`WebhookListener`]: a hook that is called for each new webhook, before its handler.

use super::message::WebhookMessage;

/// A hook that is called for each new webhook, before its handler: see
/// [`WebhookEndpoint::listener`](super::WebhookEndpoint::listener).
///
/// For work that is quick and cannot fail, such as removing cache entries that the webhook says are out of date:
///
/// ```
/// use clerk_core::webhook::{WebhookListener, WebhookMessage};
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
