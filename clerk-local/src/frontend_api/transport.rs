//! Middleware between pages and the Frontend API: the method in the query, and CORS.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{FormFields, error::ErrorBody, request::client_json};
use crate::shared::Shared;

/// Middleware that gives a POST the method in `_method`, with which clerk-js avoids a preflight, and removes a slash at
/// the end of the path. It must run before routing.
pub(super) async fn normalize_request(mut request: Request, next: Next) -> Response {
    if *request.method() == Method::POST {
        let query = FormFields::parse(request.uri().query().unwrap_or_default().as_bytes());
        match query.get("_method") {
            Some("PATCH") => *request.method_mut() = Method::PATCH,
            Some("PUT") => *request.method_mut() = Method::PUT,
            Some("DELETE") => *request.method_mut() = Method::DELETE,
            _ => {}
        }
    }
    if let Some(uri) = without_slash(request.uri()) {
        *request.uri_mut() = uri;
    }
    next.run(request).await
}

/// The same address without the slash at its end, if it has one below `/v1/`.
fn without_slash(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix('/').filter(|path| path.contains("/v1/"))?;
    match uri.query() {
        Some(query) => format!("{path}?{query}").parse().ok(),
        None => path.parse().ok(),
    }
}

/// Middleware that adds the browser to errors, as Clerk does: a page whose user has signed in in another tab learns it
/// from the error.
pub(super) async fn add_client_to_errors(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let query = FormFields::parse(request.uri().query().unwrap_or_default().as_bytes());
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    if !response.status().is_client_error() {
        return response;
    }
    let Some(ErrorBody(mut body)) = response.extensions_mut().remove() else { return response };
    let Some(client) = client_json(&shared, &headers, &query) else { return response };
    body["meta"] = json!({ "client": client });
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, body.to_string().into())
}

/// Middleware that lets pages at allowed origins read the answers.
pub(super) async fn add_cors_headers(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let is_allowed = |origin: &HeaderValue| origin.to_str().is_ok_and(|origin| shared.allows_origin(origin));
    let allowed = origin.filter(is_allowed);
    let preflight = *request.method() == Method::OPTIONS;
    let mut response = if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        allow(headers, origin, preflight);
    }
    response
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue, preflight: bool) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    if preflight {
        let methods = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        let names = HeaderValue::from_static("authorization, content-type, clerk-db-jwt");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
    } else {
        let names = HeaderValue::from_static("authorization, clerk-db-jwt");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, names);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_is_removed() {
        let without = |text: &str| without_slash(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(without("/v1/me/email_addresses/?a=b/").unwrap(), "/v1/me/email_addresses?a=b/");
        assert_eq!(without("/__clerk/v1/me/totp/").unwrap(), "/__clerk/v1/me/totp");
        for same in ["/", "/v1/me", "/v1/me?x=/", "/outbox/", "/__clerk/"] {
            assert_eq!(without(same), None, "{same}");
        }
    }
}
