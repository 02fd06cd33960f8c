//! [`Organization`]: the active organization of a session.

use super::{ids::OrgId, permissions::Permissions};

/// The active organization of a session, with the user's role and permissions in it.
///
/// See [Clerk's page on organizations](https://clerk.com/docs/guides/organizations/overview).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    pub(crate) id: OrgId,
    pub(crate) slug: Option<Box<str>>,
    pub(crate) role: Option<Box<str>>,
    pub(crate) permissions: Permissions,
}

impl Organization {
    /// The organization's id.
    #[must_use]
    pub const fn id(&self) -> &OrgId {
        &self.id
    }

    /// The organization's slug, if the instance uses slugs.
    #[must_use]
    pub fn slug(&self) -> Option<&str> {
        self.slug.as_deref()
    }

    /// The user's role, `org:admin` for example; always with the prefix `org:`, as in Clerk's dashboard.
    #[must_use]
    pub fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    /// The user's permissions, `org:invoices:read` for example.
    ///
    /// Tokens never contain system permissions (`org:sys_...`).
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        self.permissions.granted().iter().map(|permission| &**permission)
    }
}
