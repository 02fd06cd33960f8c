#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod actor_tokens;
pub mod admin_portal_link_tokens;
pub mod agent_tasks;
pub mod allowlist_identifiers;
pub mod api_keys;
pub mod billing;
pub mod blocklist_identifiers;
mod call;
mod client;
pub mod clients;
pub mod common;
pub mod current_user;
mod define;
pub mod directories;
pub mod domains;
pub mod email_addresses;
pub mod emails;
pub mod enterprise_connections;
mod error;
pub mod instance_settings;
pub mod invitations;
pub mod jwks;
pub mod jwt_templates;
pub mod m2m_tokens;
pub mod machines;
pub mod miscellaneous;
pub mod oauth_access_tokens;
pub mod oauth_applications;
pub mod operation;
pub mod organization_domains;
pub mod organization_invitations;
pub mod organization_memberships;
pub mod organization_permissions;
pub mod organization_roles;
pub mod organizations;
mod page_stream;
mod page_walk;
mod path;
pub mod phone_numbers;
pub mod proxy_checks;
mod rate_limit;
mod raw;
pub mod redirect_urls;
mod retry;
pub mod role_sets;
pub mod scim_directories;
pub mod sessions;
pub mod sign_in_tokens;
pub mod sign_ups;
pub mod testing_tokens;
mod transport;
mod upload;
pub mod users;
pub mod waitlist_entries;
pub mod webhooks;

pub use call::SendFuture;
pub use clerk_types;
pub use clerk_types::{Mismatch, Null, Page, Secret, Timestamp};
pub use client::{API_VERSION, ClerkExt, Client};
pub use current_user::{CurrentSource, RequestCurrent};
pub use error::{ApiError, ApiErrorKind, ErrorDetail};
pub use operation::Method;
pub use page_stream::PageStream;
pub use rate_limit::RateLimit;
pub use raw::RawRequest;
pub use retry::Retry;
pub use upload::Upload;

/// Descriptions of all operations that this crate has methods for.
pub fn operations() -> impl Iterator<Item = &'static operation::Operation> {
    let families = [
        users::OPERATIONS,
        organizations::OPERATIONS,
        sessions::OPERATIONS,
        organization_memberships::OPERATIONS,
        organization_invitations::OPERATIONS,
        invitations::OPERATIONS,
        miscellaneous::OPERATIONS,
        jwks::OPERATIONS,
        clients::OPERATIONS,
        email_addresses::OPERATIONS,
        emails::OPERATIONS,
        phone_numbers::OPERATIONS,
        allowlist_identifiers::OPERATIONS,
        blocklist_identifiers::OPERATIONS,
        instance_settings::OPERATIONS,
        actor_tokens::OPERATIONS,
        domains::OPERATIONS,
        webhooks::OPERATIONS,
        jwt_templates::OPERATIONS,
        machines::OPERATIONS,
        organization_roles::OPERATIONS,
        organization_domains::OPERATIONS,
        proxy_checks::OPERATIONS,
        redirect_urls::OPERATIONS,
        sign_in_tokens::OPERATIONS,
        sign_ups::OPERATIONS,
        oauth_applications::OPERATIONS,
        enterprise_connections::OPERATIONS,
        testing_tokens::OPERATIONS,
        agent_tasks::OPERATIONS,
        waitlist_entries::OPERATIONS,
        billing::OPERATIONS,
        organization_permissions::OPERATIONS,
        role_sets::OPERATIONS,
        scim_directories::OPERATIONS,
        directories::OPERATIONS,
        admin_portal_link_tokens::OPERATIONS,
        api_keys::OPERATIONS,
        m2m_tokens::OPERATIONS,
        oauth_access_tokens::OPERATIONS,
    ];
    families.into_iter().flatten().copied().flatten().copied()
}
