//! The instance's signing keys, and random ids.

#[cfg(unix)]
mod cache;
mod source;

use std::{fmt, sync::Once, thread};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rand::{SecureRandom, SystemRandom},
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaEncoding, UnparsedPublicKey},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use crate::error::StartError;
pub(crate) use source::KeySource;

/// Lets a thread gather aws-lc's randomness, for which the first signature of a process would wait some 40 ms.
pub(crate) fn warm_up() {
    static WARM_UP: Once = Once::new();
    WARM_UP.call_once(|| {
        // Without the thread the first signature waits.
        let _ = thread::Builder::new().spawn(|| SystemRandom::new().fill(&mut [0]));
    });
}

/// An RSA key pair with its name.
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    pair: KeyPair,
}

impl SigningKey {
    /// A fresh 2048-bit key. The name is fresh too: backends cache keys by name.
    pub(crate) fn generate() -> Result<Self, StartError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| StartError::signing_key())?;
        Ok(Self { kid: random_id("ins"), pair })
    }

    /// The key in a text of [`to_text`](Self::to_text).
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let (kid, pkcs8) = text.split_once(' ')?;
        let pair = KeyPair::from_pkcs8(&STANDARD.decode(pkcs8).ok()?).ok()?;
        Some(Self { kid: kid.to_owned(), pair })
    }

    /// The name and the private key as text.
    pub(crate) fn to_text(&self) -> Result<String, StartError> {
        let pkcs8: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| StartError::signing_key())?;
        Ok(format!("{} {}", self.kid, STANDARD.encode(pkcs8.as_ref())))
    }

    pub(crate) fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "use": "sig", "kty": "RSA", "kid": self.kid, "alg": "RS256",
            "n": encode(public.modulus().big_endian_without_leading_zero()),
            "e": encode(public.exponent().big_endian_without_leading_zero()),
        })
    }

    /// The public key, a `BEGIN PUBLIC KEY` text.
    pub(crate) fn public_pem(&self) -> String {
        let der: Result<PublicKeyX509Der<'_>, _> = self.pair.public_key().as_der();
        let encoded = der.map(|der| STANDARD.encode(der.as_ref())).unwrap_or_default();
        let lines: Vec<&str> =
            (0..encoded.len()).step_by(64).map(|at| &encoded[at..(at + 64).min(encoded.len())]).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }

    /// A token with these claims, signed with RS256; adds `alg` and `kid` to the header.
    pub(crate) fn sign_jwt(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", self.jwt_header(header), encode(claims));
        let signature = self.sign(&RSA_PKCS1_SHA256, message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The claims of a token that this key signed with this header. The header tells kinds of tokens apart.
    pub(crate) fn claims_of(&self, header: &Value, token: &str) -> Option<Value> {
        let claims = self.signed_part(token)?.strip_prefix(&self.jwt_header(header))?.strip_prefix('.')?;
        decode(claims)
    }

    /// The header and the claims of a token that this key signed.
    pub(crate) fn parts_of(&self, token: &str) -> Option<(Value, Value)> {
        let (header, claims) = self.signed_part(token)?.split_once('.')?;
        Some((decode(header)?, decode(claims)?))
    }

    /// The token without its signature, if this key signed it with RS256.
    fn signed_part<'t>(&self, token: &'t str) -> Option<&'t str> {
        // Longer than any that was made here.
        const MAX_LENGTH: usize = 16 * 1024;
        let (message, signature) = token.rsplit_once('.').filter(|_| token.len() <= MAX_LENGTH)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key());
        key.verify(message.as_bytes(), &signature).ok()?;
        Some(message)
    }

    fn jwt_header(&self, header: &Value) -> String {
        let mut header = header.clone();
        header["alg"] = "RS256".into();
        header["kid"] = json!(self.kid);
        encode(&header)
    }

    pub(crate) fn sign(&self, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        // Fails only for a buffer of the wrong length; the empty signature then fails verification.
        match self.pair.sign(encoding, &SystemRandom::new(), message, &mut signature) {
            Ok(()) => signature,
            Err(_) => Vec::new(),
        }
    }
}

/// Encodes a part of a token.
fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// Decodes a part of a token.
fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// An id in Clerk's form: a prefix, and 27 letters and digits.
pub(crate) fn random_id(prefix: &str) -> String {
    random_text::<27>(prefix, b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
}

/// An id in the form that Clerk gives machines' tokens: a prefix, and 32 hexadecimal digits.
pub(crate) fn random_hex_id(prefix: &str) -> String {
    random_text::<32>(prefix, b"0123456789abcdef")
}

fn random_text<const LENGTH: usize>(prefix: &str, alphabet: &[u8]) -> String {
    let mut bytes = [0; LENGTH];
    // Without randomness ids repeat, which does no harm to a development instance.
    let _ = getrandom::fill(&mut bytes);
    let id: String = bytes.iter().map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])).collect();
    format!("{prefix}_{id}")
}
