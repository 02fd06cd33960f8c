//! [`PasswordHash`]: a password, hashed with Argon2id ([RFC 9106](https://www.rfc-editor.org/rfc/rfc9106)), or by
//! another system.

mod imported;

use std::fmt;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::{self, PasswordHash as Parsed},
};
use serde::{Deserialize, Deserializer, Serialize, de};

use imported::ImportedDigest;

/// Memory in KiB and passes over it: far less than the 19 MiB and 2 passes that a real service needs. There are no real
/// passwords here, and unoptimized tests sign in hundreds of times.
const MEMORY_KIB: u32 = 64;
const PASSES: u32 = 1;

/// The longest password that is hashed, in bytes; Clerk's own limit is 72 characters.
const MAX_LENGTH: usize = 1_000;

/// Limits for a hash from elsewhere: memory in KiB, passes, lanes.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 16;

/// The same for bcrypt: 2^14 rounds.
const MAX_BCRYPT_COST: u32 = 14;

/// Hashers of other systems, as Clerk names them, and what each writes.
pub(crate) const HASHERS: [(&str, &str); 10] = [
    ("argon2i", "an Argon2 hash in the PHC string format"),
    ("argon2id", "an Argon2 hash in the PHC string format"),
    ("bcrypt", "a bcrypt hash, of 2^14 rounds at most"),
    ("bcrypt_sha256_django", "bcrypt_sha256$ and a bcrypt hash, of 2^14 rounds at most"),
    ("pbkdf2_sha1", "pbkdf2_sha1$iterations$salt$hash, perhaps with $length, salt and hash in hexadecimal form"),
    ("pbkdf2_sha256", "pbkdf2_sha256$iterations$salt$hash, salt and hash in base64"),
    ("pbkdf2_sha256_django", "pbkdf2_sha256$iterations$salt$hash, the hash in base64"),
    ("pbkdf2_sha512", "pbkdf2_sha512$iterations$salt$hash, the hash in hexadecimal form"),
    ("pbkdf2_sha512_hex", "pbkdf2_sha512_hex$iterations$salt$hash, salt and hash in hexadecimal form"),
    ("sha256", "64 hexadecimal digits"),
];

/// A hashed password in the form that it is also serialized in: the PHC string format, bcrypt's, or the name of another
/// hasher, a colon and its digest.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct PasswordHash(String);

impl PasswordHash {
    /// Hashes a password with a new salt; `None` when it is longer than 1000 bytes, or when the system's random source
    /// fails.
    pub(crate) fn new(password: &str) -> Option<Self> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).ok()?;
        if Self::is_too_long(password) {
            return None;
        }
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).ok()?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash: phc::PasswordHash = argon2.hash_password_with_salt(password.as_bytes(), &salt).ok()?;
        Some(Self(hash.to_string()))
    }

    /// Whether it has more than 1000 bytes.
    pub(crate) const fn is_too_long(password: &str) -> bool {
        password.len() > MAX_LENGTH
    }

    /// A digest from elsewhere, of one of the [`HASHERS`]; `None` when it is malformed, or its verification would cost
    /// too much.
    pub(crate) fn from_digest(hasher: &str, digest: &str) -> Option<Self> {
        match hasher {
            "argon2i" | "argon2id" => Self::from_phc(digest),
            "bcrypt" => Self::from_bcrypt(digest),
            _ => ImportedDigest::parse(hasher, digest).map(|_| Self(format!("{hasher}:{digest}"))),
        }
    }

    /// A hash from elsewhere, `$argon2id$...` or `$argon2i$...`; `None` when it is malformed, or its verification would
    /// cost more than 256 MiB and 10 passes.
    fn from_phc(text: &str) -> Option<Self> {
        let hash = Parsed::new(text).ok()?;
        let known = matches!(hash.algorithm.as_str(), "argon2i" | "argon2id");
        let whole = hash.salt.is_some() && hash.hash.is_some();
        let params = Params::try_from(&hash).ok()?;
        let cheap = params.m_cost() <= MAX_MEMORY_KIB && params.t_cost() <= MAX_PASSES && params.p_cost() <= MAX_LANES;
        (known && whole && cheap).then(|| Self(text.to_owned()))
    }

    /// A hash from elsewhere, `$2b$10$...` for example; `None` when it is malformed, or its verification would cost
    /// more than 2^14 rounds.
    fn from_bcrypt(text: &str) -> Option<Self> {
        parse_bcrypt(text).then(|| Self(text.to_owned()))
    }

    /// Whether this is the password.
    pub(crate) fn verify(&self, password: &str) -> bool {
        if Self::is_too_long(password) {
            return false;
        }
        if self.0.starts_with("$2") {
            return bcrypt::verify(password, &self.0).unwrap_or(false);
        }
        if let Some((hasher, digest)) = split_imported(&self.0) {
            return ImportedDigest::parse(hasher, digest).is_some_and(|digest| digest.verify(password));
        }
        let Ok(hash) = Parsed::new(&self.0) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    }
}

/// Whether this is a bcrypt hash that is cheap enough to verify.
fn parse_bcrypt(text: &str) -> bool {
    text.parse().is_ok_and(|parts: bcrypt::HashParts| parts.get_cost() <= MAX_BCRYPT_COST)
}

/// The hasher and the digest of one from another system.
fn split_imported(text: &str) -> Option<(&str, &str)> {
    text.split_once(':').filter(|(hasher, _)| !hasher.starts_with('$'))
}

impl<'de> Deserialize<'de> for PasswordHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // The error must not contain the hash, with which a caller could guess the password.
        let imported = || split_imported(&text).and_then(|(hasher, digest)| Self::from_digest(hasher, digest));
        let known = Self::from_phc(&text).or_else(|| Self::from_bcrypt(&text)).or_else(imported);
        known.ok_or_else(|| de::Error::custom("not a hashed password in a known form"))
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_verifies_against_its_own_hash_alone() {
        let hash = PasswordHash::new("correct horse").unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.0);
        assert!(hash.verify("correct horse"));
        for wrong in ["", "correct horse ", "Correct horse", "correct\0horse"] {
            assert!(!hash.verify(wrong), "{wrong:?}");
        }
        let again = PasswordHash::new("correct horse").unwrap();
        assert_ne!(again.0, hash.0, "each has its own salt");
        assert!(!PasswordHash::new("").unwrap().verify("correct horse"));
    }

    #[test]
    fn too_long_a_password_is_not_hashed() {
        let longest = "x".repeat(MAX_LENGTH);
        let hash = PasswordHash::new(&longest).unwrap();
        assert!(hash.verify(&longest) && !hash.verify(&format!("{longest}x")));
        assert!(PasswordHash::new(&format!("{longest}x")).is_none());
    }

    #[test]
    fn a_hash_from_elsewhere_is_accepted() {
        // Of the reference implementation's own tests.
        for text in [
            "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        ] {
            let hash = PasswordHash::from_phc(text).unwrap();
            assert!(hash.verify("password") && !hash.verify("passwort"), "{text}");
        }
    }

    #[test]
    fn a_bcrypt_hash_is_accepted() {
        // Of jBCrypt's tests, of "abc".
        let text = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";
        let hash = PasswordHash::from_bcrypt(text).unwrap();
        assert!(hash.verify("abc") && !hash.verify("abd") && !hash.verify(""));
        assert!(PasswordHash::from_bcrypt(&text.replace("$2a$", "$2y$")).unwrap().verify("abc"));
        let json = serde_json::to_string(&hash).unwrap();
        assert!(serde_json::from_str::<PasswordHash>(&json).unwrap().verify("abc"));
        for bad in ["", "abc", "$2a$06$", &text[..59], &text.replace("$06$", "$31$"), &text.replace("$06$", "$xx$")] {
            assert!(PasswordHash::from_bcrypt(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_digest_of_another_system_is_accepted_and_serialized() {
        let django = "pbkdf2_sha256$20000$seasalt$oBSd886ysm3AqYun62DOdin8YcfbU1z9cksZSuLP9r0=";
        let hash = PasswordHash::from_digest("pbkdf2_sha256_django", django).unwrap();
        let json = serde_json::to_string(&hash).unwrap();
        for hash in [hash, serde_json::from_str(&json).unwrap()] {
            assert!(hash.verify("l\u{e8}tmein") && !hash.verify("letmein") && !hash.verify(""));
        }
        for (hasher, _) in HASHERS {
            assert!(PasswordHash::from_digest(hasher, "").is_none() && !hasher.contains(':'), "{hasher}");
        }
        assert!(serde_json::from_str::<PasswordHash>(r#""pbkdf2_sha256_django:x""#).is_err());
    }

    #[test]
    fn other_texts_are_refused() {
        let hash = PasswordHash::new("x").unwrap().0;
        for bad in [
            "",
            "x",
            "$argon2id$v=19$m=64,t=1,p=1",
            &hash.replace("argon2id", "argon2d"),
            &hash.replace("argon2id", "scrypt"),
            &hash.replace("m=64", "m=4000000"),
            &hash.replace("t=1", "t=1000000"),
            &hash.replace("p=1", "p=100"),
            &format!("{hash}$"),
        ] {
            assert!(PasswordHash::from_phc(bad).is_none(), "{bad}");
            assert!(serde_json::from_str::<PasswordHash>(&serde_json::json!(bad).to_string()).is_err(), "{bad}");
        }
    }

    #[test]
    fn it_is_serialized_and_not_printed() {
        let hash = PasswordHash::new("correct horse").unwrap();
        let json = serde_json::to_string(&hash).unwrap();
        assert!(serde_json::from_str::<PasswordHash>(&json).unwrap().verify("correct horse"));
        assert_eq!(format!("{hash:?}"), "PasswordHash");
        let error = serde_json::from_str::<PasswordHash>(r#""s3cret""#).unwrap_err().to_string();
        assert!(!error.contains("s3cret"), "{error}");
    }
}
