//! Organizations.

pub use clerk_types::organization::Organization;
use clerk_types::{
    common::DeletedObject,
    money::{CreditAction, CreditBalance, CreditLedgerEntry},
    subscription::Subscription,
};
use serde_json::Value;

use super::{
    organization_domains::OrganizationDomains, organization_invitations::OrganizationInvitations,
    organization_memberships::OrganizationMemberships, organization_permissions::OrganizationPermissions,
    organization_roles::OrganizationRoles,
};
use crate::define::{example, resource};

resource! {
/// Organizations.
Organizations, organizations {
    /// Lists organizations.
    #[doc = example!(r#"let page = client.organizations().list().query("acme").limit(50).send().await?;"#)]
    GET "/organizations" ListOrganizations
    list() ?{
        ..paged, include_members_count: bool, include_missing_member_with_elevated_permissions: bool, query: String,
        user_id: Vec<String>, organization_id: Vec<String> [..=100 items],
        /// Default: `-created_at`.
        order_by: String,
    } => Page<Organization>;

    /// Creates an organization.
    #[doc = example!(r#"let organization = client.organizations().create("Acme").created_by("user_1").send().await?;"#)]
    POST "/organizations" CreateOrganization
    create(; name: String) {
        created_by: Option<String>, private_metadata: Option<Value>, public_metadata: Option<Value>,
        slug: Option<String>, max_allowed_memberships: Option<i64> [0..], created_at: Option<String>,
        role_set_key: Option<String>,
    } -> Organization;

    /// Gets an organization by id.
    #[doc = example!(r#"let organization = client.organizations().get("org_1").include_members_count(true).send().await?;"#)]
    GET "/organizations/{organization_id}" GetOrganization
    get(organization_id) ?{ include_members_count: bool, include_missing_member_with_elevated_permissions: bool }
        -> Organization;

    /// Changes an organization; parameters that are not set stay unchanged.
    #[doc = example!(r#"client.organizations().update("org_1").name("Acme Engines").send().await?;"#)]
    PATCH "/organizations/{organization_id}" UpdateOrganization
    update(organization_id) {
        name: Option<String>, slug: Option<String>, max_allowed_memberships: Option<i64> [0..],
        admin_delete_enabled: Option<bool>, created_at: Option<String>, role_set_key: Option<String>,
    } -> Organization;

    /// Deletes an organization.
    #[doc = example!(r#"client.organizations().delete("org_1").send().await?;"#)]
    DELETE "/organizations/{organization_id}" DeleteOrganization
    delete(organization_id) -> DeletedObject;

    /// Merges into an organization's metadata, deeply; a key that is null is removed.
    #[doc = example!(r#"client.organizations().merge_metadata("org_1").public_metadata(serde_json::json!({ "tier": 2 })).send().await?;"#)]
    PATCH "/organizations/{organization_id}/metadata" MergeOrganizationMetadata
    merge_metadata(organization_id) { public_metadata: Value, private_metadata: Value } -> Organization;

    /// Replaces an organization's metadata, each kind as a whole.
    PUT "/organizations/{organization_id}/metadata" ReplaceOrganizationMetadata
    replace_metadata(organization_id) { public_metadata: Value, private_metadata: Value } -> Organization;

    /// Uploads an organization's logo.
    PUT "/organizations/{organization_id}/logo" UploadOrganizationLogo
    upload_logo(organization_id) upload file { uploader_user_id: String } -> Organization;

    /// Removes an organization's logo.
    DELETE "/organizations/{organization_id}/logo" DeleteOrganizationLogo
    delete_logo(organization_id) -> Organization;

    /// Gets an organization's subscription.
    GET "/organizations/{organization_id}/billing/subscription" GetOrganizationBillingSubscription
    billing_subscription(organization_id) -> Subscription;

    /// Gets an organization's credit balance.
    GET "/organizations/{organization_id}/billing/credits" GetOrganizationBillingCreditBalance
    billing_credit_balance(organization_id) -> CreditBalance;

    /// Increases or decreases an organization's credit.
    POST "/organizations/{organization_id}/billing/credits" AdjustOrganizationBillingCreditBalance
    adjust_billing_credit_balance(organization_id; amount: i64, action: CreditAction, idempotency_key: String)
        { currency: String, note: String } -> CreditLedgerEntry;
}}

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
