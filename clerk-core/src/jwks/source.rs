//! Where an instance's keys are published.

use super::KeySet;
use crate::{
    config::SecretKey,
    http::{FetchError, Transport},
    time::Clock,
};

/// A JWKS endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) url: Box<str>,
    /// The Backend API wants the secret key; the Frontend API's well-known address wants none.
    pub(crate) secret: Option<SecretKey>,
    pub(crate) transport: Transport,
}

impl Source {
    /// The Backend API's `GET /v1/jwks`.
    pub(crate) fn backend_api(api_url: &str, api_version: &str, secret: SecretKey, transport: Transport) -> Self {
        Self { url: format!("{api_url}/{api_version}/jwks").into(), secret: Some(secret), transport }
    }

    /// The Frontend API's `/.well-known/jwks.json`.
    pub(crate) fn frontend_api(frontend_api_url: &str, transport: Transport) -> Self {
        Self { url: format!("{frontend_api_url}/.well-known/jwks.json").into(), secret: None, transport }
    }

    pub(super) async fn fetch(&self, clock: &dyn Clock) -> Result<KeySet, FetchError> {
        let body = self.transport.get(&self.url, self.secret.as_ref()).await?;
        KeySet::parse(&body, clock.now())
    }
}
