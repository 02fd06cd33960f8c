#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod backend_api;
mod builder;
mod changes;
mod console;
mod date;
mod error;
mod frontend_api;
mod handshakes;
mod host;
mod identity;
mod instance;
mod keys;
mod machine_token;
mod redirect;
mod resource;
mod server;
mod shared;
mod store;
mod time_travel;
mod token;
mod user_builder;
mod webhooks;

pub use builder::LocalClerkBuilder;
#[cfg(feature = "toml")]
pub use error::SeedError;
pub use error::{StartError, StartErrorKind, UnknownName};
pub use instance::LocalClerk;
pub use machine_token::MachineTokenBuilder;
pub use store::{
    EmailAddress, ExternalAccount, Membership, Organization, OrganizationInvitation, PhoneNumber, Role, Seed, User,
};
pub use token::{Category, TokenAlgorithm, TokenBuilder};
pub use user_builder::UserBuilder;
pub use webhooks::{WebhookAttempt, WebhookMessage};
