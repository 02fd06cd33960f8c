//! `POST /v1/client/sign_ins`

use axum::response::Response;

use super::{first_factor, is_new_device, proceed, respond};
use crate::{
    frontend_api::{
        FrontendError, FrontendRequest, delivery, passwords, providers, restrictions,
        tickets::{self, RedeemedTicket},
    },
    store::{Client, ProviderIntent, SignIn, User, Verification},
};

pub(super) async fn create(mut request: FrontendRequest) -> Result<Response, FrontendError> {
    let client = request.client_or_new();
    check_single_session(&request, &client)?;
    if request.form.flag("transfer") == Some(true) {
        return transfer(&request, &client);
    }
    let mut sign_in = SignIn::new(request.now);
    match request.form.get("strategy") {
        Some("ticket") => {
            apply_ticket(&request, &mut sign_in)?;
            return proceed(&request, sign_in);
        }
        Some(strategy) if strategy.starts_with("oauth_") => {
            let strategy = strategy.to_owned();
            let intent = ProviderIntent::SignIn(sign_in.id.clone());
            sign_in.first = Some(providers::start_social(&request, &client, intent, &strategy)?);
            return proceed(&request, sign_in);
        }
        _ => {}
    }
    if request.form.get("password").is_some() {
        restrictions::check_attribute(&request.shared, "password")?;
    }
    if let Some(strategy) = request.form.get("strategy") {
        restrictions::check_strategy(&request.shared, strategy)?;
    }
    let Some(identifier) = request.form.text("identifier")? else {
        // The components start with an empty sign-in.
        request.shared.store().attempts.put_sign_in(&client.id, sign_in.clone());
        return Ok(respond(&request, &sign_in));
    };
    let Some(user) = find_user(&request, &client, identifier, &mut sign_in)? else {
        if request.form.get("strategy") == Some("enterprise_sso") {
            first_factor::start_at_provider(&request, &client, &mut sign_in, "enterprise_sso")?;
        }
        return proceed(&request, sign_in);
    };
    let has_company = user.enterprise_connection(&request.shared.settings()).is_some();
    request.shared.store().attempts.put_sign_in(&client.id, sign_in.clone());
    match (request.form.get("strategy"), request.form.get("password")) {
        (None | Some("password"), Some(password)) => {
            if user.secrets.password.is_none() || has_company {
                return Err(FrontendError::strategy());
            }
            passwords::try_sign_in_password(&request, &user, password)?;
            sign_in.is_new_device = is_new_device(&request, &client, &user);
            sign_in.first = Some(Verification::verified("password", request.now));
        }
        (None | Some("password"), None) => {}
        (Some(strategy), _) => first_factor::begin(&request, &client, &user, &mut sign_in, strategy)?,
    }
    proceed(&request, sign_in)
}

/// Rejects a second account in single session mode.
fn check_single_session(request: &FrontendRequest, client: &Client) -> Result<(), FrontendError> {
    let is_one = request.shared.store().live_sessions_on(&client.id, request.now).next().is_some();
    if request.shared.settings().single_session && is_one {
        let message = "You're currently in single session mode. You can only be signed into one account at a time.";
        return Err(FrontendError::bad_request("session_exists", message));
    }
    Ok(())
}

/// Finds the user; `None` when an enterprise connection will identify them.
fn find_user(
    request: &FrontendRequest,
    client: &Client,
    identifier: &str,
    sign_in: &mut SignIn,
) -> Result<Option<User>, FrontendError> {
    // A number may be written in many ways.
    let identifier =
        delivery::normalize_phone_number("identifier", identifier).unwrap_or_else(|_| identifier.to_owned());
    sign_in.identifier = Some(identifier.clone());
    let settings = request.shared.settings();
    let connection = settings.connection_for(&identifier);
    let is_allowed = settings.allows_identifier(&identifier) || connection.is_some();
    let user = request.shared.store().user_by_identifier(&identifier).filter(|_| is_allowed).cloned();
    let Some(user) = user else {
        if let Some(connection) = connection {
            sign_in.connection_id = Some(connection.id.clone());
            return Ok(None);
        }
        return Err(FrontendError::form("form_identifier_not_found", "identifier", "Couldn't find your account."));
    };
    passwords::check_not_banned_or_locked(&user, request.now)?;
    restrictions::check_sign_in(&request.shared, &user)?;
    let store = request.shared.store();
    if let Some(session) = store.live_sessions_on(&client.id, request.now).find(|one| one.user_id == user.id) {
        return Err(FrontendError::bad_request("identifier_already_signed_in", "You're already signed in")
            .with_meta("session_id", session.id.clone().into()));
    }
    drop(store);
    sign_in.user_id = Some(user.id.clone());
    Ok(Some(user))
}

fn apply_ticket(request: &FrontendRequest, sign_in: &mut SignIn) -> Result<(), FrontendError> {
    let redeemed = tickets::redeem(request, request.form.required("ticket")?)?;
    let user = match &redeemed {
        RedeemedTicket::User { user_id, .. } => request.shared.store().users.get(user_id).cloned(),
        RedeemedTicket::Invited { email_address, .. } => {
            request.shared.store().user_by_identifier(email_address).cloned()
        }
    };
    let user = user.ok_or_else(|| {
        FrontendError::form("form_identifier_not_found", "identifier", "Couldn't find your account. Sign up instead.")
    })?;
    passwords::check_not_banned_or_locked(&user, request.now)?;
    match redeemed {
        RedeemedTicket::Invited { invitation_id, .. } => sign_in.invitation_id = Some(invitation_id),
        RedeemedTicket::User { actor, organization_id, session_seconds, .. } => {
            (sign_in.actor, sign_in.organization_id, sign_in.session_seconds) =
                (actor, organization_id, session_seconds);
        }
    }
    sign_in.identifier = Some(user.identifier().to_owned());
    sign_in.user_id = Some(user.id);
    sign_in.first = Some(Verification::verified("ticket", request.now));
    Ok(())
}

/// Turns a sign-up at a provider into a sign-in, because the user exists.
fn transfer(request: &FrontendRequest, client: &Client) -> Result<Response, FrontendError> {
    let sign_up = request.shared.store().attempts.sign_up(&client.id, request.now).cloned();
    let external = sign_up.as_ref().and_then(|one| Some((one.external.as_ref()?, one.profile.as_ref()?)));
    let Some((external, profile)) = external.filter(|(external, _)| external.is_transferable()) else {
        return Err(FrontendError::bad_request("account_transfer_invalid", "There is no sign-up to go on with"));
    };
    let user = providers::find_user(&request.shared, &external.strategy, profile);
    let user = user
        .ok_or_else(|| FrontendError::bad_request("account_transfer_invalid", "There is no account to go on with"))?;
    let mut sign_in = SignIn::new(request.now);
    providers::link_external_account(&request.shared, &user.id, &external.strategy, profile)?;
    sign_in.identifier = Some(profile.email.clone());
    sign_in.user_id = Some(user.id);
    sign_in.first = Some(Verification::verified(&external.strategy, request.now));
    proceed(request, sign_in)
}
