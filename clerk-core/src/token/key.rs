//! [`VerifyingKey`]: an RSA key, parsed once.

use std::fmt;

use crate::base::crypto::{Algorithm, RsaPublicKey};

/// An RSA public key of 2048 to 8192 bits, parsed once and used for every verification.
///
/// Parsing costs up to a quarter of a verification, so it happens once per key and not once per request, except with ring.
///
/// Two are equal if they verify the same signatures.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    key: RsaPublicKey,
    /// The only algorithm that the JWK allows, if it has an `alg`.
    only: Option<Algorithm>,
}

impl VerifyingKey {
    /// The key in this DER structure: `SubjectPublicKeyInfo` (RFC 5280) or `RSAPublicKey` (RFC 8017).
    pub(crate) fn from_der(der: &[u8], only: Algorithm) -> Option<Self> {
        Some(Self { key: RsaPublicKey::from_der(der)?, only: Some(only) })
    }

    /// The key with this big-endian modulus and exponent.
    pub(crate) fn from_components(n: &[u8], e: &[u8], only: Option<Algorithm>) -> Option<Self> {
        Some(Self { key: RsaPublicKey::from_components(n, e)?, only })
    }

    /// Whether the key's JWK allows signatures under `algorithm`.
    pub(crate) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.only.is_none_or(|only| only == algorithm)
    }

    /// Whether both are the same public key, whatever algorithms they allow.
    pub(crate) fn is_same_key(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// Whether `signature` is this key's signature of `message` under `algorithm`.
    #[must_use]
    pub fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.is_for(algorithm) && self.key.verify(algorithm, message, signature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").finish_non_exhaustive()
    }
}
