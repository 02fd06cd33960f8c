//! `POST /oauth/token`: exchanges a code for an access token.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Form, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

use super::{credentials::Credentials, invalid_client, oauth_error};
use crate::{
    http::json_response,
    machine_token::MachineTokenBuilder,
    pkce,
    shared::Shared,
    store::{MachineTokenKind, OAuthGrant},
};

/// How long Clerk's access tokens live: a day.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TokenRequest {
    grant_type: String,
    code: String,
    client_id: String,
    client_secret: String,
    redirect_uri: String,
    code_verifier: String,
    resource: String,
}

pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(request): Form<TokenRequest>,
) -> Response {
    if request.grant_type != "authorization_code" {
        return oauth_error("unsupported_grant_type", "grant_type must be authorization_code");
    }
    let now = shared.clock.now();
    let credentials = Credentials::from_request(&headers, &request.client_id, &request.client_secret);
    let mut store = shared.store();
    let grant = store.oauth.take(&request.code, now);
    let client = grant.as_ref().and_then(|grant| store.oauth.client(&grant.client_id)).cloned();
    drop(store);
    if client.is_some_and(|client| credentials.client_id == client.id && !credentials.match_client(&client)) {
        return invalid_client();
    }
    let Some(grant) = grant.filter(|grant| request.matches(grant, &credentials.client_id)) else {
        return oauth_error(
            "invalid_grant",
            "the code is unknown, used or too old, or of another client_id, redirect_uri or code_verifier",
        );
    };
    if !request.resource.is_empty() && grant.resource.as_ref() != Some(&request.resource) {
        return oauth_error("invalid_target", "resource must be the one that the user was asked about");
    }
    let token = MachineTokenBuilder::new(Arc::clone(&shared), MachineTokenKind::OAuth, &grant.user_id)
        .client_id(&grant.client_id)
        .scopes(&grant.scopes)
        .audience(grant.resource)
        .lifetime(LIFETIME);
    let jwt = shared.oauth_jwt || shared.store().settings().has_oauth_setting("oauth_jwt_access_tokens");
    let token = if jwt { token.jwt() } else { token.create() };
    let mut response = json_response(
        StatusCode::OK,
        &json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": LIFETIME.as_secs(),
            "scope": grant.scopes.join(" "),
        }),
    );
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl TokenRequest {
    /// Whether the request matches the grant.
    fn matches(&self, grant: &OAuthGrant, client_id: &str) -> bool {
        let is_without = grant.code_challenge.is_empty() && self.code_verifier.is_empty();
        (is_without || pkce::matches(&self.code_verifier, &grant.code_challenge))
            && client_id == grant.client_id
            && self.redirect_uri == grant.redirect_uri
    }
}
