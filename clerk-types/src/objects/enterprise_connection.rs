//! [`EnterpriseConnection`]: single sign-on with a company's identity provider.

use crate::{
    model::{choice, model},
    objects::external_account::EnterpriseProtocol,
    secret::Secret,
    timestamp::Timestamp,
};

model! {
    /// `EnterpriseConnection` in Clerk's description of the API.
    EnterpriseConnection {
        object: String,
        id: String,
        name: String,
        provider: String,
        logo_public_url?: String,
        active: bool,
        domains: Vec<String>,
        organization_id?: String,
        sync_user_attributes?: bool,
        disable_additional_identifications?: bool,
        allow_organization_account_linking?: bool,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        authenticatable?: bool,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        disable_jit_provisioning?: bool,
        custom_attributes?: Vec<EnterpriseConnectionCustomAttribute>,
        saml_connection?: EnterpriseConnectionSamlConnection,
        oauth_config?: EnterpriseConnectionOauthConfig,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// A nested object of a response.
    EnterpriseConnectionCustomAttribute {
        name: String,
        key: String,
        sso_path?: String,
        scim_path?: String,
        directory_path?: String,
        multi_valued?: bool,
    }

    /// A nested object of a response.
    EnterpriseConnectionSamlConnection {
        id?: String,
        name?: String,
        idp_entity_id?: String,
        idp_sso_url?: String,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet. Deprecated by Clerk.
        idp_certificate?: String,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        idp_certificates?: Vec<IdpCertificate>,
        idp_metadata_url?: String,
        acs_url?: String,
        sp_entity_id?: String,
        sp_metadata_url?: String,
        active?: bool,
        allow_idp_initiated?: bool,
        allow_subdomains?: bool,
        force_authn?: bool,
        login_hint?: EnterpriseConnectionSamlConnectionLoginHint,
    }

    /// A certificate with which an identity provider signs.
    IdpCertificate {
        /// In PEM.
        certificate: String,
        issued_at?: Timestamp,
        expires_at?: Timestamp,
    }

    /// A nested object of a response.
    EnterpriseConnectionSamlConnectionLoginHint {
        mode: LoginHintMode,
        source?: String,
    }

    /// A nested object of a response.
    EnterpriseConnectionOauthConfig {
        id?: String,
        name?: String,
        provider_key?: String,
        client_id?: String,
        discovery_url?: String,
        auth_url?: String,
        token_url?: String,
        user_info_url?: String,
        requires_pkce?: bool,
        logo_public_url?: String,
        created_at?: Timestamp,
        updated_at?: Timestamp,
    }

    /// `EnterpriseConnectionTestRun` in Clerk's description of the API.
    EnterpriseConnectionTestRun {
        id: String,
        status: TestRunStatus,
        connection_type: EnterpriseProtocol,
        parsed_user_info?: EnterpriseConnectionTestRunParsedUserInfo,
        logs?: Vec<EnterpriseConnectionTestRunLog>,
        saml?: EnterpriseConnectionTestRunSaml,
        oauth?: EnterpriseConnectionTestRunOauth,
        created_at: Timestamp,
    }

    /// A nested object of a response.
    EnterpriseConnectionTestRunParsedUserInfo {
        email_address?: String,
        first_name?: String,
        last_name?: String,
        user_id?: String,
    }

    /// A nested object of a response.
    EnterpriseConnectionTestRunLog {
        level: String,
        code?: String,
        short_message?: String,
        message: String,
    }

    /// A nested object of a response.
    EnterpriseConnectionTestRunSaml {
        saml_request?: Secret,
        saml_response?: Secret,
        relay_state?: String,
    }

    /// A nested object of a response.
    EnterpriseConnectionTestRunOauth {
        id_token?: Secret,
        access_token?: Secret,
        user_info?: String,
    }

    /// `EnterpriseConnectionTestRunResponse` in Clerk's description of the API.
    EnterpriseConnectionTestRunUrl {
        url: Secret,
    }
}

choice! {
    /// Values of [`EnterpriseConnectionSamlConnectionLoginHint`](crate::enterprise_connection::EnterpriseConnectionSamlConnectionLoginHint)'s `mode`.
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

    /// Values of [`EnterpriseConnectionTestRun`](crate::enterprise_connection::EnterpriseConnectionTestRun)'s `status`.
    TestRunStatus {
        Pending = "pending",
        Success = "success",
        Failed = "failed",
    }
}
