//! Webhooks.

pub use clerk_types::instance::SvixUrl;

use crate::define::resource;

resource! {
/// Webhooks.
Webhooks, webhooks {
    /// Connects the instance with Svix, which delivers webhooks.
    POST "/webhooks/svix" CreateSvixApp
    create_svix_app() -> SvixUrl;

    /// Disconnects the instance from Svix.
    DELETE "/webhooks/svix" DeleteSvixApp
    delete_svix_app() -> ();

    /// Creates a link that signs you in to the instance's page at Svix.
    POST "/webhooks/svix_url" GenerateSvixAuthUrl = "GenerateSvixAuthURL"
    generate_svix_auth_url() -> SvixUrl;
}}
