//! Users.

mod account;
mod belongings;
mod create;
mod credentials;
mod list;
mod update;

use std::sync::Arc;

pub(super) use account::take_date;
use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{delete, get, post, put},
};
use serde_json::Value;

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    identifications,
};
use crate::{
    changes::AccountChange,
    error::UnknownName,
    http::ApiError,
    shared::Shared,
    store::{EmailAddress, PhoneNumber, Store, User},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/users", get(list::list).post(create::create))
        .route("/users/count", get(list::count))
        .route("/users/ban", post(ban_all))
        .route("/users/unban", post(unban_all))
        .route("/users/{id}", get(user).patch(update::update).delete(delete_user))
        .route("/users/{id}/ban", post(async |state, id| change(state, id, AccountChange::Ban).await))
        .route("/users/{id}/unban", post(async |state, id| change(state, id, AccountChange::Unban).await))
        .route("/users/{id}/lock", post(async |state, id| change(state, id, AccountChange::Lock).await))
        .route("/users/{id}/unlock", post(async |state, id| change(state, id, AccountChange::Unlock).await))
        .route("/users/{id}/metadata", put(update::replace_metadata).patch(update::merge_metadata))
        .route("/users/{id}/email_address", put(identifications::replace::<EmailAddress>))
        .route("/users/{id}/phone_number", put(identifications::replace::<PhoneNumber>))
        .route("/users/{id}/verify_password", post(credentials::verify_password))
        .route("/users/{id}/remove_password", post(credentials::remove_password))
        .route("/users/{id}/password/set_compromised", post(credentials::set_compromised))
        .route("/users/{id}/password/unset_compromised", post(credentials::unset_compromised))
        .route("/users/{id}/verify_totp", post(credentials::verify_totp))
        .route("/users/{id}/totp", delete(credentials::delete_totp))
        .route("/users/{id}/backup_code", delete(credentials::delete_backup_codes))
        .route("/users/{id}/mfa", delete(credentials::disable_mfa))
        .route("/users/{id}/oauth_access_tokens/{provider}", get(belongings::oauth_access_tokens))
        .route("/users/{id}/organization_memberships", get(belongings::memberships))
        .route("/users/{id}/organization_invitations", get(belongings::invitations))
        .route("/users/{id}/external_accounts/{account_id}", delete(belongings::delete_external_account))
        .route("/users/{id}/trusted_devices", get(belongings::trusted_devices))
}

/// The user with this id; other names are not accepted.
pub(super) fn find_or_404(store: &Store, id: &str) -> Result<User, ApiError> {
    store.users.get(id).cloned().ok_or_else(|| ApiError::not_found("user", id))
}

/// The user that a parameter names.
pub(super) fn find_by_parameter(store: &Store, parameter: &str, id: &str) -> Result<User, ApiError> {
    store.users.get(id).cloned().ok_or_else(|| ApiError::unknown_reference(parameter, id))
}

/// Edits a user and answers with the result.
fn edit(shared: &Shared, id: &str, edit: impl FnOnce(&mut User)) -> ApiResult {
    find_or_404(&shared.store(), id)?;
    shared
        .edit_user(id, edit)
        .map(|user| Json(shared.describe_user(&user)))
        .map_err(|_| ApiError::not_found("user", id))
}

/// `GET /v1/users/{id}`
async fn user(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    find_or_404(&shared.store(), &id).map(|user| Json(shared.describe_user(&user)))
}

/// `POST /v1/users/{id}/ban` and the like.
async fn change(State(shared): State<Arc<Shared>>, Path(id): Path<String>, change: AccountChange) -> ApiResult {
    find_or_404(&shared.store(), &id)?;
    shared.change_user(&id, change).map(|user| Json(shared.describe_user(&user))).map_err(ApiError::from)
}

/// `DELETE /v1/users/{id}`
async fn delete_user(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    find_or_404(&shared.store(), &id)?;
    let user = shared.delete_user(&id).map_err(ApiError::from)?;
    Ok(deleted_object("user", &user.id))
}

/// `POST /v1/users/ban`
async fn ban_all(State(shared): State<Arc<Shared>>, fields: BodyFields) -> ApiResult {
    change_all(&shared, fields, AccountChange::Ban)
}

/// `POST /v1/users/unban`
async fn unban_all(State(shared): State<Arc<Shared>>, fields: BodyFields) -> ApiResult {
    change_all(&shared, fields, AccountChange::Unban)
}

fn change_all(shared: &Shared, mut fields: BodyFields, change: AccountChange) -> ApiResult {
    const MAX_USERS: usize = 50;
    let ids: Vec<String> = fields.required("user_ids")?;
    fields.finish()?;
    if ids.is_empty() || ids.len() > MAX_USERS {
        let problem = format!("user_ids must name between 1 and {MAX_USERS} users");
        return Err(ApiError::for_parameter("user_ids", "form_param_array_size_exceeded", problem));
    }
    // All users must exist before one is changed.
    ids.iter().try_for_each(|id| find_or_404(&shared.store(), id).map(drop))?;
    let users = ids.iter().map(|id| Ok(shared.describe_user(&shared.change_user(id, change)?)));
    Ok(Json(users.collect::<Result<Vec<Value>, UnknownName>>()?.into()))
}

impl From<UnknownName> for ApiError {
    /// For an object that was deleted meanwhile.
    fn from(unknown: UnknownName) -> Self {
        Self::new(axum::http::StatusCode::NOT_FOUND, "resource_not_found", unknown.to_string())
    }
}
