#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod auth;
mod builder;
mod claims;
mod clerk;
pub mod config;
mod denied;
mod driver;
mod flow;
mod http;
mod jwks;
pub mod jwt;
pub mod time;

pub use auth::{AuthState, CustomClaims, FromAuth, OrgId, Organization, Policy, Session, SessionId, UserId};
pub use builder::ClerkBuilder;
pub use clerk::{Clerk, VerifyError};
pub use config::{ConfigError, InstanceType, JwtKey, MachineSecretKey, PublishableKey, SecretKey};
pub use denied::{Denied, DeniedKind};
pub use driver::Authentication;
pub use flow::{HeaderSource, RequestView};
pub use jwks::{KeysUnavailable, KeysUnavailableKind};
