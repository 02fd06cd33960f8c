//! [`Policy`]: what a route requires of a session or a machine token.

mod check;

pub(crate) use check::{PolicyFailure, PolicySubject};

use std::{fmt, sync::Arc};

use serde_json::Value;

use super::{reverification::Reverification, scope::Scope, session::Session, state::AuthState};
use crate::{
    config::{ConfigError, ConfigErrorKind},
    token::TokenType,
};

/// What a route requires of a session or a machine token.
///
/// Names are checked when the policy is built: [`role`](Self::role) and its like are for names that stand in the code and
/// panic on an invalid one, [`try_role`](Self::try_role) and its like are for names from elsewhere.
///
/// ```
/// use clerk_core::{Policy, TokenType, auth::Reverification};
///
/// let admins = Policy::role("org:admin");
/// assert!(Policy::try_role("").is_err());
///
/// let danger_zone = admins.and(Policy::reverification(Reverification::Strict)).and(Policy::not_impersonated());
/// let paying = Policy::plan("org:pro").or(Policy::feature("user:beta"));
///
/// // Browsers by their permission, API keys by their scope.
/// let invoices = Policy::permission("org:invoices:read").or(Policy::scope("invoices:read"));
///
/// // What Clerk has no policy for.
/// let staff = Policy::claim("/metadata/role", "staff");
/// let own_team = Policy::custom("own team", |auth| {
///     auth.session().is_ok_and(|session| session.org_id().is_some())
/// });
/// ```
///
/// A claim that is missing or malformed satisfies no policy.
///
/// | satisfied by | policies |
/// |---|---|
/// | sessions | [`signed_in`](Self::signed_in), [`organization`](Self::organization), [`role`](Self::role), [`permission`](Self::permission), [`feature`](Self::feature), [`plan`](Self::plan), [`claim`](Self::claim), [`reverification`](Self::reverification) |
/// | API keys, M2M tokens, OAuth tokens | [`scope`](Self::scope) |
/// | all | [`token`](Self::token), [`not_impersonated`](Self::not_impersonated), [`not_an_agent`](Self::not_an_agent), [`custom`](Self::custom) |
#[derive(Debug, Clone, PartialEq)]
pub struct Policy(Rule);

#[derive(Debug, Clone, PartialEq)]
enum Rule {
    SignedIn,
    Organization,
    Role(Box<str>),
    Permission(Box<str>),
    Feature(Entitlement),
    Plan(Entitlement),
    Reverification(Reverification),
    NotImpersonated,
    NotAnAgent,
    Scope(Box<str>),
    Token(TokenType),
    Claim { pointer: Box<str>, value: Value },
    Custom(Custom),
    All(Box<[Policy]>),
    Any(Box<[Policy]>),
}

/// A feature or a plan, in one scope or in either.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entitlement {
    scope: Option<Scope>,
    name: Box<str>,
}

impl Policy {
    /// Any signed-in user.
    #[must_use]
    pub const fn signed_in() -> Self {
        Self(Rule::SignedIn)
    }

    /// Any user with an active organization.
    #[must_use]
    pub const fn organization() -> Self {
        Self(Rule::Organization)
    }

    /// Exactly this role in the active organization, `org:admin` for example; the prefix is optional, as in Clerk's own
    /// SDK.
    ///
    /// # Panics
    /// When the name is invalid; see [`try_role`](Self::try_role).
    #[must_use]
    #[track_caller]
    pub fn role(role: &str) -> Self {
        expect_valid(Self::try_role(role))
    }

    /// The same as [`role`](Self::role), for a name from elsewhere than the code.
    ///
    /// # Errors
    /// When the name is not valid for a role.
    pub fn try_role(role: &str) -> Result<Self, ConfigError> {
        let name = without_prefix(role);
        if !is_name(name) {
            return Err(invalid(format!(
                "{role:?} is not a role: write it as the dashboard does, org:admin for example"
            )));
        }
        Ok(Self(Rule::Role(name.into())))
    }

    /// This permission in the active organization, `org:invoices:read` for example.
    ///
    /// # Panics
    /// When the name is invalid; see [`try_permission`](Self::try_permission).
    #[must_use]
    #[track_caller]
    pub fn permission(permission: &str) -> Self {
        expect_valid(Self::try_permission(permission))
    }

    /// The same as [`permission`](Self::permission), for a name from elsewhere than the code.
    ///
    /// # Errors
    /// When the name is not valid for a permission, and for system permissions (`org:sys_...`): session tokens do not
    /// contain them, so no session could satisfy the policy.
    pub fn try_permission(permission: &str) -> Result<Self, ConfigError> {
        if permission.starts_with("org:sys_") {
            return Err(invalid(format!(
                "{permission:?} is a system permission, and session tokens do not contain those: require a role, or a custom permission of that role"
            )));
        }
        Self::any_permission(permission)
    }

    /// This system permission in the active organization, `org:sys_memberships:read` for example. Only for instances
    /// with session tokens of version 1; newer ones do not contain such permissions.
    ///
    /// # Panics
    /// When the name is invalid; see [`try_system_permission`](Self::try_system_permission).
    #[must_use]
    #[track_caller]
    pub fn system_permission(permission: &str) -> Self {
        expect_valid(Self::try_system_permission(permission))
    }

    /// The same as [`system_permission`](Self::system_permission), for a name from elsewhere than the code.
    ///
    /// # Errors
    /// When the name is not valid for a system permission.
    pub fn try_system_permission(permission: &str) -> Result<Self, ConfigError> {
        if !permission.starts_with("org:sys_") {
            return Err(invalid(format!("{permission:?} is not a system permission: those begin with org:sys_")));
        }
        Self::any_permission(permission)
    }

    fn any_permission(permission: &str) -> Result<Self, ConfigError> {
        match permission.strip_prefix("org:").and_then(|rest| rest.split_once(':')) {
            Some((feature, action)) if is_name(feature) && is_name(action) => {
                Ok(Self(Rule::Permission(permission.into())))
            }
            _ => Err(invalid(format!(
                "{permission:?} is not a permission: it has the form org:<feature>:<action>, org:invoices:read for example"
            ))),
        }
    }

    /// This feature of the active organization (`org:invoices`), of the user (`user:invoices`), or of either
    /// (`invoices`).
    ///
    /// # Panics
    /// When the name is invalid; see [`try_feature`](Self::try_feature).
    #[must_use]
    #[track_caller]
    pub fn feature(feature: &str) -> Self {
        expect_valid(Self::try_feature(feature))
    }

    /// The same as [`feature`](Self::feature), for a name from elsewhere than the code.
    ///
    /// # Errors
    /// When the name is not valid for a feature.
    pub fn try_feature(feature: &str) -> Result<Self, ConfigError> {
        Ok(Self(Rule::Feature(Entitlement::parse("feature", feature)?)))
    }

    /// This plan of the active organization (`org:pro`), of the user (`user:pro`), or of either (`pro`).
    ///
    /// # Panics
    /// When the name is invalid; see [`try_plan`](Self::try_plan).
    #[must_use]
    #[track_caller]
    pub fn plan(plan: &str) -> Self {
        expect_valid(Self::try_plan(plan))
    }

    /// The same as [`plan`](Self::plan), for a name from elsewhere than the code.
    ///
    /// # Errors
    /// When the name is not valid for a plan.
    pub fn try_plan(plan: &str) -> Result<Self, ConfigError> {
        Ok(Self(Rule::Plan(Entitlement::parse("plan", plan)?)))
    }

    /// The user proved their identity recently enough.
    #[must_use]
    pub const fn reverification(reverification: Reverification) -> Self {
        Self(Rule::Reverification(reverification))
    }

    /// No impersonation and no delegation: neither a person nor an agent
    /// [acts as the user](https://clerk.com/docs/guides/users/impersonation), in a session or with an OAuth access token.
    #[must_use]
    pub const fn not_impersonated() -> Self {
        Self(Rule::NotImpersonated)
    }

    /// No agent acts as the user; impersonation by a person is allowed. In an OAuth access token an actor who is no user of
    /// the instance counts as an agent.
    #[must_use]
    pub const fn not_an_agent() -> Self {
        Self(Rule::NotAnAgent)
    }

    /// An API key, M2M token or OAuth access token that was granted this scope.
    ///
    /// # Panics
    /// When the name is invalid; see [`try_scope`](Self::try_scope).
    #[must_use]
    #[track_caller]
    pub fn scope(scope: &str) -> Self {
        expect_valid(Self::try_scope(scope))
    }

    /// The same as [`scope`](Self::scope), for a name from elsewhere than the code.
    ///
    /// # Errors
    /// When the name is not valid for a scope
    /// ([RFC 6749, section 3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)). For several scopes, build several
    /// policies.
    pub fn try_scope(scope: &str) -> Result<Self, ConfigError> {
        let fits = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if scope.is_empty() || !scope.bytes().all(fits) {
            return Err(invalid(format!(
                "{scope:?} is not a scope: a scope is printable ASCII without blanks, quotes and backslashes; for several scopes, build one policy for each"
            )));
        }
        Ok(Self(Rule::Scope(scope.into())))
    }

    /// A session whose verified claims hold exactly this value at this place, a JSON pointer
    /// ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)): `/metadata/role` for
    /// [Clerk's basic role-based access control](https://clerk.com/docs/guides/secure/basic-rbac), for example.
    ///
    /// # Panics
    /// When the pointer does not begin with `/`.
    #[must_use]
    #[track_caller]
    pub fn claim(pointer: &str, value: impl Into<Value>) -> Self {
        assert!(pointer.starts_with('/'), "{pointer:?} is not a JSON pointer into the claims: it begins with /");
        Self(Rule::Claim { pointer: pointer.into(), value: value.into() })
    }

    /// A rule of your own, for a session or a machine token. A request that does not satisfy it gets 403. The name is for
    /// logs.
    #[must_use]
    pub fn custom(name: &str, check: impl Fn(&AuthState) -> bool + Send + Sync + 'static) -> Self {
        Self(Rule::Custom(Custom { name: name.into(), check: Arc::new(check) }))
    }

    /// A token of this type.
    #[must_use]
    pub const fn token(kind: TokenType) -> Self {
        Self(Rule::Token(kind))
    }

    /// All of these policies.
    ///
    /// # Errors
    /// When the list is empty.
    pub fn all(policies: impl IntoIterator<Item = Self>) -> Result<Self, ConfigError> {
        Ok(Self(Rule::All(nonempty(policies)?)))
    }

    /// At least one of these policies.
    ///
    /// # Errors
    /// When the list is empty.
    pub fn any(policies: impl IntoIterator<Item = Self>) -> Result<Self, ConfigError> {
        Ok(Self(Rule::Any(nonempty(policies)?)))
    }

    /// This policy and the other one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(Rule::All([self, other].into()))
    }

    /// This policy or the other one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(Rule::Any([self, other].into()))
    }

    /// Whether the session satisfies the policy.
    #[must_use]
    pub fn allows(&self, session: &Session) -> bool {
        self.check(PolicySubject::Session(session)).is_ok()
    }
}

/// A rule of the application's own.
#[derive(Clone)]
struct Custom {
    name: Box<str>,
    check: Arc<dyn Fn(&AuthState) -> bool + Send + Sync>,
}

impl PartialEq for Custom {
    /// Whether both are clones of one rule.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.check, &other.check)
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

impl Entitlement {
    fn parse(noun: &str, text: &str) -> Result<Self, ConfigError> {
        // Clerk's own SDK also ignores what follows a second colon.
        let mut parts = text.splitn(3, ':');
        let (first, second) = (parts.next().unwrap_or_default(), parts.next());
        let (scope, name) = match second.map(|name| (first, name)) {
            None => (None, first),
            Some(("o" | "org" | "organization", name)) => (Some(Scope::Organization), name),
            Some(("u" | "user", name)) => (Some(Scope::User), name),
            Some(_) => (None, ""),
        };
        if !is_name(name) {
            return Err(invalid(format!(
                "{text:?} is not a {noun}: write its slug, with the prefix org: or user: to require one scope"
            )));
        }
        Ok(Self { scope, name: name.into() })
    }
}

#[track_caller]
fn expect_valid(policy: Result<Policy, ConfigError>) -> Policy {
    match policy {
        Ok(policy) => policy,
        Err(error) => panic!("{error}"),
    }
}

fn nonempty(policies: impl IntoIterator<Item = Policy>) -> Result<Box<[Policy]>, ConfigError> {
    let policies: Box<[Policy]> = policies.into_iter().collect();
    if policies.is_empty() {
        return Err(invalid("the list of policies is empty: name at least one".to_owned()));
    }
    Ok(policies)
}

fn without_prefix(mut name: &str) -> &str {
    while let Some(rest) = name.strip_prefix("org:") {
        name = rest;
    }
    name
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

fn invalid(problem: String) -> ConfigError {
    ConfigError::new(ConfigErrorKind::InvalidPolicy, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_names_are_refused_when_built() {
        for role in ["", "org:", "org:a b", "org:a:b", "\u{e9}"] {
            assert_eq!(Policy::try_role(role).unwrap_err().kind(), ConfigErrorKind::InvalidPolicy, "{role:?}");
        }
        for permission in ["", "org:invoices", "org::read", "org:a:b:c", "invoices", "invoices:read", "org:org:a:b"] {
            let text = Policy::try_permission(permission).unwrap_err().to_string();
            assert!(text.contains("org:invoices:read"), "{permission:?}: {text}");
        }
        let text = Policy::try_permission("org:sys_memberships:read").unwrap_err().to_string();
        assert!(text.contains("do not contain"), "{text}");
        assert!(Policy::try_system_permission("org:sys_memberships:read").is_ok());
        assert!(Policy::try_system_permission("org:invoices:read").is_err());
        for name in ["", "org:", "team:x", "a b", "org::x"] {
            assert!(Policy::try_feature(name).is_err() && Policy::try_plan(name).is_err(), "{name:?}");
        }
        for scope in ["", "a b", "a\"b", "a\\b", "\u{e9}", "a\n"] {
            assert!(Policy::try_scope(scope).unwrap_err().to_string().contains("scope"), "{scope:?}");
        }
        assert!(Policy::all([]).is_err() && Policy::any([]).is_err());
    }

    #[test]
    #[should_panic(expected = "is not a role")]
    fn an_invalid_name_in_the_code_panics_where_the_policy_is_built() {
        let _ = Policy::role("org:a b");
    }
}
