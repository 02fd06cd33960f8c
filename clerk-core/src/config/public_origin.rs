//! [`PublicOrigin`]: how to find the address that browsers see.

/// How to find the address that the browser sees, to which a handshake returns.
///
/// ```
/// use clerk_core::{Clerk, config::PublicOrigin};
///
/// let builder = Clerk::builder().public_origin(PublicOrigin::fixed("https://app.example.com")?);
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PublicOrigin {
    /// From `X-Forwarded-Host` and `X-Forwarded-Proto`, as in Clerk's own SDK. Without a proxy, a client can choose
    /// where its own redirects lead; Clerk still checks the address.
    #[default]
    Forwarded,
    /// From the `Host` header and the scheme of the connection.
    Host,
    /// Always this origin; see [`fixed`](Self::fixed).
    Fixed(Box<str>),
}

impl PublicOrigin {
    /// Always this origin, `https://app.example.com` for example.
    ///
    /// # Errors
    /// When it is not an origin, which has no path.
    pub fn fixed(origin: &str) -> Result<Self, super::ConfigError> {
        super::url::origin(origin).map(Self::Fixed)
    }
}
