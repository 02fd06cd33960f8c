//! Operations on organizations.

use crate::{
    Page,
    arguments::{Choice, Flag, Integer, Json, List, Maybe, Text},
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
            include_members_count: Flag,
            include_missing_member_with_elevated_permissions: Flag,
            query: Text,
            user_id: List<Text>,
            organization_id: List<Text> [..=100 items],
            /// Default: `-created_at`.
            order_by: Text,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }

    /// Creates an organization.
    #[doc = example!(r#"let organization = client.organizations().create("Acme").created_by("user_1").send().await?;"#)]
    fn create(; body name: Text) -> CreateOrganization: "CreateOrganization" POST "/organizations" => Organization {
        with body {
            created_by: Maybe<Text>,
            private_metadata: Maybe<Json>,
            public_metadata: Maybe<Json>,
            slug: Maybe<Text>,
            max_allowed_memberships: Maybe<Integer> [0..],
            created_at: Maybe<Text>,
            role_set_key: Maybe<Text>,
        }
    }

    /// Gets an organization by id.
    #[doc = example!(r#"let organization = client.organizations().get("org_1").include_members_count(true).send().await?;"#)]
    fn get(organization_id) -> GetOrganization: "GetOrganization" GET "/organizations/{organization_id}" => Organization {
        query {
            include_members_count: Flag,
            include_missing_member_with_elevated_permissions: Flag,
        }
    }

    /// Changes an organization; parameters that are not set stay unchanged.
    #[doc = example!(r#"client.organizations().update("org_1").name("Acme Engines").send().await?;"#)]
    fn update(organization_id) -> UpdateOrganization: "UpdateOrganization" PATCH "/organizations/{organization_id}" => Organization {
        with body {
            name: Maybe<Text>,
            slug: Maybe<Text>,
            max_allowed_memberships: Maybe<Integer> [0..],
            admin_delete_enabled: Maybe<Flag>,
            created_at: Maybe<Text>,
            role_set_key: Maybe<Text>,
        }
    }

    /// Deletes an organization.
    #[doc = example!(r#"client.organizations().delete("org_1").send().await?;"#)]
    fn delete(organization_id) -> DeleteOrganization: "DeleteOrganization" DELETE "/organizations/{organization_id}" => DeletedObject {}

    /// Merges into an organization's metadata, deeply; a key that is null is removed.
    #[doc = example!(r#"client.organizations().merge_metadata("org_1").public_metadata(serde_json::json!({ "tier": 2 })).send().await?;"#)]
    fn merge_metadata(organization_id) -> MergeOrganizationMetadata: "MergeOrganizationMetadata" PATCH "/organizations/{organization_id}/metadata" => Organization {
        with body {
            public_metadata: Json,
            private_metadata: Json,
        }
    }

    /// Replaces an organization's metadata, each kind as a whole.
    fn replace_metadata(organization_id) -> ReplaceOrganizationMetadata: "ReplaceOrganizationMetadata" PUT "/organizations/{organization_id}/metadata" => Organization {
        with body {
            public_metadata: Json,
            private_metadata: Json,
        }
    }

    /// Uploads an organization's logo.
    fn upload_logo(organization_id) -> UploadOrganizationLogo: "UploadOrganizationLogo" PUT "/organizations/{organization_id}/logo" => Organization {
        with upload {
            uploader_user_id: Text,
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
    fn adjust_billing_credit_balance(organization_id; body amount: Integer, body action: Choice<CreditAction>, body idempotency_key: Text) -> AdjustOrganizationBillingCreditBalance: "AdjustOrganizationBillingCreditBalance" POST "/organizations/{organization_id}/billing/credits" => CreditLedgerEntry {
        with body {
            currency: Text,
            note: Text,
        }
    }
}}
