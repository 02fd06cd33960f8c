//! Redirect URLs of native applications.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use serde_json::{Value, json};
use url::Url;

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    query::Query,
};
use crate::{http::ApiError, keys::random_id, shared::Shared, store::RedirectUrl};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/redirect_urls", get(list).post(create))
        .route("/redirect_urls/{id}", get(redirect_url).delete(delete))
}

fn to_json(own: &RedirectUrl) -> Value {
    json!({
        "object": "redirect_url",
        "id": own.id,
        "url": own.url,
        "created_at": own.created_at,
        "updated_at": own.updated_at,
    })
}

/// `GET /v1/redirect_urls`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    query.array(shared.store().redirect_urls.iter().rev().map(to_json).collect())
}

/// `GET /v1/redirect_urls/{id}`
async fn redirect_url(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let store = shared.store();
    store.redirect_urls.get(&id).map(|own| Json(to_json(own))).ok_or_else(|| ApiError::not_found("redirect URL", &id))
}

/// `POST /v1/redirect_urls`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    let url = fields.required_text("url")?;
    fields.finish()?;
    if Url::parse(&url).is_err() {
        return Err(ApiError::invalid_format("url", "url must be a URL"));
    }
    let mut store = shared.store();
    if store.redirect_urls.find(|own| own.url == url).is_some() {
        return Err(ApiError::duplicate("url"));
    }
    let own = RedirectUrl { id: random_id("ru"), url, created_at: now, updated_at: now };
    store.redirect_urls.put(own.clone());
    Ok(Json(to_json(&own)))
}

/// `DELETE /v1/redirect_urls/{id}`
async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let removed = shared.store().redirect_urls.remove(&id);
    removed.map(|own| deleted_object("redirect_url", &own.id)).ok_or_else(|| ApiError::not_found("redirect URL", &id))
}
