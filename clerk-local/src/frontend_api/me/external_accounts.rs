//! A user's accounts elsewhere.

use axum::{extract::Path, response::Response};
use serde_json::json;

use super::{deleted, recent_user};
use crate::{
    frontend_api::{Call, FrontendError, providers, resource},
    keys::random_id,
    store::Purpose,
};

/// Says where the account is to be connected.
pub(super) async fn create(call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    let client = call.client().ok_or_else(FrontendError::signed_out)?;
    let strategy = call.form.required("strategy")?;
    let visit = providers::begin(&call, &client, Purpose::Connect(user.id.clone()), strategy)?;
    Ok(call.answer(&json!({
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
        "created_at": call.now,
        "updated_at": call.now,
        "verification": resource::verification(&visit, call.now),
    })))
}

pub(super) async fn delete(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    if !user.external_accounts.iter().any(|own| own.id == id) {
        return Err(FrontendError::not_found("External account"));
    }
    call.shared.edit_user(&user.id, |user| user.external_accounts.retain(|own| own.id != id))?;
    Ok(deleted(&call, "external_account", &id))
}

/// Users set up no enterprise connections of their own.
pub(super) async fn no_connections(call: Call) -> Result<Response, FrontendError> {
    call.user()?;
    Ok(call.answer(&json!([])))
}
