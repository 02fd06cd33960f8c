//! `POST /oauth/token_info` and `POST /oauth/token/revoke`: an application asks about a token, or gives it back
//! ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662), [RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).

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
pub(super) struct Asked {
    token: String,
    /// What the token is to allow.
    scope: String,
    client_id: String,
    client_secret: String,
}

/// Whose a token is.
enum Owner {
    /// Whoever asks, or an application without a secret.
    Asking,
    /// Another application, or one that did not prove itself.
    Other,
}

impl Asked {
    fn owner(&self, shared: &Shared, headers: &HeaderMap, token: &AccessToken) -> Owner {
        let store = shared.store();
        let Some(client) = store.oauth.client(&token.client_id) else { return Owner::Asking };
        let shown = Credentials::of(headers, &self.client_id, &self.client_secret);
        let anonymous = shown.client_id.is_empty() && client.secret.is_none();
        if anonymous || shown.are_of(client) { Owner::Asking } else { Owner::Other }
    }

    /// Whether the credentials that were shown are nobody's.
    fn is_nobody(&self, shared: &Shared, headers: &HeaderMap) -> bool {
        let shown = Credentials::of(headers, &self.client_id, &self.client_secret);
        let store = shared.store();
        !shown.client_id.is_empty() && !store.oauth.client(&shown.client_id).is_some_and(|client| shown.are_of(client))
    }
}

pub(super) async fn token_info(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Response {
    if asked.is_nobody(&shared, &headers) {
        // Clerk's description has no body here.
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic")]).into_response();
    }
    let token = AccessToken::find(&shared, &asked.token);
    let token = token.filter(|token| matches!(asked.owner(&shared, &headers, token), Owner::Asking));
    let token = token.filter(|token| asked.scope.split(' ').filter(|one| !one.is_empty()).all(|one| token.has(one)));
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

/// A token that is not known is as good as revoked. One in JWT form stays good to whoever verifies it.
pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Response {
    if asked.is_nobody(&shared, &headers) {
        return invalid_client();
    }
    if let Some(token) = AccessToken::find(&shared, &asked.token) {
        if matches!(asked.owner(&shared, &headers, &token), Owner::Other) {
            return invalid_client();
        }
        if let Some(id) = token.id {
            shared.store().machine_tokens.revoke(&id, |_| true, None);
        }
    }
    StatusCode::OK.into_response()
}
