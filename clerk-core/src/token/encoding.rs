//! Decodes a token's parts to JSON: base64url, and text as leniently as Clerk's own SDK.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

/// Deserializes the claims of an already verified token. Of duplicate claims the last counts.
pub(crate) fn deserialize_claims<C: DeserializeOwned>(token: &str) -> Result<C, serde_json::Error> {
    let payload = token.split('.').nth(1).and_then(decode).map(text).unwrap_or_default();
    serde_json::from_str(&payload).or_else(|error| serde_json::from_str(&last_of_each(&payload).ok_or(error)?))
}

/// Decodes one part of a token. Refuses padding ([RFC 7515, section 2](https://www.rfc-editor.org/rfc/rfc7515#section-2))
/// and stray bits after the last byte, so that a token has exactly one form: otherwise one token would take a place of the
/// cache for each of its spellings.
pub(crate) fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

/// Encodes bytes as base64url without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// JSON text as Clerk's own SDK reads it: invalid UTF-8 and lone surrogates become U+FFFD, so that one malformed claim
/// does not make the others unreadable.
pub(crate) fn text(json: Vec<u8>) -> String {
    let mut json =
        String::from_utf8(json).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    if json.starts_with('\u{feff}') {
        json.drain(..'\u{feff}'.len_utf8());
    }
    if memchr::memchr(b'\\', json.as_bytes()).is_some() { without_lone_surrogates(json) } else { json }
}

/// Replaces each lone surrogate, such as `\ud800`, with `\ufffd`, which has the same length.
fn without_lone_surrogates(json: String) -> String {
    let mut json = json.into_bytes();
    let code = |bytes: &[u8]| {
        let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
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
    // Only escapes changed, so this is still valid UTF-8.
    String::from_utf8(json).unwrap_or_default()
}

/// Parses a JSON object. serde alone would also accept an array with the fields in order.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de str) -> Option<T> {
    json.trim_ascii_start().starts_with('{').then(|| serde_json::from_str(json).ok())?
}

/// Removes duplicate members from a JSON object and keeps the last of each, which
/// [RFC 7519, section 4](https://www.rfc-editor.org/rfc/rfc7519#section-4) allows; `None` without duplicates.
pub(crate) fn last_of_each(json: &str) -> Option<String> {
    struct HasDuplicates;

    /// Borrows the name if it has no escapes.
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

    impl<'de> serde::de::Visitor<'de> for HasDuplicates {
        type Value = bool;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
            let mut names: Vec<Cow<'de, str>> = Vec::new();
            let mut duplicates = false;
            while let Some(name) = map.next_key::<Name<'de>>()? {
                map.next_value::<IgnoredAny>()?;
                duplicates |= names.contains(&name.0);
                // Clerk's tokens have a dozen claims; the limit bounds the work for forged ones.
                if names.len() < 64 {
                    names.push(name.0);
                }
            }
            Ok(duplicates)
        }
    }

    let duplicates = serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_str(json), HasDuplicates);
    if !duplicates.unwrap_or(false) {
        return None;
    }
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).ok()?;
    serde_json::to_string(&members).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_one_form() {
        for (part, decoded) in
            [("AA", Some(&[0][..])), ("AAA", Some(&[0, 0])), ("-_8", Some(&[0xfb, 0xff])), ("", Some(&[]))]
        {
            assert_eq!(decode(part).as_deref(), decoded, "{part}");
        }
        for part in ["A", "AB", "AAB", "+/8", "A A", "AA\n", "A=A", "AA=", "AA==", "-_8=", "=", "\u{e9}A"] {
            assert_eq!(decode(part), None, "{part:?}");
        }
    }

    #[test]
    fn lone_surrogates_are_replaced() {
        for (json, expected) in [
            (r#"["\ud800"]"#, r#"["\ufffd"]"#),
            (r#"["\udc00\ud83d\ude00"]"#, r#"["\ufffd\ud83d\ude00"]"#),
            (r#"["\ud83d\ud83d\ude00"]"#, r#"["\ufffd\ud83d\ude00"]"#),
            (r#"["\\ud800"]"#, r#"["\\ud800"]"#),
            (r#"["\ud83dx\u0041"]"#, r#"["\ufffdx\u0041"]"#),
            (r"\", r"\"),
            (r"\ud8", r"\ud8"),
        ] {
            assert_eq!(text(json.as_bytes().to_vec()), expected);
        }
        assert_eq!(text(b"\xef\xbb\xbf{\"a\":\"\xff\"}".to_vec()), "{\"a\":\"\u{fffd}\"}");
    }
}
