//! The second factor: a code of the authenticator app, a code by text message, or a backup code.

use axum::{extract::Path, response::Response};

use super::{code_error, find_in_progress, proceed};
use crate::{
    frontend_api::{FrontendError, FrontendRequest, delivery, passwords, restrictions},
    store::{CodeError, OutboxPurpose, SignIn, SignInStatus, User, Verification},
};

pub(super) async fn prepare(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let (mut sign_in, user) = find_unfinished(&request, &id)?;
    sign_in.second = Some(match sign_in.status(Some(&user)) {
        SignInStatus::NeedsClientTrust => send_for_trust(&request, &user)?,
        _ => send(&request, &user, OutboxPurpose::SignIn)?,
    });
    proceed(&request, sign_in)
}

pub(super) async fn attempt(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let (mut sign_in, user) = find_unfinished(&request, &id)?;
    let client = request.client().ok_or_else(super::not_found)?;
    if let "totp" | "backup_code" = request.form.required("strategy")? {
        sign_in.second = Some(verify_second_factor(&request, &user)?);
    } else {
        let mut store = request.shared.store();
        let open = store.attempts.sign_in_mut(&client.id, &id).ok_or_else(super::not_found)?;
        try_sent_code(&request, &mut open.second)?;
        sign_in = open.clone();
    }
    proceed(&request, sign_in)
}

/// The sign-in, if it waits for a second factor or for the proof that the browser is the user's.
fn find_unfinished(request: &FrontendRequest, id: &str) -> Result<(SignIn, User), FrontendError> {
    find_in_progress(request, id, SignInStatus::NeedsSecondFactor)
        .or_else(|_| find_in_progress(request, id, SignInStatus::NeedsClientTrust))
}

/// Sends a code to a verified address or number of the user, with which they prove that the browser is theirs.
fn send_for_trust(request: &FrontendRequest, user: &User) -> Result<Verification, FrontendError> {
    let strategy = request.form.required("strategy")?;
    restrictions::check_strategy(&request.shared, strategy)?;
    let (wanted, verified): (_, Vec<(&String, &String)>) = match strategy {
        "email_code" => {
            let verified = user.email_addresses.iter().filter(|own| own.verified_by.is_some());
            ("email_address_id", verified.map(|own| (&own.id, &own.email_address)).collect())
        }
        "phone_code" => {
            let verified = user.phone_numbers.iter().filter(|own| own.verified_by.is_some());
            ("phone_number_id", verified.map(|own| (&own.id, &own.phone_number)).collect())
        }
        _ => return Err(FrontendError::strategy()),
    };
    let wanted = request.form.get(wanted);
    let chosen = verified.into_iter().find(|(id, _)| wanted.is_none_or(|wanted| wanted == *id));
    let (id, to) = chosen.ok_or_else(FrontendError::strategy)?;
    Ok(delivery::send_code(&request.shared, strategy, to, id, OutboxPurpose::SignIn))
}

/// Sends a code to the phone that is the user's second factor.
pub(in crate::frontend_api) fn send(
    request: &FrontendRequest,
    user: &User,
    purpose: OutboxPurpose,
) -> Result<Verification, FrontendError> {
    if request.form.get("strategy").is_some_and(|strategy| strategy != "phone_code") {
        return Err(FrontendError::strategy());
    }
    let mut numbers = user.phone_numbers.iter().filter(|number| number.reserved_for_second_factor);
    let number = match request.form.get("phone_number_id") {
        Some(id) => numbers.find(|number| number.id == id),
        None => numbers.next(),
    };
    let number = number.ok_or_else(FrontendError::strategy)?;
    Ok(delivery::send_code(&request.shared, "phone_code", &number.phone_number, &number.id, purpose))
}

/// Tries a code that was sent.
pub(in crate::frontend_api) fn try_sent_code(
    request: &FrontendRequest,
    second: &mut Option<Verification>,
) -> Result<(), FrontendError> {
    let (strategy, code) = (request.form.required("strategy")?, request.form.required("code")?);
    let second = second.as_mut().ok_or_else(|| code_error(CodeError::NotPrepared))?;
    second.try_code(strategy, code, request.now).map_err(code_error)
}

/// Tries a code of the authenticator app, or a backup code.
pub(in crate::frontend_api) fn verify_second_factor(
    request: &FrontendRequest,
    user: &User,
) -> Result<Verification, FrontendError> {
    let (strategy, code) = (request.form.required("strategy")?, request.form.required("code")?);
    let is_right = match strategy {
        "totp" if user.has_totp() => use_up(request, user, |user| user.secrets.use_totp(code, request.now))?,
        "backup_code" if user.has_second_factor() => use_up(request, user, |user| user.secrets.use_backup_code(code))?,
        _ => return Err(FrontendError::strategy()),
    };
    if !is_right {
        passwords::count_failed_attempt(request, user)?;
        return Err(code_error(CodeError::Incorrect));
    }
    passwords::reset_failed_attempts(request, user);
    Ok(Verification::verified(strategy, request.now))
}

/// Uses up a code; returns whether it is right.
fn use_up(request: &FrontendRequest, user: &User, take: impl FnOnce(&mut User) -> bool) -> Result<bool, FrontendError> {
    let mut store = request.shared.store();
    let user = store.users.get_mut(&user.id).ok_or_else(|| FrontendError::not_found("Account"))?;
    Ok(take(user))
}
