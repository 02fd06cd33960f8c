//! JWT templates: tokens for other services.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use clerk_core::time::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    query::Query,
};
use crate::{
    http::ApiError,
    jwt_template::RESERVED,
    keys::random_id,
    shared::Shared,
    store::{JwtTemplate, Store},
};

/// Default lifetime and clock skew in seconds, as with Clerk.
const LIFETIME: u32 = 60;
const CLOCK_SKEW: u32 = 5;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/jwt_templates", get(list).post(create))
        .route("/jwt_templates/{id}", get(template).patch(update).delete(delete))
}

fn to_json(template: &JwtTemplate) -> Value {
    json!({
        "object": "jwt_template",
        "id": template.id,
        "name": template.name,
        "claims": template.claims,
        "lifetime": template.lifetime,
        "allowed_clock_skew": template.allowed_clock_skew,
        "custom_signing_key": false,
        "signing_algorithm": "RS256",
        "created_at": template.created_at,
        "updated_at": template.updated_at,
    })
}

/// `GET /v1/jwt_templates`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    query.array(shared.store().jwt_templates.iter().map(to_json).collect())
}

/// `GET /v1/jwt_templates/{id}`
async fn template(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    find_or_404(&shared.store(), &id).map(|template| Json(to_json(&template)))
}

fn find_or_404(store: &Store, id: &str) -> Result<JwtTemplate, ApiError> {
    store.jwt_templates.get(id).cloned().ok_or_else(|| ApiError::not_found("JWT template", id))
}

/// `POST /v1/jwt_templates`
async fn create(State(shared): State<Arc<Shared>>, fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    put(
        &mut shared.store(),
        JwtTemplate {
            id: random_id("jtmp"),
            name: String::new(),
            claims: Map::new(),
            lifetime: LIFETIME,
            allowed_clock_skew: CLOCK_SKEW,
            created_at: now,
            updated_at: now,
        },
        fields,
        now,
    )
}

/// `PATCH /v1/jwt_templates/{id}`, with the parameters of the creation.
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, fields: BodyFields) -> ApiResult {
    let mut store = shared.store();
    let template = find_or_404(&store, &id)?;
    put(&mut store, template, fields, shared.clock.now())
}

fn put(store: &mut Store, mut template: JwtTemplate, mut fields: BodyFields, now: Timestamp) -> ApiResult {
    template.name = fields.required_text("name")?;
    template.claims = fields.required("claims")?;
    template.lifetime = fields.optional("lifetime")?.unwrap_or(template.lifetime);
    template.allowed_clock_skew = fields.optional("allowed_clock_skew")?.unwrap_or(template.allowed_clock_skew);
    template.updated_at = now;
    if fields.optional("custom_signing_key")?.unwrap_or(false) {
        return Err(ApiError::invalid_value("custom_signing_key", "clerk-local signs with the instance's key alone"));
    }
    let algorithm: Option<String> = fields.optional("signing_algorithm")?;
    if algorithm.is_some_and(|algorithm| algorithm != "RS256") {
        return Err(ApiError::invalid_value("signing_algorithm", "clerk-local signs with RS256 alone"));
    }
    fields.ignore(&["signing_key"]);
    fields.finish()?;
    if !(30..=315_360_000).contains(&template.lifetime) {
        return Err(ApiError::invalid_value("lifetime", "between 30 seconds and 10 years"));
    }
    if template.allowed_clock_skew > 300 {
        return Err(ApiError::invalid_value("allowed_clock_skew", "300 seconds at most"));
    }
    if let Some(claim) = RESERVED.iter().find(|claim| template.claims.contains_key(**claim)) {
        let problem = format!("each token has the claim {claim}, which no template can change");
        return Err(ApiError::for_parameter("claims", "jwt_template_reserved_claim", problem));
    }
    if store.jwt_templates.find(|other| other.id != template.id && other.name == template.name).is_some() {
        return Err(ApiError::duplicate("name"));
    }
    store.jwt_templates.put(template.clone());
    Ok(Json(to_json(&template)))
}

/// `DELETE /v1/jwt_templates/{id}`
async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let removed = shared.store().jwt_templates.remove(&id);
    removed
        .map(|template| deleted_object("jwt_template", &template.id))
        .ok_or_else(|| ApiError::not_found("JWT template", &id))
}
