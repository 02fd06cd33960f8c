//! Operations on webhooks.

use crate::{define::operations, webhooks::SvixUrl};

operations! { Webhooks {
    /// Connects the instance with Svix, which delivers webhooks.
    fn create_svix_app() -> CreateSvixApp: "CreateSvixApp" POST "/webhooks/svix" => SvixUrl {}

    /// Disconnects the instance from Svix.
    fn delete_svix_app() -> DeleteSvixApp: "DeleteSvixApp" DELETE "/webhooks/svix" => () {}

    /// Creates a link that signs you in to the instance's page at Svix.
    fn generate_svix_auth_url() -> GenerateSvixAuthUrl: "GenerateSvixAuthURL" POST "/webhooks/svix_url" => SvixUrl {}
}}
