//! Whose word counts about the address that browsers see.

/// How the address that a browser sees is learned: handshakes lead back there.
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
    /// `X-Forwarded-Host` and `X-Forwarded-Proto` count, as in Clerk's own SDK. A client that reaches this server
    /// without a proxy can then make up where its own redirects lead; Clerk still checks the address.
    #[default]
    Forwarded,
    /// Only the `Host` header counts, and the scheme that the request was received over.
    Host,
    /// This origin, whatever the request says; made by [`fixed`](Self::fixed).
    Fixed(Box<str>),
}

impl PublicOrigin {
    /// This origin, whatever a request says.
    ///
    /// # Errors
    /// When it is no origin (`https://app.example.com`, without a path).
    pub fn fixed(origin: &str) -> Result<Self, super::ConfigError> {
        super::url::origin(origin).map(Self::Fixed)
    }
}
