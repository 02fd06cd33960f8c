//! E-mail addresses of users.

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
    store::{EmailAddress, Store, User},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/email_addresses", post(create))
        .route("/email_addresses/{id}", get(email_address).patch(update).delete(delete))
        .route("/email_addresses/{id}/prepare_verification", post(prepare_verification))
        .route("/email_addresses/{id}/attempt_verification", post(attempt_verification))
}

/// The address with this id, and whose it is.
fn found(store: &Store, id: &str) -> Result<(User, EmailAddress), Refusal> {
    let found = store.users.iter().find_map(|user| Some((user, user.email_addresses.iter().find(|own| own.id == id)?)));
    found.map(|(user, own)| (user.clone(), own.clone())).ok_or_else(|| Refusal::not_found("email address", id))
}

/// `GET /v1/email_addresses/{id}`
async fn email_address(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Answer {
    let (user, address) = found(&shared.store(), &id)?;
    Ok(Json(resource::email_address(&user, &address)))
}

/// `POST /v1/email_addresses`
async fn create(State(shared): State<Arc<Shared>>, mut fields: Fields) -> Answer {
    let user_id = fields.text("user_id")?;
    let address = fields.text("email_address")?;
    let verified = fields.opt("verified")?.unwrap_or(false);
    let primary = fields.opt("primary")?.unwrap_or(false);
    fields.ignore(&["notify_primary_email_address_changed"]);
    fields.end()?;
    let store = shared.store();
    named(&store, "user_id", &user_id)?;
    // The same address twice is refused for the user, too.
    identifiers::email_address(&store, &address, "")?;
    drop(store);
    add(&shared, &user_id, &address, verified, primary)
}

/// `PUT /v1/users/{id}/email_address`: takes the others away.
pub(super) async fn replace(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: Fields) -> Answer {
    let address = fields.text("email_address")?;
    let status: Option<String> = fields.opt("identification_status")?;
    fields.ignore(&["notify_primary_email_address_changed"]);
    fields.end()?;
    let store = shared.store();
    known(&store, &id)?;
    identifiers::email_address(&store, &address, &id)?;
    drop(store);
    shared.edit_user(&id, |user| {
        user.email_addresses.clear();
        user.primary_email_address_id = None;
    })?;
    add(&shared, &id, &address, status.is_none_or(|status| status == "verified"), true)
}

fn add(shared: &Shared, user_id: &str, address: &str, verified: bool, primary: bool) -> Answer {
    let mut id = String::new();
    let user = shared.edit_user(user_id, |user| {
        id.clone_from(&user.add_email_address(address, verified.then_some("admin")).id);
        if primary {
            user.primary_email_address_id = Some(id.clone());
        }
    })?;
    let added = user.email_addresses.iter().find(|own| own.id == id);
    added.map(|own| Json(resource::email_address(&user, own))).ok_or_else(|| Refusal::not_found("email address", &id))
}

/// `PATCH /v1/email_addresses/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: Fields) -> Answer {
    let verified: Option<bool> = fields.opt("verified")?;
    let primary = fields.opt("primary")?.unwrap_or(false);
    fields.ignore(&["notify_primary_email_address_changed"]);
    fields.end()?;
    let (user, address) = found(&shared.store(), &id)?;
    if primary && !verified.unwrap_or(address.verified_by.is_some()) {
        return Err(Refusal::value("primary", "the address is not verified"));
    }
    shared.edit_user(&user.id, |user| {
        if primary {
            user.primary_email_address_id = Some(id.clone());
        }
        if let (Some(verified), Some(own)) = (verified, user.email_addresses.iter_mut().find(|own| own.id == id)) {
            own.verified_by = if verified { own.verified_by.take().or_else(|| Some("admin".to_owned())) } else { None };
        }
    })?;
    let (user, address) = found(&shared.store(), &id)?;
    Ok(Json(resource::email_address(&user, &address)))
}

/// `DELETE /v1/email_addresses/{id}`
async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Answer {
    let (user, _) = found(&shared.store(), &id)?;
    if !user.has_another_identifier(&id) {
        let problem = "the user has nothing else to sign in with";
        return Err(Refusal::new(StatusCode::CONFLICT, "last_identification_deletion_failed", problem));
    }
    shared.edit_user(&user.id, |user| {
        user.email_addresses.retain(|own| own.id != id);
        if user.primary_email_address_id.as_ref() == Some(&id) {
            user.primary_email_address_id = user.email_addresses.first().map(|own| own.id.clone());
        }
    })?;
    Ok(deleted("email_address", &id))
}

/// `POST /v1/email_addresses/{id}/prepare_verification`
async fn prepare_verification(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Answer {
    let (_, address) = found(&shared.store(), &id)?;
    verifications::prepare(&shared, &id, &address.email_address, OutboxChannel::Email)
}

/// `POST /v1/email_addresses/{id}/attempt_verification`
async fn attempt_verification(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: Fields) -> Answer {
    let (verification_id, code) = (fields.text("verification_id")?, fields.text("code")?);
    fields.end()?;
    let (user, _) = found(&shared.store(), &id)?;
    verifications::attempt(&shared, (&id, &verification_id), &code, OutboxChannel::Email, |strategy| {
        shared.edit_user(&user.id, |user| {
            if let Some(own) = user.email_addresses.iter_mut().find(|own| own.id == id) {
                own.verified_by = Some(strategy.to_owned());
            }
        })?;
        Ok(())
    })
}
