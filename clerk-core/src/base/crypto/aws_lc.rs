//! Cryptography of the crate `aws-lc-rs`.

use aws_lc_rs::{
    digest, hmac, rand,
    signature::{
        ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
        RsaPublicKeyComponents,
    },
};

use super::{Algorithm, DIGEST};

/// A parsed key belongs to one algorithm.
#[derive(Clone)]
pub(super) struct RsaKey {
    sha256: ParsedPublicKey,
    sha384: ParsedPublicKey,
    sha512: ParsedPublicKey,
}

pub(super) type HmacKey = hmac::Key;

impl RsaKey {
    pub(super) fn new(n: &[u8], e: &[u8]) -> Option<Self> {
        let components = RsaPublicKeyComponents { n, e };
        Some(Self {
            sha256: components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()?,
            sha384: components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA384).ok()?,
            sha512: components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA512).ok()?,
        })
    }

    pub(super) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let key = match algorithm {
            Algorithm::Rs256 => &self.sha256,
            Algorithm::Rs384 => &self.sha384,
            Algorithm::Rs512 => &self.sha512,
        };
        key.verify_sig(message, signature).is_ok()
    }
}

/// Whether both are the same public key.
impl PartialEq for RsaKey {
    fn eq(&self, other: &Self) -> bool {
        self.sha256.as_ref() == other.sha256.as_ref()
    }
}

impl Eq for RsaKey {}

pub(super) fn hmac_key(secret: &[u8]) -> HmacKey {
    hmac::Key::new(hmac::HMAC_SHA256, secret)
}

pub(super) fn hmac(key: &HmacKey, parts: &[&[u8]]) -> [u8; DIGEST] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    let mut tag = [0; DIGEST];
    tag.copy_from_slice(context.sign().as_ref());
    tag
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; DIGEST] {
    let mut copy = [0; DIGEST];
    copy.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    copy
}

pub(super) fn fill_random(bytes: &mut [u8]) -> bool {
    rand::fill(bytes).is_ok()
}
