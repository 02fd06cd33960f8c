//! A webhook route in each framework, and a sender of webhooks.

mod client;
mod servers;

pub use client::{Body, Delivery, WebhookResponse};
pub use servers::{FRAMEWORKS, Framework, Work};
