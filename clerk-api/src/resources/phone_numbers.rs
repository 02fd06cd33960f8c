//! Phone numbers.

pub use clerk_types::identification::PhoneNumber;
use clerk_types::{
    common::DeletedObject, identification::EmailAddressIdentificationStatus, verification::Verification,
};

use crate::define::resource;

resource! {
/// Phone numbers.
PhoneNumbers, phone_numbers {
    /// Creates a phone number.
    POST "/phone_numbers" CreatePhoneNumber
    create(; user_id: String, phone_number: String)
        { verified: Option<bool>, primary: Option<bool>, reserved_for_second_factor: Option<bool> } -> PhoneNumber;

    /// Gets a phone number by id.
    GET "/phone_numbers/{phone_number_id}" GetPhoneNumber
    get(phone_number_id) -> PhoneNumber;

    /// Deletes a phone number.
    DELETE "/phone_numbers/{phone_number_id}" DeletePhoneNumber
    delete(phone_number_id) -> DeletedObject;

    /// Changes a phone number; parameters that are not set stay unchanged.
    PATCH "/phone_numbers/{phone_number_id}" UpdatePhoneNumber
    update(phone_number_id)
        { verified: Option<bool>, primary: Option<bool>, reserved_for_second_factor: Option<bool> } -> PhoneNumber;

    /// Sends a code to a phone number.
    POST "/phone_numbers/{phone_number_id}/prepare_verification" PreparePhoneNumberVerification
    prepare_verification(phone_number_id) -> Verification;

    /// Verifies a phone number with the code that was sent to it.
    POST "/phone_numbers/{phone_number_id}/attempt_verification" AttemptPhoneNumberVerification
    attempt_verification(phone_number_id; verification_id: String, code: String) -> Verification;

    /// Replaces all of a user's phone numbers with one.
    PUT "/users/{user_id}/phone_number" ReplaceUserPhoneNumber
    replace_for_user(user_id; phone_number: String) {
        /// Default: `verified`.
        identification_status: EmailAddressIdentificationStatus,
    } -> PhoneNumber;
}}
