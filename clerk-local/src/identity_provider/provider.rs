//! [`Provider`]: the name of an identity provider, which is part of its addresses.

use std::{collections::BTreeMap, fmt};

use axum::{
    extract::{FromRequestParts, Path},
    http::{StatusCode, request::Parts},
    response::Response,
};

use crate::backend_api::error;

/// The longest name, in characters; also that of an enterprise connection.
const MAX_LENGTH: usize = 64;

/// `google`, `github` or any other name of lowercase letters, digits, `_` and `-`; `enterprise/acme` for the provider of
/// an enterprise connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Provider(String);

impl Provider {
    /// The social provider of this name.
    pub(crate) fn social(name: &str) -> Option<Self> {
        (is_name(name) && name != "enterprise").then(|| Self(name.to_owned()))
    }

    /// The provider of the enterprise connection of this name or id; letters of any case are good there, as ids have
    /// them.
    pub(crate) fn enterprise(connection: &str) -> Option<Self> {
        is_name(&connection.to_ascii_lowercase()).then(|| Self(format!("enterprise/{connection}")))
    }

    /// Whom the instance is at this provider.
    pub(super) fn client_id(&self) -> String {
        format!("clerk-local-{}", self.0.replace('/', "-"))
    }

    /// The name as a page has it.
    pub(super) fn title(&self) -> String {
        let name = self.0.strip_prefix("enterprise/").unwrap_or(&self.0);
        let mut letters = name.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_name(name: &str) -> bool {
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    !name.is_empty() && name.len() <= MAX_LENGTH && name.bytes().all(known)
}

impl<S: Send + Sync> FromRequestParts<S> for Provider {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let unknown = || error(StatusCode::NOT_FOUND, "resource_not_found", "no identity provider can have this name");
        let Path(names) =
            Path::<BTreeMap<String, String>>::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        let provider = match names.get("connection") {
            Some(connection) => Self::enterprise(connection),
            None => names.get("provider").and_then(|name| Self::social(name)),
        };
        provider.ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_addresses_can_have() {
        for name in ["google", "github", "custom_my-own", "x", "linkedin_oidc"] {
            assert_eq!(Provider::social(name).unwrap().to_string(), name);
        }
        assert_eq!(Provider::enterprise("entconn_2xY").unwrap().to_string(), "enterprise/entconn_2xY");
        for bad in ["", "Google", "a/b", "..", "a.b", "a b", "\u{e9}", "a?b", "enterprise", &"x".repeat(65)] {
            assert!(Provider::social(bad).is_none(), "{bad}");
        }
        for bad in ["", "a/b", "..", "a#b", &"x".repeat(65)] {
            assert!(Provider::enterprise(bad).is_none(), "{bad}");
        }
        assert_eq!(Provider::social("github").unwrap().title(), "Github");
        assert_eq!(Provider::enterprise("acme").unwrap().client_id(), "clerk-local-enterprise-acme");
    }
}
