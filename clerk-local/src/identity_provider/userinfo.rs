//! `/userinfo`: the claims about the person of an access token.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{no_store_response, oauth_error};
use crate::{shared::Shared, store::Provider};

pub(super) async fn userinfo(State(shared): State<Arc<Shared>>, provider: Provider, headers: HeaderMap) -> Response {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let grants = shared.identity_provider.grants();
    let grant = token.and_then(|token| grants.find_token(token, shared.clock.now()));
    if let Some(grant) = grant.filter(|grant| grant.provider == provider) {
        return no_store_response(StatusCode::OK, &grant.person.claims(&provider, &grant.scope));
    }
    let mut response =
        oauth_error(StatusCode::UNAUTHORIZED, "invalid_token", "this provider knows no such access token");
    let challenge = HeaderValue::from_static(r#"Bearer error="invalid_token""#);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}
