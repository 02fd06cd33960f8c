//! Which organization a page belongs to, by its path.

use super::pattern::{PathPattern, Value};
use crate::config::ConfigError;

/// Paths that belong to one organization, or to the user's personal account: a page that does not match the session's
/// active organization is answered with a handshake that activates it.
///
/// Patterns are those of Clerk's other SDKs: `:slug` or `:id` names the organization, `(.*)` matches anything. An
/// organization's pattern wins over a personal account's. Works for pages alone; see
/// [Clerk's page](https://clerk.com/docs/guides/organizations/org-slugs-in-urls).
///
/// ```
/// use clerk_core::OrganizationSync;
///
/// let sync = OrganizationSync::new()
///     .organization_patterns(["/orgs/:slug", "/orgs/:slug/(.*)"])?
///     .personal_account_patterns(["/me", "/me/(.*)"])?;
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct OrganizationSync {
    organization: Vec<PathPattern>,
    personal_account: Vec<PathPattern>,
}

/// What the page's path says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Id(Value),
    PersonalAccount,
    Slug(Value),
}

impl OrganizationSync {
    /// No patterns yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Paths that belong to an organization, which they name by `:id` or `:slug`.
    ///
    /// # Errors
    /// When a pattern is malformed; the error quotes it.
    pub fn organization_patterns<I>(mut self, patterns: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.organization = parse(patterns)?;
        Ok(self)
    }

    /// Paths that belong to the user alone, with no organization active.
    ///
    /// # Errors
    /// When a pattern is malformed; the error quotes it.
    pub fn personal_account_patterns<I>(mut self, patterns: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.personal_account = parse(patterns)?;
        Ok(self)
    }

    pub(crate) fn target(&self, path: &str) -> Option<Target> {
        let organization = self.organization.iter().find_map(|pattern| pattern.matches(path)).and_then(|parameters| {
            let parameter = |name: &str| parameters.get(name).filter(|value| !value.is_empty());
            parameter("id").map(Target::Id).or_else(|| parameter("slug").map(Target::Slug))
        });
        organization.or_else(|| {
            self.personal_account
                .iter()
                .any(|pattern| pattern.matches(path).is_some())
                .then_some(Target::PersonalAccount)
        })
    }
}

fn parse<I: IntoIterator<Item: AsRef<str>>>(patterns: I) -> Result<Vec<PathPattern>, ConfigError> {
    patterns.into_iter().map(|pattern| PathPattern::parse(pattern.as_ref())).collect()
}

impl Target {
    /// Whether the session must be switched.
    pub(crate) fn differs(&self, id: Option<&str>, slug: Option<&str>) -> bool {
        match self {
            Self::Id(wanted) => !wanted.is(id),
            Self::Slug(wanted) => !wanted.is(slug),
            Self::PersonalAccount => id.is_some_and(|id| !id.is_empty()),
        }
    }

    /// The `organization_id` parameter of the handshake.
    pub(crate) fn parameter(&self) -> String {
        match self {
            Self::Id(wanted) | Self::Slug(wanted) => wanted.to_string(),
            Self::PersonalAccount => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sync() -> OrganizationSync {
        OrganizationSync::new()
            .organization_patterns(["/orgs/:slug", "/orgs/:slug/(.*)", "/by-id/:id"])
            .unwrap()
            .personal_account_patterns(["/me", "/orgs/:any"])
            .unwrap()
    }

    #[test]
    fn an_organization_wins_over_the_personal_account() {
        let target = |path| sync().target(path);
        let one = |text: &str| Value::One(text.to_owned());
        assert_eq!(target("/orgs/acme"), Some(Target::Slug(one("acme"))));
        assert_eq!(target("/ORGS/acme/x/y"), Some(Target::Slug(one("acme"))));
        assert_eq!(target("/by-id/org_1/"), Some(Target::Id(one("org_1"))));
        assert_eq!(target("/me"), Some(Target::PersonalAccount));
        assert_eq!(target("/orgs"), None);
        assert_eq!(target("/orgs/acme?x"), None, "a path holds no query");
    }

    #[test]
    fn only_a_difference_asks_for_a_switch() {
        let slug = Target::Slug(Value::One("acme".to_owned()));
        assert!(!slug.differs(Some("org_1"), Some("acme")));
        assert!(slug.differs(Some("org_1"), Some("other")) && slug.differs(None, None));
        assert!(Target::PersonalAccount.differs(Some("org_1"), None) && !Target::PersonalAccount.differs(None, None));
    }
}
