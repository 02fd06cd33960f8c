//! A user's external accounts.

use axum::{extract::Path, response::Response};
use serde_json::json;

use super::{recently_verified_user, respond_deleted};
use crate::{
    frontend_api::{FrontendError, FrontendRequest, providers, resource},
    keys::random_id,
    store::ProviderIntent,
};

/// Answers with the provider's page where the account can be connected.
pub(super) async fn create(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    let client = request.client().ok_or_else(FrontendError::signed_out)?;
    let strategy = request.form.required("strategy")?;
    let visit = providers::start_social(&request, &client, ProviderIntent::Connect(user.id.clone()), strategy)?;
    Ok(request.respond(&json!({
        "object": "external_account",
        "id": random_id("eac"),
        "provider": strategy.strip_prefix("oauth_").unwrap_or(strategy),
        "identification_id": "",
        "provider_user_id": "",
        "approved_scopes": "",
        "email_address": "",
        "first_name": "",
        "last_name": "",
        "username": null,
        "public_metadata": {},
        "label": null,
        "created_at": request.now,
        "updated_at": request.now,
        "verification": resource::verification(&visit, request.now),
    })))
}

pub(super) async fn delete(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    if !user.external_accounts.iter().any(|own| own.id == id) {
        return Err(FrontendError::not_found("External account"));
    }
    request.shared.edit_user(&user.id, |user| user.external_accounts.retain(|own| own.id != id))?;
    Ok(respond_deleted(&request, "external_account", &id))
}

/// Users set up no enterprise connections of their own.
pub(super) async fn no_connections(request: FrontendRequest) -> Result<Response, FrontendError> {
    request.user()?;
    Ok(request.respond(&json!([])))
}
