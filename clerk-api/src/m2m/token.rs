//! [`BearerToken`]: a token for an outgoing call.

use std::{fmt, sync::Arc};

use clerk_core::time::Timestamp;
use zeroize::Zeroizing;

use super::lifetime::TokenLifetime;

/// A machine-to-machine token to send. It is a secret: `Debug` does not show it.
///
/// ```no_run
/// # async fn run(source: clerk_api::m2m::M2mTokenSource) -> Result<(), Box<dyn std::error::Error>> {
/// let token = source.token().await?;
/// let line = format!("authorization: {}", token.authorization()); // for the wire, never for a log
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct BearerToken(Arc<Inner>);

struct Inner {
    id: Box<str>,
    authorization: Zeroizing<String>,
    lifetime: TokenLifetime,
}

const SCHEME: &str = "Bearer ";

impl BearerToken {
    /// Creates a token; `None` if it is not a valid header value.
    pub(crate) fn new(id: &str, token: &str, lifetime: TokenLifetime) -> Option<Self> {
        let is_valid = !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
        let authorization = Zeroizing::new(format!("{SCHEME}{token}"));
        is_valid.then(|| Self(Arc::new(Inner { id: id.into(), authorization, lifetime })))
    }

    /// The secret token itself. Only use it to send it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0.authorization[SCHEME.len()..]
    }

    /// The value of the `Authorization` header, `Bearer ...`. Mark the header value as sensitive.
    ///
    /// See [RFC 6750, section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1).
    #[must_use]
    pub fn authorization(&self) -> &str {
        &self.0.authorization
    }

    /// The token's id, `mt_...`, for logs and for revocation.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// When the token expires, by this machine's clock. `None` if it never does.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.0.lifetime.expires_at
    }

    pub(crate) fn lifetime(&self) -> &TokenLifetime {
        &self.0.lifetime
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerToken")
            .field("id", &self.id())
            .field("expires_at", &self.expires_at())
            .finish_non_exhaustive()
    }
}
