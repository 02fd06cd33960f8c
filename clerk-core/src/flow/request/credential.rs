//! The token in the `Authorization` header.

use super::view::RequestView;

/// What the `Authorization` header presents.
///
/// A header that is there but bad never falls back to the cookies: the sender meant it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Credential<'a> {
    /// Nothing that concerns us.
    None,
    /// A token to verify, with whatever follows it.
    Token(&'a [u8]),
}

/// Finds the token: `Bearer <token>` with the scheme in any case
/// ([RFC 9110, section 11.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.1)), or a bare token as Clerk's own SDKs
/// accept it; other schemes are none of ours.
pub(crate) fn credential<'a>(view: &RequestView<'a>) -> Credential<'a> {
    let (mut first, mut repeated) = (None, false);
    view.headers.visit("authorization", &mut |value: &'a [u8]| {
        repeated |= first.is_some();
        first.get_or_insert(value);
    });
    let Some(value) = first.map(<[u8]>::trim_ascii).filter(|value| !value.is_empty()) else { return Credential::None };
    let (scheme, rest) = match memchr::memchr(b' ', value) {
        // One word alone is a token without its scheme, or a scheme without its token, which is refused as one.
        None => (None, value),
        Some(space) => (Some(&value[..space]), value[space..].trim_ascii_start()),
    };
    match scheme {
        Some(scheme) if !scheme.eq_ignore_ascii_case(b"bearer") => Credential::None,
        // Which of two headers a proxy in front of us believed, nobody knows: a comma is in no token.
        _ if repeated => Credential::Token(b","),
        _ => Credential::Token(rest),
    }
}

/// The first word: the token itself.
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

    fn with(authorization: &'static [&'static [u8]]) -> Option<String> {
        match credential(&RequestView::new("GET", "/", &Header(authorization))) {
            Credential::None => None,
            Credential::Token(token) => Some(latin1(first_word(token)).into_owned()),
        }
    }

    #[test]
    fn schemes_in_any_case_and_bare_tokens() {
        for header in [&b"Bearer a"[..], b"bearer a", b"BEARER a", b"Bearer  a", b"  Bearer a ", b"a", b"Bearer a b"] {
            assert_eq!(with(Box::leak(Box::new([header]))).as_deref(), Some("a"), "{header:?}");
        }
        assert_eq!(with(&[b"Bearer"]).as_deref(), Some("Bearer"), "refused later, not replaced");
    }

    #[test]
    fn other_schemes_are_none_of_ours() {
        for header in [&b""[..], b" ", b"Basic dXNlcjpwYXNz", b"Digest x", b"Token a"] {
            assert_eq!(with(Box::leak(Box::new([header]))), None, "{header:?}");
        }
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[b"Basic x", b"Bearer a"]), None);
    }

    #[test]
    fn two_tokens_are_none_that_could_be_accepted() {
        assert_eq!(with(&[b"Bearer a", b"Bearer b"]).as_deref(), Some(","));
        assert_eq!(with(&[b"Bearer \xff"]).as_deref(), Some("\u{ff}"));
    }
}
