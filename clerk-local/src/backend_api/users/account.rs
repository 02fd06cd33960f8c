//! Parameters that the creation and the update of a user share.

use clerk_core::time::Timestamp;

use crate::{
    backend_api::{fields::BodyFields, identifiers},
    backup_codes::BackupCodes,
    date,
    http::ApiError,
    password::{HASHERS, PasswordHash},
    store::{Store, User},
    totp::TotpSecret,
};

/// The shortest password in characters, Clerk's default.
const MIN_PASSWORD: usize = 8;

/// The identifiers that a new user claims.
pub(super) struct NewIdentifiers {
    pub(super) email_addresses: Vec<String>,
    pub(super) phone_numbers: Vec<String>,
}

/// Takes the settings of a user.
pub(super) fn take_settings(fields: &mut BodyFields, user: &mut User) -> Result<(), ApiError> {
    if let Some(locale) = fields.nullable("locale")? {
        user.locale = locale;
    }
    if let Some(enabled) = fields.optional("delete_self_enabled")? {
        user.delete_self_enabled = enabled;
    }
    if let Some(enabled) = fields.optional("create_organization_enabled")? {
        user.create_organization_enabled = enabled;
    }
    if let Some(limit) = fields.nullable("create_organizations_limit")? {
        user.create_organizations_limit = limit;
    }
    if let Some(bypass) = fields.optional("bypass_client_trust")? {
        user.bypass_client_trust = bypass;
    }
    if let Some(at) = take_date(fields, "legal_accepted_at")? {
        user.legal_accepted_at = Some(at);
    }
    if let Some(at) = take_date(fields, "created_at")? {
        user.created_at = at;
    }
    fields.ignore(&["skip_legal_checks"]);
    Ok(())
}

/// Takes a date in the form of [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339).
pub(in crate::backend_api) fn take_date(fields: &mut BodyFields, name: &str) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = fields.optional::<String>(name)? else { return Ok(None) };
    let problem =
        || ApiError::invalid_format(name, "a date in the form of RFC 3339, 2012-10-20T07:15:20.902Z for example");
    date::parse_rfc3339(&text).map(Some).ok_or_else(problem)
}

/// Takes a new password, in plain text or as a digest from an earlier system.
pub(super) fn take_new_password(fields: &mut BodyFields) -> Result<Option<PasswordHash>, ApiError> {
    let password: Option<String> = fields.optional("password")?;
    let digest: Option<String> = fields.optional("password_digest")?;
    let hasher: Option<String> = fields.optional("password_hasher")?;
    let skip_checks = fields.optional("skip_password_checks")?.unwrap_or(false);
    match (password, digest) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(ApiError::invalid_value("password_digest", "a password or its digest, not both")),
        (Some(password), None) => {
            if !skip_checks && password.chars().count() < MIN_PASSWORD {
                let problem = format!("a password has {MIN_PASSWORD} characters or more");
                return Err(ApiError::for_parameter("password", "form_password_length_too_short", problem));
            }
            let too_long =
                || ApiError::for_parameter("password", "form_password_length_too_long", "the password is too long");
            PasswordHash::new(&password).map(Some).ok_or_else(too_long)
        }
        (None, Some(digest)) => {
            let hasher = hasher.ok_or_else(|| ApiError::missing_parameter("password_hasher"))?;
            let Some((hasher, form)) = HASHERS.into_iter().find(|(known, _)| *known == hasher) else {
                let known = HASHERS.map(|(known, _)| known).join(", ");
                return Err(ApiError::invalid_value("password_hasher", format!("clerk-local knows {known} alone")));
            };
            let malformed = || ApiError::invalid_format("password_digest", form);
            PasswordHash::from_digest(hasher, &digest).map(Some).ok_or_else(malformed)
        }
    }
}

/// Takes second factors from an earlier system.
pub(super) fn take_second_factors(fields: &mut BodyFields, user: &mut User) -> Result<(), ApiError> {
    if let Some(secret) = fields.optional::<String>("totp_secret")? {
        let secret = TotpSecret::from_base32(&secret);
        let secret = secret.ok_or_else(|| ApiError::invalid_format("totp_secret", "totp_secret must be base32"))?;
        user.secrets.totp = Some((secret, true));
    }
    if let Some(codes) = fields.optional::<Vec<String>>("backup_codes")? {
        user.secrets.backup_codes = BackupCodes::from_texts(&codes);
    }
    Ok(())
}

/// Checks the form of a user's identifiers, and that no other user has them.
pub(super) fn check_identifiers(store: &Store, user: &User) -> Result<(), ApiError> {
    if let Some(username) = &user.username {
        identifiers::check_username(store, username, &user.id)?;
    }
    for address in &user.email_addresses {
        identifiers::check_email_address(store, &address.email_address, &user.id)?;
    }
    for number in &user.phone_numbers {
        identifiers::check_phone_number(store, &number.phone_number, &user.id)?;
    }
    let is_other =
        |other: &User| other.id != user.id && other.external_id.is_some() && other.external_id == user.external_id;
    if store.users.find(is_other).is_some() {
        return Err(ApiError::identifier_taken("external_id"));
    }
    Ok(())
}
