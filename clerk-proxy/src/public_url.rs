//! The proxy's public URL: sent to Clerk, and used in redirects.

use reqwest::Url;

use crate::{request::ProxyRequest, trusted_peers::TrustedPeers};
use clerk_core::config::PublicOrigin;

/// Returns the origin that the browser sees. Forwarding headers count only from a trusted peer. `None` if the request has
/// no valid host.
pub(crate) fn public_origin(request: &ProxyRequest<'_>, setting: &PublicOrigin, trusted: &TrustedPeers) -> Option<Url> {
    let trusted_setting = match setting {
        PublicOrigin::Forwarded if !trusted.trusts(request.peer) => &PublicOrigin::Host,
        setting => setting,
    };
    let find_origin = |setting| request.root().public_url(setting).and_then(|url| Url::parse(&url).ok()).filter(is_web);
    let mut origin = find_origin(trusted_setting).or_else(|| find_origin(&PublicOrigin::Host))?;
    origin.set_path("/");
    origin.set_query(None);
    Some(origin)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Returns the proxy's URL: the configured one, or a path on the public origin.
pub(crate) fn proxy_url(origin: &Url, configured: Option<&str>, path: &str) -> String {
    match configured {
        Some(url) if !url.starts_with('/') => url.trim_end_matches('/').to_owned(),
        Some(path) => format!("{}{}", origin.origin().ascii_serialization(), path.trim_end_matches('/')),
        None => format!("{}{path}", origin.origin().ascii_serialization()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::test::Headers;
    use clerk_core::adapter::RequestView;

    fn origin(setting: &PublicOrigin, trusted: &TrustedPeers, headers: &[(&str, &str)]) -> Option<String> {
        let headers = Headers::new(headers);
        let request = ProxyRequest::new(RequestView::new("POST", "/__clerk/v1", &headers).with_query(Some("x")));
        public_origin(&request, setting, trusted).map(String::from)
    }

    #[test]
    fn forwarding_headers_count_only_from_trusted_peers() {
        let headers =
            [("host", "app.test:80"), ("x-forwarded-host", "seen.test, b"), ("x-forwarded-proto", "https,http")];
        for (setting, trusted, expected) in [
            (PublicOrigin::Forwarded, TrustedPeers::none(), "http://app.test/"),
            (PublicOrigin::Forwarded, TrustedPeers::any(), "https://seen.test/"),
            (PublicOrigin::Host, TrustedPeers::any(), "http://app.test/"),
            (PublicOrigin::fixed("https://fixed.test").unwrap(), TrustedPeers::none(), "https://fixed.test/"),
        ] {
            assert_eq!(origin(&setting, &trusted, &headers).as_deref(), Some(expected), "{setting:?} {trusted:?}");
        }
        for (name, value) in [("x-forwarded-proto", "javascript"), ("x-forwarded-host", "u:p@evil.test")] {
            let headers = [("host", "app.test"), (name, value)];
            let seen = origin(&PublicOrigin::Forwarded, &TrustedPeers::any(), &headers);
            assert_eq!(seen.as_deref(), Some("http://app.test/"), "{name}");
        }
        assert_eq!(origin(&PublicOrigin::Host, &TrustedPeers::none(), &[("host", "a b")]), None);
        assert_eq!(origin(&PublicOrigin::Host, &TrustedPeers::none(), &[("host", "u@evil.test")]), None);
    }

    #[test]
    fn the_configured_url_wins() {
        let origin = Url::parse("https://app.test:8443/").unwrap();
        for (configured, expected) in [
            (None, "https://app.test:8443/__clerk"),
            (Some("/proxied/"), "https://app.test:8443/proxied"),
            (Some("https://clerk.app.test/x"), "https://clerk.app.test/x"),
        ] {
            assert_eq!(proxy_url(&origin, configured, "/__clerk"), expected);
        }
    }
}
