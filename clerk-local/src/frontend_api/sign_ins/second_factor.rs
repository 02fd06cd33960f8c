//! The second factor: a code of the user's app, to the user's phone, or from the user's drawer.

use axum::{extract::Path, response::Response};

use super::{proceed, refused, under_way};
use crate::{
    frontend_api::{Call, FrontendError, delivery, passwords},
    store::{OutboxPurpose, Refused, SignInStatus, User, Verification},
};

pub(super) async fn prepare(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let (mut sign_in, user) = under_way(&call, &id, SignInStatus::NeedsSecondFactor)?;
    sign_in.second = Some(send(&call, &user, OutboxPurpose::SignIn)?);
    proceed(&call, sign_in)
}

pub(super) async fn attempt(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let (mut sign_in, user) = under_way(&call, &id, SignInStatus::NeedsSecondFactor)?;
    let client = call.client().ok_or_else(super::unknown)?;
    if let "totp" | "backup_code" = call.form.required("strategy")? {
        sign_in.second = Some(attempted(&call, &user)?);
    } else {
        let mut store = call.shared.store();
        let open = store.attempts.sign_in_mut(&client.id, &id).ok_or_else(super::unknown)?;
        try_sent(&call, &mut open.second)?;
        sign_in = open.clone();
    }
    proceed(&call, sign_in)
}

/// Sends a code to the phone that is the user's second factor.
pub(in crate::frontend_api) fn send(
    call: &Call,
    user: &User,
    purpose: OutboxPurpose,
) -> Result<Verification, FrontendError> {
    if call.form.get("strategy").is_some_and(|strategy| strategy != "phone_code") {
        return Err(FrontendError::strategy());
    }
    let mut numbers = user.phone_numbers.iter().filter(|number| number.reserved_for_second_factor);
    let number = match call.form.get("phone_number_id") {
        Some(id) => numbers.find(|number| number.id == id),
        None => numbers.next(),
    };
    let number = number.ok_or_else(FrontendError::strategy)?;
    Ok(delivery::send_code(&call.shared, "phone_code", &number.phone_number, &number.id, purpose))
}

/// Tries a code that was sent.
pub(in crate::frontend_api) fn try_sent(call: &Call, second: &mut Option<Verification>) -> Result<(), FrontendError> {
    let (strategy, code) = (call.form.required("strategy")?, call.form.required("code")?);
    let second = second.as_mut().ok_or_else(|| refused(Refused::NotPrepared))?;
    second.try_code(strategy, code, call.now).map_err(refused)
}

/// Tries a code of the user's app or a backup code; what is proved then.
pub(in crate::frontend_api) fn attempted(call: &Call, user: &User) -> Result<Verification, FrontendError> {
    let (strategy, code) = (call.form.required("strategy")?, call.form.required("code")?);
    let is_right = match strategy {
        "totp" if user.has_totp() => taken(call, user, |user| user.secrets.take_totp(code, call.now))?,
        "backup_code" if user.has_second_factor() => taken(call, user, |user| user.secrets.take_backup_code(code))?,
        _ => return Err(FrontendError::strategy()),
    };
    if !is_right {
        passwords::guessed_wrong(call, user)?;
        return Err(refused(Refused::Incorrect));
    }
    passwords::guessed_right(call, user);
    Ok(Verification::done(strategy, call.now))
}

/// What is used up by being right.
fn taken(call: &Call, user: &User, take: impl FnOnce(&mut User) -> bool) -> Result<bool, FrontendError> {
    let mut store = call.shared.store();
    let user = store.users.get_mut(&user.id).ok_or_else(|| FrontendError::not_found("Account"))?;
    Ok(take(user))
}
