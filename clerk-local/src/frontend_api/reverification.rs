//! `/v1/client/sessions/{id}/verify`: a signed-in user verifies a factor again.

use axum::{extract::Path, response::Response};

use super::{FrontendError, FrontendRequest, delivery, passwords, resource, restrictions, sign_ins};
use crate::store::{CodeError, OutboxPurpose, Reverification, Session, User, Verification};

pub(super) async fn begin(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let (session, user) = find_session_and_user(&request, &id)?;
    let level = match request.form.get("level") {
        // A user without a second factor verifies the first.
        Some("second_factor" | "multi_factor") if !user.has_second_factor() => "first_factor",
        Some(level @ ("first_factor" | "second_factor" | "multi_factor")) => level,
        None if user.has_second_factor() => "second_factor",
        None => "first_factor",
        Some(_) => return Err(FrontendError::invalid("level", "is not known")),
    };
    let begun = Reverification { level: level.to_owned(), first: None, second: None };
    proceed(&request, &session, &user, begun)
}

pub(super) async fn prepare_first(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let (session, user, mut open) = find_in_progress(&request, &id, "needs_first_factor")?;
    let strategy = request.form.required("strategy")?;
    restrictions::check_strategy(&request.shared, strategy)?;
    let (to, identification_id) = match strategy {
        "email_code" => {
            let wanted = request.form.get("email_address_id").or(user.primary_email_address_id.as_deref());
            let mut verified = user.email_addresses.iter().filter(|own| own.verified_by.is_some());
            let own = verified.find(|own| Some(&*own.id) == wanted).ok_or_else(FrontendError::strategy)?;
            (&own.email_address, &own.id)
        }
        "phone_code" => {
            let wanted = request.form.get("phone_number_id").or(user.primary_phone_number_id.as_deref());
            let mut good =
                user.phone_numbers.iter().filter(|own| own.verified_by.is_some() && !own.reserved_for_second_factor);
            let own = good.find(|own| Some(&*own.id) == wanted).ok_or_else(FrontendError::strategy)?;
            (&own.phone_number, &own.id)
        }
        _ => return Err(FrontendError::strategy()),
    };
    let purpose = OutboxPurpose::Reverification;
    open.first = Some(delivery::send_code(&request.shared, strategy, to, identification_id, purpose));
    proceed(&request, &session, &user, open)
}

pub(super) async fn attempt_first(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let (session, user, mut open) = find_in_progress(&request, &id, "needs_first_factor")?;
    let strategy = request.form.required("strategy")?;
    restrictions::check_strategy(&request.shared, strategy)?;
    if strategy == "password" {
        passwords::try_password(&request, &user, "password", request.form.required("password")?)?;
        open.first = Some(Verification::verified(strategy, request.now));
        return proceed(&request, &session, &user, open);
    }
    let code = request.form.required("code")?;
    let mut store = request.shared.store();
    let known = store.attempts.reverifications.get_mut(&id).ok_or_else(wrong_status)?;
    let first = known.first.as_mut().ok_or_else(|| sign_ins::code_error(CodeError::NotPrepared))?;
    first.try_code(strategy, code, request.now).map_err(sign_ins::code_error)?;
    open = known.clone();
    drop(store);
    proceed(&request, &session, &user, open)
}

pub(super) async fn prepare_second(
    Path(id): Path<String>,
    request: FrontendRequest,
) -> Result<Response, FrontendError> {
    let (session, user, mut open) = find_in_progress(&request, &id, "needs_second_factor")?;
    open.second = Some(sign_ins::send_second(&request, &user, OutboxPurpose::Reverification)?);
    proceed(&request, &session, &user, open)
}

pub(super) async fn attempt_second(
    Path(id): Path<String>,
    request: FrontendRequest,
) -> Result<Response, FrontendError> {
    let (session, user, mut open) = find_in_progress(&request, &id, "needs_second_factor")?;
    if let "totp" | "backup_code" = request.form.required("strategy")? {
        open.second = Some(sign_ins::attempt_second(&request, &user)?);
    } else {
        let mut store = request.shared.store();
        let known = store.attempts.reverifications.get_mut(&id).ok_or_else(wrong_status)?;
        sign_ins::try_sent_code(&request, &mut known.second)?;
        open = known.clone();
    }
    proceed(&request, &session, &user, open)
}

fn find_session_and_user(request: &FrontendRequest, id: &str) -> Result<(Session, User), FrontendError> {
    let session = request.session_by_id(id)?;
    let user = request.shared.store().user(&session.user_id).cloned();
    Ok((session, user.ok_or_else(FrontendError::signed_out)?))
}

fn find_in_progress(
    request: &FrontendRequest,
    id: &str,
    status: &str,
) -> Result<(Session, User, Reverification), FrontendError> {
    let (session, user) = find_session_and_user(request, id)?;
    let open = request.shared.store().attempts.reverifications.get(id).cloned();
    let open = open.filter(|open| open.status() == status);
    Ok((session, user, open.ok_or_else(wrong_status)?))
}

fn wrong_status() -> FrontendError {
    FrontendError::bad_request("reverification_status_invalid", "This is not what the reverification asks for next")
}

/// Stores the reverification; when it is complete, resets the age of the session's factors.
fn proceed(
    request: &FrontendRequest,
    session: &Session,
    user: &User,
    open: Reverification,
) -> Result<Response, FrontendError> {
    let mut store = request.shared.store();
    if open.status() == "complete" {
        store.attempts.reverifications.remove(&session.id);
        if let Some(session) = store.sessions.get_mut(&session.id) {
            if open.level != "second_factor" {
                session.first_factor_at = request.now;
            }
            if open.level != "first_factor" {
                session.second_factor_at = Some(request.now);
            }
            session.updated_at = request.now;
        }
    } else {
        store.attempts.reverifications.put(&session.id, open.clone());
    }
    let session = store.sessions.get(&session.id).cloned().ok_or_else(FrontendError::signed_out)?;
    drop(store);
    let described = resource::session(&request.shared, &session, &request.origin);
    Ok(request.respond(&resource::reverification(&request.shared, user, &open, &described)))
}
