//! Members.

use clerk_types::Timestamp;
pub use clerk_types::membership::{OrganizationMembership, PublicUserData};
use serde_json::Value;

use crate::define::{example, resource};

resource! {
/// Members.
OrganizationMemberships, organization_memberships {
    /// Makes a user a member of an organization.
    #[doc = example!(r#"client.organization_memberships().create("org_1", "user_1", "org:member").send().await?;"#)]
    POST "/organizations/{organization_id}/memberships" CreateOrganizationMembership
    create(organization_id; user_id: String, role: String)
        { public_metadata: Option<Value>, private_metadata: Option<Value> } -> OrganizationMembership;

    /// Lists the members of an organization.
    #[doc = example!(r#"let page = client.organization_memberships().list("org_1").limit(100).send().await?;"#)]
    GET "/organizations/{organization_id}/memberships" ListOrganizationMemberships
    list(organization_id) ?{
        ..paged, order_by: String, user_id: Vec<String> [..=100 items], email_address: Vec<String> [..=100 items],
        phone_number: Vec<String> [..=100 items], username: Vec<String> [..=100 items],
        web3_wallet: Vec<String> [..=100 items], role: Vec<String> [..=100 items], query: String,
        email_address_query: String, phone_number_query: String, username_query: String, name_query: String,
        last_active_at_before: Timestamp, last_active_at_after: Timestamp, created_at_before: Timestamp,
        created_at_after: Timestamp,
    } => Page<OrganizationMembership>;

    /// Changes a member's role.
    #[doc = example!(r#"client.organization_memberships().update("org_1", "user_1", "org:admin").send().await?;"#)]
    PATCH "/organizations/{organization_id}/memberships/{user_id}" UpdateOrganizationMembership
    update(organization_id, user_id; role: String) -> OrganizationMembership;

    /// Removes a member from an organization.
    #[doc = example!(r#"client.organization_memberships().delete("org_1", "user_1").send().await?;"#)]
    DELETE "/organizations/{organization_id}/memberships/{user_id}" DeleteOrganizationMembership
    delete(organization_id, user_id) -> OrganizationMembership;

    /// Merges into a membership's metadata, deeply; a key that is null is removed.
    PATCH "/organizations/{organization_id}/memberships/{user_id}/metadata" UpdateOrganizationMembershipMetadata
    update_metadata(organization_id, user_id) { public_metadata: Value, private_metadata: Value }
        -> OrganizationMembership;

    /// Lists the memberships of all organizations.
    GET "/organization_memberships" InstanceGetOrganizationMemberships
    list_all() ?{ ..paged, order_by: String } => Page<OrganizationMembership>;
}}
