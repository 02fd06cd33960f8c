//! [`Denied`]: status, headers and body of every refusal, the same in all frameworks.

use std::{borrow::Cow, fmt, time::Duration};

use crate::auth::{Reason, Reverification};

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
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 500: the handler asks for authentication, but no layer has done any.
    LayerMissing,
    /// 500: something is set up wrongly; the log says what.
    Misconfigured,
    /// 403: signed in and allowed, once the user has proved again who they are.
    Reverification(Reverification),
    /// 401: no credential, or none that is accepted.
    Unauthenticated(Reason),
    /// 503: the instance's keys could not be obtained.
    Unavailable {
        /// How long a client should wait before it tries again.
        retry_after: Duration,
    },
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

    pub(crate) const fn unavailable(retry_after: Duration) -> Self {
        Self(DeniedKind::Unavailable { retry_after })
    }

    pub(crate) const fn misconfigured() -> Self {
        Self(DeniedKind::Misconfigured)
    }

    /// The answer of an adapter that finds no authentication on a request: 500, and a log line that names the fix.
    #[must_use]
    pub fn layer_missing(fix: &'static str) -> Self {
        tracing::error!(target: "clerk", fix, "a handler asks who is signed in, but nothing authenticated the request");
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

    /// The HTTP status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match &self.0 {
            DeniedKind::Unauthenticated(_) => 401,
            DeniedKind::Forbidden | DeniedKind::Reverification(_) => 403,
            DeniedKind::Unavailable { .. } => 503,
            DeniedKind::ClaimsShape | DeniedKind::LayerMissing | DeniedKind::Misconfigured => 500,
        }
    }

    /// The response headers, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let specific = match &self.0 {
            // RFC 6750, section 3.1: no error code when the request held no credential at all.
            DeniedKind::Unauthenticated(reason) if reason.is_without_credential() => {
                Some(("www-authenticate", "Bearer".to_owned()))
            }
            DeniedKind::Unauthenticated(_) => Some(("www-authenticate", r#"Bearer error="invalid_token""#.to_owned())),
            DeniedKind::Unavailable { retry_after } => {
                Some(("retry-after", retry_after.as_millis().div_ceil(1000).max(1).to_string()))
            }
            _ => None,
        };
        [("content-type", "application/json".to_owned()), ("cache-control", "no-store".to_owned())]
            .into_iter()
            .chain(specific)
    }

    /// The JSON body, in the form of Clerk's own API errors.
    #[must_use]
    pub fn body(&self) -> Cow<'static, str> {
        Cow::Borrowed(match &self.0 {
            DeniedKind::Unauthenticated(_) => r#"{"errors":[{"code":"unauthenticated","message":"Unauthorized"}]}"#,
            DeniedKind::Reverification(reverification) => return Cow::Owned(reverification.refusal_body()),
            DeniedKind::Forbidden => r#"{"errors":[{"code":"forbidden","message":"Forbidden"}]}"#,
            DeniedKind::Unavailable { .. } => r#"{"errors":[{"code":"unavailable","message":"Service Unavailable"}]}"#,
            DeniedKind::ClaimsShape | DeniedKind::LayerMissing | DeniedKind::Misconfigured => {
                r#"{"errors":[{"code":"internal","message":"Internal Server Error"}]}"#
            }
        })
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
        f.write_str(match &self.0 {
            DeniedKind::Unauthenticated(_) => "Unauthorized",
            DeniedKind::Forbidden | DeniedKind::Reverification(_) => "Forbidden",
            DeniedKind::Unavailable { .. } => "Service Unavailable",
            DeniedKind::ClaimsShape | DeniedKind::LayerMissing | DeniedKind::Misconfigured => "Internal Server Error",
        })
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
    fn claim_values_stay_out_of_the_log() {
        let error = serde_json::from_str::<u8>(r#""a\"lice\"@example.com""#).unwrap_err().to_string();
        let text = without_values(&error);
        assert!(text.contains("invalid type") && !text.contains("lice"), "{text}");
    }
}
