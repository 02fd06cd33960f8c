//! [`Provider`], and the [`Profile`] that it has of a user.

use std::fmt;

use clerk_core::time::Timestamp;

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

    /// The provider of the enterprise connection with this name or id, in letters of any case, as ids have them.
    pub(crate) fn enterprise(connection: &str) -> Option<Self> {
        is_name(&connection.to_ascii_lowercase()).then(|| Self(format!("enterprise/{connection}")))
    }

    /// The instance's client id at this provider.
    pub(crate) fn client_id(&self) -> String {
        format!("clerk-local-{}", self.0.replace('/', "-"))
    }

    /// The name for pages: with a capital letter.
    pub(crate) fn title(&self) -> String {
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

/// A sign-in that continues at a provider; it is stored under its state.
#[derive(Clone)]
pub(crate) struct PendingProviderSignIn {
    pub(crate) provider: Provider,
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) redirect_uri: String,
    pub(crate) started_at: Timestamp,
}

/// What a provider says about a user.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    /// The user's id at the provider, which stays when the address changes.
    pub(crate) subject: String,
    /// Empty if the provider sent none.
    pub(crate) email: String,
    pub(crate) email_verified: bool,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) username: Option<String>,
    /// The token for the provider's API; `scopes` says what it allows.
    pub(crate) access_token: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) access_token_expires_at: Timestamp,
}

impl PendingProviderSignIn {
    /// The unguessable text that the browser brings back, under which this is stored.
    pub(crate) fn state(&self) -> &str {
        &self.state
    }

    pub(crate) const fn provider(&self) -> &Provider {
        &self.provider
    }
}

impl fmt::Debug for PendingProviderSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingProviderSignIn")
            .field("provider", &self.provider)
            .field("started_at", &self.started_at)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("subject", &self.subject)
            .field("email", &self.email)
            .field("email_verified", &self.email_verified)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_form_of_a_path_segment() {
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
