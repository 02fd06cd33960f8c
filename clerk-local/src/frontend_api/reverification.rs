//! `/v1/client/sessions/{id}/verify`: a signed-in user proves again who they are.

use axum::{extract::Path, response::Response};

use super::{Call, FrontendError, delivery, passwords, resource, sign_ins};
use crate::store::{OutboxPurpose, Refused, Reverification, Session, User, Verification};

pub(super) async fn begin(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let (session, user) = known(&call, &id)?;
    let level = match call.form.get("level") {
        // Who has no second factor is asked for the first.
        Some("second_factor" | "multi_factor") if !user.has_second_factor() => "first_factor",
        Some(level @ ("first_factor" | "second_factor" | "multi_factor")) => level,
        None if user.has_second_factor() => "second_factor",
        None => "first_factor",
        Some(_) => return Err(FrontendError::invalid("level", "is not known")),
    };
    let begun = Reverification { level: level.to_owned(), first: None, second: None };
    proceed(&call, &session, &user, begun)
}

pub(super) async fn prepare_first(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let (session, user, mut open) = under_way(&call, &id, "needs_first_factor")?;
    let strategy = call.form.required("strategy")?;
    let (to, identification_id) = match strategy {
        "email_code" => {
            let wanted = call.form.get("email_address_id").or(user.primary_email_address_id.as_deref());
            let mut verified = user.email_addresses.iter().filter(|own| own.verified_by.is_some());
            let own = verified.find(|own| Some(&*own.id) == wanted).ok_or_else(FrontendError::strategy)?;
            (&own.email_address, &own.id)
        }
        "phone_code" => {
            let wanted = call.form.get("phone_number_id").or(user.primary_phone_number_id.as_deref());
            let mut good =
                user.phone_numbers.iter().filter(|own| own.verified_by.is_some() && !own.reserved_for_second_factor);
            let own = good.find(|own| Some(&*own.id) == wanted).ok_or_else(FrontendError::strategy)?;
            (&own.phone_number, &own.id)
        }
        _ => return Err(FrontendError::strategy()),
    };
    let purpose = OutboxPurpose::Reverification;
    open.first = Some(delivery::send_code(&call.shared, strategy, to, identification_id, purpose));
    proceed(&call, &session, &user, open)
}

pub(super) async fn attempt_first(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let (session, user, mut open) = under_way(&call, &id, "needs_first_factor")?;
    let strategy = call.form.required("strategy")?;
    if strategy == "password" {
        passwords::try_password(&call, &user, "password", call.form.required("password")?)?;
        open.first = Some(Verification::done(strategy, call.now));
        return proceed(&call, &session, &user, open);
    }
    let code = call.form.required("code")?;
    let mut store = call.shared.store();
    let known = store.attempts.reverifications.get_mut(&id).ok_or_else(not_asked_for)?;
    let first = known.first.as_mut().ok_or_else(|| sign_ins::refused(Refused::NotPrepared))?;
    first.try_code(strategy, code, call.now).map_err(sign_ins::refused)?;
    open = known.clone();
    drop(store);
    proceed(&call, &session, &user, open)
}

pub(super) async fn prepare_second(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let (session, user, mut open) = under_way(&call, &id, "needs_second_factor")?;
    open.second = Some(sign_ins::send_second(&call, &user, OutboxPurpose::Reverification)?);
    proceed(&call, &session, &user, open)
}

pub(super) async fn attempt_second(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let (session, user, mut open) = under_way(&call, &id, "needs_second_factor")?;
    if let "totp" | "backup_code" = call.form.required("strategy")? {
        open.second = Some(sign_ins::attempt_second(&call, &user)?);
    } else {
        let mut store = call.shared.store();
        let known = store.attempts.reverifications.get_mut(&id).ok_or_else(not_asked_for)?;
        sign_ins::try_sent(&call, &mut known.second)?;
        open = known.clone();
    }
    proceed(&call, &session, &user, open)
}

fn known(call: &Call, id: &str) -> Result<(Session, User), FrontendError> {
    let session = call.session_of(id)?;
    let user = call.shared.store().user(&session.user_id).cloned();
    Ok((session, user.ok_or_else(FrontendError::signed_out)?))
}

fn under_way(call: &Call, id: &str, status: &str) -> Result<(Session, User, Reverification), FrontendError> {
    let (session, user) = known(call, id)?;
    let open = call.shared.store().attempts.reverifications.get(id).cloned();
    let open = open.filter(|open| open.status() == status);
    Ok((session, user, open.ok_or_else(not_asked_for)?))
}

fn not_asked_for() -> FrontendError {
    FrontendError::bad_request("reverification_status_invalid", "This is not what the reverification asks for next")
}

/// Keeps what has become of it; at the end the session's factors are as fresh as can be.
fn proceed(call: &Call, session: &Session, user: &User, open: Reverification) -> Result<Response, FrontendError> {
    let mut store = call.shared.store();
    if open.status() == "complete" {
        store.attempts.reverifications.remove(&session.id);
        if let Some(session) = store.sessions.get_mut(&session.id) {
            if open.level != "second_factor" {
                session.first_factor_at = call.now;
            }
            if open.level != "first_factor" {
                session.second_factor_at = Some(call.now);
            }
            session.updated_at = call.now;
        }
    } else {
        store.attempts.reverifications.put(&session.id, open.clone());
    }
    let session = store.sessions.get(&session.id).cloned().ok_or_else(FrontendError::signed_out)?;
    drop(store);
    let described = resource::session(&call.shared, &session, &call.origin);
    Ok(call.answer(&resource::reverification(&call.shared, user, &open, &described)))
}
