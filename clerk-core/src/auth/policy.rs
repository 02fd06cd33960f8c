//! What a route asks of a session.

use super::{
    reverification::Reverification,
    session::{Scope, Session},
};
use crate::config::{ConfigError, ConfigErrorKind};

/// What a route asks of a signed-in session, checked when it is built.
///
/// ```
/// use clerk_core::{Policy, auth::Reverification};
///
/// let admins = Policy::role("org:admin")?;
/// assert_eq!(admins, Policy::role("admin")?, "the prefix may be left out, as in Clerk's own SDK");
/// assert!(Policy::role("").is_err());
///
/// let danger_zone = Policy::all([admins, Policy::reverification(Reverification::Strict)]);
/// let paying = Policy::any([Policy::plan("org:pro")?, Policy::feature("user:beta")?]);
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
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
    All(Box<[Policy]>),
    Any(Box<[Policy]>),
}

/// A feature or a plan, of one scope or of either.
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

    /// Any member of an organization who has made it the active one.
    #[must_use]
    pub const fn organization() -> Self {
        Self(Rule::Organization)
    }

    /// Exactly this role in the active organization, `org:admin` for example.
    ///
    /// # Errors
    /// When no role can have that name.
    pub fn role(role: &str) -> Result<Self, ConfigError> {
        let name = without_prefix(role);
        if !is_name(name) {
            return Err(invalid(format!("{role:?} is no role: write it as the dashboard does, org:admin for example")));
        }
        Ok(Self(Rule::Role(name.into())))
    }

    /// This permission in the active organization, `org:invoices:read` for example.
    ///
    /// System permissions (`org:sys_...`) do not travel in version 2 tokens, so that nobody has them there: ask for a
    /// role or a custom permission instead.
    ///
    /// # Errors
    /// When no permission can have that name.
    pub fn permission(permission: &str) -> Result<Self, ConfigError> {
        match without_prefix(permission).split_once(':') {
            Some((feature, action)) if is_name(feature) && is_name(action) => {
                if feature.starts_with("sys_") {
                    tracing::warn!(target: "clerk", permission, "a system permission does not travel in session tokens of version 2, so nobody will have it; ask for a role or a custom permission");
                }
                Ok(Self(Rule::Permission(format!("org:{feature}:{action}").into())))
            }
            _ => Err(invalid(format!(
                "{permission:?} is no permission: it has the form org:<feature>:<action>, org:invoices:read for example"
            ))),
        }
    }

    /// This feature of the active organization (`org:invoices`), of the user (`user:invoices`), or of either
    /// (`invoices`).
    ///
    /// # Errors
    /// When no feature can have that name.
    pub fn feature(feature: &str) -> Result<Self, ConfigError> {
        Ok(Self(Rule::Feature(Entitlement::parse("feature", feature)?)))
    }

    /// This plan of the active organization (`org:pro`), of the user (`user:pro`), or of either (`pro`).
    ///
    /// # Errors
    /// When no plan can have that name.
    pub fn plan(plan: &str) -> Result<Self, ConfigError> {
        Ok(Self(Rule::Plan(Entitlement::parse("plan", plan)?)))
    }

    /// Factors that were proved recently.
    #[must_use]
    pub const fn reverification(reverification: Reverification) -> Self {
        Self(Rule::Reverification(reverification))
    }

    /// Every one of these; nobody satisfies an empty list.
    #[must_use]
    pub fn all(policies: impl IntoIterator<Item = Self>) -> Self {
        Self(Rule::All(policies.into_iter().collect()))
    }

    /// At least one of these; nobody satisfies an empty list.
    #[must_use]
    pub fn any(policies: impl IntoIterator<Item = Self>) -> Self {
        Self(Rule::Any(policies.into_iter().collect()))
    }

    /// Whether the session satisfies the policy.
    #[must_use]
    pub fn allows(&self, session: &Session) -> bool {
        let organization = session.organization();
        match &self.0 {
            Rule::SignedIn => true,
            Rule::Organization => organization.is_some(),
            Rule::Role(role) => organization
                .and_then(|organization| organization.role())
                .is_some_and(|assigned| without_prefix(assigned) == &**role),
            Rule::Permission(permission) => {
                organization.is_some_and(|organization| organization.permissions().any(|one| one == &**permission))
            }
            Rule::Feature(feature) => session.has_feature(feature.scope, &feature.name),
            Rule::Plan(plan) => session.has_plan(plan.scope, &plan.name),
            Rule::Reverification(reverification) => {
                session.factor_ages().is_some_and(|ages| reverification.is_satisfied_by(ages))
            }
            Rule::All(policies) => !policies.is_empty() && policies.iter().all(|policy| policy.allows(session)),
            Rule::Any(policies) => policies.iter().any(|policy| policy.allows(session)),
        }
    }

    /// The reverification that alone keeps the session from satisfying the policy.
    pub(crate) fn missing_reverification(&self, session: &Session) -> Option<Reverification> {
        match &self.0 {
            Rule::Reverification(reverification) if !self.allows(session) => Some(*reverification),
            Rule::All(policies) => {
                let mut failed = policies.iter().filter(|policy| !policy.allows(session));
                let only = failed.next()?;
                failed.next().is_none().then(|| only.missing_reverification(session))?
            }
            _ => None,
        }
    }
}

impl Entitlement {
    fn parse(noun: &str, text: &str) -> Result<Self, ConfigError> {
        // Clerk's own SDK does not look behind a second colon either.
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
                "{text:?} is no {noun}: write its slug, with org: or user: before it to ask for one scope"
            )));
        }
        Ok(Self { scope, name: name.into() })
    }
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
    fn names_that_nobody_can_have_are_refused_when_built() {
        for role in ["", "org:", "org:a b", "org:a:b", "\u{e9}"] {
            assert_eq!(Policy::role(role).unwrap_err().kind(), ConfigErrorKind::InvalidPolicy, "{role:?}");
        }
        for permission in ["", "org:invoices", "org::read", "org:a:b:c", "invoices"] {
            assert!(Policy::permission(permission).is_err(), "{permission:?}");
        }
        for name in ["", "org:", "team:x", "a b", "org::x"] {
            assert!(Policy::feature(name).is_err() && Policy::plan(name).is_err(), "{name:?}");
        }
    }
}
