//! [`JwtKey`]: the instance's public key, to verify tokens without network access.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::error::{ConfigError, ConfigErrorKind};
use crate::token::{Algorithm, VerifyingKey};

/// The JWT public key of an instance (`CLERK_JWT_KEY`), a PEM text from the dashboard's API keys page.
///
/// With it, session tokens are verified without network access, and the `kid` of a token is ignored.
/// Accepts `BEGIN PUBLIC KEY` (RFC 5280) and `BEGIN RSA PUBLIC KEY` (RFC 8017), also with line breaks written as `\n`
/// as in environment files, and the base64 text without BEGIN and END lines.
///
/// ```
/// use clerk_core::{JwtKey, config::ConfigErrorKind};
///
/// let error = "-----BEGIN CERTIFICATE-----".parse::<JwtKey>().unwrap_err();
/// assert_eq!(error.kind(), ConfigErrorKind::InvalidJwtKey);
/// ```
#[derive(Clone)]
pub struct JwtKey(VerifyingKey);

impl JwtKey {
    /// The parsed key.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.0
    }
}

impl FromStr for JwtKey {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let invalid = |problem: &str| ConfigError::new(ConfigErrorKind::InvalidJwtKey, problem);
        if text.contains("PRIVATE KEY") {
            return Err(invalid(
                "this is a private key; give the instance's JWT public key (Clerk dashboard, API keys, JWKS public key)",
            ));
        }
        // Environment files write line breaks as \n or drop them. The markers are not needed to recognize the key.
        let text = text.replace("\\n", "\n").replace("\\r", "");
        let compact: String = without_markers(&text).chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let der = STANDARD.decode(compact).ok();
        der.and_then(|der| VerifyingKey::from_der(&der, Algorithm::Rs256)).map(Self).ok_or_else(|| {
            invalid("not an RSA public key in PEM form; copy the JWKS public key from the Clerk dashboard, API keys, with its BEGIN and END lines")
        })
    }
}

/// The text without `-----BEGIN ...-----` and `-----END ...-----`.
fn without_markers(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("-----") {
        kept.push_str(&rest[..start]);
        let behind = &rest[start + 5..];
        let is_marker = behind.starts_with("BEGIN") || behind.starts_with("END");
        match behind.find("-----").filter(|_| is_marker) {
            Some(end) => rest = &behind[end + 5..],
            None => return text.to_owned(),
        }
    }
    kept + rest
}

impl fmt::Debug for JwtKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JwtKey(..)")
    }
}
