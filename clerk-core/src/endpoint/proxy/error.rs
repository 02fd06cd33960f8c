//! [`ProxyError`]: status, headers and body of every refusal, the same in all frameworks.

use std::fmt;

/// A request that the proxy does not forward, or whose answer did not come: what to answer, and nothing about why.
///
/// The cause is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyError(ProxyErrorKind);

/// What kind of failure a [`ProxyError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyErrorKind {
    /// 503: as many requests are under way as may be.
    Busy,
    /// 408: the client did not send its body in time.
    ClientTimeout,
    /// 400: the request's body broke off, or the request is malformed.
    Malformed,
    /// 405: no method of the Frontend API.
    Method,
    /// 500: the proxy is set up so that it calls itself.
    Misconfigured,
    /// 400: the path is not below the proxy's, or servers on the way could read it differently.
    Path,
    /// 413: the request's body is larger than allowed.
    TooLarge,
    /// 502: the upstream cannot be reached, or broke off.
    Upstream,
    /// 504: the upstream did not answer in time.
    UpstreamTimeout,
}

impl ProxyError {
    /// What kind of failure this is.
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
            ProxyErrorKind::Method => Some(("allow", super::METHODS_TEXT)),
            ProxyErrorKind::Busy => Some(("retry-after", "1")),
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
            ProxyErrorKind::Busy => "too many proxied requests are under way",
            ProxyErrorKind::ClientTimeout => "the client did not send its body in time",
            ProxyErrorKind::Malformed => "the request is malformed, or its body broke off",
            ProxyErrorKind::Method => "the method is none of the Frontend API",
            ProxyErrorKind::Misconfigured => "the proxy calls itself",
            ProxyErrorKind::Path => "the path is none of the proxy",
            ProxyErrorKind::TooLarge => "the request's body is too large",
            ProxyErrorKind::Upstream => "the Frontend API cannot be reached",
            ProxyErrorKind::UpstreamTimeout => "the Frontend API did not answer in time",
        })
    }
}

impl std::error::Error for ProxyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_is_json_of_one_error_that_nobody_keeps() {
        for (kind, code) in [
            (ProxyErrorKind::Busy, "proxy_request_failed"),
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
