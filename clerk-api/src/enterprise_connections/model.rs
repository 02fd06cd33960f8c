//! Response types of enterprise connections.

use crate::{
    Secret,
    model::{choice, model},
};

model! {
    /// `EnterpriseConnection` in Clerk's description of the API.
    EnterpriseConnection {
        object: String,
        id: String,
        name: String,
        provider: String,
        logo_public_url: Option<String>,
        active: bool,
        domains: Vec<String>,
        organization_id: Option<String>,
        sync_user_attributes: Option<bool>,
        disable_additional_identifications: Option<bool>,
        allow_organization_account_linking: Option<bool>,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        authenticatable: Option<bool>,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        disable_jit_provisioning: Option<bool>,
        custom_attributes: Option<Vec<EnterpriseConnectionCustomAttribute>>,
        saml_connection: Option<EnterpriseConnectionSamlConnection>,
        oauth_config: Option<EnterpriseConnectionOauthConfig>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// A nested object of a response.
    EnterpriseConnectionCustomAttribute {
        name: String,
        key: String,
        sso_path: Option<String>,
        scim_path: Option<String>,
        directory_path: Option<String>,
        multi_valued: Option<bool>,
    }

    /// A nested object of a response.
    EnterpriseConnectionSamlConnection {
        id: Option<String>,
        name: Option<String>,
        idp_entity_id: Option<String>,
        idp_sso_url: Option<String>,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet. Deprecated by Clerk.
        idp_certificate: Option<String>,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        idp_certificates: Option<Vec<IdpCertificate>>,
        idp_metadata_url: Option<String>,
        acs_url: Option<String>,
        sp_entity_id: Option<String>,
        sp_metadata_url: Option<String>,
        active: Option<bool>,
        allow_idp_initiated: Option<bool>,
        allow_subdomains: Option<bool>,
        force_authn: Option<bool>,
        login_hint: Option<EnterpriseConnectionSamlConnectionLoginHint>,
    }

    /// A certificate with which an identity provider signs.
    IdpCertificate {
        /// In PEM.
        certificate: String,
        /// A time; Clerk's description does not name its unit.
        issued_at: Option<i64>,
        /// A time; Clerk's description does not name its unit.
        expires_at: Option<i64>,
    }

    /// A nested object of a response.
    EnterpriseConnectionSamlConnectionLoginHint {
        mode: LoginHintMode,
        source: Option<String>,
    }

    /// A nested object of a response.
    EnterpriseConnectionOauthConfig {
        id: Option<String>,
        name: Option<String>,
        provider_key: Option<String>,
        client_id: Option<String>,
        discovery_url: Option<String>,
        auth_url: Option<String>,
        token_url: Option<String>,
        user_info_url: Option<String>,
        requires_pkce: Option<bool>,
        logo_public_url: Option<String>,
        /// In milliseconds since the Unix epoch.
        created_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        updated_at: Option<i64>,
    }

    /// `EnterpriseConnectionTestRun` in Clerk's description of the API.
    EnterpriseConnectionTestRun {
        id: String,
        status: TestRunStatus,
        connection_type: EnterpriseProtocol,
        parsed_user_info: Option<EnterpriseConnectionTestRunParsedUserInfo>,
        logs: Option<Vec<EnterpriseConnectionTestRunLog>>,
        saml: Option<EnterpriseConnectionTestRunSaml>,
        oauth: Option<EnterpriseConnectionTestRunOauth>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
    }

    /// A nested object of a response.
    EnterpriseConnectionTestRunParsedUserInfo {
        email_address: Option<String>,
        first_name: Option<String>,
        last_name: Option<String>,
        user_id: Option<String>,
    }

    /// A nested object of a response.
    EnterpriseConnectionTestRunLog {
        level: String,
        code: Option<String>,
        short_message: Option<String>,
        message: String,
    }

    /// A nested object of a response.
    EnterpriseConnectionTestRunSaml {
        saml_request: Option<Secret>,
        saml_response: Option<Secret>,
        relay_state: Option<String>,
    }

    /// A nested object of a response.
    EnterpriseConnectionTestRunOauth {
        id_token: Option<Secret>,
        access_token: Option<Secret>,
        user_info: Option<String>,
    }

    /// `EnterpriseConnectionTestRunResponse` in Clerk's description of the API.
    EnterpriseConnectionTestRunUrl {
        url: Secret,
    }
}

choice! {
    /// Values of [`EnterpriseAccount`](crate::users::EnterpriseAccount)'s `protocol` and [`EnterpriseConnectionTestRun`](crate::enterprise_connections::EnterpriseConnectionTestRun)'s `connection_type`.
    EnterpriseProtocol {
        Oauth = "oauth",
        Saml = "saml",
    }

    /// Values of [`EnterpriseConnectionSamlConnectionLoginHint`](crate::enterprise_connections::EnterpriseConnectionSamlConnectionLoginHint)'s `mode`.
    LoginHintMode {
        EmailAddress = "email_address",
        CustomAttribute = "custom_attribute",
        Off = "off",
    }

    /// Values of a parameter.
    EnterpriseConnectionProvider {
        SamlCustom = "saml_custom",
        SamlOkta = "saml_okta",
        SamlGoogle = "saml_google",
        SamlMicrosoft = "saml_microsoft",
        OidcCustom = "oidc_custom",
        OidcGithubEnterprise = "oidc_github_enterprise",
        OidcGitlab = "oidc_gitlab",
    }

    /// Values of [`EnterpriseConnectionTestRun`](crate::enterprise_connections::EnterpriseConnectionTestRun)'s `status`.
    TestRunStatus {
        Pending = "pending",
        Success = "success",
        Failed = "failed",
    }
}
