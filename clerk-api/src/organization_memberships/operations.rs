//! Operations on members.

use crate::{
    Page,
    arguments::{Integer, Json, List, Maybe, Text},
    define::{example, operations},
    organization_memberships::OrganizationMembership,
};

operations! { OrganizationMemberships {
    /// Makes a user a member of an organization.
    #[doc = example!(r#"client.organization_memberships().create("org_1", "user_1", "org:member").send().await?;"#)]
    fn create(organization_id; body user_id: Text, body role: Text) -> CreateOrganizationMembership: "CreateOrganizationMembership" POST "/organizations/{organization_id}/memberships" => OrganizationMembership {
        with body {
            public_metadata: Maybe<Json>,
            private_metadata: Maybe<Json>,
        }
    }

    /// Lists the members of an organization.
    #[doc = example!(r#"let page = client.organization_memberships().list("org_1").limit(100).send().await?;"#)]
    fn list(organization_id) -> ListOrganizationMemberships: "ListOrganizationMemberships" GET "/organizations/{organization_id}/memberships" => Page<OrganizationMembership>, streams OrganizationMembership {
        query {
            order_by: Text,
            user_id: List<Text> [..=100 items],
            email_address: List<Text> [..=100 items],
            phone_number: List<Text> [..=100 items],
            username: List<Text> [..=100 items],
            web3_wallet: List<Text> [..=100 items],
            role: List<Text> [..=100 items],
            query: Text,
            email_address_query: Text,
            phone_number_query: Text,
            username_query: Text,
            name_query: Text,
            last_active_at_before: Integer,
            last_active_at_after: Integer,
            created_at_before: Integer,
            created_at_after: Integer,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }

    /// Changes a member's role.
    #[doc = example!(r#"client.organization_memberships().update("org_1", "user_1", "org:admin").send().await?;"#)]
    fn update(organization_id, user_id; body role: Text) -> UpdateOrganizationMembership: "UpdateOrganizationMembership" PATCH "/organizations/{organization_id}/memberships/{user_id}" => OrganizationMembership {
        with body {}
    }

    /// Removes a member from an organization.
    #[doc = example!(r#"client.organization_memberships().delete("org_1", "user_1").send().await?;"#)]
    fn delete(organization_id, user_id) -> DeleteOrganizationMembership: "DeleteOrganizationMembership" DELETE "/organizations/{organization_id}/memberships/{user_id}" => OrganizationMembership {}

    /// Merges into a membership's metadata, deeply; a key that is null is removed.
    fn update_metadata(organization_id, user_id) -> UpdateOrganizationMembershipMetadata: "UpdateOrganizationMembershipMetadata" PATCH "/organizations/{organization_id}/memberships/{user_id}/metadata" => OrganizationMembership {
        with body {
            public_metadata: Json,
            private_metadata: Json,
        }
    }

    /// Lists the memberships of all organizations.
    fn list_all() -> InstanceGetOrganizationMemberships: "InstanceGetOrganizationMemberships" GET "/organization_memberships" => Page<OrganizationMembership>, streams OrganizationMembership {
        query {
            order_by: Text,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }
}}
