//! Operations on members.

use clerk_types::Timestamp;
use serde_json::Value;

use crate::{
    Page,
    define::{example, operations},
    organization_memberships::OrganizationMembership,
};

operations! { OrganizationMemberships {
    /// Makes a user a member of an organization.
    #[doc = example!(r#"client.organization_memberships().create("org_1", "user_1", "org:member").send().await?;"#)]
    fn create(organization_id; body user_id: String, body role: String) -> CreateOrganizationMembership: "CreateOrganizationMembership" POST "/organizations/{organization_id}/memberships" => OrganizationMembership {
        with body {
            public_metadata: Option<Value>,
            private_metadata: Option<Value>,
        }
    }

    /// Lists the members of an organization.
    #[doc = example!(r#"let page = client.organization_memberships().list("org_1").limit(100).send().await?;"#)]
    fn list(organization_id) -> ListOrganizationMemberships: "ListOrganizationMemberships" GET "/organizations/{organization_id}/memberships" => Page<OrganizationMembership>, streams OrganizationMembership {
        query {
            order_by: String,
            user_id: Vec<String> [..=100 items],
            email_address: Vec<String> [..=100 items],
            phone_number: Vec<String> [..=100 items],
            username: Vec<String> [..=100 items],
            web3_wallet: Vec<String> [..=100 items],
            role: Vec<String> [..=100 items],
            query: String,
            email_address_query: String,
            phone_number_query: String,
            username_query: String,
            name_query: String,
            last_active_at_before: Timestamp,
            last_active_at_after: Timestamp,
            created_at_before: Timestamp,
            created_at_after: Timestamp,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Changes a member's role.
    #[doc = example!(r#"client.organization_memberships().update("org_1", "user_1", "org:admin").send().await?;"#)]
    fn update(organization_id, user_id; body role: String) -> UpdateOrganizationMembership: "UpdateOrganizationMembership" PATCH "/organizations/{organization_id}/memberships/{user_id}" => OrganizationMembership {
        with body {}
    }

    /// Removes a member from an organization.
    #[doc = example!(r#"client.organization_memberships().delete("org_1", "user_1").send().await?;"#)]
    fn delete(organization_id, user_id) -> DeleteOrganizationMembership: "DeleteOrganizationMembership" DELETE "/organizations/{organization_id}/memberships/{user_id}" => OrganizationMembership {}

    /// Merges into a membership's metadata, deeply; a key that is null is removed.
    fn update_metadata(organization_id, user_id) -> UpdateOrganizationMembershipMetadata: "UpdateOrganizationMembershipMetadata" PATCH "/organizations/{organization_id}/memberships/{user_id}/metadata" => OrganizationMembership {
        with body {
            public_metadata: Value,
            private_metadata: Value,
        }
    }

    /// Lists the memberships of all organizations.
    fn list_all() -> InstanceGetOrganizationMemberships: "InstanceGetOrganizationMemberships" GET "/organization_memberships" => Page<OrganizationMembership>, streams OrganizationMembership {
        query {
            order_by: String,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }
}}
