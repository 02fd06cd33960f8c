//! API keys of users and organizations.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    query::Query,
};
use crate::{
    http::ApiError,
    machine_token::MachineTokenBuilder,
    shared::Shared,
    store::{MachineToken, MachineTokenKind},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api_keys", get(list).post(create))
        .route("/api_keys/verify", post(verify))
        .route("/api_keys/{id}", get(api_key).patch(update).delete(delete))
        .route("/api_keys/{id}/secret", get(secret))
        .route("/api_keys/{id}/revoke", post(revoke))
}

/// `POST /api_keys`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let (name, subject) = (fields.required_text("name")?, fields.required_text("subject")?);
    let builder = MachineTokenBuilder::new(Arc::clone(&shared), MachineTokenKind::ApiKey, &subject).name(&name);
    let builder = builder.scopes(fields.optional::<Vec<String>>("scopes")?.unwrap_or_default());
    let builder = builder.claims(fields.optional("claims")?.unwrap_or_default());
    let builder = builder.description(fields.optional("description")?, fields.optional("created_by")?);
    let builder = match lifetime(&mut fields)? {
        Some(lifetime) => builder.lifetime(lifetime),
        None => builder,
    };
    fields.ignore(&["type"]);
    fields.finish()?;
    let key = builder.into_created();
    let mut json = key.json(shared.clock.now().unix_millis());
    json["secret"] = key.secret.into();
    Ok(Json(json))
}

fn lifetime(fields: &mut BodyFields) -> Result<Option<Duration>, ApiError> {
    let Some(seconds) = fields.optional::<f64>("seconds_until_expiration")? else { return Ok(None) };
    let lifetime = Duration::try_from_secs_f64(seconds).ok().filter(|lifetime| !lifetime.is_zero());
    let problem = || ApiError::invalid_value("seconds_until_expiration", "seconds_until_expiration must be above zero");
    lifetime.map(Some).ok_or_else(problem)
}

/// `GET /api_keys?subject=`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let now = shared.clock.now().unix_millis();
    let subject = query.get("subject").ok_or_else(|| ApiError::missing_parameter("subject"))?;
    let include_invalid = query.flag("include_invalid")?.unwrap_or(false);
    let store = shared.store();
    let keys = store.machine_tokens.of_kind(MachineTokenKind::ApiKey).rev().filter(|key| {
        key.subject == subject && (include_invalid || !key.is_invalid(now)) && query.matches_text(&[&key.name])
    });
    query.list(keys.map(|key| key.json(now)).collect())
}

/// Edits a key and answers with it.
fn edit(shared: &Shared, id: &str, change: impl FnOnce(&mut MachineToken)) -> ApiResult {
    let now = shared.clock.now().unix_millis();
    let mut store = shared.store();
    let key =
        store.machine_tokens.get_mut(MachineTokenKind::ApiKey, id).ok_or_else(|| ApiError::not_found("API key", id))?;
    change(key);
    Ok(Json(key.json(now)))
}

/// `GET /api_keys/{id}`
async fn api_key(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let (store, now) = (shared.store(), shared.clock.now().unix_millis());
    let key = store.machine_tokens.get(MachineTokenKind::ApiKey, &id);
    key.map(|key| Json(key.json(now))).ok_or_else(|| ApiError::not_found("API key", &id))
}

/// `GET /api_keys/{id}/secret`
async fn secret(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let store = shared.store();
    let key = store.machine_tokens.get(MachineTokenKind::ApiKey, &id);
    key.map(|key| Json(json!({ "secret": key.secret }))).ok_or_else(|| ApiError::not_found("API key", &id))
}

/// `PATCH /api_keys/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    let claims: Option<Value> = fields.optional("claims")?;
    let scopes: Option<Vec<String>> = fields.optional("scopes")?;
    let description: Option<Option<String>> = fields.nullable("description")?;
    let subject: Option<String> = fields.optional("subject")?;
    let lifetime = lifetime(&mut fields)?;
    fields.finish()?;
    edit(&shared, &id, |key| {
        if let Some(claims) = claims {
            key.claims = claims;
        }
        if let Some(scopes) = scopes {
            key.scopes = scopes;
        }
        if let Some(description) = description {
            key.description = description;
        }
        if let Some(subject) = subject {
            key.subject = subject;
        }
        if let Some(lifetime) = lifetime {
            key.expiration = Some((now + lifetime).unix_millis());
        }
        key.updated_at = now.unix_millis();
    })
}

/// `POST /api_keys/{id}/revoke`
async fn revoke(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let reason: Option<String> = fields.optional("revocation_reason")?;
    fields.finish()?;
    let now = shared.clock.now().unix_millis();
    edit(&shared, &id, |key| (key.revoked, key.revocation_reason, key.updated_at) = (true, reason, now))
}

/// `DELETE /api_keys/{id}`
async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let removed = shared.store().machine_tokens.remove(MachineTokenKind::ApiKey, &id);
    removed.map(|key| deleted_object("api_key", &key.id)).ok_or_else(|| ApiError::not_found("API key", &id))
}

/// `POST /api_keys/verify`
async fn verify(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    shared.verify_requests.fetch_add(1, Ordering::SeqCst);
    let secret: String = fields.optional("secret")?.unwrap_or_default();
    let store = shared.store();
    let key = store.machine_tokens.find(MachineTokenKind::ApiKey, &secret);
    let key = key.map(|key| Json(key.json(shared.clock.now().unix_millis())));
    // The error must not repeat the secret.
    key.ok_or_else(|| ApiError::not_found("API key", "with this secret"))
}
