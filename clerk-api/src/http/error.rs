//! [`ApiError`]: why a call failed.

use std::{error::Error, fmt, time::Duration};

use clerk_core::internal::is_secret_key_error;
use clerk_types::Mismatch;
use serde_json::{Map, Value};

/// Why a call failed.
///
/// Neither `Display` nor `Debug` shows the API's messages or any value of a body, because those may contain personal
/// data. [`details`](Self::details) has the messages. `Display` names the place of an unexpected value, such as
/// `data[3].email_addresses[0].verification`, and the parameter that is invalid.
///
/// ```no_run
/// # async fn run(client: clerk_api::Client) -> Result<(), clerk_api::ApiError> {
/// let user = match client.users().get("user_1").send().await {
///     Ok(user) => Some(user),
///     Err(error) if error.is_not_found() => None,
///     Err(error) => return Err(error),
/// };
/// # let _ = user; Ok(()) }
/// ```
pub struct ApiError(Box<Inner>);

struct Inner {
    kind: ApiErrorKind,
    operation: &'static str,
    status: Option<u16>,
    details: Vec<ErrorDetail>,
    trace_id: Option<Box<str>>,
    retry_after: Option<Duration>,
    tries: u32,
    /// Whether there was no connection, so that nothing was sent. A connection that breaks later does not count.
    unsent: bool,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// The connection was refused or reset, or the host does not exist.
    Connection,
    /// An id or a parameter is invalid; nothing was sent.
    InvalidRequest,
    /// Clerk is in maintenance (`maintenance_mode`).
    Maintenance,
    /// The response's JSON differs from the API's description.
    Mismatch,
    /// The client has no secret key; nothing was sent.
    NoSecretKey,
    /// The error is JSON, but not in Clerk's format: it comes from another server, such as a gateway without this
    /// route.
    NotClerk,
    /// The response is not JSON: it comes from another server, such as a proxy with an HTML page.
    NotJson,
    /// The client's own rate limit would delay the call beyond its timeout; nothing was sent.
    RateLimit,
    /// The response is a redirect. It is not followed, because the secret key must not be sent elsewhere.
    Redirect,
    /// The API rejected the request; [`ApiError::details`] has the reasons.
    Refused,
    /// The API rejected the secret key as invalid.
    SecretKeyRefused,
    /// No response in time.
    Timeout,
    /// The response is larger than [`Client::max_response_size`](crate::Client::max_response_size).
    TooLarge,
    /// The response ended early.
    Truncated,
}

/// One reason that the API gives.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// A code for programs, such as `resource_not_found`.
    pub code: String,
    /// A message for developers.
    pub message: String,
    /// A message that may be shown to users.
    pub long_message: Option<String>,
    /// Further members, such as the name of the invalid parameter.
    pub meta: Map<String, Value>,
}

impl ApiError {
    pub(crate) fn new(kind: ApiErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: "",
            status: None,
            details: Vec::new(),
            trace_id: None,
            retry_after: None,
            tries: 0,
            unsent: false,
            source: None,
        }))
    }

    pub(crate) fn mismatch(mismatch: Mismatch) -> Self {
        Self::new(ApiErrorKind::Mismatch).with_source(mismatch)
    }

    pub(crate) fn invalid_request(problem: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(ApiErrorKind::InvalidRequest).with_source(problem)
    }

    /// Reads a response with an error status.
    ///
    /// A server may repeat the request in its response, so the secret is removed from the body first.
    pub(crate) fn from_response(status: u16, body: &[u8], header_trace_id: Option<&str>, secret: &str) -> Self {
        let mut body = serde_json::from_slice::<Value>(body).ok();
        if let Some(body) = &mut body {
            redact(body, secret);
        }
        let details: Vec<_> = body
            .as_ref()
            .and_then(|body| body.get("errors")?.as_array())
            .map(|errors| errors.iter().filter_map(ErrorDetail::from_json).collect())
            .unwrap_or_default();
        let has = |code: &str| details.iter().any(|detail: &ErrorDetail| detail.code == code);
        let kind = match status {
            300..=399 => ApiErrorKind::Redirect,
            _ if body.is_none() => ApiErrorKind::NotJson,
            _ if details.is_empty() => ApiErrorKind::NotClerk,
            _ if has("maintenance_mode") => ApiErrorKind::Maintenance,
            _ if details.iter().any(|detail| is_secret_key_error(&detail.code)) => ApiErrorKind::SecretKeyRefused,
            _ => ApiErrorKind::Refused,
        };
        let trace_id = body.as_ref().and_then(|body| body.get("clerk_trace_id")?.as_str()).or(header_trace_id);
        let mut error = Self::new(kind);
        error.0.trace_id = trace_id.map(|id| remove_secret(id, secret).into());
        error.0.details = details;
        error.with_status(status)
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_nothing_sent(mut self) -> Self {
        self.0.unsent = true;
        self
    }

    pub(crate) fn with_call(mut self, operation: &'static str, tries: u32) -> Self {
        self.0.operation = operation;
        self.0.tries = tries;
        self
    }

    /// The kind of the failure.
    #[must_use]
    pub fn kind(&self) -> ApiErrorKind {
        self.0.kind
    }

    /// The response's status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The reasons that the API gives; may be empty.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// The first reason's code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.details.first().map(|detail| &*detail.code)
    }

    /// Whether one of the API's reasons has this code.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.0.details.iter().any(|detail| detail.code == code)
    }

    /// Whether the object does not exist: status 404 from Clerk. A gateway's 404 does not count.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.status == Some(404) && self.0.kind == ApiErrorKind::Refused
    }

    /// Whether there were too many calls: status 429, or the client's own rate limit.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.status == Some(429) || self.0.kind == ApiErrorKind::RateLimit
    }

    /// The trace id to send to Clerk's support.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.0.trace_id.as_deref()
    }

    /// How long the API asks the client to wait (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The operation's id in Clerk's OpenAPI description.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.0.operation
    }

    /// How many times the call was sent.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.0.tries
    }

    /// Whether the same call may be sent again. A call that Clerk may have executed is repeated only if it is idempotent.
    pub(crate) fn is_retryable(&self, idempotent: bool) -> bool {
        let may_be_executed = self.0.status != Some(429) && !self.0.unsent;
        let may_pass = match self.0.kind {
            ApiErrorKind::Connection | ApiErrorKind::Timeout | ApiErrorKind::Truncated => true,
            _ => matches!(self.0.status, Some(429 | 502..=504)),
        };
        may_pass && (idempotent || !may_be_executed)
    }

    /// What is wrong with the request or the response, without any value.
    fn problem(&self) -> Option<&dyn fmt::Display> {
        match self.0.kind {
            ApiErrorKind::InvalidRequest | ApiErrorKind::Mismatch => self.0.source.as_ref().map(|source| source as _),
            _ => None,
        }
    }
}

/// Replaces a secret.
const REDACTED: &str = "[secret key]";

fn remove_secret(text: &str, secret: &str) -> String {
    if secret.is_empty() { text.to_owned() } else { text.replace(secret, REDACTED) }
}

/// Removes a secret from all texts and member names, at any depth.
fn redact(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) => *text = remove_secret(text, secret),
        Value::Array(list) => list.iter_mut().for_each(|one| redact(one, secret)),
        Value::Object(object) => {
            *object = std::mem::take(object)
                .into_iter()
                .map(|(name, mut value)| {
                    redact(&mut value, secret);
                    (remove_secret(&name, secret), value)
                })
                .collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl ErrorDetail {
    fn from_json(json: &Value) -> Option<Self> {
        let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            code: text("code")?,
            message: text("message").unwrap_or_default(),
            long_message: text("long_message"),
            meta: json.get("meta").and_then(Value::as_object).cloned().unwrap_or_default(),
        })
    }

    /// The name of the invalid parameter, if the reason is one.
    #[must_use]
    pub fn param_name(&self) -> Option<&str> {
        self.meta.get("param_name").and_then(Value::as_str)
    }
}

impl ApiErrorKind {
    const fn text(self) -> &'static str {
        match self {
            Self::Connection => "no connection",
            Self::InvalidRequest => "the request is invalid and was not sent",
            Self::Maintenance => "Clerk is in maintenance",
            Self::Mismatch => "the response differs from Clerk's description of the API",
            Self::NoSecretKey => "the client has no secret key: set CLERK_SECRET_KEY",
            Self::NotClerk => "the response does not have the format of Clerk's errors, so it is not from Clerk",
            Self::NotJson => "the response is not JSON, so it is not from Clerk",
            Self::RateLimit => "the client's own rate limit would delay the call beyond its timeout",
            Self::Redirect => "the response is a redirect, which is not followed",
            Self::Refused => "refused",
            Self::SecretKeyRefused => "Clerk does not know this secret key: copy it again from the dashboard, API keys",
            Self::Timeout => "no response in time",
            Self::TooLarge => "the response is too large",
            Self::Truncated => "the response ended early",
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.operation, self.0.kind.text())?;
        if let Some(problem) = self.problem() {
            write!(f, ": {problem}")?;
        }
        if let Some(status) = self.0.status {
            write!(f, ", status {status}")?;
        }
        for detail in &self.0.details {
            write!(f, ", {}", LogSafe(&detail.code))?;
            if let Some(name) = detail.param_name() {
                write!(f, " ({})", LogSafe(name))?;
            }
        }
        match &self.0.trace_id {
            Some(trace_id) => write!(f, ", trace {}", LogSafe(trace_id)),
            None => Ok(()),
        }
    }
}

/// Text of a response, for a log: shown if it looks like a code, otherwise `?`.
struct LogSafe<'a>(&'a str);

impl fmt::Display for LogSafe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.0.len() <= 64 && self.0.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b));
        f.write_str(if plain { self.0 } else { "?" })
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.operation)
            .field("status", &self.0.status)
            .field("details", &self.0.details)
            .field("trace_id", &self.0.trace_id)
            .field("retry_after", &self.0.retry_after)
            .field("tries", &self.0.tries)
            .field("source", &self.0.source)
            .finish()
    }
}

impl fmt::Debug for ErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorDetail")
            .field("code", &self.code)
            .field("param_name", &self.param_name())
            .finish_non_exhaustive()
    }
}

impl Error for ApiError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
