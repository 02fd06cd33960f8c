//! OAuth applications.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use serde_json::{Value, json};
use url::Url;

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    query::Query,
};
use crate::{
    http::ApiError,
    keys::random_id,
    shared::Shared,
    store::{MachineTokenKind, OAuthApplication, OAuthClient, Store},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/oauth_applications", get(list).post(create))
        .route("/oauth_applications/{id}", get(application).patch(update).delete(delete))
        .route("/oauth_applications/{id}/rotate_secret", post(rotate_secret))
        .route("/oauth_applications/{id}/revoke_token", post(revoke_token))
}

fn to_json(shared: &Shared, application: &OAuthApplication) -> Value {
    let base = shared.frontend_api_url();
    json!({
        "object": "oauth_application",
        "id": application.id,
        "instance_id": shared.webhooks.instance_id(),
        "name": application.name,
        "client_id": application.client_id,
        "client_uri": null,
        "client_image_url": null,
        "dynamically_registered": false,
        "consent_screen_enabled": application.consent_screen_enabled,
        "pkce_required": application.pkce_required,
        "public": application.client_secret.is_none(),
        "scopes": application.scopes,
        "redirect_uris": application.redirect_uris,
        "callback_url": application.redirect_uris.first().map(String::as_str).unwrap_or_default(),
        "authorize_url": format!("{base}/oauth/authorize"),
        "token_fetch_url": format!("{base}/oauth/token"),
        "user_info_url": format!("{base}/oauth/userinfo"),
        "discovery_url": format!("{base}/.well-known/oauth-authorization-server"),
        "token_introspection_url": format!("{base}/oauth/token_info"),
        "created_at": application.created_at,
        "updated_at": application.updated_at,
    })
}

/// The same with the secret, which only the creation and the rotation show.
fn to_json_with_secret(shared: &Shared, application: &OAuthApplication) -> Value {
    let mut json = to_json(shared, application);
    if let Some(secret) = &application.client_secret {
        json["client_secret"] = secret.as_str().into();
    }
    json
}

fn find_or_404(store: &Store, id: &str) -> Result<OAuthApplication, ApiError> {
    store.oauth_applications.get(id).cloned().ok_or_else(|| ApiError::not_found("OAuth application", id))
}

/// `GET /v1/oauth_applications`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let text = query.get("name_query").map(str::to_lowercase);
    let store = shared.store();
    let applications = store.oauth_applications.iter();
    let applications =
        applications.filter(|one| text.as_ref().is_none_or(|text| one.name.to_lowercase().contains(&**text)));
    let mut applications: Vec<_> = applications.map(|one| to_json(&shared, one)).collect();
    query.sort(&mut applications, "-created_at", &[("created_at", "/created_at"), ("name", "/name")])?;
    query.list(applications)
}

/// `GET /v1/oauth_applications/{id}`
async fn application(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    find_or_404(&shared.store(), &id).map(|application| Json(to_json(&shared, &application)))
}

/// `POST /v1/oauth_applications`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    let mut application = OAuthApplication {
        id: random_id("oa"),
        name: fields.required_text("name")?,
        client_id: random_id("client"),
        client_secret: Some(random_id("secret")),
        scopes: "profile email".to_owned(),
        redirect_uris: Vec::new(),
        consent_screen_enabled: true,
        pkce_required: false,
        created_at: now,
        updated_at: now,
    };
    change(&mut application, fields)?;
    put(&mut shared.store(), &application);
    Ok(Json(to_json_with_secret(&shared, &application)))
}

/// `PATCH /v1/oauth_applications/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, fields: BodyFields) -> ApiResult {
    let mut store = shared.store();
    let mut application = find_or_404(&store, &id)?;
    change(&mut application, fields)?;
    application.updated_at = shared.clock.now();
    put(&mut store, &application);
    Ok(Json(to_json(&shared, &application)))
}

fn change(application: &mut OAuthApplication, mut fields: BodyFields) -> Result<(), ApiError> {
    if let Some(name) = fields.optional("name")? {
        application.name = name;
    }
    if let Some(redirect_uris) = fields.optional("redirect_uris")? {
        application.redirect_uris = redirect_uris;
    }
    // The older parameter, for a single URI.
    if let Some(callback_url) = fields.optional::<String>("callback_url")?.filter(|url| !url.is_empty()) {
        application.redirect_uris = vec![callback_url];
    }
    if let Some(scopes) = fields.optional("scopes")? {
        application.scopes = scopes;
    }
    if let Some(enabled) = fields.optional("consent_screen_enabled")? {
        application.consent_screen_enabled = enabled;
    }
    if let Some(required) = fields.optional("pkce_required")? {
        application.pkce_required = required;
    }
    match fields.optional("public")? {
        Some(true) => application.client_secret = None,
        Some(false) if application.client_secret.is_none() => application.client_secret = Some(random_id("secret")),
        _ => {}
    }
    fields.finish()?;
    if application.redirect_uris.iter().any(|uri| Url::parse(uri).is_err()) {
        return Err(ApiError::invalid_format("redirect_uris", "redirect_uris must be URLs"));
    }
    Ok(())
}

/// Stores the application, and registers it at the Frontend API.
fn put(store: &mut Store, application: &OAuthApplication) {
    store.oauth_applications.put(application.clone());
    let client = OAuthClient {
        id: application.client_id.clone(),
        name: application.name.clone(),
        redirect_uris: application.redirect_uris.clone(),
        secret: application.client_secret.clone(),
        pkce_required: application.pkce_required,
    };
    store.oauth.put(client);
}

/// `DELETE /v1/oauth_applications/{id}`
async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let mut store = shared.store();
    let application = find_or_404(&store, &id)?;
    store.oauth_applications.remove(&id);
    store.oauth.forget(&application.client_id);
    Ok(deleted_object("oauth_application", &id))
}

/// `POST /v1/oauth_applications/{id}/rotate_secret`
async fn rotate_secret(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let mut store = shared.store();
    let mut application = find_or_404(&store, &id)?;
    if application.client_secret.is_some() {
        application.client_secret = Some(random_id("secret"));
    }
    application.updated_at = shared.clock.now();
    put(&mut store, &application);
    Ok(Json(to_json_with_secret(&shared, &application)))
}

/// `POST /v1/oauth_applications/{id}/revoke_token`
async fn revoke_token(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> Result<StatusCode, ApiError> {
    let secret = fields.required_text("token")?;
    fields.finish()?;
    let mut store = shared.store();
    let application = find_or_404(&store, &id)?;
    let token = store
        .machine_tokens
        .find(MachineTokenKind::OAuth, &secret)
        .filter(|token| token.client_id == application.client_id);
    let token_id = token.map(|token| token.id.clone());
    // The error must not repeat the token.
    let token_id = token_id.ok_or_else(|| ApiError::not_found("token of the application", "like this"))?;
    store.machine_tokens.revoke(&token_id, |token| token.kind == MachineTokenKind::OAuth, None);
    Ok(StatusCode::NO_CONTENT)
}
