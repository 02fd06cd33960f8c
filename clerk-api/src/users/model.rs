//! Response types of users.

use serde_json::{Map, Value};

use crate::{
    Secret,
    common::Verification,
    email_addresses::EmailAddress,
    enterprise_connections::EnterpriseProtocol,
    model::{choice, model},
    organization_memberships::OrganizationMembership,
    phone_numbers::PhoneNumber,
};

model! {
    /// A user.
    User {
        id: String,
        object: String,
        external_id: Option<String>,
        primary_email_address_id: Option<String>,
        primary_phone_number_id: Option<String>,
        primary_web3_wallet_id: Option<String>,
        username: Option<String>,
        first_name: Option<String>,
        last_name: Option<String>,
        locale: Option<String>,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        timezone: Option<String>,
        /// Deprecated by Clerk.
        profile_image_url: Option<String>,
        image_url: Option<String>,
        has_image: bool,
        public_metadata: Map<String, Value>,
        private_metadata: Option<Map<String, Value>>,
        unsafe_metadata: Option<Map<String, Value>>,
        email_addresses: Vec<EmailAddress>,
        phone_numbers: Vec<PhoneNumber>,
        web3_wallets: Vec<Web3Wallet>,
        passkeys: Vec<Passkey>,
        password_enabled: bool,
        two_factor_enabled: bool,
        totp_enabled: bool,
        backup_code_enabled: bool,
        /// A time; Clerk's description does not name its unit.
        mfa_enabled_at: Option<i64>,
        /// A time; Clerk's description does not name its unit.
        mfa_disabled_at: Option<i64>,
        /// A time; Clerk's description does not name its unit.
        password_last_updated_at: Option<i64>,
        external_accounts: Vec<ExternalAccount>,
        saml_accounts: Vec<SamlAccount>,
        enterprise_accounts: Vec<EnterpriseAccount>,
        organization_memberships: Option<Vec<OrganizationMembership>>,
        /// A time; Clerk's description does not name its unit.
        last_sign_in_at: Option<i64>,
        banned: bool,
        locked: bool,
        deprovisioned: Option<bool>,
        lockout_expires_in_seconds: Option<i64>,
        verification_attempts_remaining: Option<i64>,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        delete_self_enabled: bool,
        create_organization_enabled: bool,
        create_organizations_limit: Option<i64>,
        /// A time; Clerk's description does not name its unit.
        last_active_at: Option<i64>,
        /// A time; Clerk's description does not name its unit.
        legal_accepted_at: Option<i64>,
        bypass_client_trust: Option<bool>,
        scim: Option<ScimUserMetadata>,
    }

    /// `Web3Wallet` in Clerk's description of the API.
    Web3Wallet {
        id: Option<String>,
        object: String,
        web3_wallet: String,
        verification: Option<Verification>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// `Passkey` in Clerk's description of the API.
    Passkey {
        id: Option<String>,
        object: String,
        name: String,
        /// A time; Clerk's description does not name its unit.
        last_used_at: i64,
        verification: Option<Verification>,
    }

    /// `ExternalAccountWithVerification` in Clerk's description of the API.
    ExternalAccount {
        object: String,
        id: String,
        provider: String,
        identification_id: String,
        provider_user_id: String,
        approved_scopes: String,
        email_address: String,
        email_address_verified: Option<bool>,
        first_name: String,
        last_name: String,
        /// Deprecated by Clerk.
        avatar_url: Option<String>,
        image_url: Option<String>,
        username: Option<String>,
        phone_number: Option<String>,
        public_metadata: Map<String, Value>,
        label: Option<String>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        verification: Option<Verification>,
    }

    /// `SAMLAccount` in Clerk's description of the API.
    SamlAccount {
        id: String,
        object: String,
        provider: String,
        active: bool,
        email_address: String,
        first_name: Option<String>,
        last_name: Option<String>,
        provider_user_id: Option<String>,
        /// A time; Clerk's description does not name its unit.
        last_authenticated_at: Option<i64>,
        public_metadata: Option<Map<String, Value>>,
        verification: Option<Verification>,
        saml_connection: Option<SamlAccountConnection>,
    }

    /// `SAMLAccountConnection` in Clerk's description of the API.
    SamlAccountConnection {
        id: String,
        name: String,
        /// Deprecated by Clerk.
        domain: Option<String>,
        domains: Option<Vec<String>>,
        active: bool,
        provider: String,
        sync_user_attributes: bool,
        allow_subdomains: Option<bool>,
        allow_idp_initiated: Option<bool>,
        disable_additional_identifications: Option<bool>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// `EnterpriseAccount` in Clerk's description of the API.
    EnterpriseAccount {
        id: String,
        object: String,
        protocol: Option<EnterpriseProtocol>,
        provider: String,
        active: bool,
        email_address: String,
        first_name: Option<String>,
        last_name: Option<String>,
        provider_user_id: Option<String>,
        enterprise_connection_id: Option<String>,
        public_metadata: Option<Map<String, Value>>,
        verification: Option<Verification>,
        enterprise_connection: Option<EnterpriseAccountConnection>,
        /// A time; Clerk's description does not name its unit.
        last_authenticated_at: Option<i64>,
    }

    /// `EnterpriseAccountConnection` in Clerk's description of the API.
    EnterpriseAccountConnection {
        id: String,
        protocol: String,
        provider: String,
        name: String,
        logo_public_url: Option<String>,
        /// Deprecated by Clerk.
        domain: Option<String>,
        domains: Option<Vec<String>>,
        active: bool,
        sync_user_attributes: bool,
        allow_subdomains: bool,
        allow_idp_initiated: bool,
        disable_additional_identifications: bool,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// `SCIMUserMetadata` in Clerk's description of the API.
    ScimUserMetadata {
        directory_id: String,
        directory_enabled: Option<bool>,
        external_id: Option<String>,
    }

    /// `TotalCount` in Clerk's description of the API.
    TotalCount {
        object: String,
        total_count: i64,
    }

    /// A nested object of a response.
    UserOAuthAccessToken {
        object: String,
        external_account_id: String,
        provider_user_id: String,
        token: Secret,
        /// A time; Clerk's description does not name its unit.
        expires_at: Option<i64>,
        provider: String,
        public_metadata: Map<String, Value>,
        label: Option<String>,
        scopes: Option<Vec<String>>,
        id_token: Option<Secret>,
        token_secret: Option<Secret>,
    }

    /// Result of verifying a password.
    PasswordCheck {
        verified: Option<bool>,
    }

    /// Result of verifying a code.
    TotpCheck {
        verified: Option<bool>,
        code_type: Option<TotpCheckCodeType>,
    }

    /// The id of the user that was changed.
    UserReference {
        user_id: Option<String>,
    }

    /// `TrustedDevice` in Clerk's description of the API.
    TrustedDevice {
        object: String,
        id: String,
        platform: TrustedDevicePlatform,
        app_identifier: String,
        name: Option<String>,
        algorithm: String,
        status: TrustedDeviceStatus,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        /// In milliseconds since the Unix epoch.
        last_used_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        revoked_at: Option<i64>,
    }
}

choice! {
    /// Values of a parameter.
    NewIdentificationStatus {
        Verified = "verified",
        Reserved = "reserved",
    }

    /// Values of [`TotpCheck`](crate::users::TotpCheck)'s `code_type`.
    TotpCheckCodeType {
        Totp = "totp",
        BackupCode = "backup_code",
    }

    /// Values of [`TrustedDevice`](crate::users::TrustedDevice)'s `platform`.
    TrustedDevicePlatform {
        Ios = "ios",
        Android = "android",
    }

    /// Values of [`TrustedDevice`](crate::users::TrustedDevice)'s `status`.
    TrustedDeviceStatus {
        Active = "active",
        Revoked = "revoked",
    }
}
