//! Response types of email addresses.

use crate::{
    common::{IdentificationLink, Verification},
    model::{choice, model},
};

model! {
    /// `EmailAddress` in Clerk's description of the API.
    EmailAddress {
        id: Option<String>,
        object: String,
        email_address: String,
        reserved: bool,
        verification: Option<Verification>,
        linked_to: Vec<IdentificationLink>,
        matches_sso_connection: Option<bool>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
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
