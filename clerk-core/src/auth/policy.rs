//! What a route asks of a session.

use super::session::Session;
use crate::config::{ConfigError, ConfigErrorKind};

/// What a route asks of a signed-in session, checked when it is built.
///
/// ```
/// use clerk_core::Policy;
///
/// let admins = Policy::role("org:admin")?;
/// assert_eq!(admins, Policy::role("admin")?, "the prefix may be left out, as in Clerk's own SDK");
/// assert!(Policy::role("").is_err());
/// assert!(Policy::permission("org:sys_memberships:manage").is_err(), "never travels in a token");
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy(Rule);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    SignedIn,
    Organization,
    Role(Box<str>),
    Permission(Box<str>),
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
        let name = role.strip_prefix("org:").unwrap_or(role);
        if !is_name(name) {
            return Err(invalid(format!("{role:?} is no role: write it as the dashboard does, org:admin for example")));
        }
        Ok(Self(Rule::Role(format!("org:{name}").into())))
    }

    /// This permission in the active organization, `org:invoices:read` for example.
    ///
    /// # Errors
    /// When no permission can have that name, or it is a system permission, which never travels in a token.
    pub fn permission(permission: &str) -> Result<Self, ConfigError> {
        if permission.starts_with("org:sys_") || permission.starts_with("sys_") {
            return Err(invalid(format!(
                "{permission:?} is a system permission, which never travels in a session token: ask for a role or a custom permission instead"
            )));
        }
        match permission.strip_prefix("org:").and_then(|rest| rest.split_once(':')) {
            Some((feature, action)) if is_name(feature) && is_name(action) => {
                Ok(Self(Rule::Permission(permission.into())))
            }
            _ => Err(invalid(format!(
                "{permission:?} is no permission: it has the form org:<feature>:<action>, org:invoices:read for example"
            ))),
        }
    }

    /// Whether the session satisfies the policy.
    #[must_use]
    pub fn allows(&self, session: &Session) -> bool {
        let organization = session.organization();
        match &self.0 {
            Rule::SignedIn => true,
            Rule::Organization => organization.is_some(),
            Rule::Role(role) => organization.is_some_and(|organization| organization.role() == Some(role)),
            Rule::Permission(permission) => {
                organization.is_some_and(|organization| organization.permissions().any(|one| one == &**permission))
            }
        }
    }
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
        for permission in ["", "invoices:read", "org:invoices", "org::read", "org:a:b:c", "org:sys_profile:manage"] {
            assert!(Policy::permission(permission).is_err(), "{permission:?}");
        }
    }
}
