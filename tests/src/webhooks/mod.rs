//! A webhook route in each framework, and a sender of webhooks.

mod client;
mod servers;

pub use client::{Answer, Body, Delivery};
pub use servers::{FRAMEWORKS, Framework, Work};
