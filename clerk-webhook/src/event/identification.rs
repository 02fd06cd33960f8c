//! Identifications of users: [`EmailAddress`], [`PhoneNumber`], [`Web3Wallet`], [`Passkey`].

use super::{payload::payload, verification::Verification};
use clerk_core::time::Timestamp;

payload! {
    /// A user's email address.
    pub struct EmailAddress {
        /// Its id, `idn_...`.
        pub id: Option<String>,
        /// Always `email_address`.
        pub object: Option<String>,
        /// The address. Trust it only when the [verification](Self::verification) says so.
        pub email_address: String,
        /// Whether it is reserved for this user until it is verified.
        pub reserved: bool,
        /// The verification that it belongs to the user.
        pub verification: Option<Verification>,
        /// The accounts with the same address.
        pub linked_to: Vec<IdentificationLink>,
        /// Whether an enterprise connection has the same domain.
        pub matches_sso_connection: Option<bool>,
        /// When it was added.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }

    /// A user's phone number.
    pub struct PhoneNumber {
        /// Its id, `idn_...`.
        pub id: Option<String>,
        /// Always `phone_number`.
        pub object: Option<String>,
        /// The number, in E.164 form. Trust it only when the [verification](Self::verification) says so.
        pub phone_number: String,
        /// Whether it is used for second-factor codes.
        pub reserved_for_second_factor: Option<bool>,
        /// Whether it is the default for second-factor codes.
        pub default_second_factor: Option<bool>,
        /// Whether it is reserved for this user until it is verified.
        pub reserved: bool,
        /// The verification that it belongs to the user.
        pub verification: Option<Verification>,
        /// The accounts with the same number.
        pub linked_to: Vec<IdentificationLink>,
        /// Backup codes for a lost phone.
        pub backup_codes: Option<Vec<String>>,
        /// When it was added.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }

    /// A user's wallet.
    pub struct Web3Wallet {
        /// Its id, `idn_...`.
        pub id: Option<String>,
        /// Always `web3_wallet`.
        pub object: Option<String>,
        /// The address. Trust it only when the [verification](Self::verification) says so.
        pub web3_wallet: String,
        /// The verification that it belongs to the user.
        pub verification: Option<Verification>,
        /// When it was added.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }

    /// A user's passkey.
    pub struct Passkey {
        /// Its id, `idn_...`.
        pub id: Option<String>,
        /// Always `passkey`.
        pub object: Option<String>,
        /// The name chosen by the user.
        pub name: Option<String>,
        /// When it was last used.
        pub last_used_at: Option<Timestamp>,
        /// The verification that it belongs to the user.
        pub verification: Option<Verification>,
    }

    /// An account that has the same address or number, such as an external account.
    pub struct IdentificationLink {
        /// The type, such as `oauth_google`.
        pub r#type: Option<String>,
        /// Its id, `idn_...`.
        pub id: Option<String>,
    }
}
