//! The request's cookies ([RFC 6265, section 5.4](https://www.rfc-editor.org/rfc/rfc6265#section-5.4)).

use std::borrow::Cow;

use super::view::{RequestView, latin1};
use crate::base::names::cookie;

/// Clerk's cookies in a request, the first of each name. Most exist with and without the instance's suffix, because
/// several instances can share a host.
#[derive(Default)]
pub(crate) struct Cookies<'a> {
    pub(crate) session: SuffixedCookie<'a>,
    pub(crate) client_uat: SuffixedCookie<'a>,
    pub(crate) dev_browser: SuffixedCookie<'a>,
    pub(crate) refresh: SuffixedCookie<'a>,
    pub(crate) handshake: CookieValue<'a>,
    pub(crate) handshake_nonce: CookieValue<'a>,
    pub(crate) redirect_count: CookieValue<'a>,
    pub(crate) redirected: CookieValue<'a>,
    pub(crate) sent_to_sign_in: CookieValue<'a>,
}

/// A cookie without and with the instance's suffix.
#[derive(Default)]
pub(crate) struct SuffixedCookie<'a> {
    pub(crate) plain: CookieValue<'a>,
    pub(crate) suffixed: CookieValue<'a>,
}

/// The first cookie of a name. An empty one counts as missing, and a later one does not replace it.
///
/// It is decoded only when needed: the cache finds a token by its bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct CookieValue<'a>(Option<&'a [u8]>);

impl<'a> Cookies<'a> {
    pub(crate) fn parse(view: &RequestView<'a>, suffix: Option<&str>) -> Self {
        let mut cookies = Self::default();
        view.headers.visit("cookie", &mut |header| {
            let mut rest = Some(header);
            while let Some(header) = rest {
                let end = memchr::memchr(b';', header);
                let pair = end.map_or(header, |end| &header[..end]);
                rest = end.map(|end| &header[end + 1..]);
                if let Some(equals) = memchr::memchr(b'=', pair) {
                    cookies.insert_first(trim_blanks(&pair[..equals]), trim_blanks(&pair[equals + 1..]), suffix);
                }
            }
        });
        cookies
    }

    /// Keeps a cookie of Clerk's, unless an earlier one has its name.
    fn insert_first(&mut self, name: &'a [u8], value: &'a [u8], suffix: Option<&str>) {
        if !name.starts_with(b"__") {
            return;
        }
        let with_suffix = [
            (cookie::SESSION, &mut self.session),
            (cookie::CLIENT_UAT, &mut self.client_uat),
            (cookie::DEV_BROWSER, &mut self.dev_browser),
            (cookie::REFRESH, &mut self.refresh),
        ];
        let without_suffix = [
            (cookie::HANDSHAKE, &mut self.handshake),
            (cookie::HANDSHAKE_NONCE, &mut self.handshake_nonce),
            (cookie::REDIRECT_COUNT, &mut self.redirect_count),
            (cookie::REDIRECTED, &mut self.redirected),
            (cookie::SENT_TO_SIGN_IN, &mut self.sent_to_sign_in),
        ];
        let find = |(base, cookie)| Some((name.strip_prefix(str::as_bytes(base))?, cookie));
        let place = match with_suffix.into_iter().find_map(find) {
            Some((b"", cookie)) => &mut cookie.plain,
            Some(([b'_', tail @ ..], cookie)) if suffix.is_some_and(|suffix| tail == suffix.as_bytes()) => {
                &mut cookie.suffixed
            }
            Some(_) => return,
            None => match without_suffix.into_iter().find(|(full_name, _)| name == full_name.as_bytes()) {
                Some((_, cookie)) => cookie,
                None => return,
            },
        };
        place.0.get_or_insert(value);
    }
}

impl Cookies<'_> {
    /// Whether the client sent any cookie of Clerk's, and so keeps cookies.
    pub(crate) fn has_any(&self) -> bool {
        let Self { session, client_uat, dev_browser, refresh, .. } = self;
        let alone = [self.handshake, self.handshake_nonce, self.redirect_count, self.redirected, self.sent_to_sign_in];
        let both = [session, client_uat, dev_browser, refresh].into_iter().flat_map(|one| [one.plain, one.suffixed]);
        both.chain(alone).any(|cookie| cookie.bytes().is_some())
    }
}

impl<'a> SuffixedCookie<'a> {
    /// The cookie with or without the suffix.
    pub(crate) const fn get(&self, suffixed: bool) -> CookieValue<'a> {
        if suffixed { self.suffixed } else { self.plain }
    }
}

impl<'a> CookieValue<'a> {
    /// The value as it was sent.
    pub(crate) fn bytes(self) -> Option<&'a [u8]> {
        self.0.filter(|bytes| !bytes.is_empty())
    }

    /// The value as text, percent-decoded.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        Some(percent_decode(latin1(self.bytes()?)))
    }
}

/// All cookies of one `Cookie` header, decoded in the same way as in Clerk's own SDKs.
///
/// ```
/// let cookies = clerk_core::adapter::parse_cookies("a=1; b=%41; a=2");
/// assert_eq!(cookies, [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "A".to_owned())]);
/// ```
#[must_use]
pub fn parse_cookies(header: &str) -> Vec<(String, String)> {
    let mut cookies: Vec<(String, String)> = Vec::new();
    for pair in header.split(';') {
        let Some((name, value)) = pair.split_once('=') else { continue };
        let name = name.trim_matches([' ', '\t']);
        if cookies.iter().all(|(known, _)| known != name) {
            cookies
                .push((name.to_owned(), percent_decode(Cow::Borrowed(value.trim_matches([' ', '\t']))).into_owned()));
        }
    }
    cookies
}

fn trim_blanks(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// Decodes `%XX`; returns the value unchanged if any of them is invalid.
fn percent_decode(value: Cow<'_, str>) -> Cow<'_, str> {
    if memchr::memchr(b'%', value.as_bytes()).is_none() {
        return value;
    }
    let mut decoded = String::with_capacity(value.len());
    let mut rest = &*value;
    while let Some(percent) = rest.find('%') {
        decoded.push_str(&rest[..percent]);
        let mut run = Vec::new();
        let mut after = &rest[percent..];
        while let Some(digits) = after.strip_prefix('%') {
            let byte = digits.get(..2).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
            let Some(byte) = byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else { return value };
            run.push(byte);
            after = &digits[2..];
        }
        let Ok(text) = String::from_utf8(run) else { return value };
        decoded.push_str(&text);
        rest = after;
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::HeaderSource;

    struct Header(&'static [&'static str]);

    impl HeaderSource for Header {
        fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            assert_eq!(name, "cookie");
            self.0.iter().for_each(|value| visitor(value.as_bytes()));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    fn session(headers: &'static [&'static str]) -> (Option<String>, Option<String>) {
        let header = Header(headers);
        let view = RequestView::new("GET", "/", &header);
        let cookies = Cookies::parse(&view, Some("abcd1234"));
        (cookies.session.plain.text().map(Cow::into_owned), cookies.session.suffixed.text().map(Cow::into_owned))
    }

    #[test]
    fn cookies_are_found_by_their_exact_name() {
        let both =
            |plain: Option<&str>, suffixed: Option<&str>| (plain.map(str::to_owned), suffixed.map(str::to_owned));
        for (headers, expected) in [
            (&["__session=a"][..], both(Some("a"), None)),
            (&["x=1;__session=a; __session=b"], both(Some("a"), None)),
            (&["__session_abcd1234=s; __session=p"], both(Some("p"), Some("s"))),
            (&["__session=\ta\t"], both(Some("a"), None)),
            (&["__session=; __session=b"], both(None, None)),
            (&["__session=a=b"], both(Some("a=b"), None)),
            (&["__session=a%2Eb"], both(Some("a.b"), None)),
            (&["__session=a%zz"], both(Some("a%zz"), None)),
            (&["__session=a%ff"], both(Some("a%ff"), None)),
            (&["a=b", "__session=a"], both(Some("a"), None)),
            (&["__session", "__session_other123=a; __SESSION=a; x__session=a; x=__session=a"], both(None, None)),
            (&["", ";", "=", ";;=;="], both(None, None)),
        ] {
            assert_eq!(session(headers), expected, "{headers:?}");
        }
    }
}
