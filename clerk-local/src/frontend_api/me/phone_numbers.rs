//! A user's telephone numbers.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{email_addresses::try_code, recently_verified_user, respond_deleted};
use crate::{
    frontend_api::{FrontendError, FrontendRequest, delivery, resource, restrictions, sign_ins, sign_ups},
    store::{CodeError, OutboxPurpose, PhoneNumber, User},
};

/// The most numbers of one user.
const MAX: usize = 20;

/// A list without an envelope.
pub(super) async fn list(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let all: Vec<_> = user.phone_numbers.iter().map(|one| to_json(&request, &user, one)).collect();
    Ok(request.respond_without_envelope(&all.into()))
}

pub(super) async fn show(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    Ok(request.respond(&to_json(&request, &user, find_or_404(&user, &id)?)))
}

pub(super) async fn create(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    restrictions::check_attribute(&request.shared, "phone_number")?;
    let number = delivery::normalize_phone_number("phone_number", request.form.required("phone_number")?)?;
    sign_ups::check_not_taken(&request, "phone_number", &number, "That phone number is taken. Please try another.")?;
    restrictions::check_allowed(&request.shared, &number, false)?;
    let is_own = user.phone_numbers.iter().any(|own| own.phone_number == number);
    if is_own || user.phone_numbers.len() >= MAX {
        return Err(FrontendError::form("form_identifier_exists", "phone_number", "You have this number already."));
    }
    let mut id = String::new();
    let user = request.shared.edit_user(&user.id, |user| id = user.add_phone_number(&number, None).id.clone())?;
    Ok(request.respond(&to_json(&request, &user, find_or_404(&user, &id)?)))
}

/// Makes a number a second factor, or stops that.
pub(super) async fn update(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    let number = find_or_404(&user, &id)?;
    let wanted = request.form.flag("reserved_for_second_factor").unwrap_or(number.reserved_for_second_factor);
    if wanted && number.verified_by.is_none() {
        return Err(FrontendError::bad_request("phone_number_unverified", "Verify the number first"));
    }
    let mut codes = None;
    let user = request.shared.edit_user(&user.id, |user| {
        if let Some(own) = user.phone_numbers.iter_mut().find(|own| own.id == id) {
            own.reserved_for_second_factor = wanted;
        }
        if wanted && user.secrets.backup_codes.left() == 0 {
            codes = user.secrets.new_backup_codes();
        }
    })?;
    let mut described = to_json(&request, &user, find_or_404(&user, &id)?);
    // Shown once, as with an authenticator app.
    if let Some(codes) = codes {
        described["backup_codes"] = codes.into();
    }
    Ok(request.respond(&described))
}

pub(super) async fn delete(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    find_or_404(&user, &id)?;
    request.shared.edit_user(&user.id, |user| {
        user.phone_numbers.retain(|own| own.id != id);
        if user.primary_phone_number_id.as_ref() == Some(&id) {
            user.primary_phone_number_id =
                user.phone_numbers.iter().find(|own| own.verified_by.is_some()).map(|own| own.id.clone());
        }
    })?;
    Ok(respond_deleted(&request, "phone_number", &id))
}

pub(super) async fn prepare(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let number = find_or_404(&user, &id)?;
    if number.verified_by.is_some() {
        return Err(sign_ins::code_error(CodeError::AlreadyVerified));
    }
    let purpose = OutboxPurpose::IdentifierVerification;
    let sent = delivery::send_code(&request.shared, "phone_code", &number.phone_number, &id, purpose);
    request.shared.store().attempts.identifications.put(&id, sent);
    Ok(request.respond(&to_json(&request, &user, number)))
}

pub(super) async fn attempt(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    find_or_404(&user, &id)?;
    try_code(&request, &id, "phone_code")?;
    let user = request.shared.try_edit_user(
        &user.id,
        || FrontendError::not_found("Account"),
        |store, user| {
            let unknown = || FrontendError::not_found("Phone number");
            let own = user.phone_numbers.iter_mut().find(|own| own.id == id).ok_or_else(unknown)?;
            if store.user_by_identifier(&own.phone_number).is_some() {
                return Err(FrontendError::form(
                    "form_identifier_exists",
                    "phone_number",
                    "That phone number is taken.",
                ));
            }
            own.verified_by = Some("phone_code".to_owned());
            Ok(())
        },
    )?;
    Ok(request.respond(&to_json(&request, &user, find_or_404(&user, &id)?)))
}

fn find_or_404<'u>(user: &'u User, id: &str) -> Result<&'u PhoneNumber, FrontendError> {
    user.phone_numbers.iter().find(|own| own.id == id).ok_or_else(|| FrontendError::not_found("Phone number"))
}

fn to_json(request: &FrontendRequest, user: &User, number: &PhoneNumber) -> Value {
    resource::phone_number(&request.shared.store(), user, number, request.now)
}
