//! [`UserBuilder`]: creates a user for a test, in one line.

use std::{fmt, sync::Arc};

use serde_json::{Map, Value};

use crate::{
    keys::random_id,
    shared::Shared,
    store::{Organization, User},
    token::TokenBuilder,
};

/// Builder of a user; [`create`](Self::create) and [`token`](Self::token) create the user.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let local = clerk_local::LocalClerk::start().await?;
/// let token = local.with_user("erin").organization("acme", "org:admin").plan("pro").token().mint();
/// # Ok(()) }
/// ```
///
/// An existing user with this username stays, and gets what is added here.
#[must_use = "no user is created before `create`, `token` or `sign_in`"]
pub struct UserBuilder {
    shared: Arc<Shared>,
    user: User,
    /// Slug, role and permissions of each.
    organizations: Vec<(String, String, Vec<String>)>,
}

impl UserBuilder {
    pub(crate) fn new(shared: Arc<Shared>, username: &str) -> Self {
        let known = shared.store().users.find(|user| user.username.as_deref() == Some(username)).cloned();
        let user = known.unwrap_or_else(|| {
            let mut user = User::new(random_id("user"), shared.clock.now());
            user.username = Some(username.to_owned());
            user
        });
        Self { shared, user, organizations: Vec::new() }
    }

    /// First and last name.
    pub fn name(mut self, first: &str, last: &str) -> Self {
        (self.user.first_name, self.user.last_name) = (Some(first.to_owned()), Some(last.to_owned()));
        self
    }

    /// A verified e-mail address.
    pub fn email_address(mut self, email_address: &str) -> Self {
        self.user.add_email_address(email_address, Some("admin"));
        self
    }

    /// A verified phone number in international form, `+15555550100`.
    pub fn phone_number(mut self, phone_number: &str) -> Self {
        self.user.add_phone_number(phone_number, Some("admin"));
        self
    }

    /// Membership in an organization, by its slug and with a role such as `org:admin`. An organization that is missing
    /// is created; the last one is active in [tokens](Self::token).
    pub fn organization(mut self, slug: &str, role: &str) -> Self {
        self.organizations.push((slug.to_owned(), role.to_owned(), Vec::new()));
        self
    }

    /// A permission in the last organization, `org:invoices:read` for example, besides those of the role.
    pub fn permission(mut self, permission: &str) -> Self {
        if let Some((_, _, permissions)) = self.organizations.last_mut() {
            permissions.push(permission.to_owned());
        }
        self
    }

    /// The user's own plan.
    pub fn plan(mut self, plan: &str) -> Self {
        self.user.plan = Some(plan.to_owned());
        self
    }

    /// A feature of the user.
    pub fn feature(mut self, feature: &str) -> Self {
        self.user.features.push(feature.to_owned());
        self
    }

    /// The public metadata, which frontends may read.
    pub fn public_metadata(mut self, metadata: Map<String, Value>) -> Self {
        self.user.public_metadata = metadata;
        self
    }

    /// Makes the user pending, so that their sessions count as signed out.
    pub fn pending(mut self) -> Self {
        self.user.pending = true;
        self
    }

    /// Creates the user.
    pub fn create(self) -> User {
        let known = self.shared.store().users.get(&self.user.id).is_some();
        let user = if known { self.shared.put_user(self.user) } else { self.shared.add_user(self.user) };
        for (slug, role, permissions) in self.organizations {
            let known = self.shared.store().organization(&slug).is_some();
            if !known {
                let organization = Organization::new(random_id("org"), &slug, &slug, self.shared.clock.now());
                self.shared.store().organizations.put(organization);
            }
            let permissions: Vec<_> = permissions.iter().map(String::as_str).collect();
            // Both exist.
            let _ = self.shared.add_member(&user.id, &slug, &role, &permissions);
        }
        user
    }

    /// Creates the user, and builds a token of theirs: valid, unless a claim is changed.
    ///
    /// # Panics
    /// When the user is deleted at this very moment.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the user was created a line before")]
    pub fn token(self) -> TokenBuilder {
        let (shared, organization) =
            (Arc::clone(&self.shared), self.organizations.last().map(|(slug, ..)| slug.clone()));
        let user = self.create();
        let token = shared.token(&user.id).expect("the user exists");
        match organization {
            Some(slug) => token.organization(&slug),
            None => token,
        }
    }
}

impl fmt::Debug for UserBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserBuilder").field("user", &self.user).finish_non_exhaustive()
    }
}
