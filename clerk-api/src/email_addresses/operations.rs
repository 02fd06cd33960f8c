//! Operations on email addresses.

use crate::{
    arguments::{Choice, Flag, Maybe, Text},
    common::{DeletedObject, Verification},
    define::operations,
    email_addresses::{EmailAddress, EmailAddressIdentificationStatus},
};

operations! { EmailAddresses {
    /// Creates an email address.
    fn create(; body user_id: Text, body email_address: Text) -> CreateEmailAddress: "CreateEmailAddress" POST "/email_addresses" => EmailAddress {
        with body {
            verified: Maybe<Flag>,
            primary: Maybe<Flag>,
            /// Default: `false`.
            notify_primary_email_address_changed: Maybe<Flag>,
        }
    }

    /// Gets an email address by id.
    fn get(email_address_id) -> GetEmailAddress: "GetEmailAddress" GET "/email_addresses/{email_address_id}" => EmailAddress {}

    /// Deletes an email address.
    fn delete(email_address_id) -> DeleteEmailAddress: "DeleteEmailAddress" DELETE "/email_addresses/{email_address_id}" => DeletedObject {}

    /// Changes an email address; parameters that are not set stay unchanged.
    fn update(email_address_id) -> UpdateEmailAddress: "UpdateEmailAddress" PATCH "/email_addresses/{email_address_id}" => EmailAddress {
        with body {
            verified: Maybe<Flag>,
            primary: Maybe<Flag>,
            /// Default: `false`.
            notify_primary_email_address_changed: Maybe<Flag>,
        }
    }

    /// Sends a code to an email address.
    fn prepare_verification(email_address_id) -> PrepareEmailAddressVerification: "PrepareEmailAddressVerification" POST "/email_addresses/{email_address_id}/prepare_verification" => Verification {}

    /// Verifies an email address with the code that was sent to it.
    fn attempt_verification(email_address_id; body verification_id: Text, body code: Text) -> AttemptEmailAddressVerification: "AttemptEmailAddressVerification" POST "/email_addresses/{email_address_id}/attempt_verification" => Verification {
        with body {}
    }

    /// Replaces all of a user's email addresses with one.
    fn replace_for_user(user_id; body email_address: Text) -> ReplaceUserEmailAddress: "ReplaceUserEmailAddress" PUT "/users/{user_id}/email_address" => EmailAddress {
        with body {
            /// Default: `verified`.
            identification_status: Choice<EmailAddressIdentificationStatus>,
            /// Default: `false`.
            notify_primary_email_address_changed: Maybe<Flag>,
        }
    }
}}
