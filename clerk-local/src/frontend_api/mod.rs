//! The Frontend API and the pages, for browsers.

mod client;
mod delivery;
mod dev_browser;
mod environment;
mod error;
mod fields;
mod handshake;
mod me;
pub(crate) mod npm;
mod oauth;
mod oauth_callback;
mod organizations;
mod pages;
mod passwords;
mod providers;
mod request;
mod resource;
mod restrictions;
mod reverification;
pub(crate) mod session_cookies;
mod sessions;
mod sign_in;
mod sign_ins;
mod sign_out;
mod sign_ups;
mod tickets;
mod transport;
mod verify;
mod waitlist;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use tower_layer::Layer;

use error::FrontendError;
use fields::FormFields;
use request::FrontendRequest;
use serde::Deserialize;
use url::Url;

use crate::{
    console, date, host,
    http::{PageError, error_response, json_response},
    identity_provider, loopback,
    shared::Shared,
};

/// The path under which apps proxy the Frontend API, as in Clerk's SDKs. They may keep it in the requests that they
/// forward.
const PREFIX: &str = "/__clerk";

pub(crate) fn routes(shared: Arc<Shared>) -> Router {
    let api = api(&shared);
    let routes = Router::new()
        .merge(api.clone())
        .nest(PREFIX, api)
        // The console mints tokens without authentication, so it answers on loopback names only, and through no proxy.
        .merge(
            console::routes()
                .layer(middleware::from_fn_with_state(Arc::clone(&shared), host::require_loopback))
                .layer(middleware::from_fn(host::require_no_proxy)),
        )
        .fallback(async || error_response(StatusCode::NOT_FOUND, "resource_not_found", "not found"))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), host::require_own_host))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), date::set_date_header))
        .with_state(shared);
    // Routing needs the final method and path.
    Router::new().fallback_service(middleware::from_fn(transport::normalize_request).layer(routes))
}

fn api(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    // These sign users in without a password.
    let pages = Router::new()
        .route("/sign-in", get(sign_in::page).post(sign_in::submit))
        .route("/sign-out", get(sign_out::page).post(sign_out::submit))
        .merge(identity_provider::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(shared), host::require_own_visitor));
    Router::new()
        .merge(pages)
        .route("/.well-known/jwks.json", get(jwks))
        .route("/v1/client/handshake", get(handshake::handshake))
        .route("/npm/@clerk/{package}/dist/{*file}", get(npm::file))
        .route("/v1/oauth_callback", get(oauth_callback::callback))
        .route("/v1/tickets/accept", get(tickets::accept_link))
        .route("/v1/verify", get(verify::verify))
        .merge(
            routes_for_pages()
                .layer(middleware::from_fn_with_state(Arc::clone(shared), transport::add_client_to_errors))
                .layer(middleware::from_fn_with_state(Arc::clone(shared), transport::add_cors_headers)),
        )
        .merge(oauth::routes())
}

/// Routes that scripts of the apps' pages call.
fn routes_for_pages() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/environment", get(environment::environment).patch(environment::environment))
        .route("/v1/dev_browser", post(dev_browser::create))
        .route("/v1/client", get(client::show).post(client::create).put(client::create).delete(client::delete))
        .route("/v1/client/sessions", delete(client::remove_sessions))
        .route("/v1/client/sessions/{id}", get(sessions::show))
        .route("/v1/client/sessions/{id}/touch", post(sessions::touch))
        .route("/v1/client/sessions/{id}/end", post(sessions::end))
        .route("/v1/client/sessions/{id}/remove", post(sessions::remove))
        .route("/v1/client/sessions/{id}/tokens", post(sessions::token))
        .route("/v1/client/sessions/{id}/tokens/{template}", post(sessions::template_token))
        .route("/v1/client/sessions/{id}/verify", post(reverification::begin))
        .route("/v1/client/sessions/{id}/verify/prepare_first_factor", post(reverification::prepare_first))
        .route("/v1/client/sessions/{id}/verify/attempt_first_factor", post(reverification::attempt_first))
        .route("/v1/client/sessions/{id}/verify/prepare_second_factor", post(reverification::prepare_second))
        .route("/v1/client/sessions/{id}/verify/attempt_second_factor", post(reverification::attempt_second))
        .route("/v1/waitlist", post(waitlist::join))
        .merge(sign_ins::routes())
        .merge(sign_ups::routes())
        .merge(me::routes())
        .merge(organizations::routes())
}

async fn jwks(State(shared): State<Arc<Shared>>) -> Response {
    json_response(StatusCode::OK, &shared.jwks())
}

/// Query or form of the pages.
#[derive(Debug, Default, Deserialize)]
struct ReturnQuery {
    redirect_url: Option<String>,
    /// The same parameter, as a satellite of a development instance sends it.
    #[serde(rename = "__clerk_redirect_url")]
    satellite_url: Option<String>,
}

impl ReturnQuery {
    /// The checked address to return to; default: the home page.
    fn target(&self, shared: &Shared) -> Result<String, PageError> {
        let refused = PageError(
            StatusCode::BAD_REQUEST,
            "redirect_url must be a loopback address such as http://localhost:3000/, or an origin that was allowed with allow_redirect_origin",
        );
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(text) = given(&self.satellite_url) {
            let mut satellite = loopback::allowed_redirect(&text, &shared.allowed_origins).ok_or(refused)?;
            // Tells the satellite that it is in sync, so that it does not come back again.
            satellite.query_pairs_mut().append_pair("__clerk_synced", "true");
            return Ok(satellite.into());
        }
        match given(&self.redirect_url) {
            None => Ok("/".to_owned()),
            Some(text) => loopback::allowed_redirect(&text, &shared.allowed_origins).map(String::from).ok_or(refused),
        }
    }
}

/// A 307 to the same page under the app's host: the app gets only that host's cookies.
fn redirect_to_target_host(headers: &HeaderMap, path: &str, target: &str) -> Option<Response> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let here = Url::parse(&format!("http://{host}{path}")).ok()?;
    let target = Url::parse(target).ok()?;
    // Under its public name the instance may have another port, which leads nowhere here.
    if here.host() == target.host()
        || !loopback::is_loopback(host)
        || !loopback::is_loopback(&loopback::authority(&target)?)
    {
        return None;
    }
    let mut there = here;
    there.set_host(target.host_str()).ok()?;
    there.query_pairs_mut().append_pair("redirect_url", target.as_str());
    Some((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, String::from(there))]).into_response())
}
