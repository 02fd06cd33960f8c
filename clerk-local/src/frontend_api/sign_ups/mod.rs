//! `/v1/client/sign_ups`: the browser's sign-up.

mod create;
mod verification;

use std::sync::Arc;

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};

pub(super) use create::{check_not_taken, normalize_username};

use super::{FrontendError, FrontendRequest, providers, resource, restrictions, tickets};
use crate::{
    changes::SessionOptions,
    keys::random_id,
    shared::Shared,
    store::{Profile, SignUp, User, Verification},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/client/sign_ups", post(create::create))
        .route("/v1/client/sign_ups/{id}", get(show).patch(create::update))
        .route("/v1/client/sign_ups/{id}/prepare_verification", post(verification::prepare))
        .route("/v1/client/sign_ups/{id}/attempt_verification", post(verification::attempt))
}

/// Polled by the page while it waits for an e-mail link.
async fn show(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let sign_up = find_or_404(&request, &id)?;
    Ok(respond(&request, &sign_up))
}

fn respond(request: &FrontendRequest, sign_up: &SignUp) -> Response {
    request.respond(&resource::sign_up(&request.shared, sign_up))
}

fn not_found() -> FrontendError {
    FrontendError::bad_request("resource_not_found", "this browser has no such sign-up")
}

/// The browser's sign-up, if it has this id.
fn find_or_404(request: &FrontendRequest, id: &str) -> Result<SignUp, FrontendError> {
    let client = request.client().ok_or_else(not_found)?;
    let store = request.shared.store();
    let sign_up = store.attempts.sign_up(&client.id, request.now).filter(|one| one.id == id);
    sign_up.cloned().ok_or_else(not_found)
}

/// The same, if it is not complete.
fn find_in_progress(request: &FrontendRequest, id: &str) -> Result<SignUp, FrontendError> {
    let sign_up = find_or_404(request, id)?;
    if sign_up.created_user_id.is_some() {
        return Err(FrontendError::bad_request("sign_up_complete", "This sign-up is over"));
    }
    Ok(sign_up)
}

/// Stores the sign-up, creates the user when nothing is left to do, and answers.
fn proceed(request: &FrontendRequest, mut sign_up: SignUp) -> Result<Response, FrontendError> {
    let client = request.client().ok_or_else(not_found)?;
    let result = complete(&request.shared, &client.id, &mut sign_up);
    request.shared.store().attempts.put_sign_up(&client.id, sign_up.clone());
    result?;
    Ok(respond(request, &sign_up))
}

/// Creates the user and signs them in, when nothing is left to do.
pub(super) fn complete(shared: &Shared, client_id: &str, sign_up: &mut SignUp) -> Result<(), FrontendError> {
    if sign_up.created_user_id.is_some() || !sign_up.is_ready(&shared.settings()) {
        return Ok(());
    }
    restrictions::check_sign_up(shared, sign_up)?;
    let user = new_user(shared, sign_up);
    let user = shared.add_new_user(user).ok_or_else(|| {
        FrontendError::form("form_identifier_exists", "email_address", "That account is taken. Please try another.")
    })?;
    sign_up.created_user_id = Some(user.id.clone());
    if let Some(invitation_id) = &sign_up.invitation_id {
        tickets::accept(shared, invitation_id, &user.id)?;
    }
    if shared.settings().single_session {
        shared.sign_out(client_id);
    }
    let session = shared.open_session(client_id, &user.id, &SessionOptions::default());
    sign_up.created_session_id = session.map(|session| session.id);
    Ok(())
}

fn new_user(shared: &Shared, sign_up: &SignUp) -> User {
    let mut user = User::new(random_id("user"), shared.clock.now());
    let how = |verification: &Option<Verification>| verification.as_ref().map(|one| one.strategy.clone());
    if let Some(address) = &sign_up.email_address {
        user.add_email_address(address, how(&sign_up.email).as_deref());
    }
    if let Some(number) = &sign_up.phone_number {
        user.add_phone_number(number, how(&sign_up.phone).as_deref());
    }
    let external = sign_up.external.as_ref().filter(|external| external.is_verified());
    if let (Some(external), Some(profile)) = (external, &sign_up.profile) {
        user.external_accounts.push(providers::account(&external.strategy, profile));
    }
    user.username.clone_from(&sign_up.username);
    user.first_name.clone_from(&sign_up.first_name);
    user.last_name.clone_from(&sign_up.last_name);
    user.secrets.password.clone_from(&sign_up.password);
    user.unsafe_metadata.clone_from(&sign_up.unsafe_metadata);
    user.public_metadata.clone_from(&sign_up.public_metadata);
    user.legal_accepted_at = sign_up.legal_accepted_at;
    user
}

/// Applies a provider's profile to the sign-up.
pub(super) fn apply_provider_profile(shared: &Shared, sign_up: &mut SignUp, external: Verification, profile: Profile) {
    let now = shared.clock.now();
    if !profile.email.is_empty() {
        sign_up.email_address = Some(profile.email.to_lowercase());
        sign_up.email = profile.email_verified.then(|| Verification::verified(&external.strategy, now));
    }
    sign_up.first_name = sign_up.first_name.take().or_else(|| profile.first_name.clone());
    sign_up.last_name = sign_up.last_name.take().or_else(|| profile.last_name.clone());
    sign_up.external = Some(external);
    sign_up.profile = Some(profile);
}
