#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod backend_api;
mod error;
mod frontend_api;
mod host;
mod instance;
mod keys;
mod redirect;
mod server;
mod store;
mod token;

pub use error::{StartError, StartErrorKind, UnknownName};
pub use instance::{LocalClerk, LocalClerkBuilder};
pub use store::{Membership, Organization, Seed, User};
pub use token::{Category, TokenAlgorithm, TokenBuilder};
