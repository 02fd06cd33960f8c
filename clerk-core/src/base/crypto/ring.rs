//! Cryptography of the crate `ring`.

use ring::{
    digest, hmac,
    rand::{SecureRandom, SystemRandom},
    signature::{
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents,
    },
};

use super::{Algorithm, DIGEST};

/// ring's interface cannot keep a key that is ready for verification: it prepares the modulus each time.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RsaKey {
    n: Box<[u8]>,
    e: Box<[u8]>,
}

pub(super) type HmacKey = hmac::Key;

impl RsaKey {
    pub(super) fn new(n: &[u8], e: &[u8]) -> Option<Self> {
        Some(Self { n: n.into(), e: e.into() })
    }

    pub(super) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let parameters = match algorithm {
            Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Algorithm::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
            Algorithm::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
        };
        RsaPublicKeyComponents { n: &self.n, e: &self.e }.verify(parameters, message, signature).is_ok()
    }
}

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
    SystemRandom::new().fill(bytes).is_ok()
}
