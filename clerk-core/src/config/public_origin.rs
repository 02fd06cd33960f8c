//! [`PublicOrigin`]: how to find the address that browsers see.

/// How to find the address that the browser sees, to which a handshake returns.
///
/// ```
/// use clerk_core::{Clerk, config::PublicOrigin};
///
/// let builder = Clerk::builder().public_origin(PublicOrigin::fixed("https://app.example.com/shop")?);
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PublicOrigin {
    /// From the headers of the proxy: `X-Forwarded-Host`, `X-Forwarded-Proto`, `X-Forwarded-Port` if the host has no
    /// port, and `X-Forwarded-Prefix`; without the first two from `Forwarded`
    /// ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239)). Of several values the first one counts; prefixes are joined.
    /// Without a proxy, a client can choose where its own redirects lead; Clerk still checks the address.
    #[default]
    Forwarded,
    /// From the `Host` header and the scheme of the connection.
    Host,
    /// Always this address; see [`fixed`](Self::fixed).
    Fixed(Box<str>),
}

impl PublicOrigin {
    /// Always this origin, `https://app.example.com` for example. A path, as in `https://app.example.com/shop`, is what a
    /// proxy removes from each request, so it is put in front of the request's path. The variable is
    /// `CLERK_PUBLIC_ORIGIN`.
    ///
    /// # Errors
    /// When it is not an absolute http or https URL, or has a query.
    pub fn fixed(origin: &str) -> Result<Self, super::ConfigError> {
        super::url::absolute(origin).map(Self::Fixed)
    }
}
