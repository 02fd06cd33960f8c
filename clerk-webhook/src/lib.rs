#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative one would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/webhooks.md\n")]
#![doc = include_str!("../README.md")]

pub mod dedupe;
mod endpoint;
mod error;
pub mod event;
mod handling;
mod headers;
mod message;
mod revocations;
mod verify;

#[doc(no_inline)]
pub use clerk_core::config::WebhookSigningSecret;
pub use clerk_types;
pub use dedupe::{DedupeStore, InMemoryDedupe};
pub use endpoint::{IncomingWebhook, WebhookEndpoint, WebhookListener};
pub use error::{WebhookError, WebhookErrorKind};
pub use event::{Event, EventData};
pub use handling::{Delivery, Handling};
pub use message::{FromWebhook, MessageId, WebhookMessage};
pub use verify::{TOLERANCE, verify};
