//! From a token's parts to JSON: base64url, and text as lenient as Clerk's own SDK reads it.

use std::borrow::Cow;

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

/// The claims of a token that was verified before, in any type; of those that are named twice the last counts.
pub(crate) fn claims_of<C: DeserializeOwned>(token: &str) -> Result<C, serde_json::Error> {
    let payload = token.split('.').nth(1).and_then(decode).map(text).unwrap_or_default();
    serde_json::from_str(&payload).or_else(|error| serde_json::from_str(&last_of_each(&payload).ok_or(error)?))
}

/// One part of a token. Padding is no part of the form, but Clerk's own SDK does not mind it.
pub(crate) fn decode(part: &str) -> Option<Vec<u8>> {
    // Strict about stray bits after the last byte, so that a token has exactly one spelling.
    base64_simd::URL_SAFE_NO_PAD.decode_to_vec(part.trim_end_matches('=')).ok()
}

/// JSON text as Clerk's own SDK reads it: bytes that are no UTF-8 and halves of surrogate pairs stand for U+FFFD, so
/// that one odd claim does not make the others unreadable. Nothing of it is trusted before the signature is.
pub(crate) fn text(json: Vec<u8>) -> String {
    let mut json =
        String::from_utf8(json).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    if json.starts_with('\u{feff}') {
        json.drain(..'\u{feff}'.len_utf8());
    }
    if memchr::memchr(b'\\', json.as_bytes()).is_some() { without_lone_surrogates(json) } else { json }
}

/// Rewrites `\ud800` without its other half to `\ufffd`, which has the same length.
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
    // Only escapes changed, into others of the same length.
    String::from_utf8(json).unwrap_or_default()
}

/// A JSON object, and not the array that serde would take for one, its elements in the fields' order.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de str) -> Option<T> {
    json.trim_ascii_start().starts_with('{').then(|| serde_json::from_str(json).ok())?
}

/// JSON that names each member once, when the given one names some twice: of those the last counts, which is the other
/// of the two ways that [RFC 7519, section 4](https://www.rfc-editor.org/rfc/rfc7519#section-4) allows.
pub(crate) fn last_of_each(json: &str) -> Option<String> {
    struct Repeats;

    /// Borrowed where it can be.
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

    impl<'de> serde::de::Visitor<'de> for Repeats {
        type Value = bool;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
            let mut names: Vec<Cow<'de, str>> = Vec::new();
            let mut repeats = false;
            while let Some(name) = map.next_key::<Name<'de>>()? {
                map.next_value::<IgnoredAny>()?;
                repeats |= names.contains(&name.0);
                // A token has a dozen claims; one with hundreds is none of Clerk's, and is not worth a long comparison.
                if names.len() < 64 {
                    names.push(name.0);
                }
            }
            Ok(repeats)
        }
    }

    let repeats = serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_str(json), Repeats);
    if !repeats.unwrap_or(false) {
        return None;
    }
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).ok()?;
    serde_json::to_string(&members).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_one_spelling() {
        for (part, decoded) in
            [("AA", Some(&[0][..])), ("AAA", Some(&[0, 0])), ("-_8=", Some(&[0xfb, 0xff])), ("", Some(&[]))]
        {
            assert_eq!(decode(part).as_deref(), decoded, "{part}");
        }
        for part in ["A", "AB", "AAB", "+/8", "A A", "AA\n", "A=A", "\u{e9}A"] {
            assert_eq!(decode(part), None, "{part:?}");
        }
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
            assert_eq!(text(json.as_bytes().to_vec()), expected);
        }
        assert_eq!(text(b"\xef\xbb\xbf{\"a\":\"\xff\"}".to_vec()), "{\"a\":\"\u{fffd}\"}");
    }
}
