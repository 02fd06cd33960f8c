//! [`User`]: somebody who can sign in.

use super::{
    enterprise::{EnterpriseAccount, SamlAccount},
    external_account::ExternalAccount,
    fields::Json,
    identification::{EmailAddress, Passkey, PhoneNumber, Web3Wallet},
    organization_membership::OrganizationMembership,
    payload::payload,
};
use crate::base::time::Timestamp;

payload! {
    /// A user, with everything that your back end may know.
    pub struct User {
        /// Its id, `user_...`.
        pub id: String,
        /// Always `user`.
        pub object: Option<String>,
        /// The id that your own system has given to it.
        pub external_id: Option<String>,
        /// Which of the [email addresses](Self::email_addresses) is the first.
        pub primary_email_address_id: Option<String>,
        /// Which of the [phone numbers](Self::phone_numbers) is the first.
        pub primary_phone_number_id: Option<String>,
        /// Which of the [wallets](Self::web3_wallets) is the first.
        pub primary_web3_wallet_id: Option<String>,
        /// The name to sign in with.
        pub username: Option<String>,
        /// The first name.
        pub first_name: Option<String>,
        /// The last name.
        pub last_name: Option<String>,
        /// The language, as `en-US`.
        pub locale: Option<String>,
        /// The picture. Deprecated by Clerk for [`image_url`](Self::image_url).
        pub profile_image_url: Option<String>,
        /// The picture, or one made of the initials.
        pub image_url: Option<String>,
        /// Whether the user has chosen a picture.
        pub has_image: bool,
        /// Metadata that your back end writes and front ends may read.
        pub public_metadata: Option<Json>,
        /// Metadata that only your back end writes and reads.
        pub private_metadata: Option<Json>,
        /// Metadata that the user's own browser writes: trust nothing in it.
        pub unsafe_metadata: Option<Json>,
        /// The email addresses.
        pub email_addresses: Vec<EmailAddress>,
        /// The phone numbers.
        pub phone_numbers: Vec<PhoneNumber>,
        /// The wallets.
        pub web3_wallets: Vec<Web3Wallet>,
        /// The passkeys.
        pub passkeys: Vec<Passkey>,
        /// Whether there is a password.
        pub password_enabled: bool,
        /// Whether there is any second factor.
        pub two_factor_enabled: bool,
        /// Whether an authenticator app is a second factor.
        pub totp_enabled: bool,
        /// Whether there are backup codes.
        pub backup_code_enabled: bool,
        /// When a second factor was switched on last, also if it is off by now.
        pub mfa_enabled_at: Option<Timestamp>,
        /// When the second factor was switched off last, also if it is on by now.
        pub mfa_disabled_at: Option<Timestamp>,
        /// When the password was changed last.
        pub password_last_updated_at: Option<Timestamp>,
        /// The accounts elsewhere.
        pub external_accounts: Vec<ExternalAccount>,
        /// The accounts at companies' identity providers, by SAML.
        pub saml_accounts: Vec<SamlAccount>,
        /// The accounts at companies' identity providers.
        pub enterprise_accounts: Vec<EnterpriseAccount>,
        /// The organizations that it is a member of, where Clerk tells them.
        pub organization_memberships: Vec<OrganizationMembership>,
        /// When it signed in last.
        pub last_sign_in_at: Option<Timestamp>,
        /// Whether it may not sign in any more.
        pub banned: bool,
        /// Whether it may not sign in for a while, after too many wrong passwords.
        pub locked: bool,
        /// Whether a company's directory has removed it, so that it may not sign in any more.
        pub deprovisioned: Option<bool>,
        /// For how many seconds more it is locked; `None` of a locked user means until somebody unlocks it.
        pub lockout_expires_in_seconds: Option<i64>,
        /// How often a wrong password may still be tried.
        pub verification_attempts_remaining: Option<i64>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// Whether it may delete itself.
        pub delete_self_enabled: bool,
        /// Whether it may create organizations.
        pub create_organization_enabled: bool,
        /// How many organizations it may create; 0 means any number.
        pub create_organizations_limit: Option<i64>,
        /// On which day it was active last.
        pub last_active_at: Option<Timestamp>,
        /// When it accepted the terms.
        pub legal_accepted_at: Option<Timestamp>,
        /// Whether new devices are trusted without further proof.
        pub bypass_client_trust: Option<bool>,
        /// How a company's directory knows it, where it is from one.
        pub scim: Option<ScimUser>,
    }

    /// How a company's directory knows a user. That it is missing does not mean that no directory does.
    pub struct ScimUser {
        /// The directory's id.
        pub directory_id: Option<String>,
        /// Whether the directory is in use.
        pub directory_enabled: bool,
        /// The user's id in the directory.
        pub external_id: Option<String>,
    }
}
