//! Passwords and second factors of users.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{edit, find_or_404};
use crate::{
    backend_api::{answer::ApiResult, fields::BodyFields},
    backup_codes::BackupCodes,
    http::ApiError,
    shared::Shared,
    store::{SessionEnd, User},
};

/// `POST /v1/users/{id}/verify_password`
pub(super) async fn verify_password(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let password: String = fields.required("password")?;
    fields.finish()?;
    let user = find_or_404(&shared.store(), &id)?;
    if user.secrets.password.is_none() {
        return Err(no_password_error());
    }
    if !user.secrets.is_password(&password) {
        return Err(ApiError::for_parameter("password", "incorrect_password", "the password is not the user's"));
    }
    Ok(Json(json!({ "verified": true })))
}

/// `POST /v1/users/{id}/remove_password`
pub(super) async fn remove_password(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let signs_out = fields.optional("sign_out_of_other_sessions")?.unwrap_or(false);
    fields.finish()?;
    let answer = edit(&shared, &id, |user| user.secrets.replace_password(None))?;
    if signs_out {
        shared.end_sessions_of(&id, SessionEnd::Revoked);
    }
    Ok(answer)
}

/// `POST /v1/users/{id}/password/set_compromised`: the user has to choose another one at the next sign-in.
pub(super) async fn set_compromised(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let signs_out = fields.optional("revoke_all_sessions")?.unwrap_or(false);
    fields.finish()?;
    let answer = set_password_compromised(&shared, &id, true)?;
    if signs_out {
        shared.end_sessions_of(&id, SessionEnd::Revoked);
    }
    Ok(answer)
}

/// `POST /v1/users/{id}/password/unset_compromised`
pub(super) async fn unset_compromised(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    set_password_compromised(&shared, &id, false)
}

fn set_password_compromised(shared: &Shared, id: &str, is: bool) -> ApiResult {
    if find_or_404(&shared.store(), id)?.secrets.password.is_none() {
        return Err(no_password_error());
    }
    edit(shared, id, |user| user.secrets.password_compromised = is && user.secrets.password.is_some())
}

fn no_password_error() -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "no_password_set", "the user has no password")
}

/// `POST /v1/users/{id}/verify_totp`; also takes a backup code, which is then used up.
pub(super) async fn verify_totp(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let code: String = fields.required("code")?;
    fields.finish()?;
    let user = find_or_404(&shared.store(), &id)?;
    if user.secrets.totp.is_none() && user.secrets.backup_codes.left() == 0 {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "totp_not_enabled", "the user has no second factor"));
    }
    let (now, mut secrets) = (shared.clock.now(), user.secrets);
    let code_type = if secrets.use_totp(&code, now) {
        "totp"
    } else if secrets.use_backup_code(&code) {
        "backup_code"
    } else {
        return Err(ApiError::for_parameter("code", "form_code_incorrect", "the code is not the user's"));
    };
    let _ = edit(&shared, &id, |user| user.secrets = secrets)?;
    Ok(Json(json!({"verified": true, "code_type": code_type})))
}

/// `DELETE /v1/users/{id}/totp`
pub(super) async fn delete_totp(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let user = find_or_404(&shared.store(), &id)?;
    if user.secrets.totp.is_none() {
        return Err(ApiError::not_found("authenticator app of user", &id));
    }
    disable(&shared, &id, |user| user.secrets.totp = None)
}

/// `DELETE /v1/users/{id}/backup_code`
pub(super) async fn delete_backup_codes(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let user = find_or_404(&shared.store(), &id)?;
    if user.secrets.backup_codes.left() == 0 {
        return Err(ApiError::not_found("backup code of user", &id));
    }
    disable(&shared, &id, |user| user.secrets.backup_codes = BackupCodes::default())
}

/// `DELETE /v1/users/{id}/mfa`
pub(super) async fn disable_mfa(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    disable(&shared, &id, |user| {
        user.secrets.totp = None;
        user.secrets.backup_codes = BackupCodes::default();
        user.phone_numbers.iter_mut().for_each(|number| number.reserved_for_second_factor = false);
    })
}

fn disable(shared: &Shared, id: &str, change: impl FnOnce(&mut User)) -> Result<Json<Value>, ApiError> {
    let _ = edit(shared, id, change)?;
    Ok(Json(json!({ "user_id": id })))
}
