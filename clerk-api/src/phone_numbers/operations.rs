//! Operations on phone numbers.

use crate::{
    common::{DeletedObject, Verification},
    define::operations,
    email_addresses::EmailAddressIdentificationStatus,
    phone_numbers::PhoneNumber,
};

operations! { PhoneNumbers {
    /// Creates a phone number.
    fn create(; body user_id: String, body phone_number: String) -> CreatePhoneNumber: "CreatePhoneNumber" POST "/phone_numbers" => PhoneNumber {
        with body {
            verified: Option<bool>,
            primary: Option<bool>,
            reserved_for_second_factor: Option<bool>,
        }
    }

    /// Gets a phone number by id.
    fn get(phone_number_id) -> GetPhoneNumber: "GetPhoneNumber" GET "/phone_numbers/{phone_number_id}" => PhoneNumber {}

    /// Deletes a phone number.
    fn delete(phone_number_id) -> DeletePhoneNumber: "DeletePhoneNumber" DELETE "/phone_numbers/{phone_number_id}" => DeletedObject {}

    /// Changes a phone number; parameters that are not set stay unchanged.
    fn update(phone_number_id) -> UpdatePhoneNumber: "UpdatePhoneNumber" PATCH "/phone_numbers/{phone_number_id}" => PhoneNumber {
        with body {
            verified: Option<bool>,
            primary: Option<bool>,
            reserved_for_second_factor: Option<bool>,
        }
    }

    /// Sends a code to a phone number.
    fn prepare_verification(phone_number_id) -> PreparePhoneNumberVerification: "PreparePhoneNumberVerification" POST "/phone_numbers/{phone_number_id}/prepare_verification" => Verification {}

    /// Verifies a phone number with the code that was sent to it.
    fn attempt_verification(phone_number_id; body verification_id: String, body code: String) -> AttemptPhoneNumberVerification: "AttemptPhoneNumberVerification" POST "/phone_numbers/{phone_number_id}/attempt_verification" => Verification {
        with body {}
    }

    /// Replaces all of a user's phone numbers with one.
    fn replace_for_user(user_id; body phone_number: String) -> ReplaceUserPhoneNumber: "ReplaceUserPhoneNumber" PUT "/users/{user_id}/phone_number" => PhoneNumber {
        with body {
            /// Default: `verified`.
            identification_status: EmailAddressIdentificationStatus,
        }
    }
}}
