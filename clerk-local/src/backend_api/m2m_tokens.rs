//! What a machine does with tokens of its own: it creates and revokes them.

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
    store::{Kind, Machine, MachineToken},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    #[serde(default)]
    token_format: Format,
    seconds_until_expiration: Option<f64>,
    #[serde(default)]
    claims: Value,
    min_remaining_ttl_seconds: Option<u32>,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Format {
    Jwt,
    #[default]
    Opaque,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    revocation_reason: Option<String>,
}

/// `POST /m2m_tokens`
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Extension(machine): Extension<Machine>,
    Json(body): Json<Value>,
) -> Response {
    shared.create_requests.fetch_add(1, Ordering::SeqCst);
    let Ok(asked) = serde_json::from_value::<Create>(body) else { return bad("no such parameters") };
    let lifetime = asked.seconds_until_expiration.unwrap_or(machine.default_token_ttl.into());
    let Some(lifetime) = Duration::try_from_secs_f64(lifetime).ok().filter(|lifetime| !lifetime.is_zero()) else {
        return bad("seconds_until_expiration must be above zero");
    };
    let now = shared.clock.now();
    if let Some(left) = asked.min_remaining_ttl_seconds.map(u64::from).map(Duration::from_secs)
        && asked.token_format == Format::Opaque
    {
        if left >= lifetime {
            return bad("min_remaining_ttl_seconds must be less than the token's lifetime");
        }
        let store = shared.store();
        let until = (now + left).unix_millis();
        if let Some(token) = store.machine_tokens.reusable(&machine.id, &asked.claims, until) {
            return created(&token.secret, token, now.unix_millis());
        }
    }
    let builder = MachineTokenBuilder::new(Arc::clone(&shared), Kind::M2m, &machine.id);
    let builder = builder.claims(asked.claims).lifetime(lifetime).scopes(machine.scopes.into_keys());
    match asked.token_format {
        Format::Jwt => {
            let (jwt, token) = builder.into_signed();
            created(&jwt, &token, now.unix_millis())
        }
        Format::Opaque => {
            let token = builder.into_created();
            created(&token.secret, &token, now.unix_millis())
        }
    }
}

/// `GET /m2m_tokens?subject=`; a machine sees its own tokens alone.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    machine: Option<Extension<Machine>>,
    query: Query,
) -> ApiResult {
    let now = shared.clock.now().unix_millis();
    let subject = query.one("subject").ok_or_else(|| ApiError::missing("subject"))?;
    if machine.is_some_and(|machine| machine.id != subject) {
        let problem = "a machine lists its own tokens alone";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "authorization_invalid", problem));
    }
    let (revoked, expired) = (query.flag("revoked")?.unwrap_or(false), query.flag("expired")?.unwrap_or(false));
    let store = shared.store();
    let tokens = store.machine_tokens.of_kind(Kind::M2m).rev().filter(|token| token.subject == subject);
    let tokens = tokens
        .map(|token| token.json(now))
        .filter(|token| (revoked || token["revoked"] == false) && (expired || token["expired"] == false));
    query.list_as("m2m_tokens", tokens.collect())
}

/// `POST /m2m_tokens/{id}/revoke`; a machine revokes its own tokens alone.
pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    machine: Option<Extension<Machine>>,
    Json(body): Json<Value>,
) -> Response {
    let Ok(asked) = serde_json::from_value::<Revoke>(body) else { return bad("no such parameters") };
    let own = |token: &MachineToken| machine.as_ref().is_none_or(|machine| token.subject == machine.id);
    let of_those = |token: &MachineToken| token.kind == Kind::M2m && own(token);
    match shared.store().machine_tokens.revoke(&id, of_those, asked.revocation_reason) {
        Some(token) => json_response(StatusCode::OK, &token.json(shared.clock.now().unix_millis())),
        None => error_response(StatusCode::NOT_FOUND, "resource_not_found", "there is no such token"),
    }
}

fn created(secret: &str, token: &MachineToken, now: i64) -> Response {
    let mut json = token.json(now);
    json["token"] = secret.into();
    json_response(StatusCode::CREATED, &json)
}

fn bad(message: &str) -> Response {
    error_response(StatusCode::BAD_REQUEST, "bad_request", message)
}
