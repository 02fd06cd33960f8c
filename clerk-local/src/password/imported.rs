//! [`ImportedDigest`]: a password's digest in the form of another system, as Clerk's
//! [`createUser()`](https://clerk.com/docs/reference/backend/user/create-user) describes it.

use std::num::NonZeroU32;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest as hash},
    pbkdf2::{self, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::parse_bcrypt;

/// More than Django's own number, which grows by a fifth a year.
const MAX_ITERATIONS: u32 = 2_000_000;

/// The shortest and the longest hash of PBKDF2, in bytes.
const HASH_LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;

/// The longest digest as text.
const MAX_LENGTH: usize = 1_000;

/// The length of a SHA-1 hash in bytes, if the digest does not say it.
const SHA1_KEY_LENGTH: usize = 32;

/// A password's digest in the form of another system.
pub(super) enum ImportedDigest<'d> {
    BcryptSha256(&'d str),
    Pbkdf2 { algorithm: pbkdf2::Algorithm, iterations: NonZeroU32, salt: Vec<u8>, hash: Vec<u8> },
    Sha256(Vec<u8>),
}

impl<'d> ImportedDigest<'d> {
    /// The digest of this hasher; `None` when it is malformed, when its verification would cost too much, and for other
    /// hashers.
    pub(super) fn parse(hasher: &str, digest: &'d str) -> Option<Self> {
        if digest.len() > MAX_LENGTH {
            return None;
        }
        match hasher {
            "bcrypt_sha256_django" => {
                let digest = digest.strip_prefix("bcrypt_sha256$")?;
                parse_bcrypt(digest).then_some(Self::BcryptSha256(digest))
            }
            "pbkdf2_sha1" => {
                let (iterations, salt, hash) = split(digest.strip_prefix("pbkdf2_sha1$")?)?;
                // The length of the hash may follow.
                let (salt, hash, length) = match (hash.parse(), salt.rsplit_once('$')) {
                    (Ok(length), Some((salt, before))) if hash.len() < 3 => (salt, before, length),
                    _ => (salt, hash, SHA1_KEY_LENGTH),
                };
                let salt = from_hex(salt).unwrap_or_else(|| salt.as_bytes().to_vec());
                let hash = from_hex(hash).filter(|hash| hash.len() == length)?;
                Self::pbkdf2(PBKDF2_HMAC_SHA1, iterations, salt, hash)
            }
            "pbkdf2_sha256" => {
                let (iterations, salt, hash) = split(digest.strip_prefix("pbkdf2_sha256$")?)?;
                Self::pbkdf2(PBKDF2_HMAC_SHA256, iterations, STANDARD.decode(salt).ok()?, STANDARD.decode(hash).ok()?)
            }
            "pbkdf2_sha256_django" => {
                let (iterations, salt, hash) = split(digest.strip_prefix("pbkdf2_sha256$")?)?;
                Self::pbkdf2(PBKDF2_HMAC_SHA256, iterations, salt.as_bytes().to_vec(), STANDARD.decode(hash).ok()?)
            }
            "pbkdf2_sha512" => {
                let (iterations, salt, hash) = split(digest.strip_prefix("pbkdf2_sha512$")?)?;
                Self::pbkdf2(PBKDF2_HMAC_SHA512, iterations, salt.as_bytes().to_vec(), from_hex(hash)?)
            }
            "pbkdf2_sha512_hex" => {
                let (iterations, salt, hash) = split(digest.strip_prefix("pbkdf2_sha512_hex$")?)?;
                Self::pbkdf2(PBKDF2_HMAC_SHA512, iterations, from_hex(salt)?, from_hex(hash)?)
            }
            "sha256" => from_hex(digest).filter(|hash| hash.len() == 32).map(Self::Sha256),
            _ => None,
        }
    }

    fn pbkdf2(algorithm: pbkdf2::Algorithm, iterations: NonZeroU32, salt: Vec<u8>, hash: Vec<u8>) -> Option<Self> {
        let is_good = HASH_LENGTHS.contains(&hash.len()) && iterations.get() <= MAX_ITERATIONS;
        is_good.then_some(Self::Pbkdf2 { algorithm, iterations, salt, hash })
    }

    /// Whether this is the password.
    pub(super) fn verify(&self, password: &str) -> bool {
        match self {
            Self::BcryptSha256(digest) => {
                let hex = to_hex(hash(&SHA256, password.as_bytes()).as_ref());
                bcrypt::verify(hex, digest).unwrap_or(false)
            }
            Self::Pbkdf2 { algorithm, iterations, salt, hash } => {
                pbkdf2::verify(*algorithm, *iterations, salt, password.as_bytes(), hash).is_ok()
            }
            Self::Sha256(own) => verify_slices_are_equal(hash(&SHA256, password.as_bytes()).as_ref(), own).is_ok(),
        }
    }
}

/// The number of iterations, the salt, and what follows it. A salt that is plain text may contain a `$`.
fn split(rest: &str) -> Option<(NonZeroU32, &str, &str)> {
    let (iterations, rest) = rest.split_once('$')?;
    let (salt, hash) = rest.rsplit_once('$')?;
    Some((iterations.parse().ok()?, salt, hash))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |one: u8| char::from(one).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks_exact(2);
    let is_whole = pairs.remainder().is_empty();
    let bytes = pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?));
    bytes.collect::<Option<_>>().filter(|_| is_whole)
}

fn to_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hasher: the digest and its password.
    const VECTORS: [(&str, &str, &str); 11] = [
        // Of passlib's tests of `django_bcrypt_sha256`.
        ("bcrypt_sha256_django", "bcrypt_sha256$$2a$06$/3OeRpbOf8/l6nPPRdZPp.nRiyYqPobEZGdNRBWihQhiFDh1ws1tu", ""),
        (
            "bcrypt_sha256_django",
            "bcrypt_sha256$$2a$08$NDjSAIcas.EcoxCRiArvT.MkNiPYVhrsrnJsRkLueZOoV1bsQqlmC",
            "l\u{e8}tmein",
        ),
        // RFC 6070: the salt is "saltSALT..." in hexadecimal form, then "salt" as it is.
        (
            "pbkdf2_sha1",
            "pbkdf2_sha1$4096$73616c7453414c5473616c7453414c5473616c7453414c5473616c7453414c5473616c74$\
             3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038$25",
            "passwordPASSWORDpassword",
        ),
        ("pbkdf2_sha1", "pbkdf2_sha1$2$salt$ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957$20", "password"),
        // RFC 7914, section 11: 64 bytes, in base64 with the salt "NaCl", and the same with the salt as it is.
        (
            "pbkdf2_sha256",
            "pbkdf2_sha256$80000$TmFDbA==$\
             TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ==",
            "Password",
        ),
        (
            "pbkdf2_sha256_django",
            "pbkdf2_sha256$80000$NaCl$\
             TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ==",
            "Password",
        ),
        // Of Django's tests.
        (
            "pbkdf2_sha256_django",
            "pbkdf2_sha256$20000$seasalt$oBSd886ysm3AqYun62DOdin8YcfbU1z9cksZSuLP9r0=",
            "l\u{e8}tmein",
        ),
        // Of CPython's tests of `hashlib`.
        (
            "pbkdf2_sha512",
            "pbkdf2_sha512$1$salt$867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252\
             c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce",
            "password",
        ),
        (
            "pbkdf2_sha512",
            "pbkdf2_sha512$4096$salt$d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5\
             143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5",
            "password",
        ),
        (
            "pbkdf2_sha512_hex",
            "pbkdf2_sha512_hex$4096$73616c74$d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5\
             143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5",
            "password",
        ),
        // FIPS 180-4, example of SHA-256.
        ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc"),
    ];

    #[test]
    fn published_digests_verify_with_their_own_password_alone() {
        for (hasher, digest, password) in VECTORS {
            let parsed = ImportedDigest::parse(hasher, digest).unwrap();
            assert!(parsed.verify(password), "{hasher} {digest}");
            assert!(!parsed.verify("another") && !parsed.verify(&format!("{password} ")), "{hasher} {digest}");
        }
    }

    #[test]
    fn malformed_and_expensive_digests_are_refused() {
        let (_, django, _) = VECTORS[6];
        let (_, sha1, _) = VECTORS[3];
        for (hasher, bad) in [
            ("pbkdf2_sha256_django", ""),
            ("pbkdf2_sha256_django", "pbkdf2_sha256$20000$seasalt"),
            ("pbkdf2_sha256_django", &django.replace("$20000$", "$0$")),
            ("pbkdf2_sha256_django", &django.replace("$20000$", "$2000001$")),
            ("pbkdf2_sha256_django", &django.replace("$20000$", "$-1$")),
            ("pbkdf2_sha256_django", &django.replace("9r0=", "9r0")),
            ("pbkdf2_sha256_django", "pbkdf2_sha256$20000$seasalt$oBSd"),
            ("pbkdf2_sha256_django", &django.replace("seasalt", &"x".repeat(1_000))),
            ("pbkdf2_sha256", django), // the salt is no base64
            ("pbkdf2_sha1", &sha1.replace("$20", "$32")),
            ("pbkdf2_sha1", &sha1.replace("$20", "")),
            ("pbkdf2_sha1", django),
            ("pbkdf2_sha512", django),
            ("bcrypt_sha256_django", &VECTORS[0].1.replace("$06$", "$20$")),
            ("bcrypt_sha256_django", "$2a$06$/3OeRpbOf8/l6nPPRdZPp.nRiyYqPobEZGdNRBWihQhiFDh1ws1tu"),
            ("sha256", "ba7816bf"),
            ("sha256", &"g".repeat(64)),
            ("md5", "5f4dcc3b5aa765d61d8327deb882cf99"),
        ] {
            assert!(ImportedDigest::parse(hasher, bad).is_none(), "{hasher} {bad}");
        }
    }
}
