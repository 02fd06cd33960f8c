//! Checks of identifiers: their form, and that no other user has them.

use crate::{http::ApiError, store::Store};

/// The longest address ([RFC 5321, section 4.5.3.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1)).
const MAX_EMAIL_ADDRESS: usize = 320;

/// Whether the form of an address is valid.
pub(super) fn is_email_address(address: &str) -> bool {
    let parts = address.split_once('@');
    address.len() <= MAX_EMAIL_ADDRESS
        && !address.contains(char::is_whitespace)
        && parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.contains('@') && domain.contains('.'))
}

/// Checks the form of an address that is not a user's yet, of an invitation for example.
pub(super) fn check_form_of_email_address(parameter: &str, address: &str) -> Result<String, ApiError> {
    if !is_email_address(address) {
        return Err(ApiError::invalid_format(parameter, format!("{parameter} must be a valid email address")));
    }
    Ok(address.to_lowercase())
}

/// Checks the form of a user's new address, and that no other user has it.
pub(super) fn check_email_address(store: &Store, address: &str, user_id: &str) -> Result<(), ApiError> {
    check_form_of_email_address("email_address", address)?;
    let is_taken = store.users.iter().any(|user| {
        user.id != user_id && user.email_addresses.iter().any(|own| own.email_address.eq_ignore_ascii_case(address))
    });
    if is_taken { Err(ApiError::identifier_taken("email_address")) } else { Ok(()) }
}

/// Checks the form of a user's new number, and that no other user has it.
pub(super) fn check_phone_number(store: &Store, number: &str, user_id: &str) -> Result<(), ApiError> {
    let digits = number.strip_prefix('+').unwrap_or_default();
    if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ApiError::invalid_format("phone_number", "phone_number must be a number such as +15555550100"));
    }
    let is_taken = store
        .users
        .iter()
        .any(|user| user.id != user_id && user.phone_numbers.iter().any(|own| own.phone_number == number));
    if is_taken { Err(ApiError::identifier_taken("phone_number")) } else { Ok(()) }
}

/// Checks the form of a user's new username, and that no other user has it.
pub(super) fn check_username(store: &Store, username: &str, user_id: &str) -> Result<(), ApiError> {
    let is_fine = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    if username.is_empty() || username.len() > 64 || !username.chars().all(is_fine) {
        return Err(ApiError::for_parameter(
            "username",
            "form_username_invalid_character",
            "a username has up to 64 letters, digits, dots, hyphens and underscores",
        ));
    }
    let same = |own: &str| own.eq_ignore_ascii_case(username);
    let is_taken = store.users.iter().any(|user| user.id != user_id && user.username.as_deref().is_some_and(same));
    if is_taken { Err(ApiError::identifier_taken("username")) } else { Ok(()) }
}
