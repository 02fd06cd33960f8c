//! The password of a signed-in user.

use axum::response::Response;

use super::{described, edited, recent_user};
use crate::{
    frontend_api::{Call, FrontendError, passwords},
    store::{OutboxMessage, User},
};

pub(super) async fn change(call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    let password = call.form.required("new_password")?;
    passwords::check_new(&call, "new_password", password)?;
    current(&call, &user)?;
    let session = call.session()?;
    let mut is_set = false;
    let user = call.shared.edit_user(&user.id, |user| is_set = user.secrets.set_password(password))?;
    if !is_set {
        return Err(FrontendError::invalid("new_password", "cannot be used"));
    }
    if call.form.flag("sign_out_of_other_sessions") == Some(true) {
        call.shared.end_other_sessions(&user.id, &session.id);
    }
    if let Some(address) = user.primary_email_address() {
        let body = "If it was not you who changed it, choose a new one.";
        let notice = OutboxMessage::notice(&address.email_address, "Your password has changed", body, call.now);
        call.shared.store().outbox.send(notice);
    }
    Ok(call.answer(&described(&call, &user)))
}

pub(super) async fn remove(call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    if user.secrets.password.is_none() {
        return Err(FrontendError::bad_request("no_password_set", "This account has no password"));
    }
    current(&call, &user)?;
    edited(&call, &user, |user| user.secrets.replace_password(None), |user| described(&call, user))
}

/// Tries the current password where the form has it. The components leave it out after a reverification, which
/// [`recent_user`] asks for.
fn current(call: &Call, user: &User) -> Result<(), FrontendError> {
    match call.form.get("current_password") {
        Some(password) if user.secrets.password.is_some() => {
            passwords::try_password(call, user, "current_password", password)
        }
        _ => Ok(()),
    }
}
