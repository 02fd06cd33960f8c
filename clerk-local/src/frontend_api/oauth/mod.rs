//! The authorization server: applications register, users authorize them, and they get tokens ([OAuth
//! 2.1](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1), with PKCE, or with a secret from the Backend
//! API).

mod access_token;
mod authorize;
mod credentials;
mod introspect;
mod metadata;
mod register;
mod token;
mod userinfo;

pub(super) use authorize::AuthorizeRequest;

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use crate::{http::json_response, shared::Shared};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata::metadata))
        .route("/oauth/register", post(register::register))
        .route("/oauth/token", post(token::token))
        .route("/oauth/token/revoke", post(introspect::revoke))
        .route("/oauth/token_info", post(introspect::token_info))
        .route("/oauth/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
        .layer(middleware::from_fn(allow_cross_origin))
        // A page, which scripts of other sites must not read.
        .route("/oauth/authorize", get(authorize::page).post(authorize::submit))
}

/// Lets applications in browsers call the endpoints, none of which depends on cookies.
async fn allow_cross_origin(request: Request, next: Next) -> Response {
    let mut response = match *request.method() {
        Method::OPTIONS => {
            let allowed = [
                (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
                (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
            ];
            (StatusCode::NO_CONTENT, allowed).into_response()
        }
        _ => next.run(request).await,
    };
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// The application is unknown, or its credentials are wrong.
fn invalid_client() -> Response {
    let mut response = oauth_error("invalid_client", "client_id and client_secret are not those of an application");
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
    response
}

/// An error in the form of [RFC 6749, section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2).
fn oauth_error(code: &str, description: &str) -> Response {
    let mut response =
        json_response(StatusCode::BAD_REQUEST, &json!({"error": code, "error_description": description}));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
