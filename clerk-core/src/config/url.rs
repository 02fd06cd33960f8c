//! Parsers for URLs, hosts and origins in settings.

use std::fmt;

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
pub fn absolute(text: &str) -> Result<Box<str>, ConfigError> {
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

/// The URL of an API, with an optional query for a gateway in front of it. `Display` and `Debug` show it without the
/// query, which may hold the gateway's secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ApiUrl(Box<str>);

impl ApiUrl {
    /// Parses an [`absolute`] URL with an optional query.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        match text.split_once('?') {
            Some((url, query)) if !query.contains('#') => Ok(Self(format!("{}?{query}", absolute(url)?).into())),
            _ => absolute(text).map(Self),
        }
    }

    /// A URL that was checked before.
    pub(crate) fn checked(url: &str) -> Self {
        Self(url.into())
    }

    /// The whole URL, to send a request to it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// The URL without its query.
    pub(crate) fn base(&self) -> &str {
        self.0.split('?').next().unwrap_or_default()
    }

    /// Appends a path, and keeps the query.
    pub(crate) fn join(&self, path: &str) -> Self {
        Self(match self.0.split_once('?') {
            Some((base, query)) => format!("{base}/{path}?{query}").into(),
            None => format!("{}/{path}", self.0).into(),
        })
    }
}

impl fmt::Display for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base())
    }
}

impl fmt::Debug for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.base())
    }
}

/// A configured URL or other text as errors and logs show it: scheme, host and path, because user information and query may
/// be secrets.
#[must_use]
pub fn shown(text: &str) -> String {
    let plain = text.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = plain.split_once("://").map_or(("", plain), |(scheme, rest)| (scheme, rest));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    if scheme.is_empty() { format!("{host}{path}") } else { format!("{scheme}://{host}{path}") }
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
///
/// # Errors
/// When the text is not an http or https origin.
pub fn origin(text: &str) -> Result<Box<str>, ConfigError> {
    let invalid = |problem: &str| {
        ConfigError::new(ConfigErrorKind::InvalidUrl, format!("{:?} is not an origin: {problem}", shown(text)))
    };
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
#[must_use]
pub fn is_unencrypted(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.scheme() == "http" && !is_loopback(&url))
}

/// Whether calls of a URL may go through the environment's proxy: only https to another machine. Such a proxy reads what is
/// not encrypted, and does not reach this machine.
pub(crate) fn goes_through_proxy(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.scheme() == "https" && !is_loopback(&url))
}

/// Whether a URL's host is the name of a container beside this one, such as `http://clerk-local:4401`: a name without a
/// dot.
pub(crate) fn is_container(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.host(), Some(url::Host::Domain(name)) if !name.contains('.')))
}

/// Whether a URL leads to this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
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
    fn no_text_shows_user_information_or_a_query() {
        let url = ApiUrl::parse("https://gw.example/clerk/?key=s3cr3t").unwrap().join("v1/jwks");
        assert_eq!(url.expose(), "https://gw.example/clerk/v1/jwks?key=s3cr3t");
        assert_eq!(format!("{url} {url:?}"), r#"https://gw.example/clerk/v1/jwks "https://gw.example/clerk/v1/jwks""#);
        for (text, expected) in [
            ("https://u:s3cr3t@app.example.com:8443/a/b?s3cr3t#s3cr3t", "https://app.example.com:8443/a/b"),
            ("u:s3cr3t@app.example.com", "app.example.com"),
            ("https://u:s3cr3t@x@app.example.com?s3cr3t@y/z", "https://app.example.com"),
            ("/path?s3cr3t", "/path"),
            ("", ""),
        ] {
            assert_eq!(shown(text), expected);
        }
        let error = origin("https://u:s3cr3t@app.example.com/?s3cr3t").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error:?}");
    }

    #[test]
    fn only_https_to_another_machine_goes_through_a_proxy() {
        for url in ["https://api.clerk.com", "https://api.clerk.com:8443/v1"] {
            assert!(goes_through_proxy(url), "{url}");
        }
        for url in [
            "http://api.example.com",
            "http://clerk-local:4401",
            "http://127.0.0.1:4401",
            "https://127.0.0.2",
            "https://localhost:4401/v1",
            "https://x.localhost.",
            "https://[::1]",
            "https://[::ffff:127.0.0.1]",
            "",
        ] {
            assert!(!goes_through_proxy(url), "{url}");
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
