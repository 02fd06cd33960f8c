//! The Backend API, for whoever has the secret key.

mod access;
mod answer;
mod clients;
mod email_addresses;
mod fields;
mod identifiers;
mod invitations;
mod jwt_templates;
mod m2m_tokens;
mod machine_tokens;
mod metadata;
mod organizations;
mod phone_numbers;
mod query;
mod sessions;
mod sign_in_tokens;
mod users;
mod waitlist_entries;

use std::sync::{Arc, atomic::Ordering};

use access::{with_machine_key, with_secret_key, with_secret_or_machine_key};
pub(crate) use answer::{error, json_response};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};

use crate::{date, faults, host, request_log, shared::Shared};

pub(crate) fn routes(shared: Arc<Shared>) -> Router {
    let tokens = machine_token_routes(&shared);
    let resources = Router::new()
        .route("/jwks", get(jwks))
        .merge(clients::routes())
        .merge(email_addresses::routes())
        .merge(invitations::routes())
        .merge(jwt_templates::routes())
        .merge(organizations::routes())
        .merge(phone_numbers::routes())
        .merge(sessions::routes())
        .merge(sign_in_tokens::routes())
        .merge(users::routes())
        .merge(waitlist_entries::routes());
    Router::new()
        .nest("/v1", resources)
        .fallback(async || error(StatusCode::NOT_FOUND, "resource_not_found", "not found"))
        .method_not_allowed_fallback(async || {
            error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "no operation has this method and path")
        })
        .layer(from_fn_with_state(Arc::clone(&shared), with_secret_key))
        // Clerk's SDKs ask for these with and without the version.
        .nest("/v1", tokens.clone())
        .merge(tokens)
        .layer(from_fn_with_state(Arc::clone(&shared), faults::of_backend_api))
        .layer(from_fn(host::only_loopback))
        .layer(from_fn_with_state(Arc::clone(&shared), date::dated))
        .layer(from_fn_with_state(Arc::clone(&shared), request_log::logged))
        .with_state(shared)
}

/// What is about tokens of machines. Some of it takes a machine's secret key, too, and some nothing else.
fn machine_token_routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let applications = Router::new()
        .route("/api_keys/verify", post(machine_tokens::api_key))
        .route("/oauth_applications/access_tokens/verify", post(machine_tokens::oauth_token))
        .layer(from_fn_with_state(Arc::clone(shared), with_secret_key));
    let both = Router::new()
        .route("/m2m_tokens/verify", post(machine_tokens::m2m_token))
        .route("/m2m_tokens/{id}/revoke", post(m2m_tokens::revoke))
        .layer(from_fn_with_state(Arc::clone(shared), with_secret_or_machine_key));
    let machines = Router::new()
        .route("/m2m_tokens", post(m2m_tokens::create))
        .layer(from_fn_with_state(Arc::clone(shared), with_machine_key));
    applications.merge(both).merge(machines)
}

async fn jwks(State(shared): State<Arc<Shared>>) -> Response {
    shared.jwks_requests.fetch_add(1, Ordering::SeqCst);
    json_response(StatusCode::OK, &shared.jwks())
}
