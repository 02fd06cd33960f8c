//! `/oauth/userinfo`: what an application may know of the user who authorized it ([OpenID Connect Core, section
//! 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::json;

use super::access_token::AccessToken;
use crate::{
    http::{error_response, json_response},
    shared::Shared,
};

pub(super) async fn userinfo(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("Bearer"));
    let token = token.and_then(|(_, token)| AccessToken::find(&shared, token.trim()));
    let Some(claims) = token.and_then(|token| user_claims(&shared, &token)) else {
        let mut response =
            error_response(StatusCode::UNAUTHORIZED, "authentication_invalid", "no access token of a user");
        let challenge = HeaderValue::from_static(r#"Bearer error="invalid_token""#);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        return response;
    };
    let mut response = json_response(StatusCode::OK, &claims);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The claims that the scopes allow; `None` when the user was deleted.
fn user_claims(shared: &Shared, token: &AccessToken) -> Option<serde_json::Value> {
    let store = shared.store();
    let user = store.users.get(&token.user_id)?;
    let mut claims = json!({
        "object": "oauth_user_info", "instance_id": shared.webhooks.instance_id(), "user_id": user.id, "sub": user.id,
    });
    if token.has("email") {
        let address = user.primary_email_address();
        claims["email"] = json!(address.map(|own| &own.email_address));
        claims["email_verified"] = json!(address.map(|own| own.verified_by.is_some()));
    }
    if token.has("profile") {
        claims["given_name"] = json!(user.first_name);
        claims["family_name"] = json!(user.last_name);
        claims["name"] = json!(user.name());
        claims["username"] = json!(user.username);
        claims["preferred_username"] = json!(user.username);
        claims["picture"] = json!(null);
    }
    if token.has("public_metadata") {
        claims["public_metadata"] = json!(user.public_metadata);
        claims["unsafe_metadata"] = json!(user.unsafe_metadata);
    }
    if token.has("private_metadata") {
        claims["private_metadata"] = json!(user.private_metadata);
    }
    // The organization that was active at the authorization is not stored: take the first.
    let first = store.memberships_of(&user.id).next().filter(|_| token.has("user:org:read"));
    if let Some(organization) = first.and_then(|one| store.organizations.get(&one.organization_id)) {
        claims["org_id"] = json!(organization.id);
        claims["org_name"] = json!(organization.name);
        claims["org_slug"] = json!(organization.slug);
    }
    Some(claims)
}
