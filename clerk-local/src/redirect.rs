//! Where the sign-in page may lead back to.

use url::Url;

use crate::host::is_loopback;

/// The return address, if the instance may send a browser there: a loopback address, or an allowed origin.
pub(crate) fn checked(text: &str, allowed: &[String]) -> Option<Url> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_to_this_machine_and_to_allowed_origins_only() {
        let allowed = ["http://app.test".to_owned()];
        for good in [
            "http://localhost:3000/",
            "http://127.0.0.1/x?y#z",
            "http://app.localhost:1",
            "http://[::1]:3000/",
            "http://app.test/x",
        ] {
            assert!(checked(good, &allowed).is_some(), "{good}");
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
            assert!(checked(bad, &allowed).is_none(), "{bad}");
        }
    }
}
