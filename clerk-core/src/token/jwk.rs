//! [`Jwk`]: a JSON Web Key for RSA signatures ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::{Algorithm, VerifyingKey};

/// The members that decide whether a key may verify tokens, and with which algorithm.
#[derive(Deserialize)]
pub(crate) struct Jwk {
    kty: String,
    n: String,
    e: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
}

impl Jwk {
    /// The key; `None` if it is not for verifying one of the accepted algorithms.
    pub(crate) fn verifying_key(&self) -> Option<VerifyingKey> {
        let only = match self.alg.as_deref() {
            None => None,
            Some(name) => Some(Algorithm::from_name(name)?),
        };
        let for_signatures = self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.key_ops.as_deref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if self.kty != "RSA" || !for_signatures {
            return None;
        }
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        VerifyingKey::from_components(&decode(&self.n)?, &decode(&self.e)?, only)
    }
}

impl VerifyingKey {
    /// The key in this JSON Web Key; `None` if it is not an RSA key of 2048 to 8192 bits for verifying RS256, RS384 or
    /// RS512 signatures.
    #[must_use]
    pub fn from_jwk(json: &str) -> Option<Self> {
        serde_json::from_str::<Jwk>(json).ok()?.verifying_key()
    }
}
