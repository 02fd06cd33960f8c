//! Checks of passwords, and the lock after too many failed attempts.

use axum::http::StatusCode;

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
    check_not_banned_or_locked(user)?;
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
    request.shared.store().attempts.failed_attempts.remove(&user.id);
}

/// Counts a wrong password or code; the last of too many locks the user.
pub(super) fn count_failed_attempt(request: &FrontendRequest, user: &User) -> Result<(), FrontendError> {
    let mut store = request.shared.store();
    let wrong = &mut store.attempts.failed_attempts;
    let count = wrong.get(&user.id).copied().unwrap_or(0) + 1;
    if count < request.shared.settings().max_failed_attempts {
        wrong.put(&user.id, count);
        return Ok(());
    }
    wrong.remove(&user.id);
    drop(store);
    request.shared.change_user(&user.id, AccountChange::Lock)?;
    Err(locked_error())
}

/// Rejects a banned or locked user.
pub(super) fn check_not_banned_or_locked(user: &User) -> Result<(), FrontendError> {
    if user.banned {
        return Err(FrontendError::new(StatusCode::FORBIDDEN, "user_banned", "This account has been banned"));
    }
    if user.locked {
        return Err(locked_error());
    }
    Ok(())
}

fn locked_error() -> FrontendError {
    let message = "Your account is locked. An administrator can unlock it.";
    FrontendError::new(StatusCode::FORBIDDEN, "user_locked", message)
}
