//! A user's telephone numbers.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{deleted, email_addresses::try_code, recent_user};
use crate::{
    frontend_api::{Call, FrontendError, delivery, resource, restrictions, sign_ins, sign_ups},
    store::{OutboxPurpose, PhoneNumber, Refused, User},
};

/// More than anybody has.
const MAX: usize = 20;

/// A list without an envelope.
pub(super) async fn list(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let all: Vec<_> = user.phone_numbers.iter().map(|one| described(&call, &user, one)).collect();
    Ok(call.bare(&all.into()))
}

pub(super) async fn show(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    Ok(call.answer(&described(&call, &user, own(&user, &id)?)))
}

pub(super) async fn create(call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    let number = delivery::phone_number("phone_number", call.form.required("phone_number")?)?;
    sign_ups::is_free(&call, "phone_number", &number, "That phone number is taken. Please try another.")?;
    restrictions::is_let_in(&call.shared, &number, false)?;
    let is_own = user.phone_numbers.iter().any(|own| own.phone_number == number);
    if is_own || user.phone_numbers.len() >= MAX {
        return Err(FrontendError::form("form_identifier_exists", "phone_number", "You have this number already."));
    }
    let mut id = String::new();
    let user = call.shared.edit_user(&user.id, |user| id = user.add_phone_number(&number, None).id.clone())?;
    Ok(call.answer(&described(&call, &user, own(&user, &id)?)))
}

/// Makes a number the second factor, or lets it be.
pub(super) async fn update(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    let number = own(&user, &id)?;
    let wanted = call.form.flag("reserved_for_second_factor").unwrap_or(number.reserved_for_second_factor);
    if wanted && number.verified_by.is_none() {
        return Err(FrontendError::bad_request("phone_number_unverified", "Verify the number first"));
    }
    let user = call.shared.edit_user(&user.id, |user| {
        if let Some(own) = user.phone_numbers.iter_mut().find(|own| own.id == id) {
            own.reserved_for_second_factor = wanted;
        }
    })?;
    Ok(call.answer(&described(&call, &user, own(&user, &id)?)))
}

pub(super) async fn delete(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    own(&user, &id)?;
    call.shared.edit_user(&user.id, |user| {
        user.phone_numbers.retain(|own| own.id != id);
        if user.primary_phone_number_id.as_ref() == Some(&id) {
            user.primary_phone_number_id =
                user.phone_numbers.iter().find(|own| own.verified_by.is_some()).map(|own| own.id.clone());
        }
    })?;
    Ok(deleted(&call, "phone_number", &id))
}

pub(super) async fn prepare(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let number = own(&user, &id)?;
    if number.verified_by.is_some() {
        return Err(sign_ins::refused(Refused::AlreadyVerified));
    }
    let purpose = OutboxPurpose::IdentifierVerification;
    let sent = delivery::send_code(&call.shared, "phone_code", &number.phone_number, &id, purpose);
    call.shared.store().attempts.identifications.put(&id, sent);
    Ok(call.answer(&described(&call, &user, number)))
}

pub(super) async fn attempt(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    own(&user, &id)?;
    try_code(&call, &id, "phone_code")?;
    let user = call.shared.try_edit_user(
        &user.id,
        || FrontendError::not_found("Account"),
        |store, user| {
            let unknown = || FrontendError::not_found("Phone number");
            let own = user.phone_numbers.iter_mut().find(|own| own.id == id).ok_or_else(unknown)?;
            if store.identified(&own.phone_number).is_some() {
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
    Ok(call.answer(&described(&call, &user, own(&user, &id)?)))
}

fn own<'u>(user: &'u User, id: &str) -> Result<&'u PhoneNumber, FrontendError> {
    user.phone_numbers.iter().find(|own| own.id == id).ok_or_else(|| FrontendError::not_found("Phone number"))
}

fn described(call: &Call, user: &User, number: &PhoneNumber) -> Value {
    resource::phone_number(&call.shared.store(), user, number, call.now)
}
