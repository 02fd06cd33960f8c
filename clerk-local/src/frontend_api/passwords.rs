//! Checks of passwords, and the lock after too many failed attempts.

use axum::http::StatusCode;
use clerk_core::time::Timestamp;

use super::{FrontendError, FrontendRequest};
use crate::{changes::AccountChange, store::User};

/// The longest password, in characters.
const MAX_LENGTH: usize = 72;

/// Rejects a password that is too short or too long.
pub(super) fn check_new(request: &FrontendRequest, field: &'static str, password: &str) -> Result<(), FrontendError> {
    let (length, least) = (password.chars().count(), request.shared.settings().min_password_length);
    if length < least {
        let message = format!("Passwords must be {least} characters or more.");
        return Err(FrontendError::form("form_password_length_too_short", field, message));
    }
    if length > MAX_LENGTH {
        let message = format!("Passwords must be {MAX_LENGTH} characters or less.");
        return Err(FrontendError::form("form_password_length_too_long", field, message));
    }
    Ok(())
}

/// Tries a user's password.
pub(super) fn try_password(
    request: &FrontendRequest,
    user: &User,
    field: &'static str,
    password: &str,
) -> Result<(), FrontendError> {
    check_not_banned_or_locked(user, request.now)?;
    if user.secrets.is_password(password) {
        reset_failed_attempts(request, user);
        return Ok(());
    }
    count_failed_attempt(request, user)?;
    Err(FrontendError::form(
        "form_password_incorrect",
        field,
        "Password is incorrect. Try again, or use another method.",
    ))
}

/// Tries the password of a user who signs in, which must not be compromised.
pub(super) fn try_sign_in_password(
    request: &FrontendRequest,
    user: &User,
    password: &str,
) -> Result<(), FrontendError> {
    try_password(request, user, "password", password)?;
    if user.secrets.password_compromised {
        let message = "Your password may be compromised. Sign in by another method, and choose another password then.";
        return Err(FrontendError::form("form_password_compromised", "password", message));
    }
    Ok(())
}

pub(super) fn reset_failed_attempts(request: &FrontendRequest, user: &User) {
    if let Some(user) = request.shared.store().users.get_mut(&user.id) {
        user.end_lockout(request.now);
        user.secrets.failed_attempts = 0;
    }
}

/// Counts a wrong password or code; the last of too many locks the user.
pub(super) fn count_failed_attempt(request: &FrontendRequest, user: &User) -> Result<(), FrontendError> {
    let most = request.shared.settings().max_failed_attempts;
    let mut store = request.shared.store();
    let Some(user) = store.users.get_mut(&user.id) else { return Ok(()) };
    user.end_lockout(request.now);
    user.secrets.failed_attempts = user.secrets.failed_attempts.saturating_add(1);
    if user.secrets.failed_attempts < most {
        return Ok(());
    }
    let id = user.id.clone();
    drop(store);
    let user = request.shared.change_user(&id, AccountChange::Lock)?;
    Err(locked_error(&user, request.now))
}

/// Rejects a banned or locked user.
pub(super) fn check_not_banned_or_locked(user: &User, now: Timestamp) -> Result<(), FrontendError> {
    if user.banned {
        return Err(FrontendError::new(StatusCode::FORBIDDEN, "user_banned", "This account has been banned"));
    }
    if user.is_locked(now) {
        return Err(locked_error(user, now));
    }
    Ok(())
}

/// Clerk's error, which says when the lock ends.
fn locked_error(user: &User, now: Timestamp) -> FrontendError {
    let error = |message| FrontendError::new(StatusCode::FORBIDDEN, "user_locked", message);
    let Some(seconds) = user.lockout_seconds(now) else {
        return error("Your account is locked. An administrator can unlock it.".to_owned());
    };
    let minutes = seconds.div_ceil(60);
    let plural = if minutes == 1 { "" } else { "s" };
    error(format!("Your account is locked. You will be able to try again in {minutes} minute{plural}."))
        .with_meta("lockout_expires_in_seconds", seconds.into())
}
