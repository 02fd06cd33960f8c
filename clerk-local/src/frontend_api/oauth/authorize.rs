//! `/oauth/authorize`: the page where a user authorizes an application with one click.

use std::sync::Arc;

use axum::{
    extract::{Form, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use url::Url;

use super::{super::pages, metadata};
use crate::{
    http::{PageError, check_same_site, see_other},
    pkce,
    shared::Shared,
    store::{OAuthClient, OAuthGrant, SessionTask},
};

/// The request of [RFC 6749, section 4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1), with PKCE and a
/// resource.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AuthorizeRequest {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) response_type: String,
    pub(crate) scope: String,
    pub(crate) state: String,
    pub(crate) code_challenge: String,
    pub(crate) code_challenge_method: String,
    pub(crate) resource: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct AuthorizeForm {
    user_id: String,
    #[serde(flatten)]
    request: AuthorizeRequest,
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(request): Query<AuthorizeRequest>,
) -> Result<Response, PageError> {
    let client = find_client(&shared, &request)?;
    match request.check(&client) {
        Ok(()) => Ok(pages::authorize(&shared, &client, &request)),
        Err(code) => Ok(redirect_back(&headers, &request, ("error", code))),
    }
}

pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(AuthorizeForm { user_id, request }): Form<AuthorizeForm>,
) -> Result<Response, PageError> {
    check_same_site(&headers, &shared.allowed_origins)?;
    let client = find_client(&shared, &request)?;
    if let Err(code) = request.check(&client) {
        return Ok(redirect_back(&headers, &request, ("error", code)));
    }
    let mut store = shared.store();
    let user = store.user(&user_id).ok_or(PageError(StatusCode::BAD_REQUEST, "the instance has no such user"))?;
    // With Clerk a user authorizes an application in a session, and a pending one counts as signed out.
    if let Some(task) = store.tasks_after_sign_in(user).first() {
        return Err(PageError(StatusCode::BAD_REQUEST, pending_message(*task)));
    }
    let user_id = user.id.clone();
    tracing::info!(target: "clerk_local", user_id, client_id = client.id, "authorized an application");
    let grant = OAuthGrant {
        client_id: client.id,
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        scopes: request.scopes().map(str::to_owned).collect(),
        resource: Some(request.resource.clone()).filter(|resource| !resource.is_empty()),
        user_id,
    };
    let code = store.oauth.grant(grant, shared.clock.now());
    Ok(redirect_back(&headers, &request, ("code", &code)))
}

/// Why a user with a task left cannot authorize an application.
const fn pending_message(task: SessionTask) -> &'static str {
    match task {
        SessionTask::ChooseOrganization => "a session of this user would be pending, with the task choose-organization",
        SessionTask::ResetPassword => "a session of this user would be pending, with the task reset-password",
        SessionTask::SetupMfa => "a session of this user would be pending, with the task setup-mfa",
    }
}

/// The application, which must have registered the `redirect_uri`: nothing is sent to any other.
fn find_client(shared: &Shared, request: &AuthorizeRequest) -> Result<OAuthClient, PageError> {
    let store = shared.store();
    let client = store.oauth.client(&request.client_id);
    let client =
        client.ok_or(PageError(StatusCode::BAD_REQUEST, "no application with this client_id is registered"))?;
    if !client.redirect_uris.contains(&request.redirect_uri) {
        return Err(PageError(
            StatusCode::BAD_REQUEST,
            "redirect_uri must be exactly one that the application registered",
        ));
    }
    Ok(client.clone())
}

impl AuthorizeRequest {
    pub(crate) fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.split(' ').filter(|scope| !scope.is_empty())
    }

    /// Checks the rest of the request; the error is an OAuth error code.
    fn check(&self, client: &OAuthClient) -> Result<(), &'static str> {
        if self.response_type != "code" {
            return Err("unsupported_response_type");
        }
        // An application with a secret may omit PKCE, unless it is required.
        let is_without = self.code_challenge.is_empty() && client.secret.is_some() && !client.pkce_required;
        if !is_without && !pkce::is_challenge(&self.code_challenge, &self.code_challenge_method) {
            return Err("invalid_request");
        }
        if self.scopes().any(|scope| clerk_core::Policy::try_scope(scope).is_err()) {
            return Err("invalid_scope");
        }
        if !self.resource.is_empty() && !is_resource(&self.resource) {
            return Err("invalid_target");
        }
        Ok(())
    }
}

/// An absolute URL without a fragment ([RFC 8707, section 2](https://www.rfc-editor.org/rfc/rfc8707#section-2)).
fn is_resource(text: &str) -> bool {
    !text.contains('#') && Url::parse(text).is_ok_and(|url| url.has_host())
}

/// Redirects to the application, with the issuer ([RFC 9207](https://www.rfc-editor.org/rfc/rfc9207)).
fn redirect_back(headers: &HeaderMap, request: &AuthorizeRequest, (name, value): (&str, &str)) -> Response {
    // The URL was parsed at the registration.
    let target = Url::parse(&request.redirect_uri).map(|mut url| {
        let mut query = url.query_pairs_mut();
        query.append_pair(name, value);
        if !request.state.is_empty() {
            query.append_pair("state", &request.state);
        }
        query.append_pair("iss", &metadata::issuer(headers));
        drop(query);
        String::from(url)
    });
    see_other(target.as_deref().unwrap_or("/"), &[])
}
