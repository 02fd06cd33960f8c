//! Which ids are safe in a URL's path.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the unreserved characters of [RFC 3986, section 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// An id, percent-encoded as one path segment; `None` if it is [not safe](is_path_segment).
#[must_use]
pub fn path_segment(id: &str) -> Option<String> {
    is_path_segment(id).then(|| utf8_percent_encode(id, ENCODED).to_string())
}

/// Whether a text is exactly one path segment, even after repeated decoding.
///
/// Refuses slashes, because gateways decode encoded ones, and empty and dot segments, because URL parsers resolve even
/// encoded ones.
#[must_use]
pub fn is_path_segment(text: &str) -> bool {
    !text.is_empty() && is_safe(text, &['/', '\\'])
}

/// Whether an id is safe in a path without encoding. Allows slashes, as Clerk's own SDK does.
pub(crate) fn is_path_part(id: &str) -> bool {
    is_safe(id, &['?', '#', '\\'])
}

/// Whether a text has no dot segment, no control character and none of these characters, even after repeated decoding.
fn is_safe(text: &str, refused: &[char]) -> bool {
    let mut text = text.to_owned();
    // No real id is encoded more than ten times.
    for _ in 0..10 {
        let dots = text.split(['/', '\\']).any(|segment| matches!(segment, "." | ".."));
        if dots || text.contains(refused) || text.chars().any(char::is_control) {
            return false;
        }
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == text {
            return true;
        }
        text = decoded;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_ids_are_encoded_and_others_refused() {
        assert_eq!(path_segment("user_1").as_deref(), Some("user_1"));
        assert_eq!(path_segment("org:admin a+b?c#d%e").as_deref(), Some("org%3Aadmin%20a%2Bb%3Fc%23d%25e"));
        let layers = (0..12).fold("%2e".to_owned(), |id, _| id.replace('%', "%25"));
        for id in
            ["", ".", "..", "../x", "a/b", "a\\b", "%2e%2e", "%2E.", "%252e%252e", "a%2fb", "a\n", "%00", &*layers]
        {
            assert_eq!(path_segment(id), None, "{id:?}");
        }
        for (id, fits) in
            [("sess_1", true), ("a/b", true), ("a%20b", true), ("a/../b", false), ("%2e%2e", false), ("a%3fb", false)]
        {
            assert_eq!(is_path_part(id), fits, "{id:?}");
        }
    }
}
