//! Parsers for URLs, hosts and origins in settings.

use url::Url;

use super::error::{ConfigError, ConfigErrorKind};

/// A host name with an optional port.
pub(crate) fn host(text: &str) -> Result<Box<str>, ConfigError> {
    let url = Url::parse(&format!("https://{text}")).ok();
    let plain = url.is_some_and(|url| {
        url.username().is_empty() && url.as_str() == format!("https://{text}/") && has_plain_host(&url)
    });
    if plain {
        return Ok(text.into());
    }
    Err(ConfigError::new(ConfigErrorKind::InvalidUrl, "must be a host name, satellite.example.com for example"))
}

/// An http(s) URL without credentials, query or a trailing slash.
pub(crate) fn absolute(text: &str) -> Result<Box<str>, ConfigError> {
    let invalid = || {
        ConfigError::new(
            ConfigErrorKind::InvalidUrl,
            "must be an absolute http or https URL, https://api.clerk.com for example",
        )
    };
    let url = Url::parse(text).map_err(|error| invalid().with_source(error))?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && has_plain_host(&url);
    if plain { Ok(url.as_str().trim_end_matches('/').into()) } else { Err(invalid()) }
}

/// Like [`absolute`], with an optional query for a gateway in front of the API.
pub(crate) fn api(text: &str) -> Result<Box<str>, ConfigError> {
    match text.split_once('?') {
        Some((url, query)) if !query.contains('#') => Ok(format!("{}?{query}", absolute(url)?).into()),
        _ => absolute(text),
    }
}

/// Appends a path to a URL and keeps its query.
pub(crate) fn join_path(base: &str, path: &str) -> String {
    match base.split_once('?') {
        Some((base, query)) => format!("{base}/{path}?{query}"),
        None => format!("{base}/{path}"),
    }
}

/// A URL or path that a browser may be redirected to.
pub(crate) fn page(text: &str) -> Result<Box<str>, ConfigError> {
    if text.starts_with('/') && !text.starts_with("//") && !text.contains('\\') {
        return Ok(text.into());
    }
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text.into()),
        _ => Err(ConfigError::new(
            ConfigErrorKind::InvalidUrl,
            "must be an absolute http or https URL, or a path that begins with one /",
        )),
    }
}

/// A browser's origin: scheme, host and port.
pub(crate) fn origin(text: &str) -> Result<Box<str>, ConfigError> {
    let invalid =
        |problem: &str| ConfigError::new(ConfigErrorKind::InvalidUrl, format!("{text:?} is not an origin: {problem}"));
    if text.contains('*') {
        return Err(invalid(
            "there are no wildcards, because another site on the same domain could use your users' tokens: name each origin, or decide by ClerkBuilder::authorized_parties_if",
        ));
    }
    if text.contains([';', ' ', '\t', '\n']) {
        return Err(invalid("separate several origins by commas"));
    }
    let url = Url::parse(text).ok().filter(|url| {
        let nothing_else = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        nothing_else && url.username().is_empty() && url.password().is_none() && has_plain_host(url)
    });
    let ours = url.and_then(|url| match url.origin() {
        // The URL standard defines no origin for the scheme of a browser extension.
        url::Origin::Opaque(_) => Some(format!("{}://{}", url.scheme(), url.host_str()?)),
        tuple => Some(tuple.ascii_serialization()),
    });
    ours.map(Into::into)
        .ok_or_else(|| invalid("write scheme, host and port without a path, https://app.example.com for example"))
}

/// Whether the host has only characters of host names: URLs may also contain others, such as `;`.
fn has_plain_host(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => is_host_name(name),
        Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)) => true,
        None => false,
    }
}

/// Whether a host name has only letters, digits, hyphens, underscores and dots. Names in other scripts are in this form
/// when a URL was parsed.
fn is_host_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}

/// Whether a URL is http and not on this machine.
pub(crate) fn is_unencrypted(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        let loopback = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        url.scheme() == "http" && !loopback
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_urls_are_absolute_and_plain() {
        assert_eq!(&*absolute("https://api.clerk.com/").unwrap(), "https://api.clerk.com");
        assert_eq!(&*absolute("http://127.0.0.1:4401").unwrap(), "http://127.0.0.1:4401");
        for bad in [
            "",
            "api.clerk.com",
            "/v1",
            "ftp://api.clerk.com",
            "https://u:p@api.clerk.com",
            "https://a.b/?x",
            "https://a.b/#x",
        ] {
            assert_eq!(absolute(bad).unwrap_err().kind(), ConfigErrorKind::InvalidUrl, "{bad}");
        }
    }

    #[test]
    fn an_origin_has_no_path_and_no_wildcard() {
        assert_eq!(&*origin("https://app.example.com/").unwrap(), "https://app.example.com");
        assert!(origin("http://localhost:3000").is_ok());
        assert_eq!(&*origin("chrome-extension://abcdef").unwrap(), "chrome-extension://abcdef");
        assert_eq!(&*origin("HTTPS://App.Example.com:443").unwrap(), "https://app.example.com");
        for bad in [
            "",
            "app.example.com",
            "https://app.example.com/x",
            "https://app.example.com/?x",
            "https://u@app.example.com",
            "https://app.example.com;",
            "https://app.example.com,",
            "https://a.example.com;https://b.example.com",
            "https://a.example.com https://b.example.com",
            "https://app.example.com!",
            "*",
            "https://*.example.com",
            "HTTPS://x/y",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
        assert!(origin("https://a.b;").unwrap_err().to_string().contains("by commas"));
        assert!(origin("https://*.vercel.app").unwrap_err().to_string().contains("no wildcards"));
    }

    #[test]
    fn http_is_unencrypted_except_on_this_machine() {
        assert!(is_unencrypted("http://api.example.com") && is_unencrypted("http://10.0.0.1"));
        for good in ["https://api.example.com", "http://localhost:1", "http://127.0.0.1", "http://[::1]:5"] {
            assert!(!is_unencrypted(good), "{good}");
        }
    }

    #[test]
    fn a_host_has_no_scheme_path_or_user() {
        assert!(host("satellite.example.com").is_ok());
        for bad in ["", "a/b", "a@b", "https://a.b", "a b", "a?b", "a.b;", "a,b"] {
            assert!(host(bad).is_err(), "{bad}");
        }
    }
}
