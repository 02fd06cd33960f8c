//! A user's e-mail addresses.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{deleted, recent_user};
use crate::{
    frontend_api::{
        Call, FrontendError,
        delivery::{self, Letter},
        resource, restrictions, sign_ins, sign_ups,
    },
    shared::Shared,
    store::{EmailAddress, OutboxPurpose, Proof, Refused, User},
};

/// More than anybody has.
const MAX: usize = 20;

/// A list without an envelope.
pub(super) async fn list(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let all: Vec<_> = user.email_addresses.iter().map(|one| described(&call, &user, one)).collect();
    Ok(call.bare(&all.into()))
}

pub(super) async fn show(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let address = own(&user, &id)?;
    Ok(call.answer(&described(&call, &user, address)))
}

pub(super) async fn create(call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    let address = delivery::email_address("email_address", call.form.required("email_address")?)?;
    sign_ups::is_free(&call, "email_address", &address, "That email address is taken. Please try another.")?;
    restrictions::is_let_in(&call.shared, &address, false)?;
    let is_own = user.email_addresses.iter().any(|own| own.email_address == address);
    if is_own || user.email_addresses.len() >= MAX {
        return Err(FrontendError::form("form_identifier_exists", "email_address", "You have this address already."));
    }
    let mut id = String::new();
    let user = call.shared.edit_user(&user.id, |user| id = user.add_email_address(&address, None).id.clone())?;
    Ok(call.answer(&described(&call, &user, own(&user, &id)?)))
}

pub(super) async fn delete(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    own(&user, &id)?;
    call.shared.edit_user(&user.id, |user| {
        user.email_addresses.retain(|own| own.id != id);
        if user.primary_email_address_id.as_ref() == Some(&id) {
            user.primary_email_address_id =
                user.email_addresses.iter().find(|own| own.verified_by.is_some()).map(|own| own.id.clone());
        }
    })?;
    Ok(deleted(&call, "email_address", &id))
}

pub(super) async fn prepare(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let address = own(&user, &id)?;
    if address.verified_by.is_some() {
        return Err(sign_ins::refused(Refused::AlreadyVerified));
    }
    let (shared, purpose) = (&call.shared, OutboxPurpose::IdentifierVerification);
    let verification = match call.form.required("strategy")? {
        strategy @ "email_code" => delivery::send_code(shared, strategy, &address.email_address, &id, purpose),
        "email_link" => {
            let redirect_url =
                call.redirect_url("redirect_url")?.ok_or_else(|| FrontendError::missing("redirect_url"))?;
            let client = call.client().ok_or_else(FrontendError::signed_out)?;
            let letter = Letter {
                client_id: &client.id,
                to: &address.email_address,
                id: &id,
                purpose,
                proof: Proof::Identification { user_id: user.id.clone(), id: id.clone() },
                redirect_url: redirect_url.into(),
            };
            delivery::send_link(shared, letter)
        }
        _ => return Err(FrontendError::strategy()),
    };
    shared.store().attempts.identifications.put(&id, verification);
    Ok(call.answer(&described(&call, &user, address)))
}

pub(super) async fn attempt(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    own(&user, &id)?;
    try_code(&call, &id, "email_code")?;
    let user = address_is_verified(&call.shared, &user.id, &id, "email_code")?;
    Ok(call.answer(&described(&call, &user, own(&user, &id)?)))
}

/// Tries the code that was sent to an address or a number of the user.
pub(super) fn try_code(call: &Call, id: &str, strategy: &str) -> Result<(), FrontendError> {
    let code = call.form.required("code")?;
    let mut store = call.shared.store();
    let open = store.attempts.identifications.get_mut(id).ok_or_else(|| sign_ins::refused(Refused::NotPrepared))?;
    open.try_code(strategy, code, call.now).map_err(sign_ins::refused)?;
    store.attempts.identifications.remove(id);
    Ok(())
}

/// The address is the user's from now on, unless somebody else has proved it meanwhile.
pub(in crate::frontend_api) fn address_is_verified(
    shared: &Shared,
    user_id: &str,
    id: &str,
    strategy: &str,
) -> Result<User, FrontendError> {
    shared.try_edit_user(
        user_id,
        || FrontendError::not_found("Account"),
        |store, user| {
            let unknown = || FrontendError::not_found("Email address");
            let own = user.email_addresses.iter_mut().find(|own| own.id == id).ok_or_else(unknown)?;
            if store.identified(&own.email_address).is_some_and(|other| other.id != user_id) {
                return Err(FrontendError::form(
                    "form_identifier_exists",
                    "email_address",
                    "That email address is taken.",
                ));
            }
            own.verified_by = Some(strategy.to_owned());
            Ok(())
        },
    )
}

fn own<'u>(user: &'u User, id: &str) -> Result<&'u EmailAddress, FrontendError> {
    user.email_addresses.iter().find(|own| own.id == id).ok_or_else(|| FrontendError::not_found("Email address"))
}

fn described(call: &Call, user: &User, address: &EmailAddress) -> Value {
    resource::email_address(&call.shared.store(), user, address, call.now)
}
