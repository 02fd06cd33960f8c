//! `/v1/me`: the account of the signed-in user.

mod email_addresses;
mod external_accounts;
mod organizations;
mod password;
mod phone_numbers;
mod profile;
mod second_factors;
mod sessions;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    response::Response,
    routing::{delete, get, patch, post},
};
use serde_json::{Value, json};

pub(super) use email_addresses::mark_address_verified;

use super::{FrontendError, FrontendRequest, resource};
use crate::{shared::Shared, store::User};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/me", get(profile::show).patch(profile::update).delete(profile::delete))
        .route("/v1/me/metadata", patch(profile::update_metadata))
        .route("/v1/me/profile_image", post(profile::set_image).delete(profile::remove_image))
        .route("/v1/me/change_password", post(password::change))
        .route("/v1/me/remove_password", post(password::remove))
        .route("/v1/me/email_addresses", get(email_addresses::list).post(email_addresses::create))
        .route("/v1/me/email_addresses/{id}", get(email_addresses::show).delete(email_addresses::delete))
        .route("/v1/me/email_addresses/{id}/prepare_verification", post(email_addresses::prepare))
        .route("/v1/me/email_addresses/{id}/attempt_verification", post(email_addresses::attempt))
        .route("/v1/me/phone_numbers", get(phone_numbers::list).post(phone_numbers::create))
        .route(
            "/v1/me/phone_numbers/{id}",
            get(phone_numbers::show).patch(phone_numbers::update).delete(phone_numbers::delete),
        )
        .route("/v1/me/phone_numbers/{id}/prepare_verification", post(phone_numbers::prepare))
        .route("/v1/me/phone_numbers/{id}/attempt_verification", post(phone_numbers::attempt))
        .route("/v1/me/external_accounts", post(external_accounts::create))
        .route("/v1/me/external_accounts/{id}", delete(external_accounts::delete))
        .route("/v1/me/totp", post(second_factors::create_totp).delete(second_factors::delete_totp))
        .route("/v1/me/totp/attempt_verification", post(second_factors::attempt_totp))
        .route("/v1/me/backup_codes", post(second_factors::create_backup_codes))
        .route("/v1/me/sessions", get(sessions::active))
        .route("/v1/me/sessions/active", get(sessions::active))
        .route("/v1/me/sessions/{id}/revoke", post(sessions::revoke))
        .route("/v1/me/enterprise_connections", get(external_accounts::no_connections))
        .route("/v1/me/organization_memberships", get(organizations::memberships))
        .route("/v1/me/organization_memberships/{id}", delete(organizations::leave))
        .route("/v1/me/organization_invitations", get(organizations::invitations))
        .route("/v1/me/organization_invitations/{id}/accept", post(organizations::accept))
        .route("/v1/me/organization_suggestions", get(organizations::suggestions))
}

/// Maximum age in minutes of the last verification, for changes of credentials.
const MAX_VERIFICATION_AGE: i64 = 10;

/// The user, who must have verified a factor recently.
fn recently_verified_user(request: &FrontendRequest) -> Result<User, FrontendError> {
    let [first, second] = request.session()?.factor_ages(request.now);
    let user = request.user()?;
    let is_recent = |age: i64| (0..MAX_VERIFICATION_AGE).contains(&age);
    if !request.shared.settings().reverification || is_recent(first) || is_recent(second) {
        return Ok(user);
    }
    let message = "You need to provide additional verification to perform this operation";
    Err(FrontendError::new(StatusCode::FORBIDDEN, "session_reverification_required", message))
}

/// Edits the user, and answers with the result of `describe`.
fn edit_and_respond(
    request: &FrontendRequest,
    user: &User,
    edit: impl FnOnce(&mut User),
    describe: impl FnOnce(&User) -> Value,
) -> Result<Response, FrontendError> {
    let user = request.shared.edit_user(&user.id, edit)?;
    Ok(request.respond(&describe(&user)))
}

fn to_json(request: &FrontendRequest, user: &User) -> Value {
    resource::user(&request.shared.store(), user, request.now)
}

fn respond_deleted(request: &FrontendRequest, object: &str, id: &str) -> Response {
    request.respond(&json!({"object": object, "id": id, "deleted": true}))
}

/// A page of a list, and the total.
pub(super) fn paginate(request: &FrontendRequest, all: Vec<Value>) -> Value {
    let (limit, offset) = request.query.page();
    let total = all.len();
    let data: Vec<_> = all.into_iter().skip(offset).take(limit).collect();
    json!({"data": data, "total_count": total})
}
