//! [`KeySet`]: the parsed response of a JWKS endpoint.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    backend::http::FetchError,
    base::time::Timestamp,
    token::{Jwk, VerifyingKey},
};

/// More keys than any instance publishes; further ones are ignored.
const MAX_KEYS: usize = 64;

/// The keys of an instance at one time.
#[derive(Debug)]
pub(crate) struct KeySet {
    /// By `kid`; `None` for a key that cannot verify session tokens.
    keys: Vec<(Box<str>, Option<Arc<VerifyingKey>>)>,
    pub(crate) fetched_at: Timestamp,
}

/// [RFC 7517, section 5](https://www.rfc-editor.org/rfc/rfc7517#section-5); each key is parsed by itself, so that
/// an unknown kind does not make the set invalid.
#[derive(Deserialize)]
struct Jwks<'a> {
    #[serde(borrow, default)]
    keys: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Named {
    kid: String,
}

impl KeySet {
    /// Parses a response. A key that was known before stays the same object, so that the tokens it has verified stay
    /// cached.
    pub(crate) fn parse(body: &[u8], fetched_at: Timestamp, known: Option<&Self>) -> Result<Self, FetchError> {
        let jwks: Jwks<'_> = serde_json::from_slice(body).map_err(|_| FetchError::Malformed)?;
        let mut keys: Vec<(Box<str>, _)> = Vec::new();
        for (kid, key) in
            jwks.keys.unwrap_or_default().into_iter().take(MAX_KEYS).filter_map(|raw| key(raw.get(), known))
        {
            // The last of two keys with one `kid` replaces the other, also for tokens that the other has verified.
            keys.retain(|(earlier, _)| *earlier != kid);
            keys.push((kid, key));
        }
        if keys.is_empty() { Err(FetchError::NoKeys) } else { Ok(Self { keys, fetched_at }) }
    }

    /// The key with this `kid`.
    pub(crate) fn find(&self, kid: &str) -> Option<Option<&Arc<VerifyingKey>>> {
        self.keys.iter().find(|(known, _)| **known == *kid).map(|(_, key)| key.as_ref())
    }

    /// The `kid`s of all keys.
    pub(crate) fn kids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(kid, _)| &**kid)
    }

    /// Whether one of them is this public key, under any `kid` and for any use.
    pub(crate) fn contains_public_key(&self, key: &VerifyingKey) -> bool {
        self.keys.iter().any(|(_, known)| known.as_ref().is_some_and(|known| known.is_same_key(key)))
    }

    /// Whether this key object is one of them.
    pub(crate) fn contains(&self, key: &Arc<VerifyingKey>) -> bool {
        self.keys.iter().any(|(_, known)| known.as_ref().is_some_and(|known| Arc::ptr_eq(known, key)))
    }

    /// Whether any key can verify tokens.
    pub(crate) fn is_usable(&self) -> bool {
        self.keys.iter().any(|(_, key)| key.is_some())
    }
}

fn key(json: &str, known: Option<&KeySet>) -> Option<(Box<str>, Option<Arc<VerifyingKey>>)> {
    let named: Named = serde_json::from_str(json).ok()?;
    let key = serde_json::from_str::<Jwk>(json).ok().and_then(|jwk| jwk.verifying_key());
    if key.is_none() {
        tracing::debug!(target: "clerk", "a JWK is not an RSA signature key");
    }
    let key = key.map(|key| match known.and_then(|known| known.find(&named.kid)).flatten() {
        Some(same) if **same == key => Arc::clone(same),
        _ => Arc::new(key),
    });
    Some((named.kid.into(), key))
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;

    fn modulus(bytes: usize) -> String {
        let mut n = vec![0xff; bytes];
        n[0] = 0x80;
        URL_SAFE_NO_PAD.encode(n)
    }

    fn parse(keys: &str) -> Result<KeySet, FetchError> {
        KeySet::parse(format!(r#"{{"keys":[{keys}]}}"#).as_bytes(), Timestamp::from_unix_seconds(0), None)
    }

    #[test]
    fn one_bad_key_does_not_make_the_set_invalid() {
        let good =
            format!(r#"{{"kty":"RSA","kid":"good","use":"sig","alg":"RS256","n":"{}","e":"AQAB"}}"#, modulus(256));
        let set = parse(&format!(r#"5, {{}}, {{"kty":"EC","kid":"ec","crv":"P-256"}}, {good}"#)).unwrap();
        assert!(matches!(set.find("good"), Some(Some(_))));
        assert!(matches!(set.find("ec"), Some(None)));
        assert!(set.find("other").is_none());
    }

    #[test]
    fn the_last_of_two_keys_with_one_kid_counts() {
        let key = |alg: &str| format!(r#"{{"kty":"RSA","kid":"k","alg":"{alg}","n":"{}","e":"AQAB"}}"#, modulus(256));
        let set = parse(&format!("{},{}", key("RS256"), key("EC"))).unwrap();
        assert!(matches!(set.find("k"), Some(None)) && !set.is_usable());
        let good = parse(&key("RS256")).unwrap();
        let verified_with = Arc::clone(good.find("k").unwrap().unwrap());
        let body = format!(r#"{{"keys":[{},{}]}}"#, key("RS256"), key("EC"));
        let later = KeySet::parse(body.as_bytes(), Timestamp::from_unix_seconds(0), Some(&good)).unwrap();
        assert!(!later.contains(&verified_with), "the tokens that it verified must not stay cached");
    }

    #[test]
    fn a_key_stays_the_same_object_until_it_changes() {
        let key = |e: &str| format!(r#"{{"keys":[{{"kty":"RSA","kid":"k","n":"{}","e":"{e}"}}]}}"#, modulus(256));
        let parse = |json: String, known: Option<&KeySet>| {
            KeySet::parse(json.as_bytes(), Timestamp::from_unix_seconds(0), known).unwrap()
        };
        let first = parse(key("AQAB"), None);
        let found = |set: &KeySet| Arc::clone(set.find("k").unwrap().unwrap());
        assert!(parse(key("AQAB"), Some(&first)).contains(&found(&first)));
        assert!(!parse(key("Aw"), Some(&first)).contains(&found(&first)), "same kid, other key");
    }

    #[test]
    fn keys_for_other_purposes_are_unusable() {
        let n = modulus(256);
        for key in [
            format!(r#"{{"kty":"RSA","kid":"k","use":"enc","n":"{n}","e":"AQAB"}}"#),
            format!(r#"{{"kty":"RSA","kid":"k","alg":"HS256","n":"{n}","e":"AQAB"}}"#),
            format!(r#"{{"kty":"RSA","kid":"k","key_ops":["sign"],"n":"{n}","e":"AQAB"}}"#),
            format!(r#"{{"kty":"oct","kid":"k","n":"{n}","e":"AQAB"}}"#),
            format!(r#"{{"kty":"RSA","kid":"k","n":"{n}","e":"AQ"}}"#),
            format!(r#"{{"kty":"RSA","kid":"k","n":"{n}","e":"Ag"}}"#),
            format!(r#"{{"kty":"RSA","kid":"k","n":"{}","e":"AQAB"}}"#, modulus(128)),
            format!(r#"{{"kty":"RSA","kid":"k","n":"{}","e":"AQAB"}}"#, modulus(2048)),
            r#"{"kty":"RSA","kid":"k","n":"","e":""}"#.to_owned(),
        ] {
            let set = parse(&key).unwrap();
            assert!(!set.is_usable() && matches!(set.find("k"), Some(None)), "{key}");
        }
    }

    #[test]
    fn a_response_without_keys_is_an_error() {
        for body in ["", "[]", "{}", "null", r#"{"keys":{}}"#, "<html>"] {
            assert!(KeySet::parse(body.as_bytes(), Timestamp::from_unix_seconds(0), None).is_err(), "{body}");
        }
    }
}
