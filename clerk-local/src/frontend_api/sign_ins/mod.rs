//! `/v1/client/sign_ins`: the browser's sign-in.

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

pub(super) use second_factor::{send as send_second, try_sent_code, verify_second_factor as attempt_second};

use super::{FrontendError, FrontendRequest, passwords, resource, restrictions, tickets};
use crate::{
    changes::SessionOptions,
    shared::Shared,
    store::{Client, CodeError, SignIn, SignInStatus, User, Verification},
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

/// Polled by the page while it waits for an e-mail link.
async fn show(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let sign_in = find_or_404(&request, &id)?;
    Ok(respond(&request, &sign_in))
}

fn respond(request: &FrontendRequest, sign_in: &SignIn) -> Response {
    let described = resource::sign_in(&request.shared, &request.shared.store(), sign_in);
    request.respond(&described)
}

fn not_found() -> FrontendError {
    FrontendError::bad_request("resource_not_found", "this browser has no such sign-in")
}

/// The browser's sign-in, if it has this id.
fn find_or_404(request: &FrontendRequest, id: &str) -> Result<SignIn, FrontendError> {
    let client = request.client().ok_or_else(not_found)?;
    let store = request.shared.store();
    let sign_in = store.attempts.sign_in(&client.id, request.now).filter(|one| one.id == id);
    sign_in.cloned().ok_or_else(not_found)
}

/// The same with its user, if it has this status.
fn find_in_progress(
    request: &FrontendRequest,
    id: &str,
    status: SignInStatus,
) -> Result<(SignIn, User), FrontendError> {
    let sign_in = find_or_404(request, id)?;
    let user = sign_in.user_id.as_deref().and_then(|id| request.shared.store().user(id).cloned());
    if sign_in.status(user.as_ref()) != status {
        return Err(FrontendError::bad_request("sign_in_status_invalid", "This is not what the sign-in asks for next"));
    }
    let user = user.ok_or_else(|| FrontendError::not_found("Account"))?;
    passwords::check_not_banned_or_locked(&user, request.now)?;
    Ok((sign_in, user))
}

/// Whether the user must prove that the browser is theirs: after a right password in a browser where they never had a
/// session.
fn is_new_device(request: &FrontendRequest, client: &Client, user: &User) -> bool {
    let settings = request.shared.settings();
    let by_email = user.email_addresses.iter().any(|address| address.verified_by.is_some());
    let by_phone = user.phone_numbers.iter().any(|number| number.verified_by.is_some());
    let can_prove =
        (by_email && settings.email_address.is_enabled()) || (by_phone && settings.phone_number.is_enabled());
    let store = request.shared.store();
    let mut sessions = store.sessions.iter();
    let is_known = sessions.any(|session| session.client_id == client.id && session.user_id == user.id);
    settings.client_trust && can_prove && !user.bypass_client_trust && !is_known
}

/// Stores the sign-in, signs the user in when nothing is left to do, and answers.
fn proceed(request: &FrontendRequest, mut sign_in: SignIn) -> Result<Response, FrontendError> {
    let client = request.client().ok_or_else(not_found)?;
    let result = complete(&request.shared, &client.id, &mut sign_in);
    request.shared.store().attempts.put_sign_in(&client.id, sign_in.clone());
    result?;
    Ok(respond(request, &sign_in))
}

/// Signs the user in when nothing is left to do.
pub(super) fn complete(shared: &Shared, client_id: &str, sign_in: &mut SignIn) -> Result<(), FrontendError> {
    let Some(user_id) = sign_in.user_id.clone() else { return Ok(()) };
    let user = shared.store().user(&user_id).cloned();
    if sign_in.created_session_id.is_some() || sign_in.status(user.as_ref()) != SignInStatus::Complete {
        return Ok(());
    }
    if let Some(user) = &user {
        passwords::check_not_banned_or_locked(user, shared.clock.now())?;
        restrictions::check_sign_in(shared, user)?;
    }
    if let Some(invitation_id) = &sign_in.invitation_id {
        tickets::accept(shared, invitation_id, &user_id)?;
    }
    if shared.settings().single_session {
        shared.sign_out(client_id);
    }
    let second_factor = sign_in.second.as_ref().is_some_and(Verification::is_verified) && !sign_in.is_new_device;
    let options = SessionOptions {
        second_factor,
        actor: sign_in.actor.clone(),
        organization_id: sign_in.organization_id.clone(),
        session_seconds: sign_in.session_seconds,
    };
    let session = shared.open_session(client_id, &user_id, &options);
    sign_in.created_session_id = Some(session.ok_or_else(|| FrontendError::not_found("Account"))?.id);
    Ok(())
}

/// Clerk's error for a rejected code.
pub(super) fn code_error(error: CodeError) -> FrontendError {
    match error {
        CodeError::AlreadyVerified => {
            FrontendError::bad_request("verification_already_verified", "This verification has already been verified.")
        }
        CodeError::Expired => {
            FrontendError::bad_request("verification_expired", "This code has expired. Request a new one.")
        }
        CodeError::Incorrect => FrontendError::form("form_code_incorrect", "code", "Incorrect code"),
        CodeError::NotPrepared => {
            FrontendError::bad_request("verification_missing", "No code was sent for this strategy. Prepare it first.")
        }
        CodeError::TooManyAttempts => FrontendError::bad_request(
            "verification_failed",
            "Too many failed attempts. Try again with the same or another method.",
        ),
    }
}
