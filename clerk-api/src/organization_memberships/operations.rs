//! Operations on members.

use crate::{
    Page,
    arguments::{Integer, Json, List, Maybe, Text},
    define::operations,
    organization_memberships::OrganizationMembership,
};

operations! { OrganizationMemberships {
    /// Makes a user a member of an organization.
    fn create(organization_id; body user_id: Text, body role: Text) -> CreateOrganizationMembership: "CreateOrganizationMembership" POST "/organizations/{organization_id}/memberships" => OrganizationMembership {
        with body {
            public_metadata: Maybe<Json>,
            private_metadata: Maybe<Json>,
        }
    }

    /// The members of an organization.
    fn list(organization_id) -> ListOrganizationMemberships: "ListOrganizationMemberships" GET "/organizations/{organization_id}/memberships" => Page<OrganizationMembership>, streams OrganizationMembership {
        query {
            order_by: Text,
            user_id: List<Text>,
            email_address: List<Text>,
            phone_number: List<Text>,
            username: List<Text>,
            web3_wallet: List<Text>,
            role: List<Text>,
            query: Text,
            email_address_query: Text,
            phone_number_query: Text,
            username_query: Text,
            name_query: Text,
            last_active_at_before: Integer,
            last_active_at_after: Integer,
            created_at_before: Integer,
            created_at_after: Integer,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
        }
    }

    /// Gives a member another role.
    fn update(organization_id, user_id; body role: Text) -> UpdateOrganizationMembership: "UpdateOrganizationMembership" PATCH "/organizations/{organization_id}/memberships/{user_id}" => OrganizationMembership {
        with body {}
    }

    /// Removes a member from an organization.
    fn delete(organization_id, user_id) -> DeleteOrganizationMembership: "DeleteOrganizationMembership" DELETE "/organizations/{organization_id}/memberships/{user_id}" => OrganizationMembership {}

    /// Merges into a membership's metadata, deeply; a key that is null is removed.
    fn update_metadata(organization_id, user_id) -> UpdateOrganizationMembershipMetadata: "UpdateOrganizationMembershipMetadata" PATCH "/organizations/{organization_id}/memberships/{user_id}/metadata" => OrganizationMembership {
        with body {
            public_metadata: Json,
            private_metadata: Json,
        }
    }

    /// The memberships of all organizations.
    fn list_all() -> InstanceGetOrganizationMemberships: "InstanceGetOrganizationMemberships" GET "/organization_memberships" => Page<OrganizationMembership>, streams OrganizationMembership {
        query {
            order_by: Text,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
        }
    }
}}
