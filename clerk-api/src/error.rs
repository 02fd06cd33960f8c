//! [`ApiError`]: everything that can be the matter with a call.

use std::{error::Error, fmt, time::Duration};

use clerk_core::backend_rules::is_secret_key_error;
use serde_json::{Map, Value};

use crate::field::Mismatch;

/// A call that did not bring what it was made for.
///
/// Neither `Display` nor `Debug` show the API's messages or any part of a body: those may name people. The messages are
/// there for whoever asks.
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
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What was the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// Refused, reset, or no such host.
    Connection,
    /// The request could not be made of what it was given; nothing was sent.
    InvalidRequest,
    /// Clerk is being maintained (`maintenance_mode`).
    Maintenance,
    /// JSON of another shape than the API describes.
    Mismatch,
    /// There is no secret key to call with; nothing was sent.
    NoSecretKey,
    /// Somebody refused with JSON, but not Clerk: the errors are not in Clerk's form. A gateway that knows no such route,
    /// for example.
    NotClerk,
    /// Somebody answered, but not Clerk: a proxy, with a page for example.
    NotJson,
    /// The client's own limit leaves no room in the time that the call may take; nothing was sent.
    RateLimit,
    /// An answer that points elsewhere, where the secret key must not go.
    Redirect,
    /// The API refused, for the reasons in [`ApiError::details`].
    Refused,
    /// The API does not know the secret key.
    SecretKeyRefused,
    /// No answer in time.
    Timeout,
    /// The answer is larger than the client reads.
    TooLarge,
    /// The answer ended before it was over.
    Truncated,
}

/// One reason that the API gives.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// A word for programs: `resource_not_found`.
    pub code: String,
    /// A sentence for developers.
    pub message: String,
    /// A sentence that may be shown to users.
    pub long_message: Option<String>,
    /// The rest, such as the parameter that is wrong.
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
            source: None,
        }))
    }

    pub(crate) fn mismatch(mismatch: Mismatch) -> Self {
        Self::new(ApiErrorKind::Mismatch).with_source(mismatch)
    }

    pub(crate) fn invalid(problem: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(ApiErrorKind::InvalidRequest).with_source(problem)
    }

    /// What the API says in a body that is no success.
    ///
    /// Whoever answers may repeat what it was asked with: the secret is taken out before anything else looks at it.
    pub(crate) fn answered(status: u16, body: &[u8], header_trace_id: Option<&str>, secret: &str) -> Self {
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
        error.0.trace_id = trace_id.map(|id| without(id, secret).into());
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

    pub(crate) fn of_call(mut self, operation: &'static str, tries: u32) -> Self {
        self.0.operation = operation;
        self.0.tries = tries;
        self
    }

    /// What was the matter.
    #[must_use]
    pub fn kind(&self) -> ApiErrorKind {
        self.0.kind
    }

    /// The answer's status, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The reasons that the API gives; there may be several, and there may be none.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// The first reason's code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.details.first().map(|detail| &*detail.code)
    }

    /// Whether the API gives this reason, among others maybe.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.0.details.iter().any(|detail| detail.code == code)
    }

    /// Whether there is no such thing: status 404, and it is Clerk who says so. A 404 of a gateway on the way is not.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.status == Some(404) && self.0.kind == ApiErrorKind::Refused
    }

    /// Whether there were too many calls: status 429.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.status == Some(429) || self.0.kind == ApiErrorKind::RateLimit
    }

    /// What to tell Clerk's support.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.0.trace_id.as_deref()
    }

    /// How long the API asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The name of the operation in Clerk's description of the API.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.0.operation
    }

    /// How many times the call was made.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.0.tries
    }

    /// Whether the same call may well succeed a moment later.
    pub(crate) fn is_worth_a_retry(&self) -> bool {
        match self.0.kind {
            ApiErrorKind::Connection | ApiErrorKind::Timeout | ApiErrorKind::Truncated => true,
            _ => matches!(self.0.status, Some(429 | 502..=504)),
        }
    }
}

/// What stands in the place of a secret.
const REDACTED: &str = "[secret key]";

fn without(text: &str, secret: &str) -> String {
    if secret.is_empty() { text.to_owned() } else { text.replace(secret, REDACTED) }
}

/// Takes a secret out of all texts and names, however deep.
fn redact(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) => *text = without(text, secret),
        Value::Array(list) => list.iter_mut().for_each(|one| redact(one, secret)),
        Value::Object(object) => {
            *object = std::mem::take(object)
                .into_iter()
                .map(|(name, mut value)| {
                    redact(&mut value, secret);
                    (without(&name, secret), value)
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

    /// The parameter that is wrong, if it is one.
    #[must_use]
    pub fn param_name(&self) -> Option<&str> {
        self.meta.get("param_name").and_then(Value::as_str)
    }
}

impl ApiErrorKind {
    const fn text(self) -> &'static str {
        match self {
            Self::Connection => "no connection",
            Self::InvalidRequest => "the request is invalid, and was not sent",
            Self::Maintenance => "Clerk is being maintained",
            Self::Mismatch => "the answer is not what Clerk describes",
            Self::NoSecretKey => "there is no secret key to call with: set CLERK_SECRET_KEY",
            Self::NotClerk => "the answer has not the form of Clerk's errors, so it is not from Clerk",
            Self::NotJson => "the answer is no JSON, so it is not from Clerk",
            Self::RateLimit => "the client's own rate limit leaves no room in time",
            Self::Redirect => "the answer is a redirect, which is not followed",
            Self::Refused => "refused",
            Self::SecretKeyRefused => "Clerk does not know this secret key: copy it again from the dashboard, API keys",
            Self::Timeout => "no answer in time",
            Self::TooLarge => "the answer is too large",
            Self::Truncated => "the answer ended early",
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.operation, self.0.kind.text())?;
        if let Some(status) = self.0.status {
            write!(f, ", status {status}")?;
        }
        for detail in &self.0.details {
            write!(f, ", {}", Word(&detail.code))?;
            if let Some(name) = detail.param_name() {
                write!(f, " ({})", Word(name))?;
            }
        }
        match &self.0.trace_id {
            Some(trace_id) => write!(f, ", trace {}", Word(trace_id)),
            None => Ok(()),
        }
    }
}

/// A word of an answer that looks like one; anything else stays out of logs.
struct Word<'a>(&'a str);

impl fmt::Display for Word<'_> {
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
