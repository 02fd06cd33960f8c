//! [`parse_json`]: JSON in which one value that cannot be parsed does not hide the rest.

use std::collections::BTreeMap;

use serde_json::{Error, Value, value::RawValue};

/// How far a value that cannot be parsed is looked for: in an event or a page, its list, an object such as a session, the
/// object's user, and the user's metadata.
const LEVELS: usize = 5;

/// Parses a body. A value in it that cannot be parsed, because it is nested more than 127 levels deep or has a number out of
/// range, becomes its text: users can write such values into their unsafe metadata.
///
/// ```
/// let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
/// let body = format!(r#"[{{"id": "user_1", "unsafe_metadata": {{"a": {deep}}}}}]"#);
/// let users = clerk_types::parse_json(body.as_bytes())?;
/// assert_eq!(users[0]["id"], "user_1");
/// assert_eq!(users[0]["unsafe_metadata"]["a"], deep);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// When the body is not JSON.
pub fn parse_json(body: &[u8]) -> Result<Value, Error> {
    serde_json::from_slice(body).or_else(|error| {
        let text = std::str::from_utf8(body).ok();
        text.and_then(|text| split(text, LEVELS)).ok_or(error)
    })
}

/// An object or a list, each of whose values is parsed by itself. A list only as the body or in it, as those of pages are:
/// further inside, it is a value like others.
fn split(text: &str, levels: usize) -> Option<Value> {
    let is_of_page = levels >= LEVELS - 1;
    let levels = levels.checked_sub(1)?;
    let parse = |json: &RawValue| {
        let text = json.get();
        serde_json::from_str(text).ok().or_else(|| split(text, levels)).unwrap_or_else(|| text.into())
    };
    if is_of_page && text.trim_start().starts_with('[') {
        let values: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        return Some(values.into_iter().map(parse).collect());
    }
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    Some(members.into_iter().map(|(name, json)| (name, parse(json))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_cannot_be_parsed_does_not_hide_the_rest() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for bad in [&*deep, "1e999"] {
            let user = format!(r#"{{"id":"user_1","unsafe_metadata":{{"b":1,"a":{bad}}}}}"#);
            for (body, place) in [
                (user.clone(), ""),
                (format!("[{user}]"), "/0"),
                (format!(r#" {{"total_count":1,"data":[{user}]}}"#), "/data/0"),
                (format!(r#"{{"type":"session.created","data":{{"user":{user}}}}}"#), "/data/user"),
            ] {
                let value = parse_json(body.as_bytes()).unwrap();
                let user = value.pointer(place).unwrap();
                assert_eq!((&user["id"], &user["unsafe_metadata"]["b"]), (&"user_1".into(), &1.into()), "{place}");
                assert_eq!(user["unsafe_metadata"]["a"], *bad, "{place}");
            }
        }
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        for body in ["", "{", "[1", r#"{"a":1e}"#, r#"{"a":1} {}"#, "<html>", "[[]", r#"{"a":[}"#] {
            assert!(parse_json(body.as_bytes()).is_err(), "{body}");
        }
        assert!(parse_json(b"{\"a\":\"\xff\"}").is_err());
    }
}
