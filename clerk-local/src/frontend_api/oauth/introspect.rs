//! `POST /oauth/token_info` and `POST /oauth/token/revoke`: an application introspects or revokes a token ([RFC
//! 7662](https://www.rfc-editor.org/rfc/rfc7662), [RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).

use std::sync::Arc;

use axum::{
    extract::{Form, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{access_token::AccessToken, credentials::Credentials, invalid_client};
use crate::{http::json_response, shared::Shared};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TokenQuery {
    token: String,
    /// The scopes that the token must have.
    scope: String,
    client_id: String,
    client_secret: String,
}

/// The application that a token belongs to.
enum TokenOwner {
    /// The requester, or an application without a secret.
    Requester,
    /// Another application, or one with wrong credentials.
    Other,
}

impl TokenQuery {
    fn owner(&self, shared: &Shared, headers: &HeaderMap, token: &AccessToken) -> TokenOwner {
        let store = shared.store();
        let Some(client) = store.oauth.client(&token.client_id) else { return TokenOwner::Requester };
        let credentials = Credentials::from_request(headers, &self.client_id, &self.client_secret);
        let anonymous = credentials.client_id.is_empty() && client.secret.is_none();
        if anonymous || credentials.match_client(client) { TokenOwner::Requester } else { TokenOwner::Other }
    }

    /// Whether the client credentials match no application.
    fn has_unknown_credentials(&self, shared: &Shared, headers: &HeaderMap) -> bool {
        let credentials = Credentials::from_request(headers, &self.client_id, &self.client_secret);
        let store = shared.store();
        !credentials.client_id.is_empty()
            && !store.oauth.client(&credentials.client_id).is_some_and(|client| credentials.match_client(client))
    }
}

pub(super) async fn token_info(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(query): Form<TokenQuery>,
) -> Response {
    if query.has_unknown_credentials(&shared, &headers) {
        // Clerk's description has no body here.
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic")]).into_response();
    }
    let token = AccessToken::find(&shared, &query.token);
    let token = token.filter(|token| matches!(query.owner(&shared, &headers, token), TokenOwner::Requester));
    let token = token.filter(|token| query.scope.split(' ').filter(|one| !one.is_empty()).all(|one| token.has(one)));
    let described = token.map_or_else(
        || json!({"active": false}),
        |token| {
            json!({
                "active": true, "client_id": token.client_id, "iat": token.issued_at, "scope": token.scopes.join(" "),
                "sub": token.user_id,
            })
        },
    );
    let mut response = json_response(StatusCode::OK, &described);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Revokes a token; an unknown one counts as revoked. A JWT stays valid, because its verification needs no look-up.
pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(query): Form<TokenQuery>,
) -> Response {
    if query.has_unknown_credentials(&shared, &headers) {
        return invalid_client();
    }
    if let Some(token) = AccessToken::find(&shared, &query.token) {
        if matches!(query.owner(&shared, &headers, &token), TokenOwner::Other) {
            return invalid_client();
        }
        if let Some(id) = token.id {
            shared.store().machine_tokens.revoke(&id, |_| true, None);
        }
    }
    StatusCode::OK.into_response()
}
