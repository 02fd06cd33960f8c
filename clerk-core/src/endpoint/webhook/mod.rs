//! [Webhooks](https://clerk.com/docs/guides/development/webhooks/overview): messages that Clerk sends to your service,
//! verified, typed, and handled once.
//!
//! ```text
//! request -> headers, timestamp -> body, up to a limit -> signature -> claim -> handler -> record that it was handled
//! ```
//!
//! A [`WebhookEndpoint`] does all of this inside a layer of your framework (`clerk_axum::WebhookLayer`,
//! `clerk_actix::WebhookMiddleware`, `clerk_tower::WebhookLayer`). Its handlers take a verified [`WebhookMessage`], or the
//! [`Event`] in it. A request that is not from Clerk is answered with 400 and always the same body; the cause is in the
//! log. No payload is parsed before its signature is verified.
//!
//! ```
//! use clerk_core::webhook::event::{Event, EventData};
//!
//! fn handle(event: Event) {
//!     match event.data {
//!         EventData::UserCreated(user) | EventData::UserUpdated(user) => println!("keep {}", user.id),
//!         EventData::UserDeleted(user) => println!("forget {:?}", user.id),
//!         _ => {} // answer 2xx to events you do not need: otherwise Clerk sends them again
//!     }
//! }
//! ```
//!
//! [`verify`] is the signature check as a plain function, as specified by
//! [Standard Webhooks](https://www.standardwebhooks.com). The crate of that name is not used, because it only reads the
//! system clock and only takes one secret.

pub mod dedupe;
mod endpoint;
mod error;
pub mod event;
mod handling;
mod headers;
mod message;
mod revocations;
mod verify;

use std::time::Duration;

#[cfg(feature = "redis")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
pub use self::dedupe::RedisDedupe;
pub use self::{
    dedupe::{DedupeStore, InMemoryDedupe},
    endpoint::{IncomingWebhook, WebhookEndpoint, WebhookListener},
    error::{WebhookError, WebhookErrorKind},
    event::{Event, EventData},
    handling::{Delivery, Handling},
    message::{FromWebhook, MessageId, WebhookMessage},
    verify::verify,
};
pub use crate::config::WebhookSigningSecret;

/// The default [tolerance](WebhookEndpoint::tolerance) of timestamps, before and after now: 5 minutes, as in Clerk's SDK.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// `Retry-After` when a store does not answer. Clerk's schedule of redeliveries does not depend on it.
const RETRY_AFTER: Duration = Duration::from_secs(5);
