//! Operations on email addresses.

use crate::{
    common::{DeletedObject, Verification},
    define::operations,
    email_addresses::{EmailAddress, EmailAddressIdentificationStatus},
};

operations! { EmailAddresses {
    /// Creates an email address.
    fn create(; body user_id: String, body email_address: String) -> CreateEmailAddress: "CreateEmailAddress" POST "/email_addresses" => EmailAddress {
        with body {
            verified: Option<bool>,
            primary: Option<bool>,
            /// Default: `false`.
            notify_primary_email_address_changed: Option<bool>,
        }
    }

    /// Gets an email address by id.
    fn get(email_address_id) -> GetEmailAddress: "GetEmailAddress" GET "/email_addresses/{email_address_id}" => EmailAddress {}

    /// Deletes an email address.
    fn delete(email_address_id) -> DeleteEmailAddress: "DeleteEmailAddress" DELETE "/email_addresses/{email_address_id}" => DeletedObject {}

    /// Changes an email address; parameters that are not set stay unchanged.
    fn update(email_address_id) -> UpdateEmailAddress: "UpdateEmailAddress" PATCH "/email_addresses/{email_address_id}" => EmailAddress {
        with body {
            verified: Option<bool>,
            primary: Option<bool>,
            /// Default: `false`.
            notify_primary_email_address_changed: Option<bool>,
        }
    }

    /// Sends a code to an email address.
    fn prepare_verification(email_address_id) -> PrepareEmailAddressVerification: "PrepareEmailAddressVerification" POST "/email_addresses/{email_address_id}/prepare_verification" => Verification {}

    /// Verifies an email address with the code that was sent to it.
    fn attempt_verification(email_address_id; body verification_id: String, body code: String) -> AttemptEmailAddressVerification: "AttemptEmailAddressVerification" POST "/email_addresses/{email_address_id}/attempt_verification" => Verification {
        with body {}
    }

    /// Replaces all of a user's email addresses with one.
    fn replace_for_user(user_id; body email_address: String) -> ReplaceUserEmailAddress: "ReplaceUserEmailAddress" PUT "/users/{user_id}/email_address" => EmailAddress {
        with body {
            /// Default: `verified`.
            identification_status: EmailAddressIdentificationStatus,
            /// Default: `false`.
            notify_primary_email_address_changed: Option<bool>,
        }
    }
}}
