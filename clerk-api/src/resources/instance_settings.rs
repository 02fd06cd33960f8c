//! The instance's settings.

pub use clerk_types::instance::{
    DefaultEnrollmentMode, Instance, InstanceAuthConfig, InstanceCommunication, InstanceProtect, InstanceRestrictions,
    OAuthApplicationSettings, OrganizationSettings, PreferredSignInStrategy,
};

use crate::define::resource;

resource! {
/// The instance's settings.
InstanceSettings, instance_settings {
    /// Changes the settings of sign-in and sign-up. A beta feature of Clerk.
    PATCH "/beta_features/instance_settings" UpdateInstanceAuthConfig
    update_auth_config() {
        /// Default: `false`.
        restricted_to_allowlist: Option<bool>,
        from_email_address: Option<String>, progressive_sign_up: Option<bool>, test_mode: Option<bool>,
    } -> InstanceAuthConfig;

    /// Gets the instance.
    GET "/instance" GetInstance
    get() -> Instance;

    /// Changes settings of the instance.
    PATCH "/instance" UpdateInstance
    update() {
        test_mode: Option<bool>, hibp: Option<bool>, support_email: Option<String>,
        clerk_js_version: Option<String>, development_origin: Option<String>, allowed_origins: Vec<String>,
        /// Deprecated by Clerk.
        cookieless_dev: Option<bool>,
        url_based_session_syncing: Option<bool>,
        preferred_sign_in_strategy_when_password_required: Option<PreferredSignInStrategy>,
    } -> ();

    /// Changes who may sign up.
    PATCH "/instance/restrictions" UpdateInstanceRestrictions
    update_restrictions() {
        allowlist: Option<bool>, blocklist: Option<bool>, allowlist_blocklist_disabled_on_sign_in: Option<bool>,
        block_email_subaddresses: Option<bool>, block_disposable_email_domains: Option<bool>,
    } -> InstanceRestrictions;

    /// Gets the settings of Clerk's protection against abuse.
    GET "/instance/protect" GetInstanceProtect
    protect() -> InstanceProtect;

    /// Changes the settings of Clerk's protection against abuse.
    PATCH "/instance/protect" UpdateInstanceProtect
    update_protect() { rules_enabled: Option<bool>, specter_enabled: Option<bool> } -> InstanceProtect;

    /// Gets the settings of messages.
    GET "/instance/communication" GetInstanceCommunication
    communication() -> InstanceCommunication;

    /// Changes the settings of messages.
    PATCH "/instance/communication" UpdateInstanceCommunication
    update_communication() { blocked_country_codes: Option<Vec<String>> [..=250 items] } -> InstanceCommunication;

    /// Gets the settings of OAuth applications.
    GET "/instance/oauth_application_settings" GetInstanceOAuthApplicationSettings
    oauth_application_settings() -> OAuthApplicationSettings;

    /// Changes the settings of OAuth applications.
    PATCH "/instance/oauth_application_settings" UpdateInstanceOAuthApplicationSettings
    update_oauth_application_settings() {
        dynamic_oauth_client_registration: Option<bool>, default_scopes: Option<Vec<String>>,
        oauth_jwt_access_tokens: Option<bool>, client_id_metadata_documents_advertised: Option<bool>,
        client_id_metadata_documents_only_allow_pre_registered_clients: Option<bool>,
        client_id_metadata_documents_block_implicitly_allowed_clients: Option<bool>,
    } -> OAuthApplicationSettings;

    /// Moves a production instance to another domain.
    POST "/instance/change_domain" ChangeProductionInstanceDomain
    change_domain() { home_url: String, is_secondary: bool } -> ();

    /// Gets the settings of organizations.
    GET "/instance/organization_settings" GetInstanceOrganizationSettings
    organization_settings() -> OrganizationSettings;

    /// Changes the settings of organizations.
    PATCH "/instance/organization_settings" UpdateInstanceOrganizationSettings
    update_organization_settings() {
        enabled: Option<bool>, max_allowed_memberships: Option<i64>, admin_delete_enabled: Option<bool>,
        domains_enabled: Option<bool>, slug_disabled: Option<bool>, domains_enrollment_modes: Vec<String>,
        creator_role_id: Option<String>, domains_default_role_id: Option<String>,
    } -> OrganizationSettings;
}}
