//! The password of a signed-in user.

use axum::response::Response;

use super::{edit_and_respond, recently_verified_user, to_json};
use crate::{
    frontend_api::{FrontendError, FrontendRequest, passwords},
    store::{OutboxMessage, User},
};

pub(super) async fn change(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    let password = request.form.required("new_password")?;
    if request.shared.settings().disables("password") {
        return Err(FrontendError::unknown("new_password"));
    }
    passwords::check_new(&request, "new_password", password)?;
    check_current_password(&request, &user)?;
    if user.secrets.password_compromised && user.secrets.is_password(password) {
        let message = "This is the password that may be compromised. Choose another one.";
        return Err(FrontendError::form("form_new_password_matches_current", "new_password", message));
    }
    let session = request.session()?;
    let mut is_set = false;
    let user = request.shared.edit_user(&user.id, |user| is_set = user.secrets.set_password(password))?;
    if !is_set {
        return Err(FrontendError::invalid("new_password", "cannot be used"));
    }
    if request.form.flag("sign_out_of_other_sessions") == Some(true) {
        request.shared.end_other_sessions(&user.id, &session.id);
    }
    if let Some(address) = user.primary_email_address() {
        let body = "If it was not you who changed it, choose a new one.";
        let notice = OutboxMessage::notice(&address.email_address, "Your password has changed", body, request.now);
        request.shared.store().outbox.send(notice);
    }
    Ok(request.respond(&to_json(&request, &user)))
}

pub(super) async fn remove(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    if user.secrets.password.is_none() {
        return Err(FrontendError::bad_request("no_password_set", "This account has no password"));
    }
    check_current_password(&request, &user)?;
    edit_and_respond(&request, &user, |user| user.secrets.replace_password(None), |user| to_json(&request, user))
}

/// Checks the current password, if the form has it. The components leave it out after a reverification, which
/// [`recently_verified_user`] requires.
fn check_current_password(request: &FrontendRequest, user: &User) -> Result<(), FrontendError> {
    match request.form.get("current_password") {
        Some(password) if user.secrets.password.is_some() => {
            passwords::try_password(request, user, "current_password", password)
        }
        _ => Ok(()),
    }
}
