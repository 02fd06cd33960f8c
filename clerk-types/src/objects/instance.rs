//! The instance's settings, and checks of its set-up.

use crate::{
    model::{choice, model},
    secret::Secret,
    timestamp::Timestamp,
};

model! {
    /// Settings of sign-in and sign-up.
    InstanceAuthConfig {
        object?: String,
        id?: String,
        restricted_to_allowlist?: bool,
        from_email_address?: String,
        progressive_sign_up?: bool,
        /// Deprecated by Clerk.
        enhanced_email_deliverability?: bool,
    }

    /// `Instance` in Clerk's description of the API.
    Instance {
        object: String,
        id: String,
        environment_type: String,
        allowed_origins: Option<Vec<String>>,
        workspace_id: Option<String>,
    }

    /// `InstanceRestrictions` in Clerk's description of the API.
    InstanceRestrictions {
        object: String,
        allowlist: bool,
        blocklist: bool,
        allowlist_blocklist_disabled_on_sign_in: bool,
        block_email_subaddresses: bool,
        block_disposable_email_domains: bool,
    }

    /// `InstanceProtect` in Clerk's description of the API.
    InstanceProtect {
        object: String,
        rules_enabled: bool,
        specter_enabled: bool,
        checks_bypassed: bool,
    }

    /// `InstanceCommunication` in Clerk's description of the API.
    InstanceCommunication {
        object: String,
        blocked_country_codes: Vec<String>,
    }

    /// `OAuthApplicationSettings` in Clerk's description of the API.
    OAuthApplicationSettings {
        object: String,
        dynamic_oauth_client_registration: bool,
        default_scopes: Option<Vec<String>>,
        oauth_jwt_access_tokens: bool,
        client_id_metadata_documents_advertised: bool,
        client_id_metadata_documents_only_allow_pre_registered_clients: bool,
        client_id_metadata_documents_block_implicitly_allowed_clients: bool,
    }

    /// `OrganizationSettings` in Clerk's description of the API.
    OrganizationSettings {
        object: String,
        enabled: bool,
        max_allowed_memberships: i64,
        max_allowed_roles: i64,
        max_role_sets_allowed?: i64,
        max_allowed_domains: i64,
        /// Deprecated by Clerk.
        max_allowed_permissions?: i64,
        creator_role: String,
        admin_delete_enabled: bool,
        domains_enabled: bool,
        slug_disabled?: bool,
        domains_enrollment_modes: Vec<DefaultEnrollmentMode>,
        domains_default_role: String,
        initial_role_set_key?: String,
    }

    /// `ProxyCheck` in Clerk's description of the API.
    ProxyCheck {
        object: String,
        id: String,
        domain_id: String,
        last_run_at: Option<Timestamp>,
        proxy_url: String,
        successful: bool,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// `RedirectURL` in Clerk's description of the API.
    RedirectUrl {
        object: String,
        id: String,
        url: String,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// `SvixURL` in Clerk's description of the API.
    SvixUrl {
        svix_url: Secret,
    }
}

choice! {
    /// Values of a parameter.
    PreferredSignInStrategy {
        Password = "password",
        Otp = "otp",
        Empty = "",
    }

    /// Values of [`OrganizationSettings`](crate::instance::OrganizationSettings)'s `domains_enrollment_modes`.
    DefaultEnrollmentMode {
        ManualInvitation = "manual_invitation",
        AutomaticInvitation = "automatic_invitation",
        AutomaticSuggestion = "automatic_suggestion",
    }
}
