//! The Backend API, for callers with the secret key.

mod access;
mod answer;
mod api_keys;
mod clients;
mod domains;
mod fields;
mod identifications;
mod identifiers;
mod instance;
mod invitations;
mod jwt_templates;
mod m2m_tokens;
mod machine_tokens;
mod machines;
mod metadata;
mod oauth_applications;
mod organization_permissions;
mod organization_roles;
mod organizations;
mod query;
mod redirect_urls;
mod restrictions;
mod role_sets;
mod sessions;
mod sign_in_tokens;
mod users;
mod verifications;
mod waitlist_entries;

use std::sync::Arc;

use access::{require_machine_key, require_secret_key, require_secret_or_machine_key};
use axum::{
    Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::{get, post},
};

use crate::{date, faults, host, http::error_response, request_log, shared::Shared};

pub(crate) fn routes(shared: Arc<Shared>) -> Router {
    let tokens = machine_token_routes(&shared);
    let resources = Router::new()
        .merge(clients::routes())
        .merge(domains::routes())
        .merge(identifications::routes())
        .merge(instance::routes())
        .merge(invitations::routes())
        .merge(jwt_templates::routes())
        .merge(machines::routes())
        .merge(oauth_applications::routes())
        .merge(organization_permissions::routes())
        .merge(organization_roles::routes())
        .merge(
            organizations::routes()
                .layer(from_fn_with_state(Arc::clone(&shared), organizations::require_organizations)),
        )
        .merge(redirect_urls::routes())
        .merge(restrictions::routes())
        .merge(role_sets::routes())
        .merge(sessions::routes())
        .merge(sign_in_tokens::routes())
        .merge(users::routes())
        .merge(waitlist_entries::routes());
    Router::new()
        .nest("/v1", resources)
        .fallback(async || error_response(StatusCode::NOT_FOUND, "resource_not_found", "not found"))
        .method_not_allowed_fallback(async || {
            error_response(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "no operation has this method and path",
            )
        })
        .layer(from_fn_with_state(Arc::clone(&shared), require_secret_key))
        // Clerk's SDKs call these with and without the version.
        .nest("/v1", tokens.clone())
        .merge(tokens)
        .layer(from_fn_with_state(Arc::clone(&shared), faults::apply_to_backend_api))
        .layer(from_fn_with_state(Arc::clone(&shared), host::require_loopback))
        .layer(from_fn_with_state(Arc::clone(&shared), date::set_date_header))
        .layer(from_fn_with_state(Arc::clone(&shared), request_log::record_request))
        .with_state(shared)
}

/// Routes for machine tokens. Some also accept a machine's secret key, and some accept only that.
fn machine_token_routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let applications = Router::new()
        .merge(api_keys::routes())
        .route("/oauth_applications/access_tokens/verify", post(machine_tokens::oauth_token))
        .layer(from_fn_with_state(Arc::clone(shared), require_secret_key));
    let both = Router::new()
        .route("/m2m_tokens", get(m2m_tokens::list))
        .route("/m2m_tokens/verify", post(machine_tokens::m2m_token))
        .route("/m2m_tokens/{id}/revoke", post(m2m_tokens::revoke))
        .layer(from_fn_with_state(Arc::clone(shared), require_secret_or_machine_key));
    let machines = Router::new()
        .route("/m2m_tokens", post(m2m_tokens::create))
        .layer(from_fn_with_state(Arc::clone(shared), require_machine_key));
    applications.merge(both).merge(machines)
}
