//! The `aud` claim of a machine token.

use serde_json::Value;

/// Whom a token is meant for: one text or a list of them; `None` where it is something else.
pub(crate) fn audiences(claim: Option<&Value>) -> Option<Vec<Box<str>>> {
    match claim {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::String(text)) => Some(vec![text.as_str().into()]),
        Some(Value::Array(list)) => list.iter().map(|audience| audience.as_str().map(Into::into)).collect(),
        Some(_) => None,
    }
}
