//! Everything that a decision depends on besides the request.

use super::options::Options;
use crate::{
    config::{Rules, Settings},
    jwks::Store,
    jwt::VerifyingKey,
    time::Timestamp,
};

/// What is configured, which keys are known, and when "now" is.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) rules: &'c Rules,
    pub(crate) settings: &'c Settings,
    pub(crate) keys: &'c Keys,
    pub(crate) options: &'c Options,
    /// Whether there is a secret key to ask the Backend API with.
    pub(crate) backend: bool,
    pub(crate) now: Timestamp,
}

/// The keys that a token is verified with.
#[derive(Debug, Clone)]
pub(crate) enum Keys {
    /// None at all: only tokens that are looked up can be accepted.
    None,
    /// One key, whatever `kid` the token names.
    Fixed(Box<VerifyingKey>),
    /// The instance's JWKS.
    Remote(Store),
}
