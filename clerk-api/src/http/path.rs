//! Fills ids into paths, so that an id cannot change which operation is called.

use clerk_core::internal::{is_path_segment, path_segment};

/// Fills a template's placeholders; `Err` names the one that cannot be filled.
pub(crate) fn fill(template: &str, ids: &[String]) -> Result<String, String> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut ids = ids.iter();
    let mut rest = template;
    while let Some((before, placeholder)) = rest.split_once('{') {
        let Some((name, after)) = placeholder.split_once('}') else { break };
        let id = ids.next().ok_or_else(|| format!("{name} is missing"))?;
        let segment = path_segment(id).ok_or_else(|| format!("{name} is not a valid id"))?;
        path.push_str(before);
        path.push_str(&segment);
        rest = after;
    }
    path.push_str(rest);
    if ids.next().is_some() { Err("there are more ids than placeholders".to_owned()) } else { Ok(path) }
}

/// Whether a path of the application's own stays below the API's URL.
pub(crate) fn is_safe(path: &str) -> bool {
    path.starts_with('/') && !path.contains(['?', '#']) && path[1..].split('/').all(is_path_segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_fills_one_path_segment() {
        let filled = |id: &str| fill("/users/{user_id}/ban", &[id.to_owned()]);
        assert_eq!(filled("org:a b").as_deref(), Ok("/users/org%3Aa%20b/ban"));
        for id in ["", "..", "a/b", "%2e%2e"] {
            assert_eq!(filled(id), Err("user_id is not a valid id".to_owned()), "{id:?}");
        }
        assert!(fill("/users/{user_id}", &[]).is_err());
        assert!(fill("/users", &["user_1".to_owned()]).is_err());
    }

    #[test]
    fn a_path_must_stay_below_the_api() {
        assert!(is_safe("/role_sets/rs_1"));
        for path in ["", "role_sets", "/a/../b", "/a//b", "/a/", "/a?b=c", "/a#b", "/a/%2e%2e/b", "//evil.example"] {
            assert!(!is_safe(path), "{path}");
        }
    }
}
