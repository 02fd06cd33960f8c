//! Response types of the allowlist.

use crate::model::{choice, model};

model! {
    /// `AllowlistIdentifier` in Clerk's description of the API.
    AllowlistIdentifier {
        object: Option<String>,
        id: Option<String>,
        invitation_id: Option<String>,
        identifier: Option<String>,
        identifier_type: Option<IdentifierType>,
        instance_id: Option<String>,
        /// In milliseconds since the Unix epoch.
        created_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        updated_at: Option<i64>,
    }
}

choice! {
    /// Values of [`AllowlistIdentifier`](crate::allowlist_identifiers::AllowlistIdentifier)'s `identifier_type` and [`BlocklistIdentifier`](crate::blocklist_identifiers::BlocklistIdentifier)'s `identifier_type`.
    IdentifierType {
        EmailAddress = "email_address",
        PhoneNumber = "phone_number",
        Web3Wallet = "web3_wallet",
    }
}
