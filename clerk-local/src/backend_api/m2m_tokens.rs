//! M2M tokens: a machine creates, lists and revokes its own.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use serde_json::Value;

use super::{answer::ApiResult, query::Query};
use crate::{
    http::{ApiError, error_response, json_response},
    machine_token::MachineTokenBuilder,
    shared::Shared,
    store::{Machine, MachineToken, MachineTokenKind},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateParams {
    #[serde(default)]
    token_format: TokenFormat,
    seconds_until_expiration: Option<f64>,
    #[serde(default)]
    claims: Value,
    min_remaining_ttl_seconds: Option<u32>,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum TokenFormat {
    Jwt,
    #[default]
    Opaque,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeParams {
    revocation_reason: Option<String>,
}

/// `POST /m2m_tokens`
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Extension(machine): Extension<Machine>,
    Json(body): Json<Value>,
) -> Response {
    shared.create_requests.fetch_add(1, Ordering::SeqCst);
    let Ok(params) = serde_json::from_value::<CreateParams>(body) else { return bad_request("no such parameters") };
    let lifetime = params.seconds_until_expiration.unwrap_or(machine.default_token_ttl.into());
    let Some(lifetime) = Duration::try_from_secs_f64(lifetime).ok().filter(|lifetime| !lifetime.is_zero()) else {
        return bad_request("seconds_until_expiration must be above zero");
    };
    let now = shared.clock.now();
    let left = params.min_remaining_ttl_seconds.map(u64::from).map(Duration::from_secs);
    if let Some(left) = left.filter(|_| params.token_format == TokenFormat::Opaque) {
        if left >= lifetime {
            return bad_request("min_remaining_ttl_seconds must be less than the token's lifetime");
        }
        let store = shared.store();
        let until = (now + left).unix_millis();
        if let Some(token) = store.machine_tokens.reusable(&machine, &params.claims, until) {
            return created_response(&token.secret, token, now.unix_millis());
        }
    }
    let builder = MachineTokenBuilder::new(Arc::clone(&shared), MachineTokenKind::M2m, &machine.id);
    let builder = builder.claims(params.claims).lifetime(lifetime).scopes(machine.scopes.into_keys());
    match params.token_format {
        TokenFormat::Jwt => {
            let (jwt, token) = builder.into_signed();
            created_response(&jwt, &token, now.unix_millis())
        }
        TokenFormat::Opaque => {
            let token = builder.into_created();
            created_response(&token.secret, &token, now.unix_millis())
        }
    }
}

/// `GET /m2m_tokens?subject=`; a machine sees only its own tokens.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    machine: Option<Extension<Machine>>,
    query: Query,
) -> ApiResult {
    let now = shared.clock.now();
    let subject = query.get("subject").ok_or_else(|| ApiError::missing_parameter("subject"))?;
    if machine.is_some_and(|machine| machine.id != subject) {
        let problem = "a machine lists its own tokens alone";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "authorization_invalid", problem));
    }
    let (revoked, expired) = (query.flag("revoked")?.unwrap_or(false), query.flag("expired")?.unwrap_or(false));
    let store = shared.store();
    let tokens = store.machine_tokens.of_kind(MachineTokenKind::M2m).rev().filter(|token| token.subject == subject);
    let tokens = tokens
        .map(|token| store.machine_token_json(token, now))
        .filter(|token| (revoked || token["revoked"] == false) && (expired || token["expired"] == false));
    query.list_as("m2m_tokens", tokens.collect())
}

/// `POST /m2m_tokens/{id}/revoke`; a machine revokes only its own tokens.
pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    machine: Option<Extension<Machine>>,
    Json(body): Json<Value>,
) -> Response {
    let Ok(params) = serde_json::from_value::<RevokeParams>(body) else { return bad_request("no such parameters") };
    let own = |token: &MachineToken| machine.as_ref().is_none_or(|machine| token.subject == machine.id);
    let is_selected = |token: &MachineToken| token.kind == MachineTokenKind::M2m && own(token);
    let mut store = shared.store();
    match store.machine_tokens.revoke(&id, is_selected, params.revocation_reason).cloned() {
        Some(token) => json_response(StatusCode::OK, &store.machine_token_json(&token, shared.clock.now())),
        None => error_response(StatusCode::NOT_FOUND, "resource_not_found", "there is no such token"),
    }
}

fn created_response(secret: &str, token: &MachineToken, now: i64) -> Response {
    let mut json = token.json(now);
    json["token"] = secret.into();
    json_response(StatusCode::CREATED, &json)
}

fn bad_request(message: &str) -> Response {
    error_response(StatusCode::BAD_REQUEST, "bad_request", message)
}
