#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod backend_api;
#[cfg_attr(not(test), expect(dead_code, reason = "for the second factors of the Frontend API"))]
mod backup_codes;
mod builder;
mod changes;
mod date;
mod error;
mod frontend_api;
mod handshakes;
mod host;
#[cfg_attr(not(test), expect(dead_code, reason = "for the sign-ins with a provider of the Frontend API"))]
mod identity_provider;
mod instance;
mod keys;
mod machine_token;
#[cfg_attr(not(test), expect(dead_code, reason = "for the verifications of the Frontend API"))]
mod outbox;
#[cfg_attr(not(test), expect(dead_code, reason = "for the first factors of the Frontend API"))]
mod password;
mod pkce;
mod redirect;
mod resource;
mod server;
mod shared;
mod store;
mod token;
#[cfg_attr(not(test), expect(dead_code, reason = "for the second factors of the Frontend API"))]
mod totp;
#[cfg_attr(not(test), expect(dead_code, reason = "for the verifications of the Frontend API"))]
mod verification_code;
mod webhooks;

pub use builder::LocalClerkBuilder;
pub use error::{StartError, StartErrorKind, UnknownName};
pub use instance::LocalClerk;
pub use machine_token::MachineTokenBuilder;
pub use outbox::{OutboxChannel, OutboxMessage, OutboxPurpose};
pub use store::{
    EmailAddress, ExternalAccount, Membership, Organization, OrganizationInvitation, PhoneNumber, Role, Seed, User,
};
pub use token::{Category, TokenAlgorithm, TokenBuilder};
pub use totp::totp_code;
pub use webhooks::{WebhookAttempt, WebhookMessage};
