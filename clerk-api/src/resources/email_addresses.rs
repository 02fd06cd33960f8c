//! Email addresses.

pub use clerk_types::identification::{EmailAddress, EmailAddressIdentificationStatus};
use clerk_types::{common::DeletedObject, verification::Verification};

use crate::define::resource;

resource! {
/// Email addresses.
EmailAddresses, email_addresses {
    /// Creates an email address.
    POST "/email_addresses" CreateEmailAddress
    create(; user_id: String, email_address: String) {
        verified: Option<bool>, primary: Option<bool>,
        /// Default: `false`.
        notify_primary_email_address_changed: Option<bool>,
    } -> EmailAddress;

    /// Gets an email address by id.
    GET "/email_addresses/{email_address_id}" GetEmailAddress
    get(email_address_id) -> EmailAddress;

    /// Deletes an email address.
    DELETE "/email_addresses/{email_address_id}" DeleteEmailAddress
    delete(email_address_id) -> DeletedObject;

    /// Changes an email address; parameters that are not set stay unchanged.
    PATCH "/email_addresses/{email_address_id}" UpdateEmailAddress
    update(email_address_id) {
        verified: Option<bool>, primary: Option<bool>,
        /// Default: `false`.
        notify_primary_email_address_changed: Option<bool>,
    } -> EmailAddress;

    /// Sends a code to an email address.
    POST "/email_addresses/{email_address_id}/prepare_verification" PrepareEmailAddressVerification
    prepare_verification(email_address_id) -> Verification;

    /// Verifies an email address with the code that was sent to it.
    POST "/email_addresses/{email_address_id}/attempt_verification" AttemptEmailAddressVerification
    attempt_verification(email_address_id; verification_id: String, code: String) -> Verification;

    /// Replaces all of a user's email addresses with one.
    PUT "/users/{user_id}/email_address" ReplaceUserEmailAddress
    replace_for_user(user_id; email_address: String) {
        /// Default: `verified`.
        identification_status: EmailAddressIdentificationStatus,
        /// Default: `false`.
        notify_primary_email_address_changed: Option<bool>,
    } -> EmailAddress;
}}
