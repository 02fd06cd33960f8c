//! The headers of the upstream request: the client's, without reserved ones, and the proxy's own.

use std::net::IpAddr;

use reqwest::{
    Url,
    header::{ACCEPT_ENCODING, COOKIE, HeaderMap, HeaderName, HeaderValue},
};

use crate::{hop_by_hop::HopByHop, request::ProxyRequest};

pub(crate) const SECRET_KEY: HeaderName = HeaderName::from_static("clerk-secret-key");
pub(crate) const PROXY_URL: HeaderName = HeaderName::from_static("clerk-proxy-url");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Headers that the proxy sets itself, that claim a client address, or that describe the body. They are never forwarded,
/// and neither is `x-forwarded-*`.
const RESERVED: [&str; 14] = [
    "accept-encoding",
    "cf-connecting-ip",
    "cf-connecting-ipv6",
    "clerk-proxy-url",
    "clerk-secret-key",
    "content-length",
    "expect",
    "fastly-client-ip",
    "forwarded",
    "host",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-real-ip",
];

/// The values of the headers that the proxy adds.
pub(crate) struct ClerkHeaders<'a> {
    /// The instance's secret key, marked as sensitive so that no `Debug` shows it.
    pub(crate) secret: &'a HeaderValue,
    pub(crate) proxy_url: &'a str,
    pub(crate) origin: &'a Url,
    pub(crate) client: Option<IpAddr>,
}

/// Builds the headers of the upstream request. The HTTP client adds `Host` and the body's length.
///
/// `None` if the proxy's URL or origin is not a valid header value.
pub(crate) fn request_headers(request: &ProxyRequest<'_>, clerk_headers: &ClerkHeaders<'_>) -> Option<HeaderMap> {
    let mut hop = HopByHop::default();
    request.view.headers().visit("connection", &mut |value| hop.add(value));
    let mut headers = HeaderMap::new();
    let mut cookies = Vec::new();
    request.view.headers().visit_all(&mut |name, value| {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { return };
        if hop.contains(&name) || is_reserved(name.as_str()) {
            return;
        }
        if name == COOKIE {
            // HTTP/2 may send several cookie headers, HTTP/1.1 only one (RFC 9113, section 8.2.3).
            if !cookies.is_empty() {
                cookies.extend_from_slice(b"; ");
            }
            cookies.extend_from_slice(value);
        } else if let Ok(value) = HeaderValue::from_bytes(value) {
            let _ = headers.try_append(name, value);
        }
    });
    if !cookies.is_empty() {
        headers.insert(COOKIE, HeaderValue::from_bytes(&cookies).ok()?);
    }
    let authority = &clerk_headers.origin[url::Position::BeforeHost..url::Position::AfterPort];
    headers.insert(PROXY_URL, HeaderValue::from_str(clerk_headers.proxy_url).ok()?);
    headers.insert(SECRET_KEY, clerk_headers.secret.clone());
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(FORWARDED_HOST, HeaderValue::from_str(authority).ok()?);
    headers.insert(FORWARDED_PROTO, HeaderValue::from_str(clerk_headers.origin.scheme()).ok()?);
    if let Some(client) = clerk_headers.client {
        headers.insert(FORWARDED_FOR, HeaderValue::from_str(&client.to_string()).ok()?);
    }
    Some(headers)
}

/// Whether the header is reserved. Some servers treat an underscore as a hyphen.
fn is_reserved(name: &str) -> bool {
    let name = name.replace('_', "-");
    name.starts_with("x-forwarded-") || RESERVED.contains(&&*name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::test::Headers;
    use clerk_core::adapter::RequestView;

    fn sent(headers: &[(&str, &str)]) -> HeaderMap {
        let mut secret = HeaderValue::from_static("sk_test_s3cr3t");
        secret.set_sensitive(true);
        let origin = Url::parse("https://app.test:8443/").unwrap();
        let clerk_headers = ClerkHeaders {
            secret: &secret,
            proxy_url: "https://app.test:8443/__clerk",
            origin: &origin,
            client: Some("203.0.113.9".parse().unwrap()),
        };
        let headers = Headers::new(headers);
        request_headers(&ProxyRequest::new(RequestView::new("GET", "/", &headers)), &clerk_headers).unwrap()
    }

    /// The proxy's own headers, sorted by name.
    const OWN: [(&str, &str); 6] = [
        ("accept-encoding", "identity"),
        ("clerk-proxy-url", "https://app.test:8443/__clerk"),
        ("clerk-secret-key", "sk_test_s3cr3t"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-host", "app.test:8443"),
        ("x-forwarded-proto", "https"),
    ];

    fn without_own(headers: HeaderMap) -> Vec<(String, String)> {
        let mut pairs: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        pairs.sort();
        for (name, value) in OWN {
            let all: Vec<_> = pairs.extract_if(.., |(known, _)| known == name).map(|(_, value)| value).collect();
            assert_eq!(all, [value], "{name}");
        }
        pairs
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn ordinary_headers_are_forwarded_and_connection_headers_are_not() {
        let kept = [
            ("authorization", "Bearer x"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", "https://app.test"),
            ("user-agent", "Mozilla/5.0"),
            ("x-twice", "1"),
            ("x-twice", "2"),
        ];
        let dropped = [
            ("Connection", "keep-alive, X-Once"),
            ("connection", "x-other"),
            ("x-once", "1"),
            ("X-Other", "1"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("trailer", "x"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "websocket"),
            ("proxy-authorization", "Basic x"),
            ("proxy-connection", "keep-alive"),
            ("content-length", "7"),
            ("expect", "100-continue"),
            ("host", "app.test"),
            ("accept-encoding", "gzip, br"),
        ];
        assert_eq!(without_own(sent(&[&kept[..], &dropped].concat())), pairs(&kept));
    }

    #[test]
    fn a_client_cannot_set_reserved_headers() {
        let smuggled = [
            ("clerk-secret-key", "sk_test_other"),
            ("Clerk-Secret-Key", "sk_test_other"),
            ("CLERK_SECRET_KEY", "sk_test_other"),
            ("clerk_secret-key", "sk_test_other"),
            ("clerk-proxy-url", "https://evil.test"),
            ("clerk_proxy_url", "https://evil.test"),
            ("x-forwarded-for", "6.6.6.6"),
            ("X-Forwarded-Host", "evil.test"),
            ("x_forwarded_proto", "gopher"),
            ("x-forwarded-port", "1"),
            ("forwarded", "for=6.6.6.6"),
            ("x-real-ip", "6.6.6.6"),
            ("cf-connecting-ip", "6.6.6.6"),
            ("true-client-ip", "6.6.6.6"),
            // Naming the proxy's own headers here does not remove them.
            ("connection", "clerk-secret-key, clerk-proxy-url, x-forwarded-for, accept-encoding, host"),
        ];
        assert_eq!(without_own(sent(&smuggled)), []);
    }

    #[test]
    fn cookies_become_one_header_and_invalid_headers_are_removed() {
        let odd = [("cookie", "a=1"), ("cookie", "b=2"), ("bad name", "x"), ("x-bad", "a\r\nclerk-secret-key: x")];
        assert_eq!(without_own(sent(&odd)), pairs(&[("cookie", "a=1; b=2")]));
    }

    #[test]
    fn the_secret_is_sensitive() {
        let headers = sent(&[]);
        assert!(!format!("{headers:?}").contains("s3cr3t"), "{headers:?}");
    }
}
