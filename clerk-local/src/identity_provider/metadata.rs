//! `/.well-known/openid-configuration` and the keys of a provider
//! ([OpenID Connect Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html)).

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use serde_json::json;

use super::oauth_error;
use crate::{http::json_response, shared::Shared, store::Provider};

pub(super) async fn discovery(State(shared): State<Arc<Shared>>, provider: Provider) -> Response {
    let issuer = shared.identity_provider.issuer(&provider);
    json_response(
        StatusCode::OK,
        &json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/jwks"),
            "scopes_supported": ["openid", "email", "profile"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": [
                "iss", "sub", "aud", "exp", "iat", "nonce", "email", "email_verified", "given_name", "family_name",
                "name", "preferred_username",
            ],
        }),
    )
}

pub(super) async fn jwks(State(shared): State<Arc<Shared>>, _provider: Provider) -> Response {
    match shared.identity_provider.key() {
        Ok(key) => json_response(StatusCode::OK, &json!({ "keys": [key.jwk()] })),
        Err(_) => no_key(),
    }
}

pub(super) fn no_key() -> Response {
    oauth_error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "server_error",
        "no key could be generated: the system's random source failed",
    )
}
