//! A token taken apart: three parts, the header parsed once, nothing trusted yet.

use std::{borrow::Cow, cell::OnceCell};

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, de::IgnoredAny};

use super::{
    error::{TokenError, TokenErrorKind},
    key::{Algorithm, VerifyingKey},
};
use crate::claims::{Claims, lenient};

/// The longest token that is looked at, in bytes (16 KiB); a longer one is refused before anything is decoded.
///
/// Browsers refuse cookies above 4 KiB, so Clerk's session tokens stay well below that.
pub const MAX_TOKEN_LENGTH: usize = 16 * 1024;

/// The base64url of [RFC 7515, section 2](https://www.rfc-editor.org/rfc/rfc7515#section-2): no padding, and no
/// stray bits after the last byte, so that a token has exactly one spelling.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// A signed JSON Web Token in compact form, taken apart but not verified.
///
/// Nothing of its payload can be read before [`verify`](Self::verify) succeeded.
#[derive(Clone)]
pub struct SignedToken<'a> {
    pub(crate) header: Header<'a>,
    signing_input: &'a str,
    /// For nobody's eyes before the signature was found good; see [`Unverified`](super::Unverified).
    payload: Vec<u8>,
    /// The payload with each claim named once, if that is not how it is.
    unique: OnceCell<Option<Vec<u8>>>,
    signature: Vec<u8>,
    text: &'a str,
}

/// The members of a JOSE header that a rule reads; others may be anything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header<'a> {
    pub(crate) alg: Option<Cow<'a, str>>,
    pub(crate) typ: Member<'a>,
    pub(crate) kid: Option<Cow<'a, str>>,
    pub(crate) cat: Member<'a>,
    pub(crate) crit: bool,
}

/// A header member for which "absent" and "not a string" are different answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Member<'a> {
    #[default]
    Absent,
    Text(Cow<'a, str>),
    Other,
}

#[derive(Default, Deserialize)]
struct HeaderJson<'a> {
    #[serde(borrow, default)]
    alg: Member<'a>,
    #[serde(borrow, default)]
    typ: Member<'a>,
    #[serde(borrow, default)]
    kid: Member<'a>,
    #[serde(borrow, default)]
    cat: Member<'a>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

impl<'de: 'a, 'a> Deserialize<'de> for Member<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A member that is there with `null` is there.
        Ok(lenient::text(deserializer)?.map_or(Self::Other, Self::Text))
    }
}

/// JSON that names each member once, when the given one names some twice: of those the last counts, which is the other
/// of the two ways that [RFC 7519, section 4](https://www.rfc-editor.org/rfc/rfc7519#section-4) allows.
pub(crate) fn last_of_each(json: &[u8]) -> Option<Vec<u8>> {
    struct Repeats;

    impl<'de> serde::de::Visitor<'de> for Repeats {
        type Value = bool;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
            let mut names: Vec<Cow<'de, str>> = Vec::new();
            let mut repeats = false;
            while let Some(Member::Text(name)) = map.next_key()? {
                map.next_value::<IgnoredAny>()?;
                repeats |= names.contains(&name);
                // A token has a dozen claims; one with hundreds is none of Clerk's, and is not worth a long comparison.
                if names.len() < 64 {
                    names.push(name);
                }
            }
            Ok(repeats)
        }
    }

    let repeats = serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_slice(json), Repeats);
    if !repeats.unwrap_or(false) {
        return None;
    }
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(json).ok()?;
    serde_json::to_vec(&members).ok()
}

/// One part of a token. Padding is no part of the form, but Clerk's own SDK does not mind it.
fn decode(part: &str) -> Option<Vec<u8>> {
    BASE64URL.decode(part.trim_end_matches('=')).ok()
}

/// JSON text as Clerk's own SDK reads it: bytes that are no UTF-8 and halves of surrogate pairs stand for U+FFFD, so
/// that one odd claim does not make the others unreadable. Nothing of it is trusted before the signature is.
fn text(mut json: Vec<u8>) -> Vec<u8> {
    if std::str::from_utf8(&json).is_err() {
        json = String::from_utf8_lossy(&json).into_owned().into_bytes();
    }
    if json.starts_with(b"\xef\xbb\xbf") {
        json.drain(..3);
    }
    replace_lone_surrogates(&mut json);
    json
}

/// Rewrites `\ud800` without its other half to `\ufffd`, which has the same length.
fn replace_lone_surrogates(json: &mut [u8]) {
    let code = |bytes: &[u8]| {
        let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    if memchr::memchr(b'\\', json).is_none() {
        return;
    }
    let mut at = 0;
    while let Some(backslash) = json[at..].iter().position(|&b| b == b'\\') {
        at += backslash;
        at += match code(&json[at..]) {
            None => 2,
            Some(0xD800..0xDC00) if code(&json[at + 6..]).is_some_and(|low| (0xDC00..0xE000).contains(&low)) => 12,
            Some(0xD800..0xE000) => {
                json[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            Some(_) => 6,
        };
        if at >= json.len() {
            break;
        }
    }
}

/// A JSON object, and not the array that serde would take for one, its elements in the fields' order.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<T> {
    json.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(json).ok())?
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl<'a> SignedToken<'a> {
    /// Takes a compact token apart.
    ///
    /// # Errors
    /// When it is longer than [`MAX_TOKEN_LENGTH`] or is not three base64url parts with a JSON object in the first.
    pub fn parse(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(TokenErrorKind::TooLong.into());
        }
        Self::split(token).ok_or(TokenError::new(TokenErrorKind::Malformed))
    }

    /// The claims that the payload names, unverified.
    ///
    /// # Errors
    /// When the payload is no JSON, or no object.
    pub(super) fn claims(&self) -> Result<Claims<'_>, TokenError> {
        if let Some(claims) = Claims::parse(&self.payload) {
            return Ok(claims);
        }
        if serde_json::from_slice::<IgnoredAny>(&self.payload).is_err() {
            return Err(TokenErrorKind::Malformed.into());
        }
        Claims::parse(self.unique_payload()).ok_or(TokenErrorKind::Claims.into())
    }

    /// The payload with each claim named once.
    pub(super) fn unique_payload(&self) -> &[u8] {
        self.unique.get_or_init(|| last_of_each(&self.payload)).as_deref().unwrap_or(&self.payload)
    }

    fn split(token: &'a str) -> Option<Self> {
        let mut dots = memchr::memchr_iter(b'.', token.as_bytes());
        let (first, second) = (dots.next()?, dots.next()?);
        if dots.next().is_some() {
            return None;
        }
        let (header, payload) = (&token[..first], &token[first + 1..second]);
        let (signing_input, signature) = (&token[..second], &token[second + 1..]);
        let json = text(decode(header)?);
        let unique;
        let header: HeaderJson<'_> = match object(&json) {
            Some(header) => header,
            None => {
                serde_json::from_slice::<IgnoredAny>(&json).ok()?;
                unique = last_of_each(&json);
                // A header that is no object has none of the members, and is refused for that.
                unique.as_deref().and_then(object).unwrap_or_default()
            }
        };
        let payload = text(decode(payload)?);
        let signature = decode(signature)?;
        let member = |member: Member<'_>| match member {
            Member::Text(text) => Member::Text(Cow::Owned(text.into_owned())),
            Member::Absent => Member::Absent,
            Member::Other => Member::Other,
        };
        let named = |name: Member<'_>| match name {
            Member::Text(name) => Some(Cow::Owned(name.into_owned())),
            Member::Absent | Member::Other => None,
        };
        Some(Self {
            header: Header {
                alg: named(header.alg),
                typ: member(header.typ),
                kid: named(header.kid),
                cat: member(header.cat),
                crit: header.crit,
            },
            signing_input,
            payload,
            unique: OnceCell::new(),
            signature,
            text: token,
        })
    }

    /// The key that the token asks for. Only a name to look up: never a URL, never a key.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// The algorithm, if it is an accepted one.
    ///
    /// # Errors
    /// When `alg` is not RS256, RS384 or RS512, or `crit` demands an extension.
    pub fn algorithm(&self) -> Result<Algorithm, TokenError> {
        if self.header.crit {
            return Err(TokenErrorKind::Critical.into());
        }
        self.header.alg.as_deref().and_then(Algorithm::from_name).ok_or(TokenError::new(TokenErrorKind::Algorithm))
    }

    /// Whether `typ` and `cat` allow this to be a handshake's token, which has no mark of its own.
    pub(crate) fn fits_handshake(&self) -> Result<(), TokenError> {
        let typ_fits = match &self.header.typ {
            Member::Absent => true,
            Member::Text(typ) => typ == "JWT",
            Member::Other => false,
        };
        if !typ_fits {
            return Err(TokenErrorKind::Type.into());
        }
        self.algorithm()?;
        if super::Category::of(&self.header.cat).may_be_session() {
            Ok(())
        } else {
            Err(TokenErrorKind::Category.into())
        }
    }

    /// Header, payload and signature, whatever they say.
    pub(super) fn unverified(self) -> Option<(serde_json::Value, serde_json::Value, Vec<u8>)> {
        let header = text(decode(self.signing_input.split('.').next()?)?);
        Some((serde_json::from_slice(&header).ok()?, serde_json::from_slice(&self.payload).ok()?, self.signature))
    }

    /// The whole token.
    pub(crate) const fn text(&self) -> &'a str {
        self.text
    }

    /// The payload as it is, for whoever has verified the token.
    pub(crate) fn raw_payload(&self) -> &[u8] {
        &self.payload
    }

    /// The payload, each claim named once, for whoever has verified the token.
    pub(crate) fn verified_payload(&self) -> &[u8] {
        self.unique_payload()
    }

    /// The payload, once the signature is known to be this key's.
    ///
    /// Judges the signature alone. For the claims of a session token there is
    /// [`Clerk::verify_session_token`](crate::Clerk::verify_session_token).
    ///
    /// # Errors
    /// When the algorithm is not accepted, or the signature is not the key's.
    pub fn verify(&self, key: &VerifyingKey) -> Result<&[u8], TokenError> {
        let algorithm = self.algorithm()?;
        if !key.is_for(algorithm) {
            return Err(TokenErrorKind::UnusableKey.into());
        }
        if !key.verify(algorithm, self.signing_input.as_bytes(), &self.signature) {
            return Err(TokenErrorKind::Signature.into());
        }
        Ok(&self.payload)
    }
}

impl std::fmt::Debug for SignedToken<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedToken").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str) -> String {
        format!("{}.e30.AA", BASE64URL.encode(header))
    }

    #[test]
    fn refuses_what_is_no_token() {
        for text in ["", ".", "..", "...", "abc", "a.b.c", "a.b.c.d", "e30.e30", "\u{e9}.\u{e9}.\u{e9}"] {
            let kind = SignedToken::parse(text).unwrap_err().kind();
            assert_eq!(kind, TokenErrorKind::Malformed, "{text:?}");
        }
        let long = "a".repeat(MAX_TOKEN_LENGTH + 1);
        assert_eq!(SignedToken::parse(&long).unwrap_err().kind(), TokenErrorKind::TooLong);
        assert_eq!(SignedToken::parse(&long[1..]).unwrap_err().kind(), TokenErrorKind::Malformed);
    }

    #[test]
    fn the_algorithm_comes_from_our_list() {
        for (name, accepted) in [
            ("RS256", true),
            ("RS384", true),
            ("RS512", true),
            ("none", false),
            ("None", false),
            ("HS256", false),
            ("rs256", false),
            ("ES256", false),
            ("PS256", false),
            ("RS1", false),
        ] {
            let token = token(&format!(r#"{{"alg":"{name}"}}"#));
            assert_eq!(SignedToken::parse(&token).unwrap().algorithm().is_ok(), accepted, "{name}");
        }
        for header in [r#"{}"#, r#"{"alg":5}"#, r#"{"alg":null}"#, r#"{"alg":["RS256"]}"#] {
            let token = token(header);
            let kind = SignedToken::parse(&token).unwrap().algorithm().unwrap_err().kind();
            assert_eq!(kind, TokenErrorKind::Algorithm, "{header}");
        }
    }

    #[test]
    fn any_crit_is_refused() {
        for crit in ["[]", r#"["b64"]"#, "null", "false"] {
            let token = token(&format!(r#"{{"alg":"RS256","crit":{crit}}}"#));
            let kind = SignedToken::parse(&token).unwrap().algorithm().unwrap_err().kind();
            assert_eq!(kind, TokenErrorKind::Critical, "{crit}");
        }
    }

    #[test]
    fn unknown_members_may_be_anything() {
        let token = token(r#"{"alg":"RS256","oiat":1,"x5c":[{}],"kid":"ins_A"}"#);
        assert_eq!(SignedToken::parse(&token).unwrap().key_id(), Some("ins_A"));
    }

    #[test]
    fn halves_of_surrogate_pairs_do_not_spoil_the_rest() {
        for (json, expected) in [
            (r#"["\ud800"]"#, r#"["\ufffd"]"#),
            (r#"["\udc00\ud83d\ude00"]"#, r#"["\ufffd\ud83d\ude00"]"#),
            (r#"["\ud83d\ud83d\ude00"]"#, r#"["\ufffd\ud83d\ude00"]"#),
            (r#"["\\ud800"]"#, r#"["\\ud800"]"#),
            (r#"["\ud83dx\u0041"]"#, r#"["\ufffdx\u0041"]"#),
            (r"\", r"\"),
            (r"\ud8", r"\ud8"),
        ] {
            let replaced = text(json.as_bytes().to_vec());
            assert_eq!(std::str::from_utf8(&replaced).unwrap(), expected);
        }
        assert_eq!(text(b"\xef\xbb\xbf{\"a\":\"\xff\"}".to_vec()), "{\"a\":\"\u{fffd}\"}".as_bytes());
    }
}
