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
mod pkce;
mod redirect;
mod server;
mod shared;
mod store;
mod token;
mod webhooks;

pub use builder::LocalClerkBuilder;
pub use error::{StartError, StartErrorKind, UnknownName};
pub use instance::LocalClerk;
pub use machine_token::MachineTokenBuilder;
pub use store::{Membership, Organization, Seed, User};
pub use token::{Category, TokenAlgorithm, TokenBuilder};
pub use webhooks::{WebhookAttempt, WebhookMessage};
