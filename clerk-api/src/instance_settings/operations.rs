//! Operations on the instance's settings.

use crate::{
    arguments::{Choice, Flag, Integer, List, Maybe, Text},
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
            restricted_to_allowlist: Maybe<Flag>,
            from_email_address: Maybe<Text>,
            progressive_sign_up: Maybe<Flag>,
            test_mode: Maybe<Flag>,
        }
    }

    /// Gets the instance.
    fn get() -> GetInstance: "GetInstance" GET "/instance" => Instance {}

    /// Changes settings of the instance.
    fn update() -> UpdateInstance: "UpdateInstance" PATCH "/instance" => () {
        with body {
            test_mode: Maybe<Flag>,
            hibp: Maybe<Flag>,
            support_email: Maybe<Text>,
            clerk_js_version: Maybe<Text>,
            development_origin: Maybe<Text>,
            allowed_origins: List<Text>,
            /// Deprecated by Clerk.
            cookieless_dev: Maybe<Flag>,
            url_based_session_syncing: Maybe<Flag>,
            preferred_sign_in_strategy_when_password_required: Maybe<Choice<PreferredSignInStrategy>>,
        }
    }

    /// Changes who may sign up.
    fn update_restrictions() -> UpdateInstanceRestrictions: "UpdateInstanceRestrictions" PATCH "/instance/restrictions" => InstanceRestrictions {
        with body {
            allowlist: Maybe<Flag>,
            blocklist: Maybe<Flag>,
            allowlist_blocklist_disabled_on_sign_in: Maybe<Flag>,
            block_email_subaddresses: Maybe<Flag>,
            block_disposable_email_domains: Maybe<Flag>,
        }
    }

    /// Gets the settings of Clerk's protection against abuse.
    fn protect() -> GetInstanceProtect: "GetInstanceProtect" GET "/instance/protect" => InstanceProtect {}

    /// Changes the settings of Clerk's protection against abuse.
    fn update_protect() -> UpdateInstanceProtect: "UpdateInstanceProtect" PATCH "/instance/protect" => InstanceProtect {
        with body {
            rules_enabled: Maybe<Flag>,
            specter_enabled: Maybe<Flag>,
        }
    }

    /// Gets the settings of messages.
    fn communication() -> GetInstanceCommunication: "GetInstanceCommunication" GET "/instance/communication" => InstanceCommunication {}

    /// Changes the settings of messages.
    fn update_communication() -> UpdateInstanceCommunication: "UpdateInstanceCommunication" PATCH "/instance/communication" => InstanceCommunication {
        with body {
            blocked_country_codes: Maybe<List<Text>> [..=250 items],
        }
    }

    /// Gets the settings of OAuth applications.
    fn oauth_application_settings() -> GetInstanceOAuthApplicationSettings: "GetInstanceOAuthApplicationSettings" GET "/instance/oauth_application_settings" => OAuthApplicationSettings {}

    /// Changes the settings of OAuth applications.
    fn update_oauth_application_settings() -> UpdateInstanceOAuthApplicationSettings: "UpdateInstanceOAuthApplicationSettings" PATCH "/instance/oauth_application_settings" => OAuthApplicationSettings {
        with body {
            dynamic_oauth_client_registration: Maybe<Flag>,
            default_scopes: Maybe<List<Text>>,
            oauth_jwt_access_tokens: Maybe<Flag>,
            client_id_metadata_documents_advertised: Maybe<Flag>,
            client_id_metadata_documents_only_allow_pre_registered_clients: Maybe<Flag>,
            client_id_metadata_documents_block_implicitly_allowed_clients: Maybe<Flag>,
        }
    }

    /// Moves a production instance to another domain.
    fn change_domain() -> ChangeProductionInstanceDomain: "ChangeProductionInstanceDomain" POST "/instance/change_domain" => () {
        with body {
            home_url: Text,
            is_secondary: Flag,
        }
    }

    /// Gets the settings of organizations.
    fn organization_settings() -> GetInstanceOrganizationSettings: "GetInstanceOrganizationSettings" GET "/instance/organization_settings" => OrganizationSettings {}

    /// Changes the settings of organizations.
    fn update_organization_settings() -> UpdateInstanceOrganizationSettings: "UpdateInstanceOrganizationSettings" PATCH "/instance/organization_settings" => OrganizationSettings {
        with body {
            enabled: Maybe<Flag>,
            max_allowed_memberships: Maybe<Integer>,
            admin_delete_enabled: Maybe<Flag>,
            domains_enabled: Maybe<Flag>,
            slug_disabled: Maybe<Flag>,
            domains_enrollment_modes: List<Text>,
            creator_role_id: Maybe<Text>,
            domains_default_role_id: Maybe<Text>,
        }
    }
}}
