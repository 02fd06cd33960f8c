//! [`BearerToken`]: what goes into an outgoing call.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use super::lifetime::Life;
use crate::base::time::Timestamp;

/// A machine-to-machine token to send: a secret, which its `Debug` does not show.
///
/// ```no_run
/// # async fn run(source: clerk_core::m2m::M2mTokenSource) -> Result<(), Box<dyn std::error::Error>> {
/// let token = source.token().await?;
/// let line = format!("authorization: {}", token.authorization()); // for the wire, never for a log
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct BearerToken(Arc<Inner>);

struct Inner {
    id: Box<str>,
    authorization: Zeroizing<String>,
    life: Life,
}

const SCHEME: &str = "Bearer ";

impl BearerToken {
    /// `None` for what could not stand in a header.
    pub(crate) fn new(id: &str, token: &str, life: Life) -> Option<Self> {
        let fits = !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
        let authorization = Zeroizing::new(format!("{SCHEME}{token}"));
        fits.then(|| Self(Arc::new(Inner { id: id.into(), authorization, life })))
    }

    /// The token itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0.authorization[SCHEME.len()..]
    }

    /// The value of the `Authorization` header, `Bearer ...`; mark it as sensitive wherever it is kept.
    ///
    /// See [RFC 6750, section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1).
    #[must_use]
    pub fn authorization(&self) -> &str {
        &self.0.authorization
    }

    /// The token's id, `mt_...`: for logs and for revoking it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// When the token ends, by this machine's clock; `None` when it does not.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.0.life.end
    }

    pub(crate) fn life(&self) -> &Life {
        &self.0.life
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
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
