#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative ones would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/testing.md\n")]
#![doc = concat!("[the instance]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/clerk-local/docs/instance.md\n")]
#![doc = concat!("[the front end]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/clerk-local/docs/front-end.md\n")]
#![doc = include_str!("../README.md")]

mod backend_api;
mod backup_codes;
mod changes;
mod console;
mod date;
mod error;
mod faults;
mod frontend_api;
mod handshakes;
mod host;
mod http;
mod identity;
mod identity_provider;
mod jwt_template;
mod keys;
mod local_app;
mod local_clerk;
mod loopback;
mod machine_token;
mod password;
mod pkce;
mod request_log;
mod resource;
mod server;
mod settings;
mod shared;
mod store;
mod tickets;
mod time_travel;
mod token;
mod totp;
mod user_builder;
mod verification_code;
mod webhooks;

#[cfg(feature = "toml")]
pub use error::SeedError;
pub use error::{SettingError, StartError, StartErrorKind, UnknownName};
pub use faults::{Fault, Faults};
pub use local_app::{LocalApp, LocalRequest, LocalResponse};
pub use local_clerk::{LocalClerk, LocalClerkBuilder};
pub use machine_token::MachineTokenBuilder;
pub use request_log::LoggedRequest;
pub use settings::{AttributeUse, EnterpriseConnection, Settings, SignUpMode};
pub use store::{
    EmailAddress, ExternalAccount, Membership, Organization, OrganizationInvitation, OutboxChannel, OutboxMessage,
    OutboxPurpose, PhoneNumber, Role, Seed, User,
};
pub use token::{Category, TokenAlgorithm, TokenBuilder};
pub use totp::totp_code;
pub use user_builder::UserBuilder;
pub use webhooks::{WebhookAttempt, WebhookMessage};
