//! The authenticator app and the backup codes.

use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{deleted, recent_user};
use crate::{
    frontend_api::{Call, FrontendError, passwords, sign_ins},
    keys::random_id,
    store::{Refused, User},
    totp::TotpSecret,
};

/// A new secret for an app, which takes effect when the app has proved itself.
pub(super) async fn create_totp(call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    if user.has_totp() {
        return Err(FrontendError::bad_request("totp_already_enabled", "An authenticator app is set up already"));
    }
    let secret = TotpSecret::generate().ok_or_else(no_randomness)?;
    call.shared.edit_user(&user.id, |user| {
        user.secrets.totp = Some((secret.clone(), false));
        user.secrets.totp_step = None;
    })?;
    Ok(call.answer(&totp(&call, &user, Some(&secret), false, None)))
}

pub(super) async fn attempt_totp(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let code = call.form.required("code")?;
    if user.secrets.totp.is_none() {
        return Err(sign_ins::refused(Refused::NotPrepared));
    }
    let mut is_right = false;
    let mut codes = None;
    let user = call.shared.edit_user(&user.id, |user| {
        is_right = user.secrets.take_totp(code, call.now);
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
        passwords::guessed_wrong(&call, &user)?;
        return Err(sign_ins::refused(Refused::Incorrect));
    }
    passwords::guessed_right(&call, &user);
    Ok(call.answer(&totp(&call, &user, None, true, codes)))
}

pub(super) async fn delete_totp(call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    call.shared.edit_user(&user.id, |user| {
        user.secrets.totp = None;
        user.secrets.totp_step = None;
    })?;
    Ok(deleted(&call, "totp", &format!("totp_{}", user.id)))
}

pub(super) async fn create_backup_codes(call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    let mut codes = None;
    call.shared.edit_user(&user.id, |user| codes = user.secrets.new_backup_codes())?;
    let codes = codes.ok_or_else(no_randomness)?;
    Ok(call.answer(&json!({
        "object": "backup_code", "id": random_id("bkp"), "codes": codes,
        "created_at": call.now, "updated_at": call.now,
    })))
}

fn no_randomness() -> FrontendError {
    FrontendError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_clerk_error", "the system's random source failed")
}

fn totp(call: &Call, user: &User, secret: Option<&TotpSecret>, verified: bool, codes: Option<Vec<String>>) -> Value {
    let application = &call.shared.settings.application_name;
    json!({
        "object": "totp",
        "id": format!("totp_{}", user.id),
        "secret": secret.map(TotpSecret::base32),
        "uri": secret.map(|secret| secret.uri(application, user.identifier())),
        "verified": verified,
        "backup_codes": codes,
        "created_at": call.now,
        "updated_at": call.now,
    })
}
