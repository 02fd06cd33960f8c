//! Telephone numbers of users.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};

use super::{
    answer::{Answer, Refusal, deleted},
    fields::Fields,
    identifiers,
    users::{known, named},
    verifications,
};
use crate::{
    outbox::OutboxChannel,
    resource,
    shared::Shared,
    store::{PhoneNumber, Store, User},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/phone_numbers", post(create))
        .route("/phone_numbers/{id}", get(phone_number).patch(update).delete(delete))
        .route("/phone_numbers/{id}/prepare_verification", post(prepare_verification))
        .route("/phone_numbers/{id}/attempt_verification", post(attempt_verification))
}

/// The number with this id, and whose it is.
fn found(store: &Store, id: &str) -> Result<(User, PhoneNumber), Refusal> {
    let found = store.users.iter().find_map(|user| Some((user, user.phone_numbers.iter().find(|own| own.id == id)?)));
    found.map(|(user, own)| (user.clone(), own.clone())).ok_or_else(|| Refusal::not_found("phone number", id))
}

/// `GET /v1/phone_numbers/{id}`
async fn phone_number(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Answer {
    let (user, number) = found(&shared.store(), &id)?;
    Ok(Json(resource::phone_number(&user, &number)))
}

/// `POST /v1/phone_numbers`
async fn create(State(shared): State<Arc<Shared>>, mut fields: Fields) -> Answer {
    let user_id = fields.text("user_id")?;
    let number = fields.text("phone_number")?;
    let verified = fields.opt("verified")?.unwrap_or(false);
    let primary = fields.opt("primary")?.unwrap_or(false);
    let second_factor = fields.opt("reserved_for_second_factor")?.unwrap_or(false);
    fields.end()?;
    let store = shared.store();
    named(&store, "user_id", &user_id)?;
    // The same number twice is refused for the user, too.
    identifiers::phone_number(&store, &number, "")?;
    drop(store);
    add(&shared, &user_id, &number, verified, primary, second_factor)
}

/// `PUT /v1/users/{id}/phone_number`: takes the others away.
pub(super) async fn replace(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: Fields) -> Answer {
    let number = fields.text("phone_number")?;
    let status: Option<String> = fields.opt("identification_status")?;
    fields.end()?;
    let store = shared.store();
    known(&store, &id)?;
    identifiers::phone_number(&store, &number, &id)?;
    drop(store);
    shared.edit_user(&id, |user| {
        user.phone_numbers.clear();
        user.primary_phone_number_id = None;
    })?;
    add(&shared, &id, &number, status.is_none_or(|status| status == "verified"), true, false)
}

fn add(shared: &Shared, user_id: &str, number: &str, verified: bool, primary: bool, second_factor: bool) -> Answer {
    let mut id = String::new();
    let user = shared.edit_user(user_id, |user| {
        id.clone_from(&user.add_phone_number(number, verified.then_some("admin")).id);
        if primary {
            user.primary_phone_number_id = Some(id.clone());
        }
        user.phone_numbers
            .iter_mut()
            .filter(|own| own.id == id)
            .for_each(|own| own.reserved_for_second_factor = second_factor);
    })?;
    let added = user.phone_numbers.iter().find(|own| own.id == id);
    added.map(|own| Json(resource::phone_number(&user, own))).ok_or_else(|| Refusal::not_found("phone number", &id))
}

/// `PATCH /v1/phone_numbers/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: Fields) -> Answer {
    let verified: Option<bool> = fields.opt("verified")?;
    let primary = fields.opt("primary")?.unwrap_or(false);
    let second_factor: Option<bool> = fields.opt("reserved_for_second_factor")?;
    fields.end()?;
    let (user, number) = found(&shared.store(), &id)?;
    if primary && !verified.unwrap_or(number.verified_by.is_some()) {
        return Err(Refusal::value("primary", "the number is not verified"));
    }
    shared.edit_user(&user.id, |user| {
        if primary {
            user.primary_phone_number_id = Some(id.clone());
        }
        let Some(own) = user.phone_numbers.iter_mut().find(|own| own.id == id) else { return };
        if let Some(verified) = verified {
            own.verified_by = if verified { own.verified_by.take().or_else(|| Some("admin".to_owned())) } else { None };
        }
        if let Some(second_factor) = second_factor {
            own.reserved_for_second_factor = second_factor;
        }
    })?;
    let (user, number) = found(&shared.store(), &id)?;
    Ok(Json(resource::phone_number(&user, &number)))
}

/// `DELETE /v1/phone_numbers/{id}`
async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Answer {
    let (user, _) = found(&shared.store(), &id)?;
    if !user.has_another_identifier(&id) {
        let problem = "the user has nothing else to sign in with";
        return Err(Refusal::new(StatusCode::CONFLICT, "last_identification_deletion_failed", problem));
    }
    shared.edit_user(&user.id, |user| {
        user.phone_numbers.retain(|own| own.id != id);
        if user.primary_phone_number_id.as_ref() == Some(&id) {
            user.primary_phone_number_id = user.phone_numbers.first().map(|own| own.id.clone());
        }
    })?;
    Ok(deleted("phone_number", &id))
}

/// `POST /v1/phone_numbers/{id}/prepare_verification`
async fn prepare_verification(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Answer {
    let (_, number) = found(&shared.store(), &id)?;
    verifications::prepare(&shared, &id, &number.phone_number, OutboxChannel::Sms)
}

/// `POST /v1/phone_numbers/{id}/attempt_verification`
async fn attempt_verification(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: Fields) -> Answer {
    let (verification_id, code) = (fields.text("verification_id")?, fields.text("code")?);
    fields.end()?;
    let (user, _) = found(&shared.store(), &id)?;
    verifications::attempt(&shared, (&id, &verification_id), &code, OutboxChannel::Sms, |strategy| {
        shared.edit_user(&user.id, |user| {
            if let Some(own) = user.phone_numbers.iter_mut().find(|own| own.id == id) {
                own.verified_by = Some(strategy.to_owned());
            }
        })?;
        Ok(())
    })
}
