//! Response types of phone numbers.

use crate::{
    common::{IdentificationLink, Verification},
    model::model,
};

model! {
    /// `PhoneNumber` in Clerk's description of the API.
    PhoneNumber {
        id: Option<String>,
        object: String,
        phone_number: String,
        reserved_for_second_factor: Option<bool>,
        default_second_factor: Option<bool>,
        reserved: bool,
        verification: Option<Verification>,
        linked_to: Vec<IdentificationLink>,
        backup_codes: Option<Vec<String>>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}
