//! A token taken apart: three parts, the header parsed once, nothing trusted yet.

use std::cell::OnceCell;

use serde::de::IgnoredAny;

use super::{
    claims::Claims,
    encoding::{decode, last_of_each, text},
    error::{TokenError, TokenErrorKind},
    header::{Header, HeaderParam},
    key::{Algorithm, VerifyingKey},
    known_header::ParsedHeader,
};

/// The longest token that is looked at, in bytes (16 KiB); a longer one is refused before anything is decoded.
///
/// Browsers refuse cookies above 4 KiB, so Clerk's session tokens stay well below that.
pub const MAX_TOKEN_LENGTH: usize = 16 * 1024;

/// A signed JSON Web Token in compact form, taken apart but not verified.
///
/// Nothing of its payload can be read before [`verify`](Self::verify) succeeded.
#[derive(Clone)]
pub struct SignedToken<'a> {
    pub(crate) header: Header<'a>,
    signing_input: &'a str,
    /// For nobody's eyes before the signature was found good; see [`Unverified`](super::Unverified).
    payload: String,
    /// The payload with each claim named once, if that is not how it is.
    unique: OnceCell<Option<String>>,
    signature: Vec<u8>,
    text: &'a str,
}

impl<'a> SignedToken<'a> {
    /// Takes a compact token apart.
    ///
    /// # Errors
    /// When it is longer than [`MAX_TOKEN_LENGTH`] or is not three base64url parts with a JSON object in the first.
    pub fn parse(token: &'a str) -> Result<Self, TokenError> {
        Self::parse_knowing(token, None)
    }

    /// The same, with a header that needs no parsing should the token have it.
    pub(crate) fn parse_knowing(token: &'a str, known: Option<&'a ParsedHeader>) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(TokenErrorKind::TooLong.into());
        }
        Self::split(token, known).ok_or(TokenError::new(TokenErrorKind::Malformed))
    }

    /// The claims that the payload names, unverified.
    ///
    /// # Errors
    /// When the payload is no JSON, or no object.
    pub(crate) fn claims(&self) -> Result<Claims<'_>, TokenError> {
        if let Some(claims) = Claims::parse(&self.payload) {
            return Ok(claims);
        }
        if serde_json::from_str::<IgnoredAny>(&self.payload).is_err() {
            return Err(TokenErrorKind::Malformed.into());
        }
        Claims::parse(self.unique_payload()).ok_or(TokenErrorKind::Claims.into())
    }

    /// The payload with each claim named once.
    pub(crate) fn unique_payload(&self) -> &str {
        self.unique.get_or_init(|| last_of_each(&self.payload)).as_deref().unwrap_or(&self.payload)
    }

    fn split(token: &'a str, known: Option<&'a ParsedHeader>) -> Option<Self> {
        let mut dots = memchr::memchr_iter(b'.', token.as_bytes());
        let (first, second) = (dots.next()?, dots.next()?);
        if dots.next().is_some() {
            return None;
        }
        let (header, payload) = (&token[..first], &token[first + 1..second]);
        let (signing_input, signature) = (&token[..second], &token[second + 1..]);
        let header = match known.filter(|known| *known.encoded == *header) {
            Some(known) => known.header.borrowed(),
            None => Header::parse(&text(decode(header)?))?,
        };
        let payload = text(decode(payload)?);
        let signature = decode(signature)?;
        Some(Self { header, signing_input, payload, unique: OnceCell::new(), signature, text: token })
    }

    /// The header as it stands in the token.
    pub(crate) fn encoded_header(&self) -> &'a str {
        self.signing_input.split_once('.').map_or("", |(header, _)| header)
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
            HeaderParam::Absent => true,
            HeaderParam::Text(typ) => typ == "JWT",
            HeaderParam::NotText => false,
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
    pub(crate) fn unverified(self) -> Option<(serde_json::Value, serde_json::Value, Vec<u8>)> {
        let header = text(decode(self.signing_input.split('.').next()?)?);
        Some((serde_json::from_str(&header).ok()?, serde_json::from_str(&self.payload).ok()?, self.signature))
    }

    /// The whole token.
    pub(crate) const fn text(&self) -> &'a str {
        self.text
    }

    /// The payload, each claim named once, for whoever has verified the token.
    pub(crate) fn verified_payload(&self) -> &str {
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
        Ok(self.payload.as_bytes())
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
        format!("{}.e30.AA", base64_simd::URL_SAFE_NO_PAD.encode_to_string(header))
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
}
