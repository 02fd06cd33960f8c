//! Operations on the instance's settings.

use crate::{
    define::operations,
    instance_settings::{
        Instance, InstanceAuthConfig, InstanceCommunication, InstanceProtect, InstanceRestrictions,
        OAuthApplicationSettings, OrganizationSettings, PreferredSignInStrategy,
    },
};

operations! { InstanceSettings {
    /// Changes the settings of sign-in and sign-up. A beta feature of Clerk.
    fn update_auth_config() -> UpdateInstanceAuthConfig: "UpdateInstanceAuthConfig" PATCH "/beta_features/instance_settings" => InstanceAuthConfig {
        with body {
            /// Default: `false`.
            restricted_to_allowlist: Option<bool>,
            from_email_address: Option<String>,
            progressive_sign_up: Option<bool>,
            test_mode: Option<bool>,
        }
    }

    /// Gets the instance.
    fn get() -> GetInstance: "GetInstance" GET "/instance" => Instance {}

    /// Changes settings of the instance.
    fn update() -> UpdateInstance: "UpdateInstance" PATCH "/instance" => () {
        with body {
            test_mode: Option<bool>,
            hibp: Option<bool>,
            support_email: Option<String>,
            clerk_js_version: Option<String>,
            development_origin: Option<String>,
            allowed_origins: Vec<String>,
            /// Deprecated by Clerk.
            cookieless_dev: Option<bool>,
            url_based_session_syncing: Option<bool>,
            preferred_sign_in_strategy_when_password_required: Option<PreferredSignInStrategy>,
        }
    }

    /// Changes who may sign up.
    fn update_restrictions() -> UpdateInstanceRestrictions: "UpdateInstanceRestrictions" PATCH "/instance/restrictions" => InstanceRestrictions {
        with body {
            allowlist: Option<bool>,
            blocklist: Option<bool>,
            allowlist_blocklist_disabled_on_sign_in: Option<bool>,
            block_email_subaddresses: Option<bool>,
            block_disposable_email_domains: Option<bool>,
        }
    }

    /// Gets the settings of Clerk's protection against abuse.
    fn protect() -> GetInstanceProtect: "GetInstanceProtect" GET "/instance/protect" => InstanceProtect {}

    /// Changes the settings of Clerk's protection against abuse.
    fn update_protect() -> UpdateInstanceProtect: "UpdateInstanceProtect" PATCH "/instance/protect" => InstanceProtect {
        with body {
            rules_enabled: Option<bool>,
            specter_enabled: Option<bool>,
        }
    }

    /// Gets the settings of messages.
    fn communication() -> GetInstanceCommunication: "GetInstanceCommunication" GET "/instance/communication" => InstanceCommunication {}

    /// Changes the settings of messages.
    fn update_communication() -> UpdateInstanceCommunication: "UpdateInstanceCommunication" PATCH "/instance/communication" => InstanceCommunication {
        with body {
            blocked_country_codes: Option<Vec<String>> [..=250 items],
        }
    }

    /// Gets the settings of OAuth applications.
    fn oauth_application_settings() -> GetInstanceOAuthApplicationSettings: "GetInstanceOAuthApplicationSettings" GET "/instance/oauth_application_settings" => OAuthApplicationSettings {}

    /// Changes the settings of OAuth applications.
    fn update_oauth_application_settings() -> UpdateInstanceOAuthApplicationSettings: "UpdateInstanceOAuthApplicationSettings" PATCH "/instance/oauth_application_settings" => OAuthApplicationSettings {
        with body {
            dynamic_oauth_client_registration: Option<bool>,
            default_scopes: Option<Vec<String>>,
            oauth_jwt_access_tokens: Option<bool>,
            client_id_metadata_documents_advertised: Option<bool>,
            client_id_metadata_documents_only_allow_pre_registered_clients: Option<bool>,
            client_id_metadata_documents_block_implicitly_allowed_clients: Option<bool>,
        }
    }

    /// Moves a production instance to another domain.
    fn change_domain() -> ChangeProductionInstanceDomain: "ChangeProductionInstanceDomain" POST "/instance/change_domain" => () {
        with body {
            home_url: String,
            is_secondary: bool,
        }
    }

    /// Gets the settings of organizations.
    fn organization_settings() -> GetInstanceOrganizationSettings: "GetInstanceOrganizationSettings" GET "/instance/organization_settings" => OrganizationSettings {}

    /// Changes the settings of organizations.
    fn update_organization_settings() -> UpdateInstanceOrganizationSettings: "UpdateInstanceOrganizationSettings" PATCH "/instance/organization_settings" => OrganizationSettings {
        with body {
            enabled: Option<bool>,
            max_allowed_memberships: Option<i64>,
            admin_delete_enabled: Option<bool>,
            domains_enabled: Option<bool>,
            slug_disabled: Option<bool>,
            domains_enrollment_modes: Vec<String>,
            creator_role_id: Option<String>,
            domains_default_role_id: Option<String>,
        }
    }
}}
