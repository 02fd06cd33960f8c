//! Identifiers that may or may not sign up.

use crate::{
    model::{choice, model},
    timestamp::Timestamp,
};

model! {
    /// `AllowlistIdentifier` in Clerk's description of the API.
    AllowlistIdentifier {
        object?: String,
        id?: String,
        invitation_id?: String,
        identifier?: String,
        identifier_type?: IdentifierType,
        instance_id?: String,
        created_at?: Timestamp,
        updated_at?: Timestamp,
    }

    /// `BlocklistIdentifier` in Clerk's description of the API.
    BlocklistIdentifier {
        object?: String,
        id?: String,
        identifier?: String,
        identifier_type?: IdentifierType,
        instance_id?: String,
        created_at?: Timestamp,
        updated_at?: Timestamp,
    }
}

choice! {
    /// Values of [`AllowlistIdentifier`](crate::restriction::AllowlistIdentifier)'s `identifier_type` and [`BlocklistIdentifier`](crate::restriction::BlocklistIdentifier)'s `identifier_type`.
    IdentifierType {
        EmailAddress = "email_address",
        PhoneNumber = "phone_number",
        Web3Wallet = "web3_wallet",
    }
}
