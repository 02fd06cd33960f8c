//! [`JwtKey`]: the instance's public key, to verify tokens without network access.

use std::{fmt, str::FromStr};

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::Value;

use super::{
    error::{ConfigError, ConfigErrorKind},
    pasted::unquote,
};
use crate::token::{Algorithm, VerifyingKey};

/// The JWT public key of an instance (`CLERK_JWT_KEY`), a PEM text from the dashboard's API keys page.
///
/// With it, session tokens are verified without network access, and the `kid` of a token is ignored.
/// Accepts `BEGIN PUBLIC KEY` (RFC 5280) and `BEGIN RSA PUBLIC KEY` (RFC 8017), and what environment files and hosting
/// pages make of them: in quotes, with line breaks written as `\n`, without line breaks, without BEGIN and END lines, or
/// the whole PEM in base64. Also a JSON Web Key, or a JWKS with one RSA key.
///
/// ```
/// use clerk_core::config::{JwtKey, ConfigErrorKind};
///
/// let error = "-----BEGIN CERTIFICATE-----".parse::<JwtKey>().unwrap_err();
/// assert_eq!(error.kind(), ConfigErrorKind::InvalidJwtKey);
/// ```
#[derive(Clone)]
pub struct JwtKey(VerifyingKey);

/// Some tools drop the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl JwtKey {
    /// The parsed key.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.0
    }
}

impl FromStr for JwtKey {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let invalid = |problem: &str| ConfigError::new(ConfigErrorKind::InvalidJwtKey, problem);
        let text = unquote(text);
        if let Some(problem) = name_other_text(text) {
            return Err(invalid(problem));
        }
        if text.starts_with('{') {
            return from_json(text).map(Self).map_err(invalid);
        }
        from_pem(text).or_else(|| from_pem(&decode_text(text)?)).map(Self).ok_or_else(|| {
            invalid("not an RSA public key in PEM form; copy the JWKS public key from the Clerk dashboard, API keys, with its BEGIN and END lines")
        })
    }
}

/// What a text is that cannot be a key, and what to do.
fn name_other_text(text: &str) -> Option<&'static str> {
    Some(if text.contains("PRIVATE KEY") {
        "this is a private key; give the instance's JWT public key (Clerk dashboard, API keys, JWKS public key)"
    } else if text.contains("BEGIN CERTIFICATE") {
        "this is a certificate; give the instance's JWT public key (Clerk dashboard, API keys, JWKS public key)"
    } else if text.starts_with("http://") || text.starts_with("https://") {
        "this is a URL; give the key itself, or set CLERK_SECRET_KEY instead, and the keys are fetched and kept up to date"
    } else if ["sk_", "pk_", "ak_", "whsec_"].iter().any(|prefix| text.starts_with(prefix)) {
        "this is another kind of key; give the instance's JWT public key (Clerk dashboard, API keys, JWKS public key)"
    } else if text.starts_with("ssh-") {
        "this is an SSH key; give the instance's JWT public key (Clerk dashboard, API keys, JWKS public key)"
    } else {
        return None;
    })
}

/// The only RSA key of a JSON Web Key or a JWKS.
fn from_json(json: &str) -> Result<VerifyingKey, &'static str> {
    let json: Value =
        serde_json::from_str(json).map_err(|_| "this looks like a JSON Web Key, but is not valid JSON")?;
    let keys = match json.get("keys").and_then(Value::as_array) {
        Some(keys) => keys.iter().filter_map(|key| VerifyingKey::from_jwk(&key.to_string())).collect(),
        None => Vec::from_iter(VerifyingKey::from_jwk(&json.to_string())),
    };
    match <[VerifyingKey; 1]>::try_from(keys) {
        Ok([key]) => Ok(key),
        Err(none) if none.is_empty() => Err(
            "the JSON holds no RSA key for signatures; give the instance's JWT public key (Clerk dashboard, API keys, JWKS public key)",
        ),
        Err(_) => Err(
            "the JWKS holds several keys, and CLERK_JWT_KEY is one: give the one that is in use, or set CLERK_SECRET_KEY instead, and all are fetched",
        ),
    }
}

fn from_pem(text: &str) -> Option<VerifyingKey> {
    // The markers are not needed to recognize the key.
    let compact: String =
        without_markers(&with_line_breaks(text)).chars().filter(|c| !c.is_ascii_whitespace()).collect();
    VerifyingKey::from_der(&BASE64.decode(compact).ok()?, Algorithm::Rs256)
}

/// The text in base64, such as a whole PEM.
fn decode_text(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    String::from_utf8(BASE64.decode(compact).ok()?).ok().filter(|text| text.contains("-----BEGIN"))
}

/// Turns `\n` and `\r`, escaped once or several times, and `\` at the end of a line into line breaks.
fn with_line_breaks(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        kept.push_str(&rest[..at]);
        rest = rest[at..].trim_start_matches('\\');
        rest = rest.strip_prefix(['n', 'r']).unwrap_or(rest);
        kept.push('\n');
    }
    kept + rest
}

/// The text without `-----BEGIN ...-----` and `-----END ...-----`.
fn without_markers(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("-----") {
        kept.push_str(&rest[..start]);
        let behind = &rest[start + 5..];
        let is_marker = behind.starts_with("BEGIN") || behind.starts_with("END");
        match behind.find("-----").filter(|_| is_marker) {
            Some(end) => rest = &behind[end + 5..],
            None => return text.to_owned(),
        }
    }
    kept + rest
}

impl fmt::Debug for JwtKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JwtKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The RSA key of RFC 7515, appendix A.2, whose modulus is long enough.
    const JWK: &str = r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#;

    /// The DER of a `SubjectPublicKeyInfo` before and after a modulus of 2048 bits.
    const SPKI_START: &[u8] =
        b"\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x82\x01\x0f\x00\x30\x82\x01\x0a\x02\x82\x01\x01\x00";
    const SPKI_END: &[u8] = b"\x02\x03\x01\x00\x01";

    fn pem() -> String {
        let jwk: Value = serde_json::from_str(JWK).unwrap();
        let n = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
        let der = BASE64.encode([SPKI_START, &n, SPKI_END].concat());
        let lines: Vec<&str> = der.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }

    #[test]
    fn every_unambiguous_form_of_the_key_is_accepted() {
        let pem = pem();
        let body: String = pem.lines().filter(|line| !line.starts_with("--")).collect();
        let expected = VerifyingKey::from_jwk(JWK).unwrap();
        for text in [
            pem.clone(),
            pem.replace('\n', "\r\n"),
            format!("\"{pem}\""),
            format!("'{}'", pem.replace('\n', "\\n")),
            pem.replace('\n', "\\n"),
            pem.replace('\n', "\\\\n"),
            pem.replace('\n', "\\r\\n"),
            pem.replace('\n', "\\\n"),
            pem.replace('\n', " "),
            pem.replace('\n', ""),
            body.clone(),
            body.trim_end_matches('=').to_owned(),
            BASE64.encode(&pem),
            BASE64.encode(pem.replace('\n', "\\n")),
            JWK.to_owned(),
            format!(r#"{{"keys":[{JWK},{{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}]}}"#),
        ] {
            let key: JwtKey = text.parse().unwrap_or_else(|error| panic!("{error}: {text:?}"));
            assert!(key.verifying_key().is_same_key(&expected), "{text:?}");
        }
    }

    #[test]
    fn other_texts_are_named_and_not_shown() {
        for (text, named) in [
            (format!(r#"{{"keys":[{JWK},{JWK}]}}"#), "several keys"),
            (r#"{"keys":[]}"#.to_owned(), "no RSA key"),
            ("{".to_owned(), "not valid JSON"),
            ("https://clerk.example.com/.well-known/jwks.json".to_owned(), "a URL"),
            ("-----BEGIN PRIVATE KEY-----\ns3cr3t\n-----END PRIVATE KEY-----".to_owned(), "a private key"),
            ("-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----".to_owned(), "a certificate"),
            ("sk_test_s3cr3t".to_owned(), "another kind of key"),
            ("ssh-rsa AAAA".to_owned(), "an SSH key"),
            (pem().replace("MIIB", "MIIX"), "not an RSA public key"),
            ("s3cr3t".to_owned(), "not an RSA public key"),
        ] {
            let error = text.parse::<JwtKey>().unwrap_err();
            assert_eq!(error.kind(), ConfigErrorKind::InvalidJwtKey);
            assert!(error.to_string().contains(named), "{error}: {text:?}");
            assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error:?}");
        }
    }
}
