//! Loopback hosts, and the addresses that the instance may redirect browsers to.

use url::Url;

/// Whether a host, with or without a port, is this machine by its loopback name or address.
pub(crate) fn is_loopback(host: &str) -> bool {
    let Ok(url) = url::Url::parse(&format!("http://{host}/")) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Parses an address, if the instance may redirect a browser there: a loopback address, or an allowed origin.
pub(crate) fn allowed_redirect(text: &str, allowed: &[String]) -> Option<Url> {
    // Parsers disagree about these; a browser must not see another host than the check did.
    if text.bytes().any(|b| b.is_ascii_control() || b == b'\\' || b == b' ') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let known = is_loopback(&authority(&url)?) || allowed.contains(&url.origin().ascii_serialization());
    (plain && known).then_some(url)
}

/// Host and port, as a `Host` header has them.
pub(crate) fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Parses an origin, `https://clerk.app.test` for example; `None` if the text has more than that.
pub(crate) fn parse_origin(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    (is_web && url.origin().ascii_serialization() == text.trim_end_matches('/')).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_to_loopback_and_allowed_origins_only() {
        let allowed = ["http://app.test".to_owned()];
        for good in [
            "http://localhost:3000/",
            "http://127.0.0.1/x?y#z",
            "http://app.localhost:1",
            "http://[::1]:3000/",
            "http://app.test/x",
        ] {
            assert!(allowed_redirect(good, &allowed).is_some(), "{good}");
        }
        for bad in [
            "",
            "/",
            "//localhost/",
            "localhost",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://localhost/",
            "http://evil.example/",
            "http://localhost.evil.example/",
            "http://evil.example#localhost",
            "http://localhost@evil.example/",
            "http://u:p@localhost/",
            "http://localhost\\@evil.example/",
            "http://localhost\n.evil.example/",
            "http:// localhost/",
            "https://app.test/",
            "http://app.test:81/",
            "http://128.0.0.1/",
            "http://[::2]/",
            "file:///etc/passwd",
        ] {
            assert!(allowed_redirect(bad, &allowed).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_public_url_is_an_origin_alone() {
        for good in
            ["https://clerk.app.test", "https://clerk.app.test/", "http://127.0.0.1:4400", "https://a.test:8443"]
        {
            assert!(parse_origin(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "clerk.app.test",
            "https://",
            "https://u:p@a.test",
            "https://a.test/x",
            "https://a.test/?x",
            "ftp://a.test",
            "https://A.test:443",
        ] {
            assert!(parse_origin(bad).is_none(), "{bad}");
        }
    }
}
