//! `/v1/client/sign_ins`: who is about to sign in on the browser.

mod create;
mod first_factor;
mod second_factor;

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use std::sync::Arc;

pub(super) use second_factor::{attempted as attempt_second, send as send_second, try_sent};

use super::{Call, FrontendError, passwords, resource, restrictions, tickets};
use crate::{
    changes::Proved,
    shared::Shared,
    store::{Refused, SignIn, SignInStatus, User, Verification},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/client/sign_ins", post(create::create))
        .route("/v1/client/sign_ins/{id}", get(show))
        .route("/v1/client/sign_ins/{id}/prepare_first_factor", post(first_factor::prepare))
        .route("/v1/client/sign_ins/{id}/attempt_first_factor", post(first_factor::attempt))
        .route("/v1/client/sign_ins/{id}/prepare_second_factor", post(second_factor::prepare))
        .route("/v1/client/sign_ins/{id}/attempt_second_factor", post(second_factor::attempt))
        .route("/v1/client/sign_ins/{id}/reset_password", post(first_factor::reset_password))
}

/// What a page looks at until somebody has opened a link.
async fn show(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let sign_in = of_browser(&call, &id)?;
    Ok(answer(&call, &sign_in))
}

fn answer(call: &Call, sign_in: &SignIn) -> Response {
    let described = resource::sign_in(&call.shared, &call.shared.store(), sign_in);
    call.answer(&described)
}

fn unknown() -> FrontendError {
    FrontendError::bad_request("resource_not_found", "this browser has no such sign-in")
}

/// The browser's sign-in, if it has this id.
fn of_browser(call: &Call, id: &str) -> Result<SignIn, FrontendError> {
    let client = call.client().ok_or_else(unknown)?;
    let store = call.shared.store();
    let sign_in = store.attempts.sign_in(&client.id, call.now).filter(|one| one.id == id);
    sign_in.cloned().ok_or_else(unknown)
}

/// The same, with its user, while something is left to do.
fn under_way(call: &Call, id: &str, status: SignInStatus) -> Result<(SignIn, User), FrontendError> {
    let sign_in = of_browser(call, id)?;
    let user = sign_in.user_id.as_deref().and_then(|id| call.shared.store().user(id).cloned());
    if sign_in.status(user.as_ref()) != status {
        return Err(FrontendError::bad_request("sign_in_status_invalid", "This is not what the sign-in asks for next"));
    }
    let user = user.ok_or_else(|| FrontendError::not_found("Account"))?;
    passwords::may_sign_in(&user)?;
    Ok((sign_in, user))
}

/// Keeps what has become of the sign-in, signs the user in when nothing is left to do, and answers.
fn proceed(call: &Call, mut sign_in: SignIn) -> Result<Response, FrontendError> {
    let client = call.client().ok_or_else(unknown)?;
    let result = complete(&call.shared, &client.id, &mut sign_in);
    call.shared.store().attempts.put_sign_in(&client.id, sign_in.clone());
    result?;
    Ok(answer(call, &sign_in))
}

/// Signs the user in when nothing is left to do.
pub(super) fn complete(shared: &Shared, client_id: &str, sign_in: &mut SignIn) -> Result<(), FrontendError> {
    let Some(user_id) = sign_in.user_id.clone() else { return Ok(()) };
    let user = shared.store().user(&user_id).cloned();
    if sign_in.created_session_id.is_some() || sign_in.status(user.as_ref()) != SignInStatus::Complete {
        return Ok(());
    }
    if let Some(user) = &user {
        passwords::may_sign_in(user)?;
        restrictions::may_sign_in(shared, user)?;
    }
    if let Some(invitation_id) = &sign_in.invitation_id {
        tickets::accept(shared, invitation_id, &user_id)?;
    }
    if shared.settings.single_session {
        shared.sign_out(client_id);
    }
    let second_factor = sign_in.second.as_ref().is_some_and(Verification::is_verified);
    let proved = Proved {
        second_factor,
        actor: sign_in.actor.clone(),
        organization_id: sign_in.organization_id.clone(),
        session_seconds: sign_in.session_seconds,
    };
    let session = shared.open_session(client_id, &user_id, &proved);
    sign_in.created_session_id = Some(session.ok_or_else(|| FrontendError::not_found("Account"))?.id);
    Ok(())
}

/// Why a code is not taken, in Clerk's words.
pub(super) fn refused(refused: Refused) -> FrontendError {
    match refused {
        Refused::AlreadyVerified => {
            FrontendError::bad_request("verification_already_verified", "This verification has already been verified.")
        }
        Refused::Expired => {
            FrontendError::bad_request("verification_expired", "This code has expired. Request a new one.")
        }
        Refused::Incorrect => FrontendError::form("form_code_incorrect", "code", "Incorrect code"),
        Refused::NotPrepared => {
            FrontendError::bad_request("verification_missing", "No code was sent for this strategy. Prepare it first.")
        }
        Refused::TooOften => FrontendError::bad_request(
            "verification_failed",
            "Too many failed attempts. Try again with the same or another method.",
        ),
    }
}
