//! [`TokenType`], and [`AcceptsToken`]: which types a route accepts.

use std::fmt;

use super::{SignedToken, Unverified};

/// Type of a token in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenType {
    /// An API key of a user or an organization, `ak_...`.
    ApiKey,
    /// A machine-to-machine token, `mt_...` or a JWT.
    M2mToken,
    /// An access token of an OAuth application, `oat_...` or a JWT.
    OAuthToken,
    /// A session token of a signed-in user.
    SessionToken,
}

/// Which types of tokens are accepted. Default: only session tokens.
///
/// ```
/// use clerk_core::{token::AcceptsToken, TokenType};
///
/// let either = AcceptsToken::from([TokenType::SessionToken, TokenType::ApiKey]);
/// assert!(either.accepts(TokenType::ApiKey) && !either.accepts(TokenType::OAuthToken));
/// assert!(AcceptsToken::Any.accepts(TokenType::M2mToken));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AcceptsToken {
    /// Every type.
    Any,
    /// Any of these types. A refused request then has no token type.
    AnyOf(Box<[TokenType]>),
    /// This type only.
    Only(TokenType),
}

// Prefixes of opaque tokens.
const API_KEY_PREFIX: &str = "ak_";
const M2M_PREFIX: &str = "mt_";
const OAUTH_PREFIX: &str = "oat_";

impl TokenType {
    /// The type's name in Clerk's own SDKs, `session_token` for example.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::M2mToken => "m2m_token",
            Self::OAuthToken => "oauth_token",
            Self::SessionToken => "session_token",
        }
    }

    /// The type of a machine token, from its prefix or its unverified claims; `None` if it can only be a session token.
    ///
    /// ```
    /// use clerk_core::TokenType;
    ///
    /// assert_eq!(TokenType::of_machine("mt_123"), Some(TokenType::M2mToken));
    /// assert_eq!(TokenType::of_machine("eyJhbGciOi..."), None);
    /// ```
    #[must_use]
    pub fn of_machine(token: &str) -> Option<Self> {
        if token.starts_with(M2M_PREFIX) {
            return Some(Self::M2mToken);
        }
        match Self::of_machine_jwt(token) {
            Some(kind) => Some(kind),
            None if token.starts_with(OAUTH_PREFIX) => Some(Self::OAuthToken),
            None if token.starts_with(API_KEY_PREFIX) => Some(Self::ApiKey),
            None => None,
        }
    }

    /// Whether an opaque token of this type can look like this: its prefix, and then what [`is_opaque_text`] accepts.
    pub(crate) fn has_opaque_form(self, token: &str) -> bool {
        let prefix = match self {
            Self::ApiKey => API_KEY_PREFIX,
            Self::M2mToken => M2M_PREFIX,
            Self::OAuthToken => OAUTH_PREFIX,
            Self::SessionToken => return false,
        };
        token.strip_prefix(prefix).is_some_and(is_opaque_text)
    }

    /// The type of a machine token in JWT form, from its unverified claims.
    pub(crate) fn of_machine_jwt(token: &str) -> Option<Self> {
        if !is_jwt(token) {
            return None;
        }
        Unverified::read(&SignedToken::parse(token).ok()?).ok()?.machine_type()
    }
}

impl AcceptsToken {
    /// Whether a token of this type is accepted.
    #[must_use]
    pub fn accepts(&self, kind: TokenType) -> bool {
        match self {
            Self::Any => true,
            Self::AnyOf(kinds) => kinds.contains(&kind),
            Self::Only(only) => *only == kind,
        }
    }
}

impl Default for AcceptsToken {
    fn default() -> Self {
        Self::Only(TokenType::SessionToken)
    }
}

impl From<TokenType> for AcceptsToken {
    fn from(kind: TokenType) -> Self {
        Self::Only(kind)
    }
}

impl<const N: usize> From<[TokenType; N]> for AcceptsToken {
    fn from(kinds: [TokenType; N]) -> Self {
        Self::AnyOf(kinds.into())
    }
}

impl From<Vec<TokenType>> for AcceptsToken {
    fn from(kinds: Vec<TokenType>) -> Self {
        Self::AnyOf(kinds.into())
    }
}

impl fmt::Display for TokenType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The longest random text that Clerk is taken to issue; its keys have some 40 characters.
const MAX_OPAQUE_TEXT: usize = 512;

/// Whether Clerk can have issued this random text: letters, digits, `-` and `_`. Any other is refused without a call.
pub(crate) fn is_opaque_text(text: &str) -> bool {
    (1..=MAX_OPAQUE_TEXT).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Whether a token has three non-empty base64url parts.
pub(crate) fn is_jwt(token: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    token.split('.').count() == 3 && token.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opaque_token_is_its_prefix_and_random_text() {
        let (api_key, m2m, oauth) = (TokenType::ApiKey, TokenType::M2mToken, TokenType::OAuthToken);
        for (kind, token) in [(api_key, "ak_s3cr3t-_"), (m2m, "mt_1"), (oauth, "oat_A")] {
            assert!(kind.has_opaque_form(token), "{token}");
            assert!(!TokenType::SessionToken.has_opaque_form(token), "{token}");
        }
        assert!(api_key.has_opaque_form(&format!("ak_{}", "x".repeat(MAX_OPAQUE_TEXT))));
        let long = format!("ak_{}", "x".repeat(MAX_OPAQUE_TEXT + 1));
        for token in ["", "ak_", "mt_1", "ak_a b", "ak_a.b", "ak_a=", "ak_a/b", "ak_a%2F", "ak_\u{e9}", &long] {
            assert!(!api_key.has_opaque_form(token), "{token}");
        }
    }
}
