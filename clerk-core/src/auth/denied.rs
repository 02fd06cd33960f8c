//! [`Denied`]: status, headers and body of every refusal, the same in all frameworks.

use std::{borrow::Cow, fmt, time::Duration};

use super::{PolicyFailure, Reason, Reverification};
use crate::base::http_response::HttpResponse;

/// The header that says how to authenticate.
pub(crate) const CHALLENGE: &str = "www-authenticate";

/// A refused request: what to answer, and nothing about why.
///
/// The body is the same for every cause, so that it tells an attacker nothing; the cause is in the log.
/// The adapters turn it into a response of their framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied(DeniedKind);

/// What kind of refusal a [`Denied`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeniedKind {
    /// 500: the token's claims do not have the shape that the handler asks for.
    ClaimsShape,
    /// 409: the same webhook message is being handled at this moment.
    Conflict,
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 403: the token was not granted these scopes.
    InsufficientScope(Box<[Box<str>]>),
    /// 500: the handler asks for authentication, or a verified webhook, but no layer has done any.
    LayerMissing,
    /// 500: something is set up wrongly; the log says what.
    Misconfigured,
    /// 403: signed in and allowed, once the user has proved again who they are.
    Reverification(Reverification),
    /// 401: no credential, or none that is accepted.
    Unauthenticated(Reason),
    /// 503: what the answer depends on could not be obtained, such as the instance's keys.
    Unavailable {
        /// How long a client should wait before it tries again.
        retry_after: Duration,
    },
    /// 400: no webhook of Clerk's, or none of this moment.
    Webhook,
}

impl Denied {
    /// A refusal of somebody who is not signed in: 401.
    #[must_use]
    pub const fn unauthenticated(reason: Reason) -> Self {
        Self(DeniedKind::Unauthenticated(reason))
    }

    /// A refusal of somebody who is signed in: 403.
    #[must_use]
    pub const fn forbidden() -> Self {
        Self(DeniedKind::Forbidden)
    }

    /// A refusal of somebody who must prove again who they are: 403, in the form that Clerk's front end understands.
    #[must_use]
    pub const fn reverification(reverification: Reverification) -> Self {
        Self(DeniedKind::Reverification(reverification))
    }

    /// A refusal of a token that lacks these scopes: 403, with a challenge that names them.
    #[must_use]
    pub fn insufficient_scope<S: Into<Box<str>>>(scopes: impl IntoIterator<Item = S>) -> Self {
        Self(DeniedKind::InsufficientScope(scopes.into_iter().map(Into::into).collect()))
    }

    pub(crate) const fn webhook() -> Self {
        Self(DeniedKind::Webhook)
    }

    pub(crate) const fn conflict() -> Self {
        Self(DeniedKind::Conflict)
    }

    /// A refusal because nobody can tell at this moment, such as when the Backend API does not answer: 503, with the time
    /// after which a client should try again. Say in the log why.
    #[must_use]
    pub const fn unavailable(retry_after: Duration) -> Self {
        Self(DeniedKind::Unavailable { retry_after })
    }

    /// A refusal because the service is set up wrongly: 500. Say in the log what.
    #[must_use]
    pub const fn misconfigured() -> Self {
        Self(DeniedKind::Misconfigured)
    }

    /// The answer of an adapter that finds no authentication on a request: 500, and a log line that names the fix.
    #[must_use]
    pub fn layer_missing(fix: &'static str) -> Self {
        tracing::error!(target: "clerk", fix, "a handler asks who is signed in, but nothing authenticated the request");
        Self(DeniedKind::LayerMissing)
    }

    /// The same for a handler that finds no verified webhook on a request.
    #[must_use]
    pub fn webhook_layer_missing(fix: &'static str) -> Self {
        tracing::error!(target: "clerk", fix, "a handler asks for a webhook, but nothing verified the request");
        Self(DeniedKind::LayerMissing)
    }

    pub(crate) fn claims_shape<C>(error: &serde_json::Error) -> Self {
        tracing::error!(
            target: "clerk",
            claims = std::any::type_name::<C>(),
            problem = without_values(&error.to_string()),
            "the session token's claims do not have the shape that the handler asks for: make the type's fields optional, or add the claims in the Clerk dashboard (Sessions, Customize session token)",
        );
        Self(DeniedKind::ClaimsShape)
    }

    /// What kind of refusal this is.
    #[must_use]
    pub const fn kind(&self) -> &DeniedKind {
        &self.0
    }

    /// Whether it is a refusal of somebody who is not signed in, for places where that is no mistake.
    #[must_use]
    pub const fn is_unauthenticated(&self) -> bool {
        matches!(self.0, DeniedKind::Unauthenticated(_))
    }

    /// The HTTP status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match &self.0 {
            DeniedKind::Webhook => 400,
            DeniedKind::Unauthenticated(_) => 401,
            DeniedKind::Forbidden | DeniedKind::InsufficientScope(_) | DeniedKind::Reverification(_) => 403,
            DeniedKind::Conflict => 409,
            DeniedKind::Unavailable { .. } => 503,
            DeniedKind::ClaimsShape | DeniedKind::LayerMissing | DeniedKind::Misconfigured => 500,
        }
    }

    /// The response headers, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let retry = match &self.0 {
            DeniedKind::Unavailable { retry_after } => {
                Some(("retry-after", retry_after.as_millis().div_ceil(1000).max(1).to_string()))
            }
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
        match &self.0 {
            // Section 3.1: no error code when the request held no credential at all.
            DeniedKind::Unauthenticated(reason) if reason.is_without_credential() => Some("Bearer".to_owned()),
            DeniedKind::Unauthenticated(_) => Some(r#"Bearer error="invalid_token""#.to_owned()),
            DeniedKind::InsufficientScope(scopes) => {
                // A scope from elsewhere than a policy could end the quotes.
                let scopes: Vec<&str> =
                    scopes.iter().map(|scope| &**scope).filter(|scope| !scope.contains(['"', '\\'])).collect();
                Some(format!(r#"Bearer error="insufficient_scope", scope="{}""#, scopes.join(" ")))
            }
            _ => None,
        }
    }

    /// The challenge with more parameters, where there is a challenge.
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

    /// The status code of a gRPC call that ends so, and its text
    /// ([gRPC status codes](https://grpc.io/docs/guides/status-codes/)).
    ///
    /// ```
    /// let (code, text) = clerk_core::Denied::forbidden().grpc_status();
    /// assert_eq!((code, text), (7, "Forbidden")); // PERMISSION_DENIED
    /// ```
    #[must_use]
    pub const fn grpc_status(&self) -> (i32, &'static str) {
        let code = match self.status() {
            400 => 3,  // INVALID_ARGUMENT
            401 => 16, // UNAUTHENTICATED
            403 => 7,  // PERMISSION_DENIED
            409 => 10, // ABORTED
            503 => 14, // UNAVAILABLE
            _ => 13,   // INTERNAL
        };
        (code, self.text())
    }

    /// The whole answer.
    #[must_use]
    pub fn answer(&self) -> HttpResponse {
        self.headers()
            .fold(HttpResponse::new(self.status()), |answer, (name, value)| answer.with_header(name, value))
            .with_body(self.body())
    }

    /// The whole answer to a gRPC call: status and headers alone, as
    /// [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) has it ("Trailers-Only").
    #[must_use]
    pub fn grpc_answer(&self) -> HttpResponse {
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
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            409 => "Conflict",
            503 => "Service Unavailable",
            _ => "Internal Server Error",
        }
    }

    /// The JSON body, in the form of Clerk's own API errors.
    #[must_use]
    pub fn body(&self) -> Cow<'static, str> {
        Cow::Borrowed(match &self.0 {
            DeniedKind::Unauthenticated(_) => r#"{"errors":[{"code":"unauthenticated","message":"Unauthorized"}]}"#,
            DeniedKind::Reverification(reverification) => return Cow::Owned(reverification.refusal_body()),
            DeniedKind::Forbidden | DeniedKind::InsufficientScope(_) => {
                r#"{"errors":[{"code":"forbidden","message":"Forbidden"}]}"#
            }
            DeniedKind::Conflict => r#"{"errors":[{"code":"conflict","message":"Conflict"}]}"#,
            DeniedKind::Webhook => r#"{"errors":[{"code":"bad_request","message":"Bad Request"}]}"#,
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

/// A JSON error's text without the values it quotes, which are somebody's claims.
fn without_values(text: &str) -> String {
    match (text.split_once('"'), text.rsplit_once('"')) {
        (Some((before, _)), Some((_, after))) => format!("{before}...{after}"),
        _ => text.to_owned(),
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Denied {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_the_same_for_every_cause() {
        let missing = Denied::unauthenticated(Reason::SessionTokenAndUatMissing);
        let pending = Denied::unauthenticated(Reason::SessionPending);
        assert_eq!((missing.status(), missing.body()), (pending.status(), pending.body()));
    }

    #[test]
    fn a_retry_is_never_asked_for_at_once() {
        for (wait, header) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2")] {
            let denied = Denied::unavailable(Duration::from_millis(wait));
            assert!(denied.headers().any(|pair| pair == ("retry-after", header.to_owned())), "{wait}");
        }
    }

    #[test]
    fn challenges_say_what_would_help() {
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
