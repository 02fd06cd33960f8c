//! [`User`], and what belongs to users alone.

use serde_json::{Map, Value};

use crate::{
    model::{choice, model},
    objects::external_account::{EnterpriseAccount, ExternalAccount, SamlAccount},
    objects::identification::{EmailAddress, Passkey, PhoneNumber, Web3Wallet},
    objects::membership::OrganizationMembership,
    secret::Secret,
    timestamp::Timestamp,
};

model! {
    /// A user.
    User {
        /// Its id, `user_...`.
        id: String,
        /// Always `user`.
        object: String,
        /// The id in your own system.
        external_id: Option<String>,
        /// The id of the primary one of the [email addresses](Self::email_addresses).
        primary_email_address_id: Option<String>,
        /// The id of the primary one of the [phone numbers](Self::phone_numbers).
        primary_phone_number_id: Option<String>,
        /// The id of the primary one of the [wallets](Self::web3_wallets).
        primary_web3_wallet_id: Option<String>,
        /// The username.
        username: Option<String>,
        /// The first name.
        first_name: Option<String>,
        /// The last name.
        last_name: Option<String>,
        /// The language, such as `en-US`.
        locale?: String,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        timezone?: String,
        /// Deprecated by Clerk.
        profile_image_url?: String,
        /// The picture, or one generated from the initials.
        image_url?: String,
        /// Whether the user has uploaded a picture.
        has_image: bool,
        /// Metadata that your back end writes and front ends can read.
        public_metadata: Map<String, Value>,
        /// Metadata that only your back end can read and write.
        private_metadata?: Map<String, Value>,
        /// Metadata that the user's browser can write. Do not trust it.
        unsafe_metadata?: Map<String, Value>,
        /// The email addresses.
        email_addresses: Vec<EmailAddress>,
        /// The phone numbers.
        phone_numbers: Vec<PhoneNumber>,
        /// The wallets.
        web3_wallets: Vec<Web3Wallet>,
        /// The passkeys.
        passkeys: Vec<Passkey>,
        /// Whether the user has a password.
        password_enabled: bool,
        /// Whether the user has a second factor.
        two_factor_enabled: bool,
        /// Whether an authenticator app is a second factor.
        totp_enabled: bool,
        /// Whether the user has backup codes.
        backup_code_enabled: bool,
        /// When a second factor was last enabled, even if it is disabled now.
        mfa_enabled_at: Option<Timestamp>,
        /// When the second factor was last disabled, even if it is enabled now.
        mfa_disabled_at: Option<Timestamp>,
        /// When the password was last changed.
        password_last_updated_at?: Timestamp,
        /// The accounts at social providers.
        external_accounts: Vec<ExternalAccount>,
        /// The accounts at companies' identity providers, over SAML.
        saml_accounts: Vec<SamlAccount>,
        /// The accounts at companies' identity providers.
        enterprise_accounts: Vec<EnterpriseAccount>,
        /// The user's memberships, if Clerk includes them.
        organization_memberships?: Vec<OrganizationMembership>,
        /// When the user last signed in.
        last_sign_in_at: Option<Timestamp>,
        /// Whether the user is banned and cannot sign in.
        banned: bool,
        /// Whether the user is locked after too many wrong passwords and cannot sign in for a while.
        locked: bool,
        /// Whether a company's directory (SCIM) has removed the user, who then cannot sign in.
        deprovisioned?: bool,
        /// The number of seconds until the lock ends. `None` for a locked user: until an administrator ends it.
        lockout_expires_in_seconds: Option<i64>,
        /// The number of wrong passwords left before the user is locked.
        verification_attempts_remaining: Option<i64>,
        /// When it was last changed.
        updated_at: Timestamp,
        /// When it was created.
        created_at: Timestamp,
        /// Whether the user can delete their own account.
        delete_self_enabled: bool,
        /// Whether the user can create organizations.
        create_organization_enabled: bool,
        /// How many organizations the user can create; 0 means no limit.
        create_organizations_limit?: i64,
        /// The day on which the user was last active.
        last_active_at: Option<Timestamp>,
        /// When the user accepted the terms of service.
        legal_accepted_at: Option<Timestamp>,
        /// Whether new devices are trusted without verification.
        bypass_client_trust?: bool,
        /// The user's entry in a company's directory (SCIM), if there is one.
        scim?: ScimUserMetadata,
    }

    /// `SCIMUserMetadata` in Clerk's description of the API.
    ScimUserMetadata {
        /// The directory's id.
        directory_id: String,
        /// Whether the directory is in use.
        directory_enabled?: bool,
        /// The user's id in the directory.
        external_id: Option<String>,
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
        scopes?: Vec<String>,
        id_token?: Secret,
        token_secret?: Secret,
    }

    /// Result of verifying a password.
    PasswordCheck {
        verified?: bool,
    }

    /// Result of verifying a code.
    TotpCheck {
        verified?: bool,
        code_type?: TotpCheckCodeType,
    }

    /// The id of the user that was changed.
    UserReference {
        user_id?: String,
    }

    /// `TrustedDevice` in Clerk's description of the API.
    TrustedDevice {
        object: String,
        id: String,
        platform: TrustedDevicePlatform,
        app_identifier: String,
        name?: String,
        algorithm: String,
        status: TrustedDeviceStatus,
        created_at: Timestamp,
        updated_at: Timestamp,
        last_used_at?: Timestamp,
        revoked_at?: Timestamp,
    }
}

choice! {
    /// Values of a parameter.
    NewIdentificationStatus {
        Verified = "verified",
        Reserved = "reserved",
    }

    /// Values of [`TotpCheck`](crate::user::TotpCheck)'s `code_type`.
    TotpCheckCodeType {
        Totp = "totp",
        BackupCode = "backup_code",
    }

    /// Values of [`TrustedDevice`](crate::user::TrustedDevice)'s `platform`.
    TrustedDevicePlatform {
        Ios = "ios",
        Android = "android",
    }

    /// Values of [`TrustedDevice`](crate::user::TrustedDevice)'s `status`.
    TrustedDeviceStatus {
        Active = "active",
        Revoked = "revoked",
    }
}

impl User {
    /// First and last name; `None` if the user has neither.
    #[must_use]
    pub fn full_name(&self) -> Option<String> {
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        let names: Vec<_> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
        (!names.is_empty()).then(|| names.join(" "))
    }

    /// The primary one of the email addresses. Trust it only if [it is verified](EmailAddress::is_verified).
    #[must_use]
    pub fn primary_email_address(&self) -> Option<&EmailAddress> {
        let primary = self.primary_email_address_id.as_deref()?;
        self.email_addresses.iter().find(|address| address.id.as_deref() == Some(primary))
    }

    /// The primary one of the phone numbers. Trust it only if [it is verified](PhoneNumber::is_verified).
    #[must_use]
    pub fn primary_phone_number(&self) -> Option<&PhoneNumber> {
        let primary = self.primary_phone_number_id.as_deref()?;
        self.phone_numbers.iter().find(|number| number.id.as_deref() == Some(primary))
    }

    /// The primary one of the wallets. Trust it only if [it is verified](Web3Wallet::is_verified).
    #[must_use]
    pub fn primary_web3_wallet(&self) -> Option<&Web3Wallet> {
        let primary = self.primary_web3_wallet_id.as_deref()?;
        self.web3_wallets.iter().find(|wallet| wallet.id.as_deref() == Some(primary))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn user(mut members: Value) -> User {
        let required = json!({"id": "user_1", "banned": false, "locked": false});
        members.as_object_mut().unwrap().extend(required.as_object().unwrap().clone());
        serde_json::from_value(members).unwrap()
    }

    #[test]
    fn the_primary_address_is_the_one_with_its_id() {
        let user = |primary: Value| {
            let addresses = json!([
                {"email_address": "a@b.c"},
                {"id": "idn_2", "email_address": "d@e.f", "verification": {"status": "verified"}},
            ]);
            user(json!({"primary_email_address_id": primary, "email_addresses": addresses}))
        };
        let address = |primary| {
            let user = user(primary);
            user.primary_email_address().map(|address| (address.email_address.clone(), address.is_verified()))
        };
        assert_eq!(address(json!("idn_2")), Some(("d@e.f".to_owned(), true)));
        assert_eq!(address(json!(null)), None, "an address without an id is not the primary one");
        assert_eq!(address(json!("idn_3")), None);
    }

    #[test]
    fn the_full_name_leaves_out_what_is_missing() {
        let name = |first: Value, last: Value| user(json!({"first_name": first, "last_name": last})).full_name();
        assert_eq!(name(json!("Ada"), json!("Lovelace")).as_deref(), Some("Ada Lovelace"));
        assert_eq!(name(json!(null), json!("Lovelace")).as_deref(), Some("Lovelace"));
        assert_eq!(name(json!(""), json!(null)), None);
    }
}
