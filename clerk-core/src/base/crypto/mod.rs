//! Cryptography: the one module that names a library for it.
//!
//! The features `aws-lc-rs`, `ring` and `rust-crypto` choose the library; the first of them that is on counts. What a key
//! may be is decided here and not by the library, so that each library accepts the same keys.

mod der;

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
#[cfg(feature = "aws-lc-rs")]
use self::aws_lc as provider;

#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
mod ring;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use self::ring as provider;

#[cfg(all(feature = "rust-crypto", not(any(feature = "aws-lc-rs", feature = "ring"))))]
mod rust_crypto;
#[cfg(all(feature = "rust-crypto", not(any(feature = "aws-lc-rs", feature = "ring"))))]
use self::rust_crypto as provider;

#[cfg(not(any(feature = "aws-lc-rs", feature = "ring", feature = "rust-crypto")))]
compile_error!(
    "no cryptography: turn on one of the features `aws-lc-rs` (default), `ring` and `rust-crypto` of the Clerk crate that you use"
);

use std::fmt;

use subtle::ConstantTimeEq;

/// Length of a SHA-256 digest and of an HMAC-SHA-256 tag, in bytes.
pub(crate) const DIGEST: usize = 32;

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

/// An RSA public key of 2048 to 8192 bits, parsed once as far as the library can keep a parsed key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RsaPublicKey(provider::RsaKey);

/// A secret for HMAC with SHA-256.
#[derive(Clone)]
pub(crate) struct HmacKey(provider::HmacKey);

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

impl RsaPublicKey {
    /// The key with this big-endian modulus and exponent.
    ///
    /// `None` unless the modulus is odd and has 2048 to 8192 bits, and the exponent is odd, above 1 and below 2^32.
    pub(crate) fn from_components(n: &[u8], e: &[u8]) -> Option<Self> {
        let (n, e) = (without_leading_zeros(n), without_leading_zeros(e));
        let bits = n.len() * 8 - n.first()?.leading_zeros() as usize;
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
        if !(2048..=8192).contains(&bits) || !is_odd(n) || !is_odd(e) || e == [1] || e.len() > 4 {
            return None;
        }
        provider::RsaKey::new(n, e).map(Self)
    }

    /// The key in this DER structure: `SubjectPublicKeyInfo` (RFC 5280) or `RSAPublicKey` (RFC 8017).
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let (n, e) = der::read_rsa_public_key(der)?;
        Self::from_components(n, e)
    }

    /// Whether `signature` is this key's signature of `message` under `algorithm`.
    pub(crate) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify(algorithm, message, signature)
    }
}

impl HmacKey {
    /// The key with this secret, of any length.
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(provider::hmac_key(secret))
    }

    /// The tag of all parts, one after the other. Compare it with [`constant_time_eq`] alone.
    pub(crate) fn sign(&self, parts: &[&[u8]]) -> [u8; DIGEST] {
        provider::hmac(&self.0, parts)
    }
}

/// The SHA-256 digest.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; DIGEST] {
    provider::sha256(bytes)
}

/// Unpredictable bytes; `None` if the system has none.
#[must_use]
pub fn random_bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    provider::fill_random(&mut bytes).then_some(bytes)
}

/// Compares in a time that depends on the lengths alone.
#[must_use]
pub fn constant_time_eq(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HmacKey").finish_non_exhaustive()
    }
}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let first = bytes.iter().position(|&b| b != 0).unwrap_or(bytes.len());
    &bytes[first..]
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &[u8] = b"clerk";

    struct Vector {
        algorithm: Algorithm,
        n: Vec<u8>,
        e: Vec<u8>,
        signature: Vec<u8>,
    }

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// Keys of 2048, 2049, 3072 and 8192 bits with several exponents.
    fn vectors() -> Vec<Vector> {
        let lines = include_str!("vectors.txt").lines().filter(|line| !line.starts_with('#'));
        let parse = |line: &str| {
            let parts: Vec<&str> = line.split(' ').collect();
            let [n, e, signature] = [1, 2, 3].map(|at| unhex(parts[at]));
            Vector { algorithm: Algorithm::from_name(parts[0]).unwrap(), n, e, signature }
        };
        lines.map(parse).collect()
    }

    #[test]
    fn a_signature_is_valid_for_its_key_algorithm_and_message() {
        let vectors = vectors();
        for Vector { algorithm, n, e, signature } in &vectors {
            let key = RsaPublicKey::from_components(n, e).unwrap();
            assert!(key.verify(*algorithm, MESSAGE, signature));
            assert!(!key.verify(*algorithm, b"Clerk", signature));
            for other in [Algorithm::Rs256, Algorithm::Rs384, Algorithm::Rs512] {
                assert_eq!(key.verify(other, MESSAGE, signature), other == *algorithm, "{other:?}");
            }
            let same = RsaPublicKey::from_components(&[&[0, 0], &n[..]].concat(), &[&[0], &e[..]].concat()).unwrap();
            assert!(same == key && same.verify(*algorithm, MESSAGE, signature), "leading zeros");
            for other in vectors.iter().filter(|other| other.n != *n) {
                let other = RsaPublicKey::from_components(&other.n, &other.e).unwrap();
                assert!(other != key && !other.verify(*algorithm, MESSAGE, signature));
            }
        }
    }

    #[test]
    fn any_other_signature_is_invalid() {
        for Vector { algorithm, n, e, signature } in vectors() {
            let key = RsaPublicKey::from_components(&n, &e).unwrap();
            let mut others = vec![Vec::new(), vec![0], vec![0; n.len()], vec![0xff; n.len()], vec![0xff; 16 * 1024]];
            others.push(n.clone()); // zero, modulo n
            others.push([&[0], &signature[..]].concat());
            others.push([&signature[..], &[0]].concat());
            others.push(signature[1..].to_vec());
            others.push(signature[..signature.len() - 1].to_vec());
            others.extend((0..signature.len()).step_by(37).map(|at| {
                let mut changed = signature.clone();
                changed[at] ^= 1;
                changed
            }));
            let one = [vec![0; n.len() - 1], vec![1]].concat();
            others.push(one);
            for other in others {
                assert!(!key.verify(algorithm, MESSAGE, &other), "{} bytes", other.len());
            }
        }
    }

    #[test]
    fn a_key_has_2048_to_8192_bits_and_an_odd_exponent_of_32_bits() {
        let modulus = |bits: usize| {
            let mut n = vec![0xff; bits.div_ceil(8)];
            n[0] >>= (8 - bits % 8) % 8;
            n
        };
        let is_key = |n: &[u8], e: &[u8]| RsaPublicKey::from_components(n, e).is_some();
        for (bits, expected) in [(8, false), (2040, false), (2047, false), (2048, true), (2049, true)]
            .into_iter()
            .chain([(4096, true), (8191, true), (8192, true), (8193, false), (8200, false), (1 << 20, false)])
        {
            assert_eq!(is_key(&modulus(bits), &[1, 0, 1]), expected, "{bits} bits");
        }
        let n = modulus(2048);
        for (e, expected) in [
            (&[][..], false),
            (&[0], false),
            (&[1], false),
            (&[2], false),
            (&[3], true),
            (&[0, 0, 3], true),
            (&[1, 0, 0], false),
            (&[0xff; 4], true),
            (&[1, 0, 0, 0, 1], false),
            (&[0, 0xff, 0xff, 0xff, 0xff], true),
            (&[0xff; 300], false),
        ] {
            assert_eq!(is_key(&n, e), expected, "{e:?}");
        }
        let mut even = n.clone();
        even[255] = 0xfe;
        assert!(!is_key(&even, &[3]) && !is_key(&[], &[3]) && !is_key(&[0; 256], &[3]));
    }

    #[test]
    fn hmac_has_the_tags_of_rfc_4231() {
        // Test cases 1, 2, 3 and 7.
        let long = b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.";
        for (secret, data, tag) in [
            (&[0x0b; 20][..], &b"Hi There"[..], "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (&[0xaa; 131], long, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        ] {
            let key = HmacKey::new(secret);
            assert_eq!(key.sign(&[data]).to_vec(), unhex(tag));
            let (one, other) = data.split_at(5);
            assert_eq!(key.sign(&[one, b"", other]).to_vec(), unhex(tag), "in parts");
        }
        // A secret of exactly one block is used as it is.
        assert_ne!(HmacKey::new(&[1; 64]).sign(&[]), HmacKey::new(&sha256(&[1; 64])).sign(&[]));
        assert_eq!(HmacKey::new(&[1; 65]).sign(&[]), HmacKey::new(&sha256(&[1; 65])).sign(&[]));
        assert_eq!(HmacKey::new(&[]).sign(&[]), HmacKey::new(&[0; 64]).sign(&[]));
        assert_eq!(format!("{:?}", HmacKey::new(b"s3cr3t")), "HmacKey { .. }");
    }

    #[test]
    fn digests_comparisons_and_random_bytes_are_right() {
        let digest = unhex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sha256(b"abc").to_vec(), digest);
        assert!(constant_time_eq(&digest, &sha256(b"abc")) && constant_time_eq(&[], &[]));
        assert!(!constant_time_eq(&digest, &digest[1..]) && !constant_time_eq(b"a", b"b"));
        assert_ne!(random_bytes::<16>().unwrap(), random_bytes::<16>().unwrap());
    }
}
