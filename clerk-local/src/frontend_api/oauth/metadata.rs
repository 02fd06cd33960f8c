//! `GET /.well-known/oauth-authorization-server`: the addresses of the endpoints ([RFC
//! 8414](https://www.rfc-editor.org/rfc/rfc8414)).

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde_json::json;

use crate::{http::json_response, shared::Shared};

/// Clerk's scopes for every instance, without the one for refresh tokens, which do not exist here.
pub(super) const SCOPES: [&str; 6] =
    ["openid", "profile", "email", "public_metadata", "private_metadata", "user:org:read"];

/// The claims that `/oauth/userinfo` can return.
const CLAIMS: &str = "sub name given_name family_name picture preferred_username username email email_verified \
                      public_metadata unsafe_metadata private_metadata org_id org_name org_slug";

pub(super) async fn metadata(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let issuer = issuer(&headers);
    let mut metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/oauth/authorize"),
            "token_endpoint": format!("{issuer}/oauth/token"),
            "revocation_endpoint": format!("{issuer}/oauth/token/revoke"),
            "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
            "scopes_supported": SCOPES,
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": CLAIMS.split(' ').collect::<Vec<_>>(),
            "authorization_response_iss_parameter_supported": true,
    });
    if shared.store().settings().has_oauth_setting("dynamic_oauth_client_registration") {
        metadata["registration_endpoint"] = format!("{issuer}/oauth/register").into();
    }
    json_response(StatusCode::OK, &metadata)
}

/// The issuer, with the host that the request used: clients compare it with the address that they know.
pub(super) fn issuer(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}
