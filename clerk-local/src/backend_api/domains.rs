//! Domains of the instance: its own, and satellites.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, patch},
};
use serde_json::{Value, json};

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
};
use crate::{http::ApiError, keys::random_id, shared::Shared, store::Domain};

/// The instance's own domain, which cannot be deleted.
const PRIMARY: &str = "dmn_primary";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/domains", get(list).post(create)).route("/domains/{id}", patch(update).delete(delete))
}

fn to_json(shared: &Shared, id: &str, name: &str, is_satellite: bool, proxy_url: Option<&str>) -> Value {
    json!({
        "object": "domain",
        "id": id,
        "name": name,
        "is_satellite": is_satellite,
        "frontend_api_url": shared.frontend_api_url(),
        "accounts_portal_url": null,
        "proxy_url": proxy_url,
        "development_origin": "",
        "cname_targets": null,
    })
}

fn satellite_to_json(shared: &Shared, domain: &Domain) -> Value {
    to_json(shared, &domain.id, &domain.name, true, domain.proxy_url.as_deref())
}

/// `GET /v1/domains`, without pages.
async fn list(State(shared): State<Arc<Shared>>) -> ApiResult {
    let mut domains = vec![to_json(&shared, PRIMARY, shared.publishable_key.frontend_api(), false, None)];
    domains.extend(shared.store().domains.iter().map(|domain| satellite_to_json(&shared, domain)));
    Ok(Json(json!({"total_count": domains.len(), "data": domains})))
}

/// `POST /v1/domains`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let name = fields.required_text("name")?;
    if !fields.required::<bool>("is_satellite")? {
        return Err(ApiError::invalid_value(
            "is_satellite",
            "an instance has one domain that is no satellite, and this has one",
        ));
    }
    let proxy_url = fields.optional("proxy_url")?;
    fields.finish()?;
    let mut store = shared.store();
    if store.domains.find(|domain| domain.name == name).is_some() {
        return Err(ApiError::identifier_taken("name"));
    }
    let domain = Domain { id: random_id("dmn"), name, proxy_url, created_at: shared.clock.now() };
    store.domains.put(domain.clone());
    Ok(Json(satellite_to_json(&shared, &domain)))
}

/// `PATCH /v1/domains/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let name: Option<String> = fields.optional("name")?;
    let proxy_url: Option<Option<String>> = fields.nullable("proxy_url")?;
    fields.ignore(&["is_secondary"]);
    fields.finish()?;
    let mut store = shared.store();
    if name.is_some() && store.domains.find(|domain| domain.id != id && Some(&domain.name) == name.as_ref()).is_some() {
        return Err(ApiError::identifier_taken("name"));
    }
    let domain = store.domains.get_mut(&id).ok_or_else(|| ApiError::not_found("satellite domain", &id))?;
    if let Some(name) = name {
        domain.name = name;
    }
    if let Some(proxy_url) = proxy_url {
        domain.proxy_url = proxy_url;
    }
    Ok(Json(satellite_to_json(&shared, domain)))
}

/// `DELETE /v1/domains/{id}`
async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    if id == PRIMARY {
        let problem = "the instance's own domain stays";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "operation_not_allowed_on_primary_domain", problem));
    }
    let removed = shared.store().domains.remove(&id);
    removed.map(|domain| deleted_object("domain", &domain.id)).ok_or_else(|| ApiError::not_found("domain", &id))
}
