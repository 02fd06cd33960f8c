//! `POST /v1/client/sign_ups`, and `PATCH`, which adds to a sign-up.

use axum::{extract::Path, response::Response};

use super::{apply_provider_profile, find_in_progress, proceed, verification};
use crate::{
    frontend_api::{
        FrontendError, FrontendRequest, delivery, passwords, providers, restrictions,
        tickets::{self, RedeemedTicket},
    },
    password::PasswordHash,
    store::{Client, ProviderIntent, SignUp, Verification},
};

pub(super) async fn create(mut request: FrontendRequest) -> Result<Response, FrontendError> {
    let client = request.client_or_new();
    let is_one = request.shared.store().live_sessions_on(&client.id, request.now).next().is_some();
    if request.shared.settings().single_session && is_one {
        let message = "You're currently in single session mode. You can only be signed into one account at a time.";
        return Err(FrontendError::bad_request("session_exists", message));
    }
    let mut sign_up = SignUp::new(request.now);
    if request.form.flag("transfer") == Some(true) {
        transfer(&request, &client, &mut sign_up)?;
    }
    restrictions::check_sign_up_start(&request.shared, &sign_up, request.form.get("strategy"))?;
    apply(&request, &client, &mut sign_up)?;
    proceed(&request, sign_up)
}

pub(super) async fn update(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let client = request.client().ok_or_else(super::not_found)?;
    let mut sign_up = find_in_progress(&request, &id)?;
    apply(&request, &client, &mut sign_up)?;
    proceed(&request, sign_up)
}

/// Applies the form to the sign-up.
fn apply(request: &FrontendRequest, client: &Client, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let form = &request.form;
    check_enabled(request)?;
    apply_names(request, sign_up)?;
    apply_identifiers(request, sign_up)?;
    if let Some(password) = form.get("password") {
        passwords::check_new(request, "password", password)?;
        sign_up.password =
            Some(PasswordHash::new(password).ok_or_else(|| FrontendError::invalid("password", "cannot be used"))?);
    }
    if let Some(metadata) = form.metadata("unsafe_metadata")? {
        sign_up.unsafe_metadata = metadata;
    }
    if form.flag("legal_accepted") == Some(true) {
        sign_up.legal_accepted_at = Some(request.now);
    }
    match form.get("strategy") {
        Some("ticket") => apply_ticket(request, sign_up),
        Some("enterprise_sso") => {
            let address = sign_up.email_address.clone().unwrap_or_default();
            let settings = request.shared.settings();
            let connection = settings.connection_for(&address).ok_or_else(FrontendError::strategy)?;
            let intent = ProviderIntent::SignUp(sign_up.id.clone());
            sign_up.external = Some(providers::start_enterprise(request, client, intent, connection, &address)?);
            Ok(())
        }
        Some(strategy) if strategy.starts_with("oauth_") => {
            let intent = ProviderIntent::SignUp(sign_up.id.clone());
            sign_up.external = Some(providers::start_social(request, client, intent, strategy)?);
            Ok(())
        }
        Some(strategy @ ("email_code" | "email_link" | "phone_code")) => {
            verification::begin(request, client, sign_up, strategy)
        }
        _ => Ok(()),
    }
}

/// Rejects attributes that are disabled.
fn check_enabled(request: &FrontendRequest) -> Result<(), FrontendError> {
    let attributes = request.shared.settings().attributes();
    let mut refused =
        attributes.into_iter().filter(|(name, one)| !one.is_enabled() && request.form.get(name).is_some());
    refused.next().map_or(Ok(()), |(name, _)| Err(FrontendError::unknown(name)))
}

fn apply_names(request: &FrontendRequest, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let form = &request.form;
    if form.has("first_name") {
        sign_up.first_name = form.text("first_name")?.map(str::to_owned);
    }
    if form.has("last_name") {
        sign_up.last_name = form.text("last_name")?.map(str::to_owned);
    }
    Ok(())
}

fn apply_identifiers(request: &FrontendRequest, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let form = &request.form;
    let either = form.get("email_address_or_phone_number");
    let kind = if either.is_some_and(|text| text.contains('@')) { "email_address" } else { "phone_number" };
    if either.is_some() && request.shared.settings().disables(kind) {
        return Err(FrontendError::unknown("email_address_or_phone_number"));
    }
    let (address, number) = match either {
        Some(text) if text.contains('@') => (Some(text), None),
        other => (None, other),
    };
    if let Some(text) = form.get("email_address").or(address) {
        let address = delivery::normalize_email_address("email_address", text)?;
        if sign_up.email_address.as_ref() != Some(&address) {
            check_not_taken(request, "email_address", &address, "That email address is taken. Please try another.")?;
            restrictions::check_allowed(&request.shared, &address, false)?;
            (sign_up.email_address, sign_up.email) = (Some(address), None);
        }
    }
    if let Some(text) = form.get("phone_number").or(number) {
        let number = delivery::normalize_phone_number("phone_number", text)?;
        if sign_up.phone_number.as_ref() != Some(&number) {
            check_not_taken(request, "phone_number", &number, "That phone number is taken. Please try another.")?;
            restrictions::check_allowed(&request.shared, &number, false)?;
            (sign_up.phone_number, sign_up.phone) = (Some(number), None);
        }
    }
    if form.has("username") {
        sign_up.username = normalize_username(request, form.get("username"))?;
    }
    Ok(())
}

/// Checks a username, and returns it in the form that is stored; `None` to remove it.
pub(in crate::frontend_api) fn normalize_username(
    request: &FrontendRequest,
    text: Option<&str>,
) -> Result<Option<String>, FrontendError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let name = text.to_lowercase();
    let is_name = name.bytes().all(|one| one.is_ascii_alphanumeric() || matches!(one, b'_' | b'-'));
    if !is_name {
        let message = "Username can only contain letters, numbers and '_' or '-'.";
        return Err(FrontendError::form("form_username_invalid_character", "username", message));
    }
    if !(4..=64).contains(&name.len()) {
        let message = "Username must be between 4 and 64 characters long.";
        return Err(FrontendError::form("form_username_invalid_length", "username", message));
    }
    check_not_taken(request, "username", &name, "That username is taken. Please try another.")?;
    Ok(Some(name))
}

/// Rejects an identifier that belongs to a user.
pub(in crate::frontend_api) fn check_not_taken(
    request: &FrontendRequest,
    field: &str,
    identifier: &str,
    message: &str,
) -> Result<(), FrontendError> {
    if request.shared.store().user_by_identifier(identifier).is_some() {
        return Err(FrontendError::form("form_identifier_exists", field, message));
    }
    Ok(())
}

/// Applies an invitation, whose ticket verifies the address.
fn apply_ticket(request: &FrontendRequest, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let redeemed = tickets::redeem(request, request.form.required("ticket")?)?;
    let RedeemedTicket::Invited { invitation_id, email_address, public_metadata } = redeemed else {
        return Err(tickets::invalid_ticket());
    };
    check_not_taken(request, "email_address", &email_address, "That email address is taken. Sign in instead.")?;
    sign_up.email_address = Some(email_address);
    sign_up.email = Some(Verification::verified("ticket", request.now));
    sign_up.invitation_id = Some(invitation_id);
    sign_up.public_metadata = public_metadata;
    Ok(())
}

/// Turns a sign-in at a provider into a sign-up, because the user does not exist.
fn transfer(request: &FrontendRequest, client: &Client, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let sign_in = request.shared.store().attempts.sign_in(&client.id, request.now).cloned();
    let known = sign_in.and_then(|one| Some((one.first?, one.profile?)));
    let Some((first, profile)) = known.filter(|(first, _)| first.is_transferable()) else {
        return Err(FrontendError::bad_request("account_transfer_invalid", "There is no sign-in to go on with"));
    };
    let external = Verification::verified(&first.strategy, request.now);
    apply_provider_profile(&request.shared, sign_up, external, profile);
    Ok(())
}
