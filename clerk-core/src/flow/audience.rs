//! The resource that an OAuth access token must be issued for, when one layer protects one resource.

use std::sync::Arc;

/// The resource that OAuth access tokens must be issued for
/// ([RFC 8707, section 2](https://www.rfc-editor.org/rfc/rfc8707#section-2)).
#[derive(Debug, Clone)]
pub(crate) struct Audience {
    pub(crate) resource: Arc<str>,
    /// Whether to accept a token without an audience.
    pub(crate) optional: bool,
}

impl Audience {
    /// Whether to accept a token with these audiences; `None` stands for a malformed `aud` claim.
    pub(crate) fn admits(&self, audiences: Option<&[Box<str>]>) -> bool {
        // A blank entry makes the audience invalid, as in Clerk's own SDK.
        let Some(audiences) = audiences.filter(|audiences| audiences.iter().all(|audience| !audience.is_empty()))
        else {
            return false;
        };
        if audiences.is_empty() {
            return self.optional;
        }
        // An origin with and without a final slash is the same resource.
        let is_ours = |audience: &str| {
            audience == &*self.resource
                || audience
                    .strip_suffix('/')
                    .is_some_and(|audience| audience == &*self.resource && self.resource.matches('/').count() == 2)
        };
        audiences.iter().any(|audience| is_ours(audience))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::token::claims::audiences;

    fn admits(resource: &str, optional: bool, claim: Value) -> bool {
        let audience = Audience { resource: resource.into(), optional };
        audience.admits(audiences(Some(&claim)).as_deref())
    }

    #[test]
    fn only_the_resource_in_the_audience_is_accepted() {
        const OURS: &str = "https://api.example.com/mcp";
        for (claim, strict, lenient) in [
            (json!(OURS), true, true),
            (json!(["https://other.example.com", OURS]), true, true),
            (json!("https://other.example.com"), false, false),
            (json!("https://api.example.com"), false, false),
            (json!("https://api.example.com/mcp/"), false, false),
            (json!("https://api.example.com/mcp2"), false, false),
            (json!(""), false, false),
            (json!([OURS, 42]), false, false),
            (json!(["", OURS]), false, false),
            (json!(42), false, false),
            (json!({ "aud": OURS }), false, false),
            (json!([]), false, true),
            (Value::Null, false, true),
        ] {
            assert_eq!(admits(OURS, false, claim.clone()), strict, "{claim}");
            assert_eq!(admits(OURS, true, claim.clone()), lenient, "{claim}");
        }
    }

    #[test]
    fn an_origin_with_a_final_slash_is_the_same_resource() {
        assert!(admits("https://api.example.com", false, json!("https://api.example.com/")));
        assert!(!admits("https://api.example.com", false, json!("https://api.example.com//")));
    }
}
