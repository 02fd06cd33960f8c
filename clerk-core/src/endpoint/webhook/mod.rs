//! [Webhooks](https://clerk.com/docs/guides/development/webhooks/overview): what Clerk tells your service, verified,
//! typed, and handled once.
//!
//! ```text
//! request -> headers, age -> body, bounded -> signature -> claim -> handler -> record that it was handled
//! ```
//!
//! A [`WebhookEndpoint`] does all of it for a layer of your framework (`clerk_axum::WebhookLayer`,
//! `clerk_actix::WebhookMiddleware`, `clerk_tower::WebhookLayer`), whose handlers take a verified
//! [`WebhookMessage`], or what it tells: an [`Event`]. What is not Clerk's is answered with 400 and a body
//! that is the same for every cause; the cause is in the log. Nothing of a payload is parsed before its signature is good.
//!
//! ```
//! use clerk_core::webhook::event::{Event, EventData};
//!
//! fn handle(event: Event) {
//!     match event.data {
//!         EventData::UserCreated(user) | EventData::UserUpdated(user) => println!("keep {}", user.id),
//!         EventData::UserDeleted(user) => println!("forget {:?}", user.id),
//!         _ => {} // acknowledge what you do not need: Clerk sends anything but 2xx again
//!     }
//! }
//! ```
//!
//! [`verify`] is the rule about signatures as a plain function. The signature is that of
//! [Standard Webhooks](https://www.standardwebhooks.com); the crate of that name takes its time from the system's clock
//! and knows one secret only.

pub mod dedupe;
mod endpoint;
mod error;
pub mod event;
mod handling;
mod headers;
mod listener;
mod message;
mod revocations;
mod verify;

use std::time::Duration;

#[cfg(feature = "redis")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
pub use self::dedupe::RedisDedupe;
pub use self::{
    dedupe::{DedupeStore, InMemoryDedupe},
    endpoint::{IncomingWebhook, WebhookEndpoint},
    error::{WebhookError, WebhookErrorKind},
    event::{Event, EventData},
    handling::{Delivery, Handling},
    listener::WebhookListener,
    message::{FromWebhook, MessageId, WebhookMessage},
    verify::verify,
};
pub use crate::config::WebhookSigningSecret;

/// How far from now a message may have been sent unless set, before or after: 5 minutes, as in Clerk's own SDK.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);
