//! The organizations' sub-resources, reached from [`Organizations`].

use super::Organizations;
use crate::{
    organization_domains::OrganizationDomains, organization_invitations::OrganizationInvitations,
    organization_memberships::OrganizationMemberships, organization_permissions::OrganizationPermissions,
    organization_roles::OrganizationRoles,
};

impl Organizations {
    /// Members of organizations.
    ///
    /// ```no_run
    /// # async fn run(client: clerk_api::Client) -> Result<(), clerk_api::ApiError> {
    /// let members = client.organizations().memberships();
    /// members.create("org_1", "user_1", "org:admin").send().await?;
    /// for member in members.list("org_1").role(["org:admin"]).limit(100).send().await? {
    ///     println!("{} {}", member.id, member.role);
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn memberships(&self) -> OrganizationMemberships {
        self.0.organization_memberships()
    }

    /// Invitations to organizations.
    #[must_use]
    pub fn invitations(&self) -> OrganizationInvitations {
        self.0.organization_invitations()
    }

    /// The domains of organizations.
    #[must_use]
    pub fn domains(&self) -> OrganizationDomains {
        self.0.organization_domains()
    }

    /// The roles that members can have.
    #[must_use]
    pub fn roles(&self) -> OrganizationRoles {
        self.0.organization_roles()
    }

    /// The permissions that roles can have.
    #[must_use]
    pub fn permissions(&self) -> OrganizationPermissions {
        self.0.organization_permissions()
    }
}
