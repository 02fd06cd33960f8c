//! `POST /oauth/register`: registers an application ([RFC 7591](https://www.rfc-editor.org/rfc/rfc7591)).

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{metadata::SCOPES, oauth_error};
use crate::{
    http::{error_response, json_response},
    loopback,
    shared::Shared,
};

/// More than one application needs.
const MAX_REDIRECT_URIS: usize = 10;
const MAX_LENGTH: usize = 2_000;

#[derive(Debug, Deserialize)]
struct Registration {
    redirect_uris: Vec<String>,
    #[serde(default)]
    client_name: String,
    #[serde(default = "none")]
    token_endpoint_auth_method: String,
}

fn none() -> String {
    "none".to_owned()
}

pub(super) async fn register(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    if !shared.store().settings().has_oauth_setting("dynamic_oauth_client_registration") {
        let problem = "the instance's settings have dynamic registration off";
        return error_response(StatusCode::UNPROCESSABLE_ENTITY, "dynamic_client_registration_not_enabled", problem);
    }
    let Ok(registration) = serde_json::from_value::<Registration>(body) else {
        return oauth_error("invalid_client_metadata", "redirect_uris must be a list of texts");
    };
    if registration.token_endpoint_auth_method != "none" {
        return oauth_error(
            "invalid_client_metadata",
            "this instance knows applications without a secret alone: token_endpoint_auth_method must be none",
        );
    }
    let may_be = |uri: &String| {
        uri.len() <= MAX_LENGTH
            && !uri.contains('#')
            && loopback::allowed_redirect(uri, &shared.allowed_origins).is_some()
    };
    let uris = registration.redirect_uris;
    if uris.is_empty() || uris.len() > MAX_REDIRECT_URIS || !uris.iter().all(may_be) {
        return oauth_error(
            "invalid_redirect_uri",
            "redirect_uris must be loopback addresses, or of an origin that was allowed with allow_redirect_origin",
        );
    }
    let name: String = registration.client_name.chars().take(100).collect();
    let client = shared.store().oauth.register(name, uris);
    json_response(
        StatusCode::CREATED,
        &json!({
            "client_id": client.id,
            "client_id_issued_at": shared.clock.now().unix_seconds(),
            "client_secret_expires_at": 0, // never
            "client_name": client.name,
            "redirect_uris": client.redirect_uris,
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            "scope": SCOPES.join(" "),
            "token_endpoint_auth_method": "none",
        }),
    )
}
