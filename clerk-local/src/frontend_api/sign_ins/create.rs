//! `POST /v1/client/sign_ins`

use axum::response::Response;

use super::{answer, first_factor, proceed};
use crate::{
    frontend_api::{
        Call, FrontendError, delivery, passwords, providers, restrictions,
        tickets::{self, Admission},
    },
    store::{Client, Purpose, SignIn, User, Verification},
};

pub(super) async fn create(mut call: Call) -> Result<Response, FrontendError> {
    let client = call.client_or_new();
    only_one(&call, &client)?;
    if call.form.flag("transfer") == Some(true) {
        return transfer(&call, &client);
    }
    let mut sign_in = SignIn::new(call.now);
    match call.form.get("strategy") {
        Some("ticket") => {
            by_ticket(&call, &mut sign_in)?;
            return proceed(&call, sign_in);
        }
        Some(strategy) if strategy.starts_with("oauth_") => {
            let strategy = strategy.to_owned();
            let purpose = Purpose::SignIn(sign_in.id.clone());
            sign_in.first = Some(providers::begin(&call, &client, purpose, &strategy)?);
            return proceed(&call, sign_in);
        }
        _ => {}
    }
    let Some(identifier) = call.form.text("identifier")? else {
        // The components begin with an empty one.
        call.shared.store().attempts.put_sign_in(&client.id, sign_in.clone());
        return Ok(answer(&call, &sign_in));
    };
    let Some(user) = identify(&call, &client, identifier, &mut sign_in)? else {
        if call.form.get("strategy") == Some("enterprise_sso") {
            first_factor::visit(&call, &client, &mut sign_in, "enterprise_sso")?;
        }
        return proceed(&call, sign_in);
    };
    let has_company = user.enterprise_connection(&call.shared.settings).is_some();
    call.shared.store().attempts.put_sign_in(&client.id, sign_in.clone());
    match (call.form.get("strategy"), call.form.get("password")) {
        (None | Some("password"), Some(password)) => {
            if user.secrets.password.is_none() || has_company {
                return Err(FrontendError::strategy());
            }
            passwords::sign_in(&call, &user, password)?;
            sign_in.first = Some(Verification::done("password", call.now));
        }
        (None | Some("password"), None) => {}
        (Some(strategy), _) => first_factor::begin(&call, &client, &user, &mut sign_in, strategy)?,
    }
    proceed(&call, sign_in)
}

/// Refuses a second account where one is all that there can be.
fn only_one(call: &Call, client: &Client) -> Result<(), FrontendError> {
    let is_one = call.shared.store().live_sessions_on(&client.id, call.now).next().is_some();
    if call.shared.settings.single_session && is_one {
        let message = "You're currently in single session mode. You can only be signed into one account at a time.";
        return Err(FrontendError::bad_request("session_exists", message));
    }
    Ok(())
}

/// Finds out who it is. Nobody yet, where an enterprise connection is to tell.
fn identify(
    call: &Call,
    client: &Client,
    identifier: &str,
    sign_in: &mut SignIn,
) -> Result<Option<User>, FrontendError> {
    // Numbers are written in many ways.
    let identifier = delivery::phone_number("identifier", identifier).unwrap_or_else(|_| identifier.to_owned());
    sign_in.identifier = Some(identifier.clone());
    let user = call.shared.store().identified(&identifier).cloned();
    let Some(user) = user else {
        if let Some(connection) = call.shared.settings.connection_for(&identifier) {
            sign_in.connection_id = Some(connection.id.clone());
            return Ok(None);
        }
        return Err(FrontendError::form("form_identifier_not_found", "identifier", "Couldn't find your account."));
    };
    passwords::may_sign_in(&user)?;
    restrictions::may_sign_in(&call.shared, &user)?;
    let store = call.shared.store();
    if let Some(session) = store.live_sessions_on(&client.id, call.now).find(|one| one.user_id == user.id) {
        return Err(FrontendError::bad_request("identifier_already_signed_in", "You're already signed in")
            .with_meta("session_id", session.id.clone().into()));
    }
    drop(store);
    sign_in.user_id = Some(user.id.clone());
    Ok(Some(user))
}

fn by_ticket(call: &Call, sign_in: &mut SignIn) -> Result<(), FrontendError> {
    let admission = tickets::redeem(call, call.form.required("ticket")?)?;
    let user = match &admission {
        Admission::User { user_id, .. } => call.shared.store().users.get(user_id).cloned(),
        Admission::Invited { email_address, .. } => call.shared.store().identified(email_address).cloned(),
    };
    let user = user.ok_or_else(|| {
        FrontendError::form("form_identifier_not_found", "identifier", "Couldn't find your account. Sign up instead.")
    })?;
    passwords::may_sign_in(&user)?;
    match admission {
        Admission::Invited { invitation_id, .. } => sign_in.invitation_id = Some(invitation_id),
        Admission::User { actor, organization_id, session_seconds, .. } => {
            (sign_in.actor, sign_in.organization_id, sign_in.session_seconds) =
                (actor, organization_id, session_seconds);
        }
    }
    sign_in.identifier = Some(user.identifier().to_owned());
    sign_in.user_id = Some(user.id);
    sign_in.first = Some(Verification::done("ticket", call.now));
    Ok(())
}

/// Goes on with a sign-up at a provider, of somebody whom the instance knows.
fn transfer(call: &Call, client: &Client) -> Result<Response, FrontendError> {
    let sign_up = call.shared.store().attempts.sign_up(&client.id, call.now).cloned();
    let external = sign_up.as_ref().and_then(|one| Some((one.external.as_ref()?, one.profile.as_ref()?)));
    let Some((external, profile)) = external.filter(|(external, _)| external.is_transferable()) else {
        return Err(FrontendError::bad_request("account_transfer_invalid", "There is no sign-up to go on with"));
    };
    let user = providers::user_of(&call.shared, &external.strategy, profile);
    let user = user
        .ok_or_else(|| FrontendError::bad_request("account_transfer_invalid", "There is no account to go on with"))?;
    let mut sign_in = SignIn::new(call.now);
    providers::remember(&call.shared, &user.id, &external.strategy, profile)?;
    sign_in.identifier = Some(profile.email.clone());
    sign_in.user_id = Some(user.id);
    sign_in.first = Some(Verification::done(&external.strategy, call.now));
    proceed(call, sign_in)
}
