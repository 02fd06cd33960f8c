//! Operations on organizations.

use serde_json::Value;

use crate::{
    Page,
    billing::{CreditAction, CreditBalance, CreditLedgerEntry, Subscription},
    common::DeletedObject,
    define::{example, operations},
    organizations::Organization,
};

operations! { Organizations {
    /// Lists organizations.
    #[doc = example!(r#"let page = client.organizations().list().query("acme").limit(50).send().await?;"#)]
    fn list() -> ListOrganizations: "ListOrganizations" GET "/organizations" => Page<Organization>, streams Organization {
        query {
            include_members_count: bool,
            include_missing_member_with_elevated_permissions: bool,
            query: String,
            user_id: Vec<String>,
            organization_id: Vec<String> [..=100 items],
            /// Default: `-created_at`.
            order_by: String,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Creates an organization.
    #[doc = example!(r#"let organization = client.organizations().create("Acme").created_by("user_1").send().await?;"#)]
    fn create(; body name: String) -> CreateOrganization: "CreateOrganization" POST "/organizations" => Organization {
        with body {
            created_by: Option<String>,
            private_metadata: Option<Value>,
            public_metadata: Option<Value>,
            slug: Option<String>,
            max_allowed_memberships: Option<i64> [0..],
            created_at: Option<String>,
            role_set_key: Option<String>,
        }
    }

    /// Gets an organization by id.
    #[doc = example!(r#"let organization = client.organizations().get("org_1").include_members_count(true).send().await?;"#)]
    fn get(organization_id) -> GetOrganization: "GetOrganization" GET "/organizations/{organization_id}" => Organization {
        query {
            include_members_count: bool,
            include_missing_member_with_elevated_permissions: bool,
        }
    }

    /// Changes an organization; parameters that are not set stay unchanged.
    #[doc = example!(r#"client.organizations().update("org_1").name("Acme Engines").send().await?;"#)]
    fn update(organization_id) -> UpdateOrganization: "UpdateOrganization" PATCH "/organizations/{organization_id}" => Organization {
        with body {
            name: Option<String>,
            slug: Option<String>,
            max_allowed_memberships: Option<i64> [0..],
            admin_delete_enabled: Option<bool>,
            created_at: Option<String>,
            role_set_key: Option<String>,
        }
    }

    /// Deletes an organization.
    #[doc = example!(r#"client.organizations().delete("org_1").send().await?;"#)]
    fn delete(organization_id) -> DeleteOrganization: "DeleteOrganization" DELETE "/organizations/{organization_id}" => DeletedObject {}

    /// Merges into an organization's metadata, deeply; a key that is null is removed.
    #[doc = example!(r#"client.organizations().merge_metadata("org_1").public_metadata(serde_json::json!({ "tier": 2 })).send().await?;"#)]
    fn merge_metadata(organization_id) -> MergeOrganizationMetadata: "MergeOrganizationMetadata" PATCH "/organizations/{organization_id}/metadata" => Organization {
        with body {
            public_metadata: Value,
            private_metadata: Value,
        }
    }

    /// Replaces an organization's metadata, each kind as a whole.
    fn replace_metadata(organization_id) -> ReplaceOrganizationMetadata: "ReplaceOrganizationMetadata" PUT "/organizations/{organization_id}/metadata" => Organization {
        with body {
            public_metadata: Value,
            private_metadata: Value,
        }
    }

    /// Uploads an organization's logo.
    fn upload_logo(organization_id) -> UploadOrganizationLogo: "UploadOrganizationLogo" PUT "/organizations/{organization_id}/logo" => Organization {
        with upload {
            uploader_user_id: String,
        }
        file file
    }

    /// Removes an organization's logo.
    fn delete_logo(organization_id) -> DeleteOrganizationLogo: "DeleteOrganizationLogo" DELETE "/organizations/{organization_id}/logo" => Organization {}

    /// Gets an organization's subscription.
    fn billing_subscription(organization_id) -> GetOrganizationBillingSubscription: "GetOrganizationBillingSubscription" GET "/organizations/{organization_id}/billing/subscription" => Subscription {}

    /// Gets an organization's credit balance.
    fn billing_credit_balance(organization_id) -> GetOrganizationBillingCreditBalance: "GetOrganizationBillingCreditBalance" GET "/organizations/{organization_id}/billing/credits" => CreditBalance {}

    /// Increases or decreases an organization's credit.
    fn adjust_billing_credit_balance(organization_id; body amount: i64, body action: CreditAction, body idempotency_key: String) -> AdjustOrganizationBillingCreditBalance: "AdjustOrganizationBillingCreditBalance" POST "/organizations/{organization_id}/billing/credits" => CreditLedgerEntry {
        with body {
            currency: String,
            note: String,
        }
    }
}}
