//! [`SignedToken`]: a token split into its three parts, with its header parsed, and nothing trusted yet.

use std::cell::OnceCell;

use serde::de::IgnoredAny;

use super::{
    Algorithm, ClaimsAsOf, VerifyingKey,
    claims::Claims,
    encoding::{decode, last_of_each, text},
    error::{TokenError, TokenErrorKind},
    header::Header,
};

/// The longest accepted token, in bytes (16 KiB). A longer one is refused before it is decoded.
///
/// Browsers refuse cookies above 4 KiB, so Clerk's session tokens stay well below that.
pub const MAX_TOKEN_LENGTH: usize = 16 * 1024;

/// A signed JSON Web Token in compact form, parsed but not verified.
///
/// Its payload can be read only through [`verify`](Self::verify).
#[derive(Clone)]
pub struct SignedToken<'a> {
    pub(crate) header: Header,
    signing_input: &'a str,
    /// Do not use before the signature is verified; see [`Unverified`](super::Unverified).
    payload: String,
    /// The payload without duplicate claims, if it has some.
    unique: OnceCell<Option<String>>,
    signature: Vec<u8>,
    text: &'a str,
}

impl<'a> SignedToken<'a> {
    /// Parses a compact token.
    ///
    /// # Errors
    /// If it is longer than [`MAX_TOKEN_LENGTH`] or is not three base64url parts with a JSON object in the first.
    pub fn parse(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(TokenErrorKind::TooLong.into());
        }
        Self::split(token).ok_or(TokenError::new(TokenErrorKind::Malformed))
    }

    /// The unverified claims.
    ///
    /// # Errors
    /// If the payload is not JSON, or not an object.
    pub(crate) fn claims(&self) -> Result<Claims<'_>, TokenError> {
        if let Some(claims) = Claims::parse(&self.payload) {
            return Ok(claims);
        }
        if serde_json::from_str::<IgnoredAny>(&self.payload).is_err() {
            return Err(TokenErrorKind::Malformed.into());
        }
        Claims::parse(self.unique_payload()).ok_or(TokenErrorKind::Claims.into())
    }

    /// The payload without duplicate claims.
    pub(crate) fn unique_payload(&self) -> &str {
        self.unique.get_or_init(|| last_of_each(&self.payload)).as_deref().unwrap_or(&self.payload)
    }

    /// The `kid` header: the name of the key to look up, never a URL or a key.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// The `alg` header.
    ///
    /// # Errors
    /// If `alg` is not RS256, RS384 or RS512, or `crit` requires an extension.
    pub fn algorithm(&self) -> Result<Algorithm, TokenError> {
        if self.header.crit {
            return Err(TokenErrorKind::Critical.into());
        }
        self.header.alg.ok_or(TokenError::new(TokenErrorKind::Algorithm))
    }

    /// Header, payload and signature, unverified.
    pub(crate) fn unverified(self) -> Option<(serde_json::Value, serde_json::Value, Vec<u8>)> {
        let header = text(decode(self.signing_input.split('.').next()?)?);
        Some((serde_json::from_str(&header).ok()?, serde_json::from_str(&self.payload).ok()?, self.signature))
    }

    /// When the claims, which are this token's, were read from Clerk's database.
    pub(crate) fn claims_as_of(&self, claims: &Claims<'_>) -> ClaimsAsOf {
        ClaimsAsOf::of(claims, &self.header)
    }

    /// The whole token.
    pub(crate) const fn text(&self) -> &'a str {
        self.text
    }

    /// The payload without duplicate claims. Call only after the token is verified.
    pub(crate) fn verified_payload(&self) -> &str {
        self.unique_payload()
    }

    /// Verifies the signature with this key and returns the payload.
    ///
    /// Checks no claims. [`Clerk::verify_session_token`](crate::Clerk::verify_session_token) also checks the claims of
    /// a session token.
    ///
    /// # Errors
    /// If the algorithm is not accepted, or the signature is not from this key.
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

    fn split(token: &'a str) -> Option<Self> {
        let mut dots = memchr::memchr_iter(b'.', token.as_bytes());
        let (first, second) = (dots.next()?, dots.next()?);
        if dots.next().is_some() {
            return None;
        }
        let (header, payload) = (&token[..first], &token[first + 1..second]);
        let (signing_input, signature) = (&token[..second], &token[second + 1..]);
        let header = Header::parse(&text(decode(header)?))?;
        let payload = text(decode(payload)?);
        let signature = decode(signature)?;
        Some(Self { header, signing_input, payload, unique: OnceCell::new(), signature, text: token })
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
        format!("{}.e30.AA", crate::token::encoding::encode(header.as_bytes()))
    }

    #[test]
    fn refuses_malformed_tokens() {
        for text in ["", ".", "..", "...", "abc", "a.b.c", "a.b.c.d", "e30.e30", "\u{e9}.\u{e9}.\u{e9}"] {
            let kind = SignedToken::parse(text).unwrap_err().kind();
            assert_eq!(kind, TokenErrorKind::Malformed, "{text:?}");
        }
        let long = "a".repeat(MAX_TOKEN_LENGTH + 1);
        assert_eq!(SignedToken::parse(&long).unwrap_err().kind(), TokenErrorKind::TooLong);
        assert_eq!(SignedToken::parse(&long[1..]).unwrap_err().kind(), TokenErrorKind::Malformed);
    }

    #[test]
    fn only_listed_algorithms_are_accepted() {
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
