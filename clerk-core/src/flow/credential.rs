//! Which token a request presents.

use super::view::Facts;

/// What a request presents.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Credential<'a> {
    /// Nothing that concerns us.
    None,
    /// Something that cannot be a token.
    Malformed,
    /// A token to verify.
    Token(&'a str),
}

/// The `Authorization` header if it carries a token, else the session cookie.
///
/// A header that is there but bad never falls back to the cookie: the sender meant it.
pub(super) fn credential<'a>(facts: &Facts<'a>) -> Credential<'a> {
    match facts.authorization.map(authorization) {
        Some(Credential::None) | None => {}
        // Which of two headers a proxy in front of us believed, nobody knows.
        Some(_) if facts.authorization_repeated => return Credential::Malformed,
        Some(credential) => return credential,
    }
    match facts.session_cookie {
        None | Some([]) => Credential::None,
        Some(value) => token(value),
    }
}

/// `Bearer <token>` with the scheme in any case ([RFC 9110, section 11.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.1)),
/// or a bare token as Clerk's own SDKs accept it; other schemes are none of ours.
fn authorization(value: &[u8]) -> Credential<'_> {
    let value = value.trim_ascii();
    if value.is_empty() {
        return Credential::None;
    }
    // One word alone is a token without its scheme, or a scheme without its token, which is refused as one.
    let Some(space) = value.iter().position(|&b| b == b' ') else { return token(value) };
    let (scheme, rest) = (&value[..space], value[space..].trim_ascii_start());
    // `Bearer:` is a common slip that Clerk's own SDK lets pass.
    if !scheme.strip_suffix(b":").unwrap_or(scheme).eq_ignore_ascii_case(b"bearer") {
        return Credential::None;
    }
    token(rest.split(|&b| b == b' ').next().unwrap_or_default())
}

fn token(value: &[u8]) -> Credential<'_> {
    match std::str::from_utf8(value) {
        Ok(text) if !text.is_empty() => Credential::Token(text),
        _ => Credential::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(authorization: &[&'static str], cookie: Option<&'static str>) -> Credential<'static> {
        credential(&Facts {
            authorization: authorization.first().map(|value| value.as_bytes()),
            authorization_repeated: authorization.len() > 1,
            session_cookie: cookie.map(str::as_bytes),
        })
    }

    #[test]
    fn the_header_wins_over_the_cookie() {
        for header in ["Bearer a", "bearer a", "BEARER a", "Bearer  a", "  Bearer a ", "a", "Bearer: a", "Bearer a b"] {
            assert_eq!(with(&[header], Some("cookie")), Credential::Token("a"), "{header:?}");
        }
        assert_eq!(with(&["Bearer"], Some("cookie")), Credential::Token("Bearer"), "refused later, not replaced");
    }

    #[test]
    fn other_schemes_leave_the_cookie_alone() {
        for header in ["", " ", "Basic dXNlcjpwYXNz", "Digest x", "Token a"] {
            assert_eq!(with(&[header], Some("cookie")), Credential::Token("cookie"), "{header:?}");
            assert_eq!(with(&[header], None), Credential::None, "{header:?}");
        }
        assert_eq!(with(&[], Some("")), Credential::None);
    }

    #[test]
    fn two_headers_are_one_too_many() {
        assert_eq!(with(&["Bearer a", "Bearer b"], Some("cookie")), Credential::Malformed);
    }

    #[test]
    fn bytes_that_are_no_text_are_no_token() {
        let facts =
            |authorization, session_cookie| Facts { authorization, authorization_repeated: false, session_cookie };
        assert_eq!(credential(&facts(Some(b"Bearer \xff".as_slice()), None)), Credential::Malformed);
        assert_eq!(credential(&facts(None, Some(b"\xff".as_slice()))), Credential::Malformed);
    }
}
