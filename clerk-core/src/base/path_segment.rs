//! Which ids can be a part of a URL's path.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the unreserved characters of [RFC 3986, section 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// An id as it stands in a path; `None` for one that would not stay in [its place](is_path_segment).
#[must_use]
pub fn path_segment(id: &str) -> Option<String> {
    is_path_segment(id).then(|| utf8_percent_encode(id, ENCODED).to_string())
}

/// Whether a text is one segment of a path, and names nothing else, however it is encoded.
///
/// Slashes are refused even though they would be encoded, since gateways decode them; so is what is empty or a dot
/// segment, which URL parsers resolve however it is encoded.
#[must_use]
pub fn is_path_segment(text: &str) -> bool {
    !text.is_empty() && stays_in_its_place(text, &['/', '\\'])
}

/// Whether an id can be a part of a path as it stands, as Clerk's own SDK has it: slashes are let through there.
pub(crate) fn is_path_part(id: &str) -> bool {
    stays_in_its_place(id, &['?', '#', '\\'])
}

/// Whether a text holds no dot segment and none of these characters, however it is encoded.
fn stays_in_its_place(text: &str, refused: &[char]) -> bool {
    let mut text = text.to_owned();
    // What is encoded more than ten times over is no id either.
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
    fn ids_are_encoded_and_stay_in_their_place() {
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
