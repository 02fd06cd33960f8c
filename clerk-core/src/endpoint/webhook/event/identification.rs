//! What users are known by: [`EmailAddress`], [`PhoneNumber`], [`Web3Wallet`], [`Passkey`].

use super::{payload::payload, verification::Verification};
use crate::base::time::Timestamp;

payload! {
    /// A user's email address.
    pub struct EmailAddress {
        /// Its id, `idn_...`.
        pub id: Option<String>,
        /// Always `email_address`.
        pub object: Option<String>,
        /// The address. Trust it only when the [verification](Self::verification) says so.
        pub email_address: String,
        /// Whether nobody else can take it meanwhile.
        pub reserved: bool,
        /// How it is known that it is the user's.
        pub verification: Option<Verification>,
        /// What else it is the address of.
        pub linked_to: Vec<IdentificationLink>,
        /// Whether its domain is that of an enterprise connection.
        pub matches_sso_connection: Option<bool>,
        /// When it was added.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
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
        /// Whether codes for the second factor go there.
        pub reserved_for_second_factor: Option<bool>,
        /// Whether they go there unless the user chooses otherwise.
        pub default_second_factor: Option<bool>,
        /// Whether nobody else can take it meanwhile.
        pub reserved: bool,
        /// How it is known that it is the user's.
        pub verification: Option<Verification>,
        /// What else it is the number of.
        pub linked_to: Vec<IdentificationLink>,
        /// Codes for when the phone is lost.
        pub backup_codes: Option<Vec<String>>,
        /// When it was added.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
    }

    /// A user's wallet.
    pub struct Web3Wallet {
        /// Its id, `idn_...`.
        pub id: Option<String>,
        /// Always `web3_wallet`.
        pub object: Option<String>,
        /// Its address. Trust it only when the [verification](Self::verification) says so.
        pub web3_wallet: String,
        /// How it is known that it is the user's.
        pub verification: Option<Verification>,
        /// When it was added.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
    }

    /// A user's passkey.
    pub struct Passkey {
        /// Its id, `idn_...`.
        pub id: Option<String>,
        /// Always `passkey`.
        pub object: Option<String>,
        /// What the user calls it.
        pub name: Option<String>,
        /// When it was used last.
        pub last_used_at: Option<Timestamp>,
        /// How it is known that it is the user's.
        pub verification: Option<Verification>,
    }

    /// Another thing that an address or a number belongs to, such as an external account.
    pub struct IdentificationLink {
        /// What it is, such as `oauth_google`.
        pub r#type: Option<String>,
        /// Its id, `idn_...`.
        pub id: Option<String>,
    }
}
