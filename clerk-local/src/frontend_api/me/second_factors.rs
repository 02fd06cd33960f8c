//! The authenticator app and the backup codes.

use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{recently_verified_user, respond_deleted};
use crate::{
    frontend_api::{FrontendError, FrontendRequest, passwords, sign_ins},
    keys::random_id,
    store::{CodeError, User},
    totp::TotpSecret,
};

/// Creates a secret for an authenticator app; it takes effect once a code of it is verified.
pub(super) async fn create_totp(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    if user.has_totp() {
        return Err(FrontendError::bad_request("totp_already_enabled", "An authenticator app is set up already"));
    }
    let secret = TotpSecret::generate().ok_or_else(no_randomness)?;
    request.shared.edit_user(&user.id, |user| {
        user.secrets.totp = Some((secret.clone(), false));
        user.secrets.totp_step = None;
    })?;
    Ok(request.respond(&totp(&request, &user, Some(&secret), false, None)))
}

pub(super) async fn attempt_totp(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let code = request.form.required("code")?;
    if user.secrets.totp.is_none() {
        return Err(sign_ins::code_error(CodeError::NotPrepared));
    }
    let mut is_right = false;
    let mut codes = None;
    let user = request.shared.edit_user(&user.id, |user| {
        is_right = user.secrets.use_totp(code, request.now);
        if !is_right {
            return;
        }
        if let Some((_, verified)) = &mut user.secrets.totp {
            *verified = true;
        }
        if user.secrets.backup_codes.left() == 0 {
            codes = user.secrets.new_backup_codes();
        }
    })?;
    if !is_right {
        passwords::count_failed_attempt(&request, &user)?;
        return Err(sign_ins::code_error(CodeError::Incorrect));
    }
    passwords::reset_failed_attempts(&request, &user);
    Ok(request.respond(&totp(&request, &user, None, true, codes)))
}

pub(super) async fn delete_totp(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    request.shared.edit_user(&user.id, |user| {
        user.secrets.totp = None;
        user.secrets.totp_step = None;
    })?;
    Ok(respond_deleted(&request, "totp", &format!("totp_{}", user.id)))
}

pub(super) async fn create_backup_codes(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    let mut codes = None;
    request.shared.edit_user(&user.id, |user| codes = user.secrets.new_backup_codes())?;
    let codes = codes.ok_or_else(no_randomness)?;
    Ok(request.respond(&json!({
        "object": "backup_code", "id": random_id("bkp"), "codes": codes,
        "created_at": request.now, "updated_at": request.now,
    })))
}

fn no_randomness() -> FrontendError {
    FrontendError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_clerk_error", "the system's random source failed")
}

fn totp(
    request: &FrontendRequest,
    user: &User,
    secret: Option<&TotpSecret>,
    verified: bool,
    codes: Option<Vec<String>>,
) -> Value {
    let settings = request.shared.settings();
    let application = &settings.application_name;
    json!({
        "object": "totp",
        "id": format!("totp_{}", user.id),
        "secret": secret.map(TotpSecret::base32),
        "uri": secret.map(|secret| secret.uri(application, user.identifier())),
        "verified": verified,
        "backup_codes": codes,
        "created_at": request.now,
        "updated_at": request.now,
    })
}
