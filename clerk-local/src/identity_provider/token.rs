//! `POST /token`: exchanges a code for an ID token and an access token.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{
    extract::{Form, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use clerk_core::time::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{
    grants::{CodeGrant, TOKEN_LIFETIME},
    metadata, no_store_response, oauth_error,
};
use crate::{keys::SigningKey, pkce, shared::Shared, store::Provider};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TokenRequest {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    client_id: String,
    client_secret: String,
}

pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    provider: Provider,
    headers: HeaderMap,
    Form(request): Form<TokenRequest>,
) -> Response {
    let idp = &shared.identity_provider;
    let (id, secret) = basic(&headers).unwrap_or((request.client_id.clone(), request.client_secret.clone()));
    let known = verify_slices_are_equal(secret.as_bytes(), idp.client_secret.as_bytes()).is_ok();
    if id != provider.client_id() || !known {
        return oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", "the client_id or the client_secret is wrong");
    }
    if request.grant_type != "authorization_code" {
        return oauth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", "grant_type must be authorization_code");
    }
    let now = shared.clock.now();
    let taken = idp.grants().take_code(&request.code, now);
    let Some(code) = taken.filter(|code| request.matches(code) && code.grant.provider == provider) else {
        return oauth_error(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "the code is unknown, used or too old, or of another provider, redirect_uri or code_verifier",
        );
    };
    let Ok(key) = idp.key() else { return metadata::no_key() };
    let id_token = id_token(&key, &idp.issuer(&provider), &code, now);
    let access_token = idp.grants().add_access_token(code.grant.clone(), now);
    no_store_response(
        StatusCode::OK,
        &json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFETIME.as_secs(),
            "scope": code.grant.scope,
            "id_token": id_token,
        }),
    )
}

/// [OpenID Connect Core, section 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken).
fn id_token(key: &SigningKey, issuer: &str, code: &CodeGrant, now: Timestamp) -> String {
    let grant = &code.grant;
    let mut claims = grant.person.claims(&grant.provider, &grant.scope);
    claims["iss"] = json!(issuer);
    claims["aud"] = json!(grant.provider.client_id());
    claims["iat"] = json!(now.unix_seconds());
    claims["exp"] = json!((now + TOKEN_LIFETIME).unix_seconds());
    if !code.nonce.is_empty() {
        claims["nonce"] = json!(code.nonce);
    }
    key.sign_jwt(&json!({"typ": "JWT"}), &claims)
}

/// Id and secret of a client that authenticates as
/// [RFC 6749, section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1) prefers.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let encoded = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

impl TokenRequest {
    /// Whether the request matches the code.
    fn matches(&self, code: &CodeGrant) -> bool {
        pkce::matches(&self.code_verifier, &code.code_challenge) && self.redirect_uri == code.redirect_uri
    }
}
