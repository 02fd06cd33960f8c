//! A token taken apart: three parts, the header parsed once, nothing trusted yet.

use std::borrow::Cow;

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
    payload: &'a str,
    signature: &'a str,
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

#[derive(Deserialize)]
struct HeaderJson<'a> {
    #[serde(borrow, default)]
    alg: Option<Text<'a>>,
    #[serde(borrow, default)]
    typ: Option<Text<'a>>,
    #[serde(borrow, default)]
    kid: Option<Text<'a>>,
    #[serde(borrow, default)]
    cat: Option<Text<'a>>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text<'a> {
    #[serde(borrow)]
    Text(Cow<'a, str>),
    Other(IgnoredAny),
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

    fn split(token: &'a str) -> Option<Self> {
        let (signing_input, signature) = token.rsplit_once('.')?;
        let (header, payload) = signing_input.split_once('.')?;
        if payload.contains('.') {
            return None;
        }
        let json = BASE64URL.decode(header).ok()?;
        let header: HeaderJson<'_> = object(&json)?;
        let text = |member: Option<Text<'_>>| match member {
            Some(Text::Text(text)) => Some(Cow::Owned(text.into_owned())),
            Some(Text::Other(_)) | None => None,
        };
        let member = |member: Option<Text<'_>>| match member {
            Some(Text::Text(text)) => Member::Text(Cow::Owned(text.into_owned())),
            Some(Text::Other(_)) => Member::Other,
            None => Member::Absent,
        };
        Some(Self {
            header: Header {
                alg: text(header.alg),
                typ: member(header.typ),
                kid: text(header.kid),
                cat: member(header.cat),
                crit: header.crit,
            },
            signing_input,
            payload,
            signature,
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

    /// The payload, once the signature is known to be this key's.
    ///
    /// Judges the signature alone. For the claims of a session token there is
    /// [`Clerk::verify_session_token`](crate::Clerk::verify_session_token).
    ///
    /// # Errors
    /// When the algorithm is not accepted, or the signature is not the key's.
    pub fn verify(&self, key: &VerifyingKey) -> Result<Vec<u8>, TokenError> {
        let algorithm = self.algorithm()?;
        // 8192-bit signatures have 1024 bytes; this many characters cannot hold one that long.
        let mut signature = [0; 1024];
        let length = BASE64URL
            .decode_slice(self.signature, &mut signature)
            .map_err(|_| TokenError::new(TokenErrorKind::Signature))?;
        if !key.verify(algorithm, self.signing_input.as_bytes(), &signature[..length]) {
            return Err(TokenErrorKind::Signature.into());
        }
        BASE64URL.decode(self.payload).map_err(|_| TokenErrorKind::Malformed.into())
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
        for text in [
            "",
            ".",
            "..",
            "...",
            "abc",
            "a.b.c",
            "a.b.c.d",
            "e30.e30",
            "W10.e30.AA",
            "e30=.e30.AA",
            "\u{e9}.\u{e9}.\u{e9}",
        ] {
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
}
