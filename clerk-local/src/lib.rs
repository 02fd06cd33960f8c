#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod backend_api;
mod builder;
mod changes;
mod date;
mod error;
mod faults;
mod frontend_api;
mod handshakes;
mod host;
mod instance;
mod keys;
mod machine_token;
mod redirect;
mod request_log;
mod resource;
mod server;
mod shared;
mod store;
mod token;
mod webhooks;

pub use builder::LocalClerkBuilder;
pub use error::{StartError, StartErrorKind, UnknownName};
pub use faults::{Fault, Faults};
pub use instance::LocalClerk;
pub use machine_token::MachineTokenBuilder;
pub use request_log::LoggedRequest;
pub use store::{
    EmailAddress, ExternalAccount, Membership, Organization, OrganizationInvitation, PhoneNumber, Role, Seed, User,
};
pub use token::{Category, TokenAlgorithm, TokenBuilder};
pub use webhooks::{WebhookAttempt, WebhookMessage};
