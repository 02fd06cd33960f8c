//! [`Denied`]: a refused request, with the status, headers and body of its response in all frameworks.

use std::{borrow::Cow, fmt, time::Duration};

use super::{PolicyFailure, Reason, Reverification};
use crate::base::{http_response::HttpResponse, retry::retry_after_header};

/// The header that says how to authenticate.
pub(crate) const CHALLENGE: &str = "www-authenticate";

/// A refused request, with the response to send.
///
/// The body does not depend on the cause, so that it tells an attacker nothing; the cause is in the log.
/// The framework crates convert it to a response of their framework.
#[derive(Debug, Clone)]
pub struct Denied {
    kind: DeniedKind,
    /// What a policy wanted and what the session has, for the developer.
    detail: Option<Box<str>>,
}

/// Kind of a [`Denied`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeniedKind {
    /// 500: the token's claims do not match the handler's type.
    ClaimsShape,
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 403: the token was not granted these scopes.
    InsufficientScope(Box<[Box<str>]>),
    /// 500: the handler needs an authenticated request, but the layer for it is missing.
    LayerMissing,
    /// 500: the service is misconfigured; the log names the mistake.
    Misconfigured,
    /// 403: the user must prove their identity again.
    Reverification(Reverification),
    /// 401: the request has no accepted credential.
    Unauthenticated(Reason),
    /// 503: authentication is temporarily impossible, for example because the instance's keys cannot be fetched.
    Unavailable {
        /// How long the client should wait before a retry.
        retry_after: Duration,
    },
}

/// The same kind; the text for the developer does not count.
impl PartialEq for Denied {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Denied {}

impl Denied {
    const fn new(kind: DeniedKind) -> Self {
        Self { kind, detail: None }
    }

    /// Adds what a policy wanted and what the session has.
    pub(super) fn with_detail(mut self, detail: String) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Why the request was refused, for the developer: in development instances a header says it.
    pub(crate) fn detail(&self) -> Option<&str> {
        match &self.kind {
            DeniedKind::Unauthenticated(reason) if self.detail.is_none() => Some(reason.detail()),
            _ => self.detail.as_deref(),
        }
    }

    /// 401: the request is not signed in.
    #[must_use]
    pub const fn unauthenticated(reason: Reason) -> Self {
        Self::new(DeniedKind::Unauthenticated(reason))
    }

    /// 403: the request is signed in, but not allowed.
    #[must_use]
    pub const fn forbidden() -> Self {
        Self::new(DeniedKind::Forbidden)
    }

    /// 403: the user must prove their identity again. The body makes Clerk's front end ask for it.
    #[must_use]
    pub const fn reverification(reverification: Reverification) -> Self {
        Self::new(DeniedKind::Reverification(reverification))
    }

    /// 403: the token lacks these scopes. The challenge names them.
    #[must_use]
    pub fn insufficient_scope<S: Into<Box<str>>>(scopes: impl IntoIterator<Item = S>) -> Self {
        Self::new(DeniedKind::InsufficientScope(scopes.into_iter().map(Into::into).collect()))
    }

    /// 503: authentication is temporarily impossible, for example because the Backend API is down. `retry_after`
    /// becomes `Retry-After`. The caller logs the cause.
    #[must_use]
    pub const fn unavailable(retry_after: Duration) -> Self {
        Self::new(DeniedKind::Unavailable { retry_after })
    }

    /// 500: the service is misconfigured. The caller logs the mistake.
    #[must_use]
    pub const fn misconfigured() -> Self {
        Self::new(DeniedKind::Misconfigured)
    }

    /// 500: no layer has authenticated the request. Logs an error that names the fix.
    #[must_use]
    pub fn layer_missing(fix: &'static str) -> Self {
        tracing::error!(target: "clerk", fix, "a handler needs an authenticated request, but no layer authenticated it");
        Self::new(DeniedKind::LayerMissing)
    }

    pub(crate) fn claims_shape<C>(error: &serde_json::Error) -> Self {
        tracing::error!(
            target: "clerk",
            claims = std::any::type_name::<C>(),
            problem = without_values(&error.to_string()),
            "the session token's claims do not match the handler's type: make the type's fields optional, or add the claims in the Clerk dashboard (Sessions, Customize session token)",
        );
        Self::new(DeniedKind::ClaimsShape)
    }

    /// The kind of refusal.
    #[must_use]
    pub const fn kind(&self) -> &DeniedKind {
        &self.kind
    }

    /// Whether the response is 401, for code where a signed-out request is not an error.
    #[must_use]
    pub const fn is_unauthenticated(&self) -> bool {
        matches!(self.kind, DeniedKind::Unauthenticated(_))
    }

    /// The HTTP status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match &self.kind {
            DeniedKind::Unauthenticated(_) => 401,
            DeniedKind::Forbidden | DeniedKind::InsufficientScope(_) | DeniedKind::Reverification(_) => 403,
            DeniedKind::Unavailable { .. } => 503,
            DeniedKind::ClaimsShape | DeniedKind::LayerMissing | DeniedKind::Misconfigured => 500,
        }
    }

    /// The response headers, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let retry = match &self.kind {
            DeniedKind::Unavailable { retry_after } => Some(("retry-after", retry_after_header(*retry_after))),
            _ => None,
        };
        let challenge = self.challenge().map(|challenge| (CHALLENGE, challenge));
        [("content-type", "application/json".to_owned()), ("cache-control", "no-store".to_owned())]
            .into_iter()
            .chain(challenge)
            .chain(retry)
    }

    /// The `WWW-Authenticate` header ([RFC 6750, section 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
    fn challenge(&self) -> Option<String> {
        match &self.kind {
            // Section 3.1: no error code if the request has no credential.
            DeniedKind::Unauthenticated(reason) if reason.is_without_credential() => Some("Bearer".to_owned()),
            DeniedKind::Unauthenticated(_) => Some(r#"Bearer error="invalid_token""#.to_owned()),
            DeniedKind::InsufficientScope(scopes) => {
                // A scope that no policy has checked could contain a quote.
                let scopes: Vec<&str> =
                    scopes.iter().map(|scope| &**scope).filter(|scope| !scope.contains(['"', '\\'])).collect();
                Some(format!(r#"Bearer error="insufficient_scope", scope="{}""#, scopes.join(" ")))
            }
            _ => None,
        }
    }

    /// The challenge with additional parameters; `None` without a challenge.
    pub(crate) fn challenge_with<'v>(
        &self,
        parameters: impl IntoIterator<Item = (&'static str, &'v str)>,
    ) -> Option<String> {
        let mut challenge = self.challenge()?;
        for (name, value) in parameters {
            let separator = if challenge == "Bearer" { " " } else { ", " };
            challenge.push_str(&format!(r#"{separator}{name}="{value}""#));
        }
        Some(challenge)
    }

    /// The gRPC status code and its text
    /// ([gRPC status codes](https://grpc.io/docs/guides/status-codes/)).
    ///
    /// ```
    /// let (code, text) = clerk_core::Denied::forbidden().grpc_status();
    /// assert_eq!((code, text), (7, "Forbidden")); // PERMISSION_DENIED
    /// ```
    #[must_use]
    pub const fn grpc_status(&self) -> (i32, &'static str) {
        let code = match self.status() {
            401 => 16, // UNAUTHENTICATED
            403 => 7,  // PERMISSION_DENIED
            503 => 14, // UNAVAILABLE
            _ => 13,   // INTERNAL
        };
        (code, self.text())
    }

    /// The complete response.
    #[must_use]
    pub fn response(&self) -> HttpResponse {
        self.headers()
            .fold(HttpResponse::new(self.status()), |answer, (name, value)| answer.with_header(name, value))
            .with_body(self.body())
    }

    /// The complete response to a gRPC call: status and headers only ("Trailers-Only" in
    /// [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md)).
    #[must_use]
    pub fn grpc_response(&self) -> HttpResponse {
        let (code, text) = self.grpc_status();
        HttpResponse::new(200)
            .with_header("content-type", "application/grpc")
            .with_header("grpc-status", code.to_string())
            .with_header(
                "grpc-message",
                percent_encoding::utf8_percent_encode(text, percent_encoding::CONTROLS).to_string(),
            )
    }

    const fn text(&self) -> &'static str {
        match self.status() {
            401 => "Unauthorized",
            403 => "Forbidden",
            503 => "Service Unavailable",
            _ => "Internal Server Error",
        }
    }

    /// The JSON body, in the form of Clerk's own API errors.
    #[must_use]
    pub fn body(&self) -> Cow<'static, str> {
        Cow::Borrowed(match &self.kind {
            DeniedKind::Unauthenticated(_) => r#"{"errors":[{"code":"unauthenticated","message":"Unauthorized"}]}"#,
            DeniedKind::Reverification(reverification) => return Cow::Owned(reverification.refusal_body()),
            DeniedKind::Forbidden | DeniedKind::InsufficientScope(_) => {
                r#"{"errors":[{"code":"forbidden","message":"Forbidden"}]}"#
            }
            DeniedKind::Unavailable { .. } => r#"{"errors":[{"code":"unavailable","message":"Service Unavailable"}]}"#,
            DeniedKind::ClaimsShape | DeniedKind::LayerMissing | DeniedKind::Misconfigured => {
                r#"{"errors":[{"code":"internal","message":"Internal Server Error"}]}"#
            }
        })
    }
}

impl From<PolicyFailure> for Denied {
    fn from(failure: PolicyFailure) -> Self {
        match failure {
            PolicyFailure::TokenType => Self::unauthenticated(Reason::TokenTypeMismatch),
            PolicyFailure::NotAllowed => Self::forbidden(),
            PolicyFailure::Scopes(scopes) => Self::insufficient_scope(scopes),
            PolicyFailure::Reverification(wanted) => Self::reverification(wanted),
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Denied {}

/// A JSON error's text without quoted values, which are claims of a user.
fn without_values(text: &str) -> String {
    match (text.split_once('"'), text.rsplit_once('"')) {
        (Some((before, _)), Some((_, after))) => format!("{before}...{after}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_response_does_not_depend_on_the_cause() {
        let missing = Denied::unauthenticated(Reason::SessionTokenAndUatMissing);
        let pending = Denied::unauthenticated(Reason::SessionPending);
        assert_eq!((missing.status(), missing.body()), (pending.status(), pending.body()));
    }

    #[test]
    fn challenges_name_the_missing_scopes() {
        let challenge = |denied: &Denied| denied.challenge_with([("resource_metadata", "https://a.test/x")]);
        let nothing = Denied::unauthenticated(Reason::NoTokenInHeader);
        assert_eq!(challenge(&nothing).unwrap(), r#"Bearer resource_metadata="https://a.test/x""#);
        let scopes = Denied::insufficient_scope(["a", "b\"", "c"]);
        assert_eq!(
            challenge(&scopes).unwrap(),
            r#"Bearer error="insufficient_scope", scope="a c", resource_metadata="https://a.test/x""#
        );
        assert_eq!(challenge(&Denied::forbidden()), None);
    }

    #[test]
    fn claim_values_stay_out_of_the_log() {
        let error = serde_json::from_str::<u8>(r#""a\"lice\"@example.com""#).unwrap_err().to_string();
        let text = without_values(&error);
        assert!(text.contains("invalid type") && !text.contains("lice"), "{text}");
    }
}
