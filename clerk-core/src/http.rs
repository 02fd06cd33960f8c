//! The small HTTP client that the core itself needs: one GET at a time, with bounds on everything.

use std::{fmt, time::Duration};

use crate::config::{ConfigError, ConfigErrorKind, SecretKey};

/// The largest answer that is read, in bytes (1 MiB); a JWKS has a few hundred.
const MAX_BODY: usize = 1024 * 1024;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
pub(crate) struct Transport(reqwest::Client);

/// A GET that brought no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// Refused, reset, or no such host.
    Connection,
    /// The body is none of ours, or holds no key.
    Malformed,
    /// The server answered with this status code.
    Status(u16),
    /// The server did not answer in time.
    Timeout,
    /// The body is larger than any that Clerk sends.
    TooLarge,
}

impl Transport {
    pub(crate) fn new(timeout: Duration) -> Result<Self, ConfigError> {
        reqwest::Client::builder()
            .user_agent(concat!("clerk-core/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT.min(timeout))
            .timeout(timeout)
            .build()
            .map(Self)
            .map_err(|error| {
                ConfigError::new(
                    ConfigErrorKind::HttpClient,
                    "the HTTPS client could not start: install the system's CA certificates (ca-certificates), or set CLERK_JWT_KEY to verify without a network",
                )
                .with_source(error)
            })
    }

    /// The body of a 200 answer. The secret goes to exactly this URL: redirects are not followed.
    pub(crate) async fn get(&self, url: &str, secret: Option<&SecretKey>) -> Result<Vec<u8>, FetchError> {
        let mut request = self.0.get(url);
        if let Some(secret) = secret {
            // reqwest marks it as sensitive, so that no Debug shows it.
            request = request.bearer_auth(secret.expose());
        }
        let mut response = request.send().await?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Connection }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection => f.write_str("no connection"),
            Self::Malformed => f.write_str("the answer holds no usable key"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::Timeout => f.write_str("no answer in time"),
            Self::TooLarge => f.write_str("the answer is too large"),
        }
    }
}
