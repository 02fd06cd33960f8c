//! The token in the `Authorization` header.

use super::view::RequestView;

/// The content of the `Authorization` header.
///
/// An invalid header never falls back to the cookies, because the client sent it on purpose.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Credential<'a> {
    /// No header, or a scheme of the application's own.
    None,
    /// A token to verify, with any text that follows it.
    Token(&'a [u8]),
}

/// Finds the token: `Bearer <token>` with the scheme in any case
/// ([RFC 9110, section 11.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.1)), or a bare token as Clerk's own SDKs
/// accept it; other schemes are ignored.
pub(crate) fn find_credential<'a>(view: &RequestView<'a>) -> Credential<'a> {
    let (mut first, mut repeated) = (None, false);
    view.headers.visit("authorization", &mut |value: &'a [u8]| {
        repeated |= first.is_some();
        first.get_or_insert(value);
    });
    let Some(value) = first.map(<[u8]>::trim_ascii).filter(|value| !value.is_empty()) else { return Credential::None };
    let (scheme, rest) = match memchr::memchr(b' ', value) {
        // One word is a token without a scheme, or a scheme without a token, which is refused as an invalid token.
        None => (None, value),
        Some(space) => (Some(&value[..space]), value[space..].trim_ascii_start()),
    };
    match scheme {
        Some(scheme) if !scheme.eq_ignore_ascii_case(b"bearer") => Credential::None,
        // Two `Authorization` headers are ambiguous: return an always-invalid token.
        _ if repeated => Credential::Token(b","),
        _ => Credential::Token(rest),
    }
}

/// The first word, which is the token.
pub(crate) fn first_word(bytes: &[u8]) -> &[u8] {
    memchr::memchr(b' ', bytes).map_or(bytes, |end| &bytes[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{HeaderSource, request::view::latin1};

    struct Header(&'static [&'static [u8]]);

    impl HeaderSource for Header {
        fn visit<'a>(&'a self, _: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            self.0.iter().for_each(|value| visitor(value));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    fn token_of(authorization: &'static [&'static [u8]]) -> Option<String> {
        match find_credential(&RequestView::new("GET", "/", &Header(authorization))) {
            Credential::None => None,
            Credential::Token(token) => Some(latin1(first_word(token)).into_owned()),
        }
    }

    #[test]
    fn schemes_in_any_case_and_bare_tokens() {
        for header in [&b"Bearer a"[..], b"bearer a", b"BEARER a", b"Bearer  a", b"  Bearer a ", b"a", b"Bearer a b"] {
            assert_eq!(token_of(Box::leak(Box::new([header]))).as_deref(), Some("a"), "{header:?}");
        }
        assert_eq!(token_of(&[b"Bearer"]).as_deref(), Some("Bearer"), "refused later, not replaced");
    }

    #[test]
    fn other_schemes_are_ignored() {
        for header in [&b""[..], b" ", b"Basic dXNlcjpwYXNz", b"Digest x", b"Token a"] {
            assert_eq!(token_of(Box::leak(Box::new([header]))), None, "{header:?}");
        }
        assert_eq!(token_of(&[]), None);
        assert_eq!(token_of(&[b"Basic x", b"Bearer a"]), None);
    }

    #[test]
    fn two_headers_are_an_invalid_token() {
        assert_eq!(token_of(&[b"Bearer a", b"Bearer b"]).as_deref(), Some(","));
        assert_eq!(token_of(&[b"Bearer \xff"]).as_deref(), Some("\u{ff}"));
    }
}
