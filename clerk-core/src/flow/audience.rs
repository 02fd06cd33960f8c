//! Whom an OAuth access token must be meant for, where one layer protects one resource.

use std::sync::Arc;

/// The resource that OAuth access tokens must be meant for
/// ([RFC 8707, section 2](https://www.rfc-editor.org/rfc/rfc8707#section-2)).
#[derive(Debug, Clone)]
pub(crate) struct Audience {
    pub(crate) resource: Arc<str>,
    /// Whether a token that is meant for nobody in particular will do.
    pub(crate) optional: bool,
}

impl Audience {
    /// Whether a token with these audiences is for us; `None` stands for ones that cannot be read.
    pub(crate) fn admits(&self, audiences: Option<&[Box<str>]>) -> bool {
        // A blank entry makes the audience invalid, as in Clerk's own SDK.
        let Some(audiences) = audiences.filter(|audiences| audiences.iter().all(|audience| !audience.is_empty()))
        else {
            return false;
        };
        if audiences.is_empty() {
            return self.optional;
        }
        // Clients write the slash of an origin or leave it out: both name the same resource.
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
    fn a_token_is_for_the_resource_it_names() {
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
    fn an_origin_is_the_same_with_a_slash() {
        assert!(admits("https://api.example.com", false, json!("https://api.example.com/")));
        assert!(!admits("https://api.example.com", false, json!("https://api.example.com//")));
    }
}
