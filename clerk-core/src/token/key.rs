//! [`VerifyingKey`]: an RSA key, parsed once.

use std::fmt;

use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RsaPublicKeyComponents,
};

/// The accepted signature algorithms: those with RSASSA-PKCS1-v1_5 in
/// [RFC 7518, section 3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, which Clerk uses.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
}

impl Algorithm {
    /// The algorithm with this JOSE name; names are case-sensitive.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "RS384" => Some(Self::Rs384),
            "RS512" => Some(Self::Rs512),
            _ => None,
        }
    }
}

/// An RSA public key of 2048 to 8192 bits, parsed once and used for every verification.
///
/// Parsing costs a third of a verification, so it happens once per key and not once per request.
#[derive(Clone)]
pub struct VerifyingKey {
    sha256: ParsedPublicKey,
    sha384: ParsedPublicKey,
    sha512: ParsedPublicKey,
    /// The only algorithm that the JWK allows, if it has an `alg`.
    only: Option<Algorithm>,
}

impl VerifyingKey {
    /// The key in this DER structure: `SubjectPublicKeyInfo` (RFC 5280) or `RSAPublicKey` (RFC 8017).
    pub(crate) fn from_der(der: &[u8], only: Algorithm) -> Option<Self> {
        Some(Self {
            sha256: ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).ok()?,
            sha384: ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA384, der).ok()?,
            sha512: ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA512, der).ok()?,
            only: Some(only),
        })
    }

    /// The key with this big-endian modulus and exponent.
    ///
    /// `None` unless the modulus has 2048 to 8192 bits and the exponent is odd, above 1 and below 2^32.
    pub(crate) fn from_components(n: &[u8], e: &[u8], only: Option<Algorithm>) -> Option<Self> {
        let (n, e) = (without_leading_zeros(n), without_leading_zeros(e));
        let bits = n.len() * 8 - n.first()?.leading_zeros() as usize;
        let odd = e.last()? & 1 == 1 && e != [1];
        if !(2048..=8192).contains(&bits) || !odd || e.len() > 4 {
            return None;
        }
        let components = RsaPublicKeyComponents { n, e };
        Some(Self {
            sha256: components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()?,
            sha384: components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA384).ok()?,
            sha512: components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA512).ok()?,
            only,
        })
    }

    /// Whether the key's JWK allows signatures under `algorithm`.
    pub(crate) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.only.is_none_or(|only| only == algorithm)
    }

    /// Whether both are the same public key, whatever algorithms they allow.
    pub(crate) fn is_same_key(&self, other: &Self) -> bool {
        self.sha256.as_ref() == other.sha256.as_ref()
    }

    /// The key in DER form.
    #[cfg(test)]
    pub(crate) fn sha256_der(&self) -> &[u8] {
        self.sha256.as_ref()
    }

    /// Whether `signature` is this key's signature of `message` under `algorithm`.
    #[must_use]
    pub fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.is_for(algorithm) {
            return false;
        }
        let key = match algorithm {
            Algorithm::Rs256 => &self.sha256,
            Algorithm::Rs384 => &self.sha384,
            Algorithm::Rs512 => &self.sha512,
        };
        key.verify_sig(message, signature).is_ok()
    }
}

/// Whether both verify the same signatures.
impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.only == other.only && self.is_same_key(other)
    }
}

impl Eq for VerifyingKey {}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let first = bytes.iter().position(|&b| b != 0).unwrap_or(bytes.len());
    &bytes[first..]
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").finish_non_exhaustive()
    }
}
