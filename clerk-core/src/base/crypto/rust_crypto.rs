//! Cryptography in Rust alone: the crates `rsa`, `hmac`, `sha2` and `getrandom`. It needs no C compiler.

use hmac::{Hmac, KeyInit, Mac};
use rsa::{BoxedUint, PublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::{Algorithm, DIGEST};

/// Length of a block of SHA-256, in bytes.
const BLOCK: usize = 64;

#[derive(Clone, PartialEq, Eq)]
pub(super) struct RsaKey(PublicKey);

pub(super) type HmacKey = Hmac<Sha256>;

impl RsaKey {
    pub(super) fn new(n: &[u8], e: &[u8]) -> Option<Self> {
        let number = BoxedUint::from_be_slice_vartime; // both are public
        PublicKey::new(number(n), number(e)).ok().map(Self)
    }

    pub(super) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match algorithm {
            Algorithm::Rs256 => self.0.pkcs1v15_verify::<Sha256>(message, signature),
            Algorithm::Rs384 => self.0.pkcs1v15_verify::<Sha384>(message, signature),
            Algorithm::Rs512 => self.0.pkcs1v15_verify::<Sha512>(message, signature),
        }
        .is_ok()
    }
}

/// A secret is filled up with zeros to a block, after hashing if it is longer
/// ([RFC 2104, section 2](https://www.rfc-editor.org/rfc/rfc2104#section-2)).
pub(super) fn hmac_key(secret: &[u8]) -> HmacKey {
    let mut block = Zeroizing::new([0; BLOCK]);
    match block.get_mut(..secret.len()) {
        Some(start) => start.copy_from_slice(secret),
        None => block[..DIGEST].copy_from_slice(&sha256(secret)),
    }
    HmacKey::new((&*block).into())
}

pub(super) fn hmac(key: &HmacKey, parts: &[&[u8]]) -> [u8; DIGEST] {
    let mut context = key.clone();
    for part in parts {
        context.update(part);
    }
    context.finalize().into_bytes().into()
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; DIGEST] {
    Sha256::digest(bytes).into()
}

pub(super) fn fill_random(bytes: &mut [u8]) -> bool {
    getrandom::fill(bytes).is_ok()
}
