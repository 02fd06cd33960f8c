//! `POST /v1/client/sign_ups`, and `PATCH` for what comes later.

use axum::{extract::Path, response::Response};

use super::{proceed, under_way, verification, vouched_for};
use crate::{
    frontend_api::{
        Call, FrontendError, delivery, passwords, providers, restrictions,
        tickets::{self, Admission},
    },
    password::PasswordHash,
    store::{Client, Purpose, SignUp, Verification},
};

pub(super) async fn create(mut call: Call) -> Result<Response, FrontendError> {
    let client = call.client_or_new();
    let is_one = call.shared.store().live_sessions_on(&client.id, call.now).next().is_some();
    if call.shared.settings.single_session && is_one {
        let message = "You're currently in single session mode. You can only be signed into one account at a time.";
        return Err(FrontendError::bad_request("session_exists", message));
    }
    let mut sign_up = SignUp::new(call.now);
    if call.form.flag("transfer") == Some(true) {
        transfer(&call, &client, &mut sign_up)?;
    }
    restrictions::may_begin(&call.shared, &sign_up, call.form.get("strategy"))?;
    apply(&call, &client, &mut sign_up)?;
    proceed(&call, sign_up)
}

pub(super) async fn update(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let client = call.client().ok_or_else(super::unknown)?;
    let mut sign_up = under_way(&call, &id)?;
    apply(&call, &client, &mut sign_up)?;
    proceed(&call, sign_up)
}

/// Writes down what the form says.
fn apply(call: &Call, client: &Client, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let form = &call.form;
    names(call, sign_up)?;
    identifiers(call, sign_up)?;
    if let Some(password) = form.get("password") {
        passwords::check_new(call, "password", password)?;
        sign_up.password =
            Some(PasswordHash::new(password).ok_or_else(|| FrontendError::invalid("password", "cannot be used"))?);
    }
    if let Some(metadata) = form.metadata("unsafe_metadata")? {
        sign_up.unsafe_metadata = metadata;
    }
    if form.flag("legal_accepted") == Some(true) {
        sign_up.legal_accepted_at = Some(call.now);
    }
    match form.get("strategy") {
        Some("ticket") => by_ticket(call, sign_up),
        Some("enterprise_sso") => {
            let address = sign_up.email_address.clone().unwrap_or_default();
            let connection = call.shared.settings.connection_for(&address).ok_or_else(FrontendError::strategy)?;
            let purpose = Purpose::SignUp(sign_up.id.clone());
            sign_up.external = Some(providers::begin_enterprise(call, client, purpose, connection, &address)?);
            Ok(())
        }
        Some(strategy) if strategy.starts_with("oauth_") => {
            let purpose = Purpose::SignUp(sign_up.id.clone());
            sign_up.external = Some(providers::begin(call, client, purpose, strategy)?);
            Ok(())
        }
        Some(strategy @ ("email_code" | "email_link" | "phone_code")) => {
            verification::begin(call, client, sign_up, strategy)
        }
        _ => Ok(()),
    }
}

fn names(call: &Call, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let form = &call.form;
    if form.has("first_name") {
        sign_up.first_name = form.text("first_name")?.map(str::to_owned);
    }
    if form.has("last_name") {
        sign_up.last_name = form.text("last_name")?.map(str::to_owned);
    }
    Ok(())
}

fn identifiers(call: &Call, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let form = &call.form;
    let either = form.get("email_address_or_phone_number");
    let (address, number) = match either {
        Some(text) if text.contains('@') => (Some(text), None),
        other => (None, other),
    };
    if let Some(text) = form.get("email_address").or(address) {
        let address = delivery::email_address("email_address", text)?;
        if sign_up.email_address.as_ref() != Some(&address) {
            is_free(call, "email_address", &address, "That email address is taken. Please try another.")?;
            restrictions::is_let_in(&call.shared, &address, false)?;
            (sign_up.email_address, sign_up.email) = (Some(address), None);
        }
    }
    if let Some(text) = form.get("phone_number").or(number) {
        let number = delivery::phone_number("phone_number", text)?;
        if sign_up.phone_number.as_ref() != Some(&number) {
            is_free(call, "phone_number", &number, "That phone number is taken. Please try another.")?;
            restrictions::is_let_in(&call.shared, &number, false)?;
            (sign_up.phone_number, sign_up.phone) = (Some(number), None);
        }
    }
    if form.has("username") {
        sign_up.username = username(call, form.get("username"))?;
    }
    Ok(())
}

/// A username as it is kept; `None` when it is to be taken away.
pub(in crate::frontend_api) fn username(call: &Call, text: Option<&str>) -> Result<Option<String>, FrontendError> {
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
    is_free(call, "username", &name, "That username is taken. Please try another.")?;
    Ok(Some(name))
}

/// Refuses what belongs to a user already.
pub(in crate::frontend_api) fn is_free(
    call: &Call,
    field: &str,
    identifier: &str,
    message: &str,
) -> Result<(), FrontendError> {
    if call.shared.store().identified(identifier).is_some() {
        return Err(FrontendError::form("form_identifier_exists", field, message));
    }
    Ok(())
}

/// Signs up whom somebody has invited: the ticket came to the address.
fn by_ticket(call: &Call, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let admission = tickets::redeem(call, call.form.required("ticket")?)?;
    let Admission::Invited { invitation_id, email_address, public_metadata } = admission else {
        return Err(tickets::invalid());
    };
    is_free(call, "email_address", &email_address, "That email address is taken. Sign in instead.")?;
    sign_up.email_address = Some(email_address);
    sign_up.email = Some(Verification::done("ticket", call.now));
    sign_up.invitation_id = Some(invitation_id);
    sign_up.public_metadata = public_metadata;
    Ok(())
}

/// Goes on with a sign-in at a provider, of somebody whom the instance does not know.
fn transfer(call: &Call, client: &Client, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    let sign_in = call.shared.store().attempts.sign_in(&client.id, call.now).cloned();
    let known = sign_in.and_then(|one| Some((one.first?, one.profile?)));
    let Some((first, profile)) = known.filter(|(first, _)| first.is_transferable()) else {
        return Err(FrontendError::bad_request("account_transfer_invalid", "There is no sign-in to go on with"));
    };
    let external = Verification::done(&first.strategy, call.now);
    vouched_for(&call.shared, sign_up, external, profile);
    Ok(())
}
