//! [`DecodedToken`]: a decoded but unverified token, for tools.

use serde_json::Value;

use super::{error::TokenError, jws::SignedToken};

/// A decoded token without any verification: its content may be forged.
///
/// For tools that show a token to a developer. Never use it to authenticate a request.
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
    /// Decodes a compact token.
    ///
    /// # Errors
    /// When it is not a signed JSON Web Token.
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
