//! The headers of the response to the client.

use reqwest::{
    Url,
    header::{ALT_SVC, CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, LOCATION},
};

use crate::upstream::Upstream;
use crate::{hop_by_hop::HopByHop, request_headers};

/// Filters the upstream's response headers for the client.
///
/// Removes `Content-Length`, which follows from the body, and `Alt-Svc`, which names the upstream's ports. Keeps
/// `Content-Encoding`, because the body is forwarded unchanged.
pub(crate) fn response_headers(
    received: HeaderMap,
    secret: &[u8],
    rewrite_location: impl Fn(&HeaderValue) -> Option<HeaderValue>,
) -> HeaderMap {
    let mut hop = HopByHop::default();
    received.get_all(CONNECTION).iter().for_each(|value| hop.add(value.as_bytes()));
    let mut headers = HeaderMap::with_capacity(received.keys_len());
    let mut last: Option<HeaderName> = None;
    for (name, value) in received {
        // The iterator yields the name only with the first of its values.
        let Some(name) = name.or_else(|| last.clone()) else { continue };
        last = Some(name.clone());
        let passes = !hop.contains(&name)
            && ![ALT_SVC, CONTENT_LENGTH, request_headers::SECRET_KEY, request_headers::PROXY_URL].contains(&name)
            // An upstream that echoes request headers must not expose the key.
            && memchr::memmem::find(value.as_bytes(), secret).is_none();
        if passes {
            let value = if name == LOCATION { rewrite_location(&value).unwrap_or(value) } else { value };
            headers.append(name, value);
        }
    }
    headers
}

/// Rewrites a redirect to the upstream so that it goes through the proxy. `None` for all other redirects.
pub(crate) fn rewrite_location(
    value: &HeaderValue,
    requested: &Url,
    upstream: &Upstream,
    proxy_url: &str,
) -> Option<HeaderValue> {
    let url = requested.join(value.to_str().ok()?).ok().filter(|url| upstream.is_host_of(url))?;
    HeaderValue::from_str(&format!("{proxy_url}{}", &url[url::Position::BeforePath..])).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn connection_headers_and_secrets_are_removed() {
        let mut received = HeaderMap::new();
        for (name, value) in [
            ("content-type", "application/json"),
            ("set-cookie", "a=1; Path=/"),
            ("set-cookie", "b=2; Path=/"),
            ("set-cookie", "c=3; Path=/"),
            ("content-encoding", "br"),
            ("connection", "x-once, close"),
            ("x-once", "1"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("trailer", "x"),
            ("upgrade", "h2c"),
            ("proxy-authenticate", "Basic"),
            ("content-length", "7"),
            ("alt-svc", "h3=\":443\""),
            ("clerk-secret-key", "anything"),
            ("clerk-proxy-url", "anything"),
            ("x-echo", "was: sk_test_s3cr3t!"),
            ("x-echo", "fine"),
        ] {
            received.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let headers = response_headers(received, b"sk_test_s3cr3t", |_| None);
        let cookies: Vec<_> = headers.get_all("set-cookie").iter().collect();
        assert_eq!(cookies, ["a=1; Path=/", "b=2; Path=/", "c=3; Path=/"]);
        let rest: Vec<_> = headers.iter().filter(|(name, _)| *name != "set-cookie").collect();
        let expected = map(&[("content-type", "application/json"), ("content-encoding", "br"), ("x-echo", "fine")]);
        assert_eq!(rest, expected.iter().collect::<Vec<_>>());
    }

    #[test]
    fn redirects_to_the_upstream_go_through_the_proxy() {
        let upstream = Upstream::parse("https://up.test").unwrap();
        let requested = Url::parse("https://up.test/v1/client/x?y").unwrap();
        for (value, expected) in [
            ("https://up.test/v1/a?b=c#d", Some("https://app.test/__clerk/v1/a?b=c#d")),
            ("http://up.test/v1/a", Some("https://app.test/__clerk/v1/a")),
            ("http://up.test:443/v1/a", None),
            ("https://UP.test:443", Some("https://app.test/__clerk/")),
            ("//up.test/v1", Some("https://app.test/__clerk/v1")),
            ("/v1/a", Some("https://app.test/__clerk/v1/a")),
            ("sibling", Some("https://app.test/__clerk/v1/client/sibling")),
            ("https://u:p@up.test/v1", Some("https://app.test/__clerk/v1")),
            ("https://up.test:444/v1", None),
            ("https://up.test.evil.test/v1", None),
            ("https://up.test@evil.test/v1", None),
            ("https://app.test/dashboard", None),
            ("javascript:alert(1)", None),
            ("https://[", None),
        ] {
            let rewritten =
                rewrite_location(&HeaderValue::from_static(value), &requested, &upstream, "https://app.test/__clerk");
            assert_eq!(rewritten.as_ref().map(HeaderValue::as_bytes), expected.map(str::as_bytes), "{value}");
        }
    }
}
