//! Where an instance's keys are published.

use std::time::Duration;

use super::KeySet;
use crate::{
    backend::{
        http::{FetchError, Transport},
        single_flight::Failure,
    },
    base::time::Clock,
    config::{SecretKey, url::join_path},
};

/// How long the first pause between two attempts is; the next one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(125);

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
        Self { url: join_path(api_url, &format!("{api_version}/jwks")).into(), secret: Some(secret), transport }
    }

    /// The Frontend API's `/.well-known/jwks.json`.
    pub(crate) fn frontend_api(frontend_api_url: &str, transport: Transport) -> Self {
        Self { url: format!("{frontend_api_url}/.well-known/jwks.json").into(), secret: None, transport }
    }

    /// One fetch, repeated after a short pause while the endpoint seems to have only hiccuped and time is left.
    pub(crate) async fn fetch(
        &self,
        clock: &dyn Clock,
        attempts: u32,
        known: Option<&KeySet>,
    ) -> Result<KeySet, Failure> {
        let tries = async {
            let mut attempt = 1;
            loop {
                match self.once(clock, known).await {
                    // An endpoint that asks to be left alone for a while is.
                    Err(Failure { error, retry_after: None }) if attempt < attempts && error.is_worth_a_retry() => {
                        tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(attempt - 1)).await;
                        attempt += 1;
                    }
                    outcome => return outcome,
                }
            }
        };
        tokio::time::timeout(self.transport.timeout(), tries).await.unwrap_or(Err(FetchError::Timeout.into()))
    }

    async fn once(&self, clock: &dyn Clock, known: Option<&KeySet>) -> Result<KeySet, Failure> {
        let answer = self.transport.get(&self.url, self.secret.as_ref().map(SecretKey::expose)).await?;
        let retry_after = answer.retry_after(clock.now());
        let body = answer.into_ok().map_err(|error| Failure { error, retry_after })?;
        Ok(KeySet::parse(&body, clock.now(), known)?)
    }
}
