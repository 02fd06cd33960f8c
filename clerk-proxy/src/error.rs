//! [`ProxyError`]: status, headers and body of every error response, the same in all frameworks.

use std::{error::Error, fmt};

/// The response to a request that the proxy does not forward, or that the upstream does not answer.
///
/// The response does not show the cause; the log does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyError(ProxyErrorKind);

/// The kind of a [`ProxyError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyErrorKind {
    /// 503: the limit of concurrent requests is reached.
    Busy,
    /// 429: this client has as many concurrent requests as one client may have.
    ClientBusy,
    /// 408: the client did not send its body in time.
    ClientTimeout,
    /// 400: the request is malformed, or its body ended early.
    Malformed,
    /// 405: not a method of the Frontend API.
    Method,
    /// 500: the proxy's upstream is the proxy itself.
    Misconfigured,
    /// 400: the path is not below the proxy's path, or is ambiguous.
    Path,
    /// 413: the request's body is larger than allowed.
    TooLarge,
    /// 502: the upstream cannot be reached, or closed the connection.
    Upstream,
    /// 504: the upstream did not answer in time.
    UpstreamTimeout,
}

impl ProxyError {
    /// The kind of error.
    #[must_use]
    pub const fn kind(&self) -> ProxyErrorKind {
        self.0
    }

    /// The HTTP status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.0 {
            ProxyErrorKind::Malformed | ProxyErrorKind::Path => 400,
            ProxyErrorKind::Method => 405,
            ProxyErrorKind::ClientTimeout => 408,
            ProxyErrorKind::TooLarge => 413,
            ProxyErrorKind::ClientBusy => 429,
            ProxyErrorKind::Misconfigured => 500,
            ProxyErrorKind::Upstream => 502,
            ProxyErrorKind::Busy => 503,
            ProxyErrorKind::UpstreamTimeout => 504,
        }
    }

    /// The response headers, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let specific = match self.0 {
            // RFC 9110, section 15.5.6.
            ProxyErrorKind::Method => Some(("allow", crate::request::METHODS_TEXT)),
            ProxyErrorKind::Busy | ProxyErrorKind::ClientBusy => Some(("retry-after", "1")),
            _ => None,
        };
        [("content-type", "application/json"), ("cache-control", "no-store")].into_iter().chain(specific)
    }

    /// The JSON body, in the form of Clerk's own API errors.
    #[must_use]
    pub const fn body(&self) -> &'static str {
        match self.0 {
            ProxyErrorKind::Misconfigured => {
                r#"{"errors":[{"code":"proxy_configuration_error","message":"Internal Server Error"}]}"#
            }
            ProxyErrorKind::Path => {
                r#"{"errors":[{"code":"proxy_path_mismatch","message":"Request path does not match the proxy path"}]}"#
            }
            ProxyErrorKind::Malformed => r#"{"errors":[{"code":"proxy_request_failed","message":"Bad Request"}]}"#,
            ProxyErrorKind::Method => r#"{"errors":[{"code":"proxy_request_failed","message":"Method Not Allowed"}]}"#,
            ProxyErrorKind::ClientTimeout => {
                r#"{"errors":[{"code":"proxy_request_failed","message":"Request Timeout"}]}"#
            }
            ProxyErrorKind::ClientBusy => {
                r#"{"errors":[{"code":"proxy_request_failed","message":"Too Many Requests"}]}"#
            }
            ProxyErrorKind::TooLarge => r#"{"errors":[{"code":"proxy_request_failed","message":"Content Too Large"}]}"#,
            ProxyErrorKind::Upstream => r#"{"errors":[{"code":"proxy_request_failed","message":"Bad Gateway"}]}"#,
            ProxyErrorKind::Busy => r#"{"errors":[{"code":"proxy_request_failed","message":"Service Unavailable"}]}"#,
            ProxyErrorKind::UpstreamTimeout => {
                r#"{"errors":[{"code":"proxy_request_failed","message":"Gateway Timeout"}]}"#
            }
        }
    }
}

impl From<ProxyErrorKind> for ProxyError {
    fn from(kind: ProxyErrorKind) -> Self {
        Self(kind)
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            ProxyErrorKind::Busy => "too many concurrent proxied requests",
            ProxyErrorKind::ClientBusy => "too many concurrent requests of one client",
            ProxyErrorKind::ClientTimeout => "the client did not send its body in time",
            ProxyErrorKind::Malformed => "the request is malformed, or its body ended early",
            ProxyErrorKind::Method => "the method is not one of the Frontend API",
            ProxyErrorKind::Misconfigured => "the proxy calls itself",
            ProxyErrorKind::Path => "the path is not below the proxy's path, or is ambiguous",
            ProxyErrorKind::TooLarge => "the request's body is too large",
            ProxyErrorKind::Upstream => "the Frontend API cannot be reached",
            ProxyErrorKind::UpstreamTimeout => "the Frontend API did not answer in time",
        })
    }
}

impl Error for ProxyError {}

/// Returns the innermost error, which says what happened.
pub(crate) fn root_cause<'e>(error: &'e (dyn Error + 'static)) -> &'e (dyn Error + 'static) {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_is_json_with_one_error_and_not_cached() {
        for (kind, code) in [
            (ProxyErrorKind::Busy, "proxy_request_failed"),
            (ProxyErrorKind::ClientBusy, "proxy_request_failed"),
            (ProxyErrorKind::ClientTimeout, "proxy_request_failed"),
            (ProxyErrorKind::Malformed, "proxy_request_failed"),
            (ProxyErrorKind::Method, "proxy_request_failed"),
            (ProxyErrorKind::Misconfigured, "proxy_configuration_error"),
            (ProxyErrorKind::Path, "proxy_path_mismatch"),
            (ProxyErrorKind::TooLarge, "proxy_request_failed"),
            (ProxyErrorKind::Upstream, "proxy_request_failed"),
            (ProxyErrorKind::UpstreamTimeout, "proxy_request_failed"),
        ] {
            let error = ProxyError::from(kind);
            let body: serde_json::Value = serde_json::from_str(error.body()).unwrap();
            let errors = body["errors"].as_array().unwrap();
            assert_eq!((errors.len(), errors[0]["code"].as_str()), (1, Some(code)));
            assert!(errors[0]["message"].is_string());
            assert!(error.headers().any(|pair| pair == ("cache-control", "no-store")), "{kind:?}");
        }
    }
}
