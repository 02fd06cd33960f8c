//! [`Transport`]: calls of Clerk's APIs, with limits on time and size. How many there are at once is decided elsewhere:
//! keys and M2M tokens are fetched by single flight, and all other calls have a [`Budget`](super::budget::Budget).

use std::{fmt, time::Duration};

use serde::Deserialize;

use super::client::{ClientSettings, HttpClient};
use crate::{
    base::{retry, time::Timestamp},
    config::{ConfigError, backend_api::BACKEND_API_VERSION},
};

/// The largest response body that is read, in bytes (1 MiB); a JWKS has a few hundred.
const MAX_BODY: usize = 1024 * 1024;

/// The part of a call's time that its connection may take: by default 2 s of 5 s.
const CONNECT_SHARE: (u32, u32) = (2, 5);

/// How many idle connections to one host are kept open.
const IDLE_CONNECTIONS: usize = 64;

#[derive(Debug, Clone)]
pub(crate) struct Transport {
    client: HttpClient,
    timeout: Duration,
}

/// Status and body of a response with any status.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// The `Retry-After` header.
    retry_after: Option<Box<str>>,
    /// The `Date` header.
    date: Option<Box<str>>,
}

/// A call without a usable response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// The connection was refused or reset, or the host does not exist.
    Connection,
    /// The response has this status code and is not Clerk's: its body is not JSON.
    Foreign(u16),
    /// The body is not what Clerk sends.
    Malformed,
    /// The body holds no usable key.
    NoKeys,
    /// Nothing was fetched yet.
    NotYet,
    /// The API rejected the secret key as invalid.
    SecretKeyRefused,
    /// The API responded with this status code.
    Status(u16),
    /// The server did not respond in time.
    Timeout,
    /// The body is too large.
    TooLarge,
}

/// What the operator can do about a [`FetchError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FetchErrorKind {
    /// The response is not what Clerk sends, so the URL may be wrong.
    InvalidResponse,
    /// The API refused the key of the call.
    KeyRefused,
    /// There was no response, or not in time.
    Unreachable,
}

/// An error body of Clerk's APIs; only the codes are read.
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
    /// A transport mostly for calls of this API.
    pub(crate) fn new(timeout: Duration, api_url: &str) -> Result<Self, ConfigError> {
        let settings = ClientSettings {
            user_agent: Some(concat!("clerk-core/", env!("CARGO_PKG_VERSION"))),
            connect_timeout: timeout / CONNECT_SHARE.1 * CONNECT_SHARE.0,
            timeout: Some(timeout),
            idle_connections: IDLE_CONNECTIONS,
        };
        Ok(Self { client: HttpClient::new(settings, api_url)?, timeout })
    }

    /// The HTTP client, for callers that set their own limits on time and size.
    pub(crate) const fn http(&self) -> &HttpClient {
        &self.client
    }

    /// How long one call may take in all.
    pub(crate) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The secret goes to exactly this URL: redirects are not followed.
    pub(crate) async fn get(&self, url: &str, secret: Option<&str>) -> Result<ApiResponse, FetchError> {
        self.call(self.client(url)?.get(url), secret).await
    }

    /// The secret goes to exactly this URL: redirects are not followed.
    pub(crate) async fn post(&self, url: &str, secret: &str, json: String) -> Result<ApiResponse, FetchError> {
        self.call(self.client(url)?.post(url).body(json), Some(secret)).await
    }

    fn client(&self, url: &str) -> Result<reqwest::Client, FetchError> {
        self.client.for_url(url).map_err(|error| {
            tracing::error!(target: "clerk", error, "the HTTP client could not start");
            FetchError::Connection
        })
    }

    async fn call(&self, request: reqwest::RequestBuilder, secret: Option<&str>) -> Result<ApiResponse, FetchError> {
        let mut request =
            request.header("clerk-api-version", BACKEND_API_VERSION).header("content-type", "application/json");
        if let Some(secret) = secret {
            // reqwest marks the header as sensitive, so that `Debug` does not show it.
            request = request.bearer_auth(secret);
        }
        let mut response = request.send().await?;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(Box::<str>::from);
        let retry_after = header("retry-after");
        // A response from a cache has the date of the original one.
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
    /// The wait that the server asks for.
    pub(crate) fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        retry::retry_after(self.retry_after.as_deref()?, now)
    }

    /// The time of the response by the server's clock.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        retry::date(self.date.as_deref()?)
    }

    /// The body of a response with status 200.
    pub(crate) fn into_ok(self) -> Result<Vec<u8>, FetchError> {
        self.into_body(&[200])
    }

    /// The body of a response with one of these statuses.
    pub(crate) fn into_body(self, expected: &[u16]) -> Result<Vec<u8>, FetchError> {
        if expected.contains(&self.status) {
            return Ok(self.body);
        }
        Err(match serde_json::from_slice::<ApiErrors>(&self.body) {
            Ok(body) if body.errors.iter().any(|error| is_secret_key_error(&error.code)) => {
                FetchError::SecretKeyRefused
            }
            Ok(_) => FetchError::Status(self.status),
            Err(_) => FetchError::Foreign(self.status),
        })
    }
}

impl FetchError {
    /// Whether the same call may succeed a moment later.
    pub(crate) const fn is_transient(self) -> bool {
        matches!(self, Self::Connection | Self::Status(429 | 500..=599) | Self::Foreign(500..=599))
    }

    /// What the operator can do about it.
    pub(crate) const fn kind(self) -> FetchErrorKind {
        match self {
            Self::SecretKeyRefused | Self::Status(401 | 403) => FetchErrorKind::KeyRefused,
            Self::Connection | Self::NotYet | Self::Timeout => FetchErrorKind::Unreachable,
            Self::Foreign(_) | Self::Malformed | Self::NoKeys | Self::Status(_) | Self::TooLarge => {
                FetchErrorKind::InvalidResponse
            }
        }
    }

    /// The error in one word, for metrics.
    pub(crate) const fn label(self) -> &'static str {
        match self {
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
            Self::Connection => f.write_str("no connection"),
            Self::Foreign(status) => write!(f, "status {status}, and not from Clerk: the body is not JSON"),
            Self::Malformed => f.write_str("the response is not what Clerk sends"),
            Self::NoKeys => f.write_str("the response holds no usable key"),
            Self::NotYet => f.write_str("nothing was fetched yet"),
            Self::SecretKeyRefused => f.write_str("clerk_key_invalid"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::Timeout => f.write_str("no response in time"),
            Self::TooLarge => f.write_str("the response is too large"),
        }
    }
}

/// Whether an API error with this code says that the secret key is invalid.
#[must_use]
pub fn is_secret_key_error(code: &str) -> bool {
    matches!(code, "clerk_key_invalid" | "secret_key_invalid")
}
