//! [`JwksEndpoint`]: where an instance publishes its keys.

use std::time::Duration;

use super::KeySet;
use crate::{
    backend::{
        http::{FetchError, Transport},
        single_flight::Failure,
    },
    base::time::Clock,
    config::{SecretKey, url::ApiUrl},
};

/// The first pause between two attempts; the next one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(125);

/// A URL that answers with a JWKS.
#[derive(Debug, Clone)]
pub(crate) struct JwksEndpoint {
    pub(crate) url: ApiUrl,
    /// The Backend API needs the secret key; the Frontend API's well-known URL needs none.
    pub(crate) secret: Option<SecretKey>,
    pub(crate) transport: Transport,
}

impl JwksEndpoint {
    /// The Backend API's `GET /v1/jwks`.
    pub(crate) fn backend_api(api_url: &ApiUrl, api_version: &str, secret: SecretKey, transport: Transport) -> Self {
        Self { url: api_url.join(&format!("{api_version}/jwks")), secret: Some(secret), transport }
    }

    /// The Frontend API's `/.well-known/jwks.json`.
    pub(crate) fn frontend_api(frontend_api_url: &str, transport: Transport) -> Self {
        Self { url: ApiUrl::checked(frontend_api_url).join(".well-known/jwks.json"), secret: None, transport }
    }

    /// Fetches the keys. After a transient failure it tries again, after a short pause and while time is left.
    pub(crate) async fn fetch(
        &self,
        clock: &dyn Clock,
        attempts: u32,
        known: Option<&KeySet>,
    ) -> Result<KeySet, Failure> {
        let fetch = async {
            let mut attempt = 1;
            loop {
                match self.fetch_once(clock, known).await {
                    // Not when the endpoint asks for a longer wait.
                    Err(Failure { error, retry_after: None }) if attempt < attempts && error.is_transient() => {
                        tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(attempt - 1)).await;
                        attempt += 1;
                    }
                    outcome => return outcome,
                }
            }
        };
        tokio::time::timeout(self.transport.timeout(), fetch).await.unwrap_or(Err(FetchError::Timeout.into()))
    }

    async fn fetch_once(&self, clock: &dyn Clock, known: Option<&KeySet>) -> Result<KeySet, Failure> {
        let response = self.transport.get(self.url.expose(), self.secret.as_ref().map(SecretKey::expose)).await?;
        let retry_after = response.retry_after(clock.now());
        let body = response.into_ok().map_err(|error| Failure { error, retry_after })?;
        Ok(KeySet::parse(&body, clock.now(), known)?)
    }
}
