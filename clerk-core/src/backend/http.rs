//! The small HTTP client that the core itself needs: one call at a time, with bounds on everything.

use std::{fmt, sync::Arc, time::Duration};

use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::{
    base::{retry, time::Timestamp},
    config::{ConfigError, ConfigErrorKind, backend_api::BACKEND_API_VERSION},
};

/// The largest answer that is read, in bytes (1 MiB); a JWKS has a few hundred.
const MAX_BODY: usize = 1024 * 1024;

/// The part of a call's time that its connection may take: 2 s of the 5 s that are usual.
const CONNECT_SHARE: (u32, u32) = (2, 5);

/// How many calls may be under way at once. What strangers send can cause calls, one each; more than this many at a
/// time are refused at once rather than queued.
const MAX_CALLS: usize = 64;

#[derive(Debug, Clone)]
pub(crate) struct Transport {
    client: reqwest::Client,
    timeout: Duration,
    calls: Arc<Semaphore>,
}

/// Status and body of an answer, whatever the status.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// The `Retry-After` header.
    retry_after: Option<Box<str>>,
    /// The `Date` header.
    date: Option<Box<str>>,
}

/// A call that brought no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// Too many calls are under way.
    Busy,
    /// Refused, reset, or no such host.
    Connection,
    /// Somebody answered with this status code, but not Clerk: the body is no JSON.
    Foreign(u16),
    /// The body is none of ours.
    Malformed,
    /// The body holds no key at all.
    NoKeys,
    /// Nobody has asked yet.
    NotYet,
    /// The API says that the secret key is none.
    SecretKeyRefused,
    /// The server answered with this status code.
    Status(u16),
    /// The server did not answer in time.
    Timeout,
    /// The body is larger than any that Clerk sends.
    TooLarge,
}

/// The errors of Clerk's APIs, as far as anybody here reads them.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ApiErrors {
    #[serde(default)]
    pub(crate) errors: Vec<ApiErrorCode>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ApiErrorCode {
    #[serde(default)]
    pub(crate) code: String,
}

impl Transport {
    pub(crate) fn new(timeout: Duration) -> Result<Self, ConfigError> {
        reqwest::Client::builder()
            .user_agent(concat!("clerk-core/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(timeout / CONNECT_SHARE.1 * CONNECT_SHARE.0)
            .timeout(timeout)
            .build()
            .map(|client| Self { client, timeout, calls: Arc::new(Semaphore::new(MAX_CALLS)) })
            .map_err(|error| {
                ConfigError::new(
                    ConfigErrorKind::HttpClient,
                    "the HTTPS client could not start: install the system's CA certificates (ca-certificates), or set CLERK_JWT_KEY to verify without a network",
                )
                .with_source(error)
            })
    }

    /// The same connections with a count of calls of its own, so that what strangers cause does not crowd out the keys.
    pub(crate) fn sibling(&self) -> Self {
        Self { calls: Arc::new(Semaphore::new(MAX_CALLS)), ..self.clone() }
    }

    /// The connections, for whoever bounds time and answers himself.
    pub(crate) const fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// How long one call may take in all.
    pub(crate) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The secret goes to exactly this URL: redirects are not followed.
    pub(crate) async fn get(&self, url: &str, secret: Option<&str>) -> Result<ApiResponse, FetchError> {
        self.call(self.client.get(url), secret).await
    }

    /// The secret goes to exactly this URL: redirects are not followed.
    pub(crate) async fn post(&self, url: &str, secret: &str, json: String) -> Result<ApiResponse, FetchError> {
        self.call(self.client.post(url).body(json), Some(secret)).await
    }

    async fn call(&self, request: reqwest::RequestBuilder, secret: Option<&str>) -> Result<ApiResponse, FetchError> {
        let _permit = self.calls.try_acquire().map_err(|_| FetchError::Busy)?;
        let mut request =
            request.header("clerk-api-version", BACKEND_API_VERSION).header("content-type", "application/json");
        if let Some(secret) = secret {
            // reqwest marks it as sensitive, so that no Debug shows it.
            request = request.bearer_auth(secret);
        }
        let mut response = request.send().await?;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(Box::<str>::from);
        let retry_after = header("retry-after");
        // What a cache kept has the date of the day when it was made.
        let date = header("date").filter(|_| header("age").is_none());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(ApiResponse { status: response.status().as_u16(), body, retry_after, date })
    }
}

impl ApiResponse {
    /// How long the server asks to be left alone.
    pub(crate) fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        retry::retry_after(self.retry_after.as_deref()?, now)
    }

    /// What the server's clock showed when it answered.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        retry::date(self.date.as_deref()?)
    }

    /// The body of a 200 answer.
    pub(crate) fn into_ok(self) -> Result<Vec<u8>, FetchError> {
        self.into_body(&[200])
    }

    /// The body of an answer with one of these statuses.
    pub(crate) fn into_body(self, good: &[u16]) -> Result<Vec<u8>, FetchError> {
        if good.contains(&self.status) {
            return Ok(self.body);
        }
        Err(match serde_json::from_slice::<ApiErrors>(&self.body) {
            Ok(answer) if answer.errors.iter().any(|error| super::api::is_secret_key_error(&error.code)) => {
                FetchError::SecretKeyRefused
            }
            Ok(_) => FetchError::Status(self.status),
            Err(_) => FetchError::Foreign(self.status),
        })
    }
}

impl FetchError {
    /// Whether the same call may well succeed a moment later.
    pub(crate) const fn is_worth_a_retry(self) -> bool {
        matches!(self, Self::Connection | Self::Status(429 | 500..=599) | Self::Foreign(500..=599))
    }

    /// The error in one word, for metrics.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Connection | Self::NotYet => "connection",
            Self::Foreign(_) => "foreign",
            Self::Malformed => "malformed",
            Self::NoKeys => "no-keys",
            Self::SecretKeyRefused => "secret-key-refused",
            Self::Status(_) => "status",
            Self::Timeout => "timeout",
            Self::TooLarge => "too-large",
        }
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
            Self::Busy => write!(f, "{MAX_CALLS} calls are under way already"),
            Self::Connection => f.write_str("no connection"),
            Self::Foreign(status) => write!(f, "status {status}, and not from Clerk: the body is no JSON"),
            Self::Malformed => f.write_str("the answer is not what Clerk sends"),
            Self::NoKeys => f.write_str("the answer holds no usable key"),
            Self::NotYet => f.write_str("nobody has asked yet"),
            Self::SecretKeyRefused => f.write_str("clerk_key_invalid"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::Timeout => f.write_str("no answer in time"),
            Self::TooLarge => f.write_str("the answer is too large"),
        }
    }
}
