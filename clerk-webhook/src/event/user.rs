//! [`User`]: a user of your instance.

use super::{
    enterprise::{EnterpriseAccount, SamlAccount},
    external_account::ExternalAccount,
    fields::Json,
    identification::{EmailAddress, Passkey, PhoneNumber, Web3Wallet},
    organization_membership::OrganizationMembership,
    payload::payload,
};
use clerk_core::time::Timestamp;

payload! {
    /// A user, including the data that only back ends can see.
    pub struct User {
        /// Its id, `user_...`.
        pub id: String,
        /// Always `user`.
        pub object: Option<String>,
        /// The id in your own system.
        pub external_id: Option<String>,
        /// The id of the primary one of the [email addresses](Self::email_addresses).
        pub primary_email_address_id: Option<String>,
        /// The id of the primary one of the [phone numbers](Self::phone_numbers).
        pub primary_phone_number_id: Option<String>,
        /// The id of the primary one of the [wallets](Self::web3_wallets).
        pub primary_web3_wallet_id: Option<String>,
        /// The username.
        pub username: Option<String>,
        /// The first name.
        pub first_name: Option<String>,
        /// The last name.
        pub last_name: Option<String>,
        /// The language, such as `en-US`.
        pub locale: Option<String>,
        /// The picture. Deprecated by Clerk for [`image_url`](Self::image_url).
        pub profile_image_url: Option<String>,
        /// The picture, or one generated from the initials.
        pub image_url: Option<String>,
        /// Whether the user has uploaded a picture.
        pub has_image: bool,
        /// Metadata that your back end writes and front ends can read.
        pub public_metadata: Option<Json>,
        /// Metadata that only your back end can read and write.
        pub private_metadata: Option<Json>,
        /// Metadata that the user's browser can write. Do not trust it.
        pub unsafe_metadata: Option<Json>,
        /// The email addresses.
        pub email_addresses: Vec<EmailAddress>,
        /// The phone numbers.
        pub phone_numbers: Vec<PhoneNumber>,
        /// The wallets.
        pub web3_wallets: Vec<Web3Wallet>,
        /// The passkeys.
        pub passkeys: Vec<Passkey>,
        /// Whether the user has a password.
        pub password_enabled: bool,
        /// Whether the user has a second factor.
        pub two_factor_enabled: bool,
        /// Whether an authenticator app is a second factor.
        pub totp_enabled: bool,
        /// Whether the user has backup codes.
        pub backup_code_enabled: bool,
        /// When a second factor was last enabled, even if it is disabled now.
        pub mfa_enabled_at: Option<Timestamp>,
        /// When the second factor was last disabled, even if it is enabled now.
        pub mfa_disabled_at: Option<Timestamp>,
        /// When the password was last changed.
        pub password_last_updated_at: Option<Timestamp>,
        /// The accounts at social providers.
        pub external_accounts: Vec<ExternalAccount>,
        /// The accounts at companies' identity providers, over SAML.
        pub saml_accounts: Vec<SamlAccount>,
        /// The accounts at companies' identity providers.
        pub enterprise_accounts: Vec<EnterpriseAccount>,
        /// The user's memberships, if Clerk includes them.
        pub organization_memberships: Vec<OrganizationMembership>,
        /// When the user last signed in.
        pub last_sign_in_at: Option<Timestamp>,
        /// Whether the user is banned and cannot sign in.
        pub banned: bool,
        /// Whether the user is locked after too many wrong passwords and cannot sign in for a while.
        pub locked: bool,
        /// Whether a company's directory (SCIM) has removed the user, who then cannot sign in.
        pub deprovisioned: Option<bool>,
        /// The number of seconds until the lock ends. `None` for a locked user: until an administrator ends it.
        pub lockout_expires_in_seconds: Option<i64>,
        /// The number of wrong passwords left before the user is locked.
        pub verification_attempts_remaining: Option<i64>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// Whether the user can delete their own account.
        pub delete_self_enabled: bool,
        /// Whether the user can create organizations.
        pub create_organization_enabled: bool,
        /// How many organizations the user can create; 0 means no limit.
        pub create_organizations_limit: Option<i64>,
        /// The day on which the user was last active.
        pub last_active_at: Option<Timestamp>,
        /// When the user accepted the terms of service.
        pub legal_accepted_at: Option<Timestamp>,
        /// Whether new devices are trusted without verification.
        pub bypass_client_trust: Option<bool>,
        /// The user's entry in a company's directory (SCIM), if there is one.
        pub scim: Option<ScimUser>,
    }

    /// A user's entry in a company's directory (SCIM). A user without it may still come from a directory.
    pub struct ScimUser {
        /// The directory's id.
        pub directory_id: Option<String>,
        /// Whether the directory is in use.
        pub directory_enabled: bool,
        /// The user's id in the directory.
        pub external_id: Option<String>,
    }
}

impl User {
    /// The primary one of the email addresses. Trust it only when its verification says so.
    #[must_use]
    pub fn primary_email_address(&self) -> Option<&EmailAddress> {
        let primary = self.primary_email_address_id.as_deref()?;
        self.email_addresses.iter().find(|address| address.id.as_deref() == Some(primary))
    }

    /// The primary one of the phone numbers. Trust it only when its verification says so.
    #[must_use]
    pub fn primary_phone_number(&self) -> Option<&PhoneNumber> {
        let primary = self.primary_phone_number_id.as_deref()?;
        self.phone_numbers.iter().find(|number| number.id.as_deref() == Some(primary))
    }

    /// The primary one of the wallets. Trust it only when its verification says so.
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

    #[test]
    fn the_primary_address_is_the_one_with_its_id() {
        let user = |primary: Value| -> User {
            let addresses = json!([{"email_address": "a@b.c"}, {"id": "idn_2", "email_address": "d@e.f"}]);
            let user = json!({"id": "user_1", "primary_email_address_id": primary, "email_addresses": addresses});
            serde_json::from_value(user).unwrap()
        };
        let address = |primary| user(primary).primary_email_address().map(|address| address.email_address.clone());
        assert_eq!(address(json!("idn_2")).as_deref(), Some("d@e.f"));
        assert_eq!(address(json!(null)), None, "an address without an id is not the primary one");
        assert_eq!(address(json!("idn_3")), None);
    }
}
