//! [`AllowedOrigins`]: the services that a token may be sent to.

use std::sync::Arc;

use clerk_core::{ConfigError, config::ConfigErrorKind, internal::origin};

/// The origins that a token may be sent to: scheme, host and port, compared exactly.
///
/// For HTTP clients that add tokens automatically, so that a redirect or a mistyped URL cannot leak a token.
///
/// ```
/// use clerk_api::m2m::AllowedOrigins;
///
/// let origins = AllowedOrigins::new(["https://api.example.com"])?;
/// assert!(origins.allow("https", "api.example.com:443"));
/// assert!(!origins.allow("http", "api.example.com"));
/// assert!(!origins.allow("https", "api.example.com@evil.example"));
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct AllowedOrigins(Arc<[AllowedOrigin]>);

#[derive(Debug)]
struct AllowedOrigin {
    scheme: Box<str>,
    host: Box<str>,
    port: u16,
}

impl AllowedOrigins {
    /// Allows these origins and no others.
    ///
    /// # Errors
    /// When one is not an http(s) origin such as `https://api.example.com`, without a path, or the list is empty.
    pub fn new<I>(origins: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let origins: Arc<[_]> =
            origins.into_iter().map(|one| AllowedOrigin::parse(one.as_ref())).collect::<Result<_, _>>()?;
        if origins.is_empty() {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidSetting,
                "name at least one origin that tokens may be sent to, https://api.example.com for example",
            ));
        }
        Ok(Self(origins))
    }

    /// Whether a request to this scheme and authority (`host`, with optional `user@` and `:port`) may carry a token.
    #[must_use]
    pub fn allow(&self, scheme: &str, authority: &str) -> bool {
        let Some((host, port)) = split_authority(scheme, authority) else { return false };
        self.0.iter().any(|allowed| {
            allowed.port == port
                && allowed.scheme.eq_ignore_ascii_case(scheme)
                && allowed.host.eq_ignore_ascii_case(host)
        })
    }
}

impl AllowedOrigin {
    fn parse(text: &str) -> Result<Self, ConfigError> {
        let origin = origin(text)?;
        origin
            .split_once("://")
            .and_then(|(scheme, authority)| {
                let (host, port) = split_authority(scheme, authority)?;
                Some(Self { scheme: scheme.into(), host: host.into(), port })
            })
            .ok_or_else(|| {
                ConfigError::new(ConfigErrorKind::InvalidUrl, format!("{origin:?} is not an http or https origin"))
            })
    }
}

/// Splits an authority into host and port. `None` if the scheme or the port is invalid.
fn split_authority<'a>(scheme: &str, authority: &'a str) -> Option<(&'a str, u16)> {
    let default = match scheme {
        _ if scheme.eq_ignore_ascii_case("https") => 443,
        _ if scheme.eq_ignore_ascii_case("http") => 80,
        _ => return None,
    };
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host_and_port)| host_and_port);
    match host_and_port.rsplit_once(':') {
        // The last colon of [::1] belongs to the address.
        Some((host, port)) if !port.ends_with(']') => {
            let digits = port.bytes().all(|b| b.is_ascii_digit());
            Some((host, port.parse().ok().filter(|_| digits)?))
        }
        _ => Some((host_and_port, default)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_origins_are_allowed() {
        let origins =
            AllowedOrigins::new(["https://api.example.com", "http://127.0.0.1:8080", "http://[::1]"]).unwrap();
        for (scheme, authority) in [
            ("https", "api.example.com"),
            ("HTTPS", "API.example.com:443"),
            ("https", "user:password@api.example.com"),
            ("http", "127.0.0.1:8080"),
            ("http", "[::1]"),
            ("http", "[::1]:80"),
        ] {
            assert!(origins.allow(scheme, authority), "{scheme}://{authority}");
        }
        for (scheme, authority) in [
            ("http", "api.example.com"),
            ("http", "api.example.com:443"),
            ("https", "api.example.com:8443"),
            ("https", "api.example.com."),
            ("https", "api.example.com.evil.example"),
            ("https", "evil.example/api.example.com"),
            ("https", "api.example.com@evil.example"),
            ("https", "a@api.example.com@evil.example"),
            ("https", "xapi.example.com"),
            ("https", "example.com"),
            ("https", "api.example.com:"),
            ("https", "api.example.com:+443"),
            ("https", "api.example.com:65979"),
            ("https", "127.0.0.1:8080"),
            ("http", "127.0.0.1"),
            ("http", "127.1:8080"),
            ("http", "[::1]:8080"),
            ("http", "[0::1]"),
            ("ftp", "api.example.com"),
            ("", ""),
        ] {
            assert!(!origins.allow(scheme, authority), "{scheme}://{authority}");
        }
    }

    #[test]
    fn invalid_origins_are_refused() {
        for bad in
            ["", "api.example.com", "https://api.example.com/v1", "https://*.example.com", "ftp://api.example.com"]
        {
            assert_eq!(AllowedOrigins::new([bad]).unwrap_err().kind(), ConfigErrorKind::InvalidUrl, "{bad}");
        }
        assert_eq!(AllowedOrigins::new([""; 0]).unwrap_err().kind(), ConfigErrorKind::InvalidSetting);
    }
}
