//! A user's e-mail addresses.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{recently_verified_user, respond_deleted};
use crate::{
    frontend_api::{
        FrontendError, FrontendRequest,
        delivery::{self, LinkRequest},
        resource, restrictions, sign_ins, sign_ups,
    },
    shared::Shared,
    store::{CodeError, EmailAddress, LinkTarget, OutboxPurpose, User},
};

/// The most addresses of one user.
const MAX: usize = 20;

/// A list without an envelope.
pub(super) async fn list(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let all: Vec<_> = user.email_addresses.iter().map(|one| to_json(&request, &user, one)).collect();
    Ok(request.respond_without_envelope(&all.into()))
}

pub(super) async fn show(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let address = find_or_404(&user, &id)?;
    Ok(request.respond(&to_json(&request, &user, address)))
}

pub(super) async fn create(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    restrictions::check_attribute(&request.shared, "email_address")?;
    let address = delivery::normalize_email_address("email_address", request.form.required("email_address")?)?;
    sign_ups::check_not_taken(&request, "email_address", &address, "That email address is taken. Please try another.")?;
    restrictions::check_allowed(&request.shared, &address, false)?;
    let is_own = user.email_addresses.iter().any(|own| own.email_address == address);
    if is_own || user.email_addresses.len() >= MAX {
        return Err(FrontendError::form("form_identifier_exists", "email_address", "You have this address already."));
    }
    let mut id = String::new();
    let user = request.shared.edit_user(&user.id, |user| id = user.add_email_address(&address, None).id.clone())?;
    Ok(request.respond(&to_json(&request, &user, find_or_404(&user, &id)?)))
}

pub(super) async fn delete(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    find_or_404(&user, &id)?;
    request.shared.edit_user(&user.id, |user| {
        user.email_addresses.retain(|own| own.id != id);
        if user.primary_email_address_id.as_ref() == Some(&id) {
            user.primary_email_address_id =
                user.email_addresses.iter().find(|own| own.verified_by.is_some()).map(|own| own.id.clone());
        }
    })?;
    Ok(respond_deleted(&request, "email_address", &id))
}

pub(super) async fn prepare(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let address = find_or_404(&user, &id)?;
    if address.verified_by.is_some() {
        return Err(sign_ins::code_error(CodeError::AlreadyVerified));
    }
    let (shared, purpose) = (&request.shared, OutboxPurpose::IdentifierVerification);
    let verification = match request.form.required("strategy")? {
        strategy @ "email_code" => delivery::send_code(shared, strategy, &address.email_address, &id, purpose),
        "email_link" => {
            let redirect_url =
                request.redirect_url("redirect_url")?.ok_or_else(|| FrontendError::missing("redirect_url"))?;
            let client = request.client().ok_or_else(FrontendError::signed_out)?;
            let link = LinkRequest {
                client_id: &client.id,
                to: &address.email_address,
                id: &id,
                purpose,
                target: LinkTarget::Identification { user_id: user.id.clone(), id: id.clone() },
                redirect_url: redirect_url.into(),
            };
            delivery::send_link(shared, link)
        }
        _ => return Err(FrontendError::strategy()),
    };
    shared.store().attempts.identifications.put(&id, verification);
    Ok(request.respond(&to_json(&request, &user, address)))
}

pub(super) async fn attempt(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    find_or_404(&user, &id)?;
    try_code(&request, &id, "email_code")?;
    let user = mark_address_verified(&request.shared, &user.id, &id, "email_code")?;
    Ok(request.respond(&to_json(&request, &user, find_or_404(&user, &id)?)))
}

/// Tries the code that was sent to an address or a number of the user.
pub(super) fn try_code(request: &FrontendRequest, id: &str, strategy: &str) -> Result<(), FrontendError> {
    let code = request.form.required("code")?;
    let mut store = request.shared.store();
    let open =
        store.attempts.identifications.get_mut(id).ok_or_else(|| sign_ins::code_error(CodeError::NotPrepared))?;
    open.try_code(strategy, code, request.now).map_err(sign_ins::code_error)?;
    store.attempts.identifications.remove(id);
    Ok(())
}

/// Marks an address as verified, unless another user has verified it meanwhile.
pub(in crate::frontend_api) fn mark_address_verified(
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
            if store.user_by_identifier(&own.email_address).is_some_and(|other| other.id != user_id) {
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

fn find_or_404<'u>(user: &'u User, id: &str) -> Result<&'u EmailAddress, FrontendError> {
    user.email_addresses.iter().find(|own| own.id == id).ok_or_else(|| FrontendError::not_found("Email address"))
}

fn to_json(request: &FrontendRequest, user: &User, address: &EmailAddress) -> Value {
    resource::email_address(&request.shared.store(), user, address, request.now)
}
