//! The operations of the API, one file per resource.

pub mod actor_tokens;
pub mod admin_portal_link_tokens;
pub mod agent_tasks;
pub mod allowlist_identifiers;
pub mod api_keys;
pub mod billing;
pub mod blocklist_identifiers;
pub mod clients;
pub mod directories;
pub mod domains;
pub mod email_addresses;
pub mod emails;
pub mod enterprise_connections;
pub mod instance_settings;
pub mod invitations;
pub mod jwks;
pub mod jwt_templates;
pub mod m2m_tokens;
pub mod machines;
pub mod miscellaneous;
pub mod oauth_access_tokens;
pub mod oauth_applications;
pub mod organization_domains;
pub mod organization_invitations;
pub mod organization_memberships;
pub mod organization_permissions;
pub mod organization_roles;
pub mod organizations;
pub mod phone_numbers;
pub mod proxy_checks;
pub mod redirect_urls;
pub mod role_sets;
pub mod scim_directories;
pub mod sessions;
pub mod sign_in_tokens;
pub mod sign_ups;
pub mod testing_tokens;
pub mod users;
pub mod waitlist_entries;
pub mod webhooks;

use crate::operation::Operation;

/// Descriptions of all operations that this crate has methods for.
#[doc(hidden)]
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    let resources = [
        actor_tokens::OPERATIONS,
        admin_portal_link_tokens::OPERATIONS,
        agent_tasks::OPERATIONS,
        allowlist_identifiers::OPERATIONS,
        api_keys::OPERATIONS,
        billing::OPERATIONS,
        blocklist_identifiers::OPERATIONS,
        clients::OPERATIONS,
        directories::OPERATIONS,
        domains::OPERATIONS,
        email_addresses::OPERATIONS,
        emails::OPERATIONS,
        enterprise_connections::OPERATIONS,
        instance_settings::OPERATIONS,
        invitations::OPERATIONS,
        jwks::OPERATIONS,
        jwt_templates::OPERATIONS,
        m2m_tokens::OPERATIONS,
        machines::OPERATIONS,
        miscellaneous::OPERATIONS,
        oauth_access_tokens::OPERATIONS,
        oauth_applications::OPERATIONS,
        organization_domains::OPERATIONS,
        organization_invitations::OPERATIONS,
        organization_memberships::OPERATIONS,
        organization_permissions::OPERATIONS,
        organization_roles::OPERATIONS,
        organizations::OPERATIONS,
        phone_numbers::OPERATIONS,
        proxy_checks::OPERATIONS,
        redirect_urls::OPERATIONS,
        role_sets::OPERATIONS,
        scim_directories::OPERATIONS,
        sessions::OPERATIONS,
        sign_in_tokens::OPERATIONS,
        sign_ups::OPERATIONS,
        testing_tokens::OPERATIONS,
        users::OPERATIONS,
        waitlist_entries::OPERATIONS,
        webhooks::OPERATIONS,
    ];
    resources.into_iter().flatten().copied()
}
