//! What a user signs in with: email addresses, phone numbers, wallets and passkeys.

use crate::{
    model::{choice, model},
    objects::verification::{IdentificationLink, Verification},
    timestamp::Timestamp,
};

model! {
    /// A user's email address.
    EmailAddress {
        /// Its id, `idn_...`.
        id?: String,
        /// Always `email_address`.
        object: String,
        /// The address. Trust it only when the [verification](Self::verification) says so.
        email_address: String,
        /// Whether it is reserved for this user until it is verified.
        reserved: bool,
        /// The verification that it belongs to the user.
        verification: Option<Verification>,
        /// The accounts with the same address.
        linked_to: Vec<IdentificationLink>,
        /// Whether an enterprise connection has the same domain.
        matches_sso_connection?: bool,
        /// When it was added.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }

    /// A user's phone number.
    PhoneNumber {
        /// Its id, `idn_...`.
        id?: String,
        /// Always `phone_number`.
        object: String,
        /// The number, in E.164 form. Trust it only when the [verification](Self::verification) says so.
        phone_number: String,
        /// Whether it is used for second-factor codes.
        reserved_for_second_factor?: bool,
        /// Whether it is the default for second-factor codes.
        default_second_factor?: bool,
        /// Whether it is reserved for this user until it is verified.
        reserved: bool,
        /// The verification that it belongs to the user.
        verification: Option<Verification>,
        /// The accounts with the same number.
        linked_to: Vec<IdentificationLink>,
        /// Backup codes for a lost phone.
        backup_codes?: Vec<String>,
        /// When it was added.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }

    /// A user's wallet.
    Web3Wallet {
        /// Its id, `idn_...`.
        id?: String,
        /// Always `web3_wallet`.
        object: String,
        /// The address. Trust it only when the [verification](Self::verification) says so.
        web3_wallet: String,
        /// The verification that it belongs to the user.
        verification: Option<Verification>,
        /// When it was added.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }

    /// A user's passkey.
    Passkey {
        /// Its id, `idn_...`.
        id?: String,
        /// Always `passkey`.
        object: String,
        /// The name chosen by the user.
        name: String,
        /// When it was last used.
        last_used_at: Timestamp,
        /// The verification that it belongs to the user.
        verification: Option<Verification>,
    }
}

choice! {
    /// Values of a parameter.
    EmailAddressIdentificationStatus {
        Verified = "verified",
        Reserved = "reserved",
        Unverified = "unverified",
    }
}

macro_rules! is_verified {
    ($($name:ident)*) => { $(
        impl $name {
            /// Whether the user has proved that it is theirs, or an administrator says so.
            #[must_use]
            pub fn is_verified(&self) -> bool {
                self.verification.as_ref().is_some_and(Verification::is_verified)
            }
        }
    )* };
}

is_verified! { EmailAddress Passkey PhoneNumber Web3Wallet }
