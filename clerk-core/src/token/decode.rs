//! A token as it says it is, for tools that show one.

use serde_json::Value;

use super::{error::TokenError, jws::SignedToken};

/// A token taken apart without any verification: whoever made it may have written anything.
///
/// For tools that show a token to a developer. What a request may do is never decided by this.
///
/// ```
/// use clerk_core::token::DecodedToken;
///
/// let decoded = DecodedToken::decode("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")?;
/// assert_eq!(decoded.payload()["sub"], "x");
/// # Ok::<(), clerk_core::token::TokenError>(())
/// ```
#[derive(Clone)]
pub struct DecodedToken {
    header: Value,
    payload: Value,
    signature: Vec<u8>,
}

impl DecodedToken {
    /// Takes a compact token apart.
    ///
    /// # Errors
    /// When it is no signed JSON Web Token.
    pub fn decode(token: &str) -> Result<Self, TokenError> {
        let signed = SignedToken::parse(token)?;
        let (header, payload, signature) = signed.unverified().ok_or(super::TokenErrorKind::Malformed)?;
        Ok(Self { header, payload, signature })
    }

    /// The header's members.
    #[must_use]
    pub const fn header(&self) -> &Value {
        &self.header
    }

    /// The payload, unverified.
    #[must_use]
    pub const fn payload(&self) -> &Value {
        &self.payload
    }

    /// The signature's bytes.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

impl std::fmt::Debug for DecodedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecodedToken").finish_non_exhaustive()
    }
}
