//! The instance's public key from the dashboard: verification without any network.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls_pki_types::pem::{self, SectionKind};

use super::error::{ConfigError, ConfigErrorKind};
use crate::jwt::VerifyingKey;

/// The JWT public key of an instance (`CLERK_JWT_KEY`), a PEM text from the dashboard's API keys page.
///
/// With it, session tokens are verified without any network. The `kid` of a token is then not compared.
/// Accepted are `BEGIN PUBLIC KEY` (RFC 5280), `BEGIN RSA PUBLIC KEY` (RFC 8017), either with its line breaks
/// written as `\n` as environment files have them, and the bare base64 text without its armour.
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
        // The parser below tells the two structures apart by their content, so one name of the armour will do.
        let text = text.trim().replace("\\n", "\n").replace("\\r", "").replace("RSA PUBLIC KEY", "PUBLIC KEY");
        let der = if text.contains("-----BEGIN") {
            match pem::from_buf(&mut text.as_bytes()) {
                Ok(Some((SectionKind::PublicKey, der))) => Some(der),
                _ => None,
            }
        } else {
            let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            STANDARD.decode(compact).ok()
        };
        der.and_then(|der| VerifyingKey::from_der(&der)).map(Self).ok_or_else(|| {
            invalid("not an RSA public key in PEM form; copy the JWKS public key from the Clerk dashboard, API keys, with its BEGIN and END lines")
        })
    }
}

impl fmt::Debug for JwtKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JwtKey(..)")
    }
}
