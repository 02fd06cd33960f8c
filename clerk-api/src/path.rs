//! Ids in paths: an id can name nothing but what it stands for.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of [RFC 3986, section 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A template with its placeholders filled; `Err` says which one cannot be.
///
/// Slashes are refused even though they would be encoded, since gateways decode them; so is what is empty or a dot
/// segment, which URL parsers resolve however it is encoded.
pub(crate) fn fill(template: &str, ids: &[String]) -> Result<String, String> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut ids = ids.iter();
    let mut rest = template;
    while let Some((before, placeholder)) = rest.split_once('{') {
        let Some((name, after)) = placeholder.split_once('}') else { break };
        let id = ids.next().ok_or_else(|| format!("{name} is missing"))?;
        if leaves_its_place(id) {
            return Err(format!("{name} is empty or no id"));
        }
        path.push_str(before);
        path.extend(utf8_percent_encode(id, ENCODED));
        rest = after;
    }
    path.push_str(rest);
    if ids.next().is_some() { Err("there are more ids than places for them".to_owned()) } else { Ok(path) }
}

/// Whether a path that was written by hand stays below the API's URL.
pub(crate) fn is_plain(path: &str) -> bool {
    path.starts_with('/')
        && !path.contains(['?', '#'])
        && path[1..].split('/').all(|segment| !leaves_its_place(segment))
}

fn leaves_its_place(id: &str) -> bool {
    let mut id = id.to_owned();
    // What is encoded more than ten times over is no id either.
    for _ in 0..10 {
        if id.is_empty() || id == "." || id == ".." || id.contains(['/', '\\']) || id.chars().any(char::is_control) {
            return true;
        }
        let decoded = percent_encoding::percent_decode_str(&id).decode_utf8_lossy().into_owned();
        if decoded == id {
            return false;
        }
        id = decoded;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_encoded_and_stay_in_their_place() {
        let filled = |id: &str| fill("/users/{user_id}/ban", &[id.to_owned()]);
        assert_eq!(filled("user_1").as_deref(), Ok("/users/user_1/ban"));
        assert_eq!(filled("org:admin a+b?c#d%e").as_deref(), Ok("/users/org%3Aadmin%20a%2Bb%3Fc%23d%25e/ban"));
        for id in ["", ".", "..", "../x", "a/b", "a\\b", "%2e%2e", "%2E.", "%252e%252e", "a%2fb", "a\n", "%00"] {
            assert!(filled(id).is_err(), "{id:?}");
        }
        assert!(fill("/users/{user_id}", &[]).is_err());
        assert!(fill("/users", &["user_1".to_owned()]).is_err());
    }

    #[test]
    fn paths_by_hand_are_plain() {
        assert!(is_plain("/role_sets/rs_1"));
        for path in ["", "role_sets", "/a/../b", "/a//b", "/a/", "/a?b=c", "/a#b", "/a/%2e%2e/b", "//evil.example"] {
            assert!(!is_plain(path), "{path}");
        }
    }
}
