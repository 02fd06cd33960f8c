//! The URL that the browser sees, which may differ from the received one behind a proxy.

use std::borrow::Cow;

use url::Url;

use super::{forwarded::Forwarded, view::RequestView};
use crate::config::PublicOrigin;

/// The request's URL as the browser sees it; `None` if the host is invalid.
pub(crate) fn public_url(view: &RequestView<'_>, origin: &PublicOrigin) -> Option<Url> {
    let received = received_url(view)?;
    let (public, prefix) = match origin {
        PublicOrigin::Fixed(origin) => {
            let public = Url::parse(origin).ok();
            let prefix = public.as_ref().map_or(String::new(), |public| public.path().trim_end_matches('/').to_owned());
            (public, prefix)
        }
        PublicOrigin::Host => (host_header(view).and_then(|host| parse_origin(view.scheme, &host)), String::new()),
        PublicOrigin::Forwarded => (forwarded_origin(view), forwarded_prefix(view)),
    };
    Some(match public.or_else(|| (!prefix.is_empty()).then(|| received.clone())) {
        Some(mut public) if public.origin() != received.origin() || !prefix.is_empty() => {
            // `set_path` instead of `join`: a path that begins with two slashes must not change the host.
            public.set_path(&format!("{prefix}{}", received.path()));
            public.set_query(received.query().filter(|query| !query.is_empty()));
            public.set_fragment(None);
            public
        }
        _ => received,
    })
}

/// The URL as this server received it.
fn received_url(view: &RequestView<'_>) -> Option<Url> {
    let host = view.authority.map(Cow::Borrowed).or_else(|| host_header(view)).unwrap_or(Cow::Borrowed("localhost"));
    let mut url = parse_origin(view.scheme, &host)?;
    // `set_path` as above. The path of a request line always begins with a slash, except for `*`.
    url.set_path(if view.path.starts_with('/') { view.path } else { "/" });
    url.set_query(view.query);
    Some(url)
}

/// The path of the request as this server received it, without what a proxy removed. Path patterns are written for it.
pub(crate) fn received_path(view: &RequestView<'_>) -> Option<String> {
    Some(received_url(view)?.path().to_owned())
}

/// The origin by `X-Forwarded-Host`, `X-Forwarded-Proto` and `X-Forwarded-Port`, the first value of each. Without the
/// first two by `Forwarded` ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239)).
fn forwarded_origin(view: &RequestView<'_>) -> Option<Url> {
    // A proxy that sends an empty value does not know it.
    let first = |name| {
        let header = view.header(name)?;
        let value = header.split(',').next().unwrap_or_default().trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let (mut host, mut protocol) = (first("x-forwarded-host"), first("x-forwarded-proto"));
    if host.is_none() && protocol.is_none() {
        let forwarded = view.header("forwarded").map(|header| Forwarded::parse(&header)).unwrap_or_default();
        (host, protocol) = (forwarded.host, forwarded.protocol);
    }
    let host = host.or_else(|| Some(view.host()?.into_owned()))?;
    let mut origin = parse_origin(protocol.as_deref().unwrap_or(view.scheme), &host)?;
    let port = first("x-forwarded-port").and_then(|port| port.parse::<u16>().ok()).filter(|port| *port != 0);
    if let Some(port) = port.filter(|port| !names_port(&host) && !is_port_of_other_scheme(&origin, *port)) {
        origin.set_port(Some(port)).ok()?;
    }
    Some(origin)
}

/// The path that proxies removed, by `X-Forwarded-Prefix`; each proxy adds its part.
fn forwarded_prefix(view: &RequestView<'_>) -> String {
    let header = view.header("x-forwarded-prefix").unwrap_or_default();
    let parts: Vec<&str> = header.split(',').map(|part| part.trim().trim_end_matches('/')).collect();
    if parts.iter().all(|part| part.is_empty() || is_plain_path(part)) { parts.concat() } else { String::new() }
}

/// Whether a text is a path that no parser reads in another way.
fn is_plain_path(text: &str) -> bool {
    let is_segment = |segment: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        !segment.is_empty() && segment != "." && segment != ".." && segment.bytes().all(is_plain)
    };
    text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment))
}

/// Whether a host has a port, also behind an IPv6 address in brackets.
fn names_port(host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a port is the other scheme's: a proxy behind the one that does TLS reports the port between them.
fn is_port_of_other_scheme(origin: &Url, port: u16) -> bool {
    matches!((origin.scheme(), port), ("https", 80) | ("http", 443))
}

fn host_header<'a>(view: &RequestView<'a>) -> Option<Cow<'a, str>> {
    view.header("host")
}

fn parse_origin(scheme: &str, host: &str) -> Option<Url> {
    // Other characters in `X-Forwarded-Proto` could set the host: `http:evil.example`, then `://` and the host.
    if !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
        return None;
    }
    Url::parse(&format!("{scheme}://{host}")).ok().filter(|url| !url.cannot_be_a_base())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::HeaderSource;

    struct Headers(Vec<(&'static str, &'static str)>);

    impl HeaderSource for Headers {
        fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            self.0.iter().filter(|(known, _)| *known == name).for_each(|(_, value)| visitor(value.as_bytes()));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    fn public(origin: &PublicOrigin, headers: &[(&'static str, &'static str)]) -> String {
        let headers = Headers([("host", "in.test:8080")].iter().chain(headers).copied().collect());
        public_url(&RequestView::new("GET", "/p", &headers).with_query(Some("q")), origin).unwrap().into()
    }

    #[test]
    fn the_public_address_is_read_from_what_proxies_send() {
        for (headers, expected) in [
            (&[][..], "http://in.test:8080/p?q"),
            (&[("x-forwarded-proto", "https")], "https://in.test:8080/p?q"),
            (&[("x-forwarded-host", "a.test"), ("x-forwarded-proto", "https, http")], "https://a.test/p?q"),
            (&[("x-forwarded-host", ""), ("x-forwarded-proto", "https")], "https://in.test:8080/p?q"),
            (&[("x-forwarded-host", " , b.test"), ("x-forwarded-proto", "https")], "https://in.test:8080/p?q"),
            (&[("x-forwarded-host", "a.test"), ("x-forwarded-proto", "")], "http://a.test/p?q"),
            (&[("x-forwarded-host", "a.test"), ("x-forwarded-port", "8443")], "http://a.test:8443/p?q"),
            (&[("x-forwarded-host", "a.test:1"), ("x-forwarded-port", "8443")], "http://a.test:1/p?q"),
            (&[("x-forwarded-host", "[::1]"), ("x-forwarded-port", "8443, 2")], "http://[::1]:8443/p?q"),
            (&[("x-forwarded-host", "[::1]:1"), ("x-forwarded-port", "8443")], "http://[::1]:1/p?q"),
            (
                &[("x-forwarded-host", "a.test"), ("x-forwarded-proto", "https"), ("x-forwarded-port", "80")],
                "https://a.test/p?q",
            ),
            (&[("x-forwarded-host", "a.test"), ("x-forwarded-port", "0")], "http://a.test/p?q"),
            (&[("x-forwarded-host", "a.test"), ("x-forwarded-port", "99999")], "http://a.test/p?q"),
            (&[("x-forwarded-prefix", "/app")], "http://in.test:8080/app/p?q"),
            (&[("x-forwarded-prefix", "/app/, /inner"), ("x-forwarded-host", "a.test")], "http://a.test/app/inner/p?q"),
            (&[("x-forwarded-prefix", "//evil.test")], "http://in.test:8080/p?q"),
            (&[("x-forwarded-prefix", "/../x")], "http://in.test:8080/p?q"),
            (&[("x-forwarded-prefix", "/a?b")], "http://in.test:8080/p?q"),
            (&[("forwarded", "host=a.test;proto=https")], "https://a.test/p?q"),
            (&[("forwarded", "for=1.2.3.4;Proto=https, host=b.test")], "https://in.test:8080/p?q"),
            (&[("forwarded", "host=\"a.test:81\"")], "http://a.test:81/p?q"),
            (&[("forwarded", "host=a.test;proto=https"), ("x-forwarded-proto", "http")], "http://in.test:8080/p?q"),
            (&[("forwarded", "host=a.test;;proto")], "http://in.test:8080/p?q"),
        ] {
            assert_eq!(public(&PublicOrigin::Forwarded, headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn a_fixed_address_may_have_a_path() {
        let fixed = |text| PublicOrigin::fixed(text).unwrap();
        let forwarded = &[("x-forwarded-host", "a.test"), ("x-forwarded-prefix", "/x")];
        assert_eq!(public(&fixed("https://app.test"), forwarded), "https://app.test/p?q");
        assert_eq!(public(&fixed("https://app.test/base/"), forwarded), "https://app.test/base/p?q");
        assert_eq!(public(&fixed("http://in.test:8080/base"), &[]), "http://in.test:8080/base/p?q");
        assert_eq!(public(&PublicOrigin::Host, forwarded), "http://in.test:8080/p?q");
        for bad in ["", "app.test", "/base", "ftp://app.test", "https://app.test/?x", "https://u@app.test"] {
            assert!(PublicOrigin::fixed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_forwarded_protocol_cannot_set_the_host() {
        for protocol in
            ["http:evil.example", "http://evil.example/", "http:evil.example/x?", "ht tp", "http:", "\thttps"]
        {
            assert_eq!(parse_origin(protocol, "app.example"), None, "{protocol:?}");
        }
        assert_eq!(parse_origin("https", "app.example").as_ref().map(Url::as_str), Some("https://app.example/"));
    }
}
