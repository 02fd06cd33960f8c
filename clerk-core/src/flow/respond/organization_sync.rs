//! [`OrganizationSync`]: finds a page's organization by its path.

use super::pattern::{PathPattern, Value};
use crate::config::ConfigError;

/// Path patterns of pages that belong to one organization, or to the user's personal account. They switch, and do not
/// authorize: without [`refuse_others`](Self::refuse_others), a request that is not a page, or whose user is no member,
/// reaches the handler with **another organization active** than the one in the URL.
///
/// If a page's organization is not the active one of the session, a handshake activates it. The patterns have the
/// syntax of Clerk's other SDKs: `:slug` or `:id` names the organization, `(.*)` matches anything. A pattern of
/// organizations wins over one of personal accounts. Works for pages only; see [Clerk's
/// page](https://clerk.com/docs/guides/organizations/org-slugs-in-urls).
///
/// ```
/// use clerk_core::browser::OrganizationSync;
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
    refuse_others: bool,
}

/// What a page's path asks to be active.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Id(Value),
    PersonalAccount,
    Slug(Value),
}

impl OrganizationSync {
    /// No patterns.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Patterns of an organization's pages, with `:id` or `:slug`.
    ///
    /// # Errors
    /// When a pattern is malformed; the error quotes it.
    pub fn organization_patterns<I>(mut self, patterns: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.organization = parse_all(patterns)?;
        Ok(self)
    }

    /// Patterns of a personal account's pages, with no organization active.
    ///
    /// # Errors
    /// When a pattern is malformed; the error quotes it.
    pub fn personal_account_patterns<I>(mut self, patterns: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.personal_account = parse_all(patterns)?;
        Ok(self)
    }

    /// Answers 403 where a pattern matches and the caller acts for another organization, or for one on a page of the
    /// personal account. Then no handler runs for an organization that the caller was not checked for. A machine has no
    /// slug, so only patterns with `:id` let it in.
    #[must_use]
    pub const fn refuse_others(mut self) -> Self {
        self.refuse_others = true;
        self
    }

    /// Whether the caller must be refused: their organization is not the path's. `paths` are all readings of the path.
    pub(crate) fn refuses<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p str>,
        id: Option<&str>,
        slug: Option<&str>,
    ) -> bool {
        let is_other = |path| self.find_target(path).is_some_and(|target| target.needs_switch(id, slug));
        self.refuse_others && paths.into_iter().any(is_other)
    }

    pub(crate) const fn refuses_others(&self) -> bool {
        self.refuse_others
    }

    /// The organization or personal account of a page.
    pub(crate) fn find_target(&self, path: &str) -> Option<Target> {
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

impl Target {
    /// Whether the session's active organization must change.
    pub(crate) fn needs_switch(&self, id: Option<&str>, slug: Option<&str>) -> bool {
        match self {
            Self::Id(wanted) => !wanted.is_equal_to(id),
            Self::Slug(wanted) => !wanted.is_equal_to(slug),
            Self::PersonalAccount => id.is_some_and(|id| !id.is_empty()),
        }
    }

    /// The `organization_id` parameter of the handshake.
    pub(crate) fn organization_id_parameter(&self) -> String {
        match self {
            Self::Id(wanted) | Self::Slug(wanted) => wanted.to_string(),
            Self::PersonalAccount => String::new(),
        }
    }
}

fn parse_all<I: IntoIterator<Item: AsRef<str>>>(patterns: I) -> Result<Vec<PathPattern>, ConfigError> {
    patterns.into_iter().map(|pattern| PathPattern::parse(pattern.as_ref())).collect()
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
        let target = |path| sync().find_target(path);
        let one = |text: &str| Value::One(text.to_owned());
        assert_eq!(target("/orgs/acme"), Some(Target::Slug(one("acme"))));
        assert_eq!(target("/ORGS/acme/x/y"), Some(Target::Slug(one("acme"))));
        assert_eq!(target("/by-id/org_1/"), Some(Target::Id(one("org_1"))));
        assert_eq!(target("/me"), Some(Target::PersonalAccount));
        assert_eq!(target("/orgs"), None);
        assert_eq!(target("/orgs/acme?x"), None, "a path has no query");
    }

    #[test]
    fn others_are_refused_in_every_reading_of_a_path() {
        let refuses =
            |paths: &[&'static str]| sync().refuse_others().refuses(paths.iter().copied(), Some("org_1"), Some("acme"));
        assert!(!refuses(&["/orgs/acme/x"]) && !refuses(&["/by-id/org_1"]) && !refuses(&["/elsewhere"]));
        assert!(refuses(&["/orgs/victim/delete"]) && refuses(&["/orgs/acme", "/orgs/victim"]) && refuses(&["/me"]));
        assert!(!sync().refuses(["/orgs/victim"], None, None), "only if asked for");
    }

    #[test]
    fn only_another_organization_needs_a_switch() {
        let slug = Target::Slug(Value::One("acme".to_owned()));
        assert!(!slug.needs_switch(Some("org_1"), Some("acme")));
        assert!(slug.needs_switch(Some("org_1"), Some("other")) && slug.needs_switch(None, None));
        assert!(
            Target::PersonalAccount.needs_switch(Some("org_1"), None)
                && !Target::PersonalAccount.needs_switch(None, None)
        );
    }
}
