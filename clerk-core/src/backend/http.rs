//! [`Transport`]: the one way in which these crates call Clerk's APIs, with limits on time and size. How many calls there
//! are at once is decided elsewhere: keys and M2M tokens are fetched by single flight, and the other calls of
//! authentication have a [`Budget`](super::budget::Budget).

use std::{error::Error, fmt, time::Duration};

use bytes::Bytes;
use reqwest::{Method, header::HeaderMap};
use serde::Deserialize;

use super::client::{ClientSettings, HttpClient};
use crate::{
    base::{retry, time::Timestamp},
    config::{ConfigError, backend_api::BACKEND_API_VERSION},
};

/// The largest response body that authentication reads, in bytes (1 MiB); a JWKS has a few hundred.
const MAX_BODY: usize = 1024 * 1024;

/// The part of a call's time that its connection may take: by default 2 s of 5 s.
const CONNECT_SHARE: (u32, u32) = (2, 5);

/// How many idle connections to one host are kept open.
const IDLE_CONNECTIONS: usize = 64;

/// Sends calls of Clerk's APIs. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Transport {
    client: HttpClient,
    timeout: Duration,
}

/// A call over HTTP.
#[expect(missing_debug_implementations, reason = "it holds a secret")]
pub struct Call<'c> {
    /// The HTTP method.
    pub method: Method,
    /// The absolute URL.
    pub url: &'c str,
    /// Goes into `Authorization: Bearer`.
    pub secret: Option<&'c str>,
    /// Headers besides; the transport has a `User-Agent` of its own.
    pub headers: &'c [(&'static str, &'c str)],
    /// The body, if there is one.
    pub body: Option<Bytes>,
    /// How long the call may take, in real time, even if the injected clock stands still.
    pub timeout: Duration,
    /// The largest response body that is read, in bytes.
    pub max_body: usize,
}

/// A response with any status.
#[expect(missing_debug_implementations, reason = "a body or header can hold a token or a cookie")]
pub struct ApiResponse {
    /// The status code.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
    headers: HeaderMap,
}

/// A call without a complete response.
#[derive(Debug)]
pub struct CallError {
    /// What happened.
    pub problem: CallProblem,
    /// There was no connection, so nothing was sent.
    pub unsent: bool,
    /// The response's status, if it began.
    pub status: Option<u16>,
    /// The cause, without the URL, which may hold ids and search terms.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// What happened to a call without a complete response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallProblem {
    /// The connection was refused, or broke before a response.
    Connection,
    /// No response in time.
    Timeout,
    /// The body is larger than is read.
    TooLarge,
    /// The connection broke within the response.
    Truncated,
}

/// A call without a usable response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchError {
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
pub enum FetchErrorKind {
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

    /// How long one call of authentication may take in all.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) async fn get(&self, url: &str, secret: Option<&str>) -> Result<ApiResponse, FetchError> {
        self.call(Method::GET, url, secret, None).await
    }

    /// Sends a JSON body.
    ///
    /// # Errors
    /// When there is no complete response.
    pub async fn post(&self, url: &str, secret: &str, json: String) -> Result<ApiResponse, FetchError> {
        self.call(Method::POST, url, Some(secret), Some(json.into())).await
    }

    async fn call(
        &self,
        method: Method,
        url: &str,
        secret: Option<&str>,
        body: Option<Bytes>,
    ) -> Result<ApiResponse, FetchError> {
        let headers = &[("clerk-api-version", BACKEND_API_VERSION), ("content-type", "application/json")];
        let call = Call { method, url, secret, headers, body, timeout: self.timeout, max_body: MAX_BODY };
        Ok(self.send(call).await?)
    }

    /// Sends a call to exactly its URL: redirects are not followed, because they would leak the secret.
    ///
    /// # Errors
    /// When there is no complete response.
    pub async fn send(&self, call: Call<'_>) -> Result<ApiResponse, CallError> {
        let client = self.client.for_url(call.url).map_err(|error| {
            tracing::error!(target: "clerk", error, "the HTTP client could not start");
            CallError { problem: CallProblem::Connection, unsent: true, status: None, source: Some(error) }
        })?;
        let mut request = client.request(call.method, call.url).timeout(call.timeout);
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        if let Some(secret) = call.secret {
            // reqwest marks the header as sensitive, so that `Debug` does not show it.
            request = request.bearer_auth(secret);
        }
        if let Some(body) = call.body {
            request = request.body(body);
        }
        let mut response = request.send().await.map_err(|error| CallError::new(error, None))?;
        let status = response.status().as_u16();
        let too_large = || CallError { status: Some(status), ..CallProblem::TooLarge.into() };
        if response.content_length().is_some_and(|length| length > call.max_body as u64) {
            return Err(too_large());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| CallError::new(error, Some(status)))? {
            if body.len() + chunk.len() > call.max_body {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(ApiResponse { status, body, headers: std::mem::take(response.headers_mut()) })
    }
}

impl ApiResponse {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The wait that the server asks for, in `Retry-After`.
    #[must_use]
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        retry::retry_after(self.header("retry-after")?, now)
    }

    /// The time of the response by the server's clock. A response from a cache has the date of the original one.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        self.header("date").filter(|_| !self.headers.contains_key("age")).and_then(retry::date)
    }

    /// The body of a response with status 200.
    pub(crate) fn into_ok(self) -> Result<Vec<u8>, FetchError> {
        self.into_body(&[200])
    }

    /// The body of a response with one of these statuses.
    ///
    /// # Errors
    /// When it has another status.
    pub fn into_body(self, expected: &[u16]) -> Result<Vec<u8>, FetchError> {
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

impl CallError {
    fn new(error: reqwest::Error, status: Option<u16>) -> Self {
        let problem = match status {
            _ if error.is_timeout() => CallProblem::Timeout,
            Some(_) => CallProblem::Truncated,
            None => CallProblem::Connection,
        };
        Self { problem, unsent: error.is_connect(), status, source: Some(error.without_url().into()) }
    }
}

impl FetchError {
    /// Whether the same call may succeed a moment later.
    pub(crate) const fn is_transient(self) -> bool {
        matches!(self, Self::Connection | Self::Status(429 | 500..=599) | Self::Foreign(500..=599))
    }

    /// What the operator can do about it.
    #[must_use]
    pub const fn kind(self) -> FetchErrorKind {
        match self {
            Self::SecretKeyRefused | Self::Status(401 | 403) => FetchErrorKind::KeyRefused,
            Self::Connection | Self::NotYet | Self::Timeout => FetchErrorKind::Unreachable,
            Self::Foreign(_) | Self::Malformed | Self::NoKeys | Self::Status(_) | Self::TooLarge => {
                FetchErrorKind::InvalidResponse
            }
        }
    }

    /// The error in one word, for metrics.
    #[must_use]
    pub const fn label(self) -> &'static str {
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

impl From<CallProblem> for CallError {
    fn from(problem: CallProblem) -> Self {
        Self { problem, unsent: false, status: None, source: None }
    }
}

impl From<CallError> for FetchError {
    fn from(error: CallError) -> Self {
        match error.problem {
            CallProblem::Connection | CallProblem::Truncated => Self::Connection,
            CallProblem::Timeout => Self::Timeout,
            CallProblem::TooLarge => Self::TooLarge,
        }
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
