#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod backend_api;
mod builder;
mod changes;
mod date;
mod error;
mod frontend_api;
mod handshakes;
mod host;
mod instance;
mod keys;
mod machine_token;
#[cfg_attr(not(test), expect(dead_code, reason = "for the verifications of the Frontend API"))]
mod outbox;
mod pkce;
mod redirect;
mod server;
mod shared;
mod store;
mod token;
#[cfg_attr(not(test), expect(dead_code, reason = "for the verifications of the Frontend API"))]
mod verification_code;
mod webhooks;

pub use builder::LocalClerkBuilder;
pub use error::{StartError, StartErrorKind, UnknownName};
pub use instance::LocalClerk;
pub use machine_token::MachineTokenBuilder;
pub use outbox::{OutboxChannel, OutboxMessage, OutboxPurpose};
pub use store::{Membership, Organization, Seed, User};
pub use token::{Category, TokenAlgorithm, TokenBuilder};
pub use webhooks::{WebhookAttempt, WebhookMessage};
