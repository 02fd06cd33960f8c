//! [`FrontendRequest`]: a request of Clerk's front end, with its browser.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use clerk_core::time::Timestamp;
use serde_json::{Value, json};
use url::Url;

use super::{FormFields, FrontendError, resource, session_cookies};
use crate::{
    http::{cookie, json_response},
    loopback,
    shared::Shared,
    store::{Client, Session, User},
};

/// A request of Clerk's front end.
pub(super) struct FrontendRequest {
    pub(super) shared: Arc<Shared>,
    pub(super) query: FormFields,
    pub(super) form: FormFields,
    /// The page's origin, which its tokens are issued to.
    pub(super) origin: String,
    pub(super) now: Timestamp,
    /// The browser's id, once it is known.
    client_id: Option<String>,
    /// The `__client` cookie that came with the request.
    presented_cookie: Option<String>,
}

impl FromRequest<Arc<Shared>> for FrontendRequest {
    type Rejection = FrontendError;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, FrontendError> {
        let (parts, body) = request.into_parts();
        let is_form = content_type(&parts.headers).starts_with("application/x-www-form-urlencoded");
        let query = FormFields::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let mut this = Self::from_parts(shared, &parts, query)?;
        let body = Bytes::from_request(Request::from_parts(parts, body), shared).await.map_err(|rejection| {
            FrontendError::new(rejection.status(), "request_body_invalid", rejection.body_text())
        })?;
        // Uploaded files are read and dropped.
        if is_form {
            this.form = FormFields::parse(&body);
        }
        Ok(this)
    }
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

impl FrontendRequest {
    fn from_parts(shared: &Arc<Shared>, parts: &Parts, query: FormFields) -> Result<Self, FrontendError> {
        let origin = page_origin(shared, &parts.headers)?;
        let presented_cookie = cookie(&parts.headers, "__client");
        let dev_browser = dev_browser(&parts.headers, &query);
        let client_id = shared.store().clients.find(presented_cookie, dev_browser).map(|client| client.id.clone());
        let open = parts.uri.path().ends_with("/environment") || parts.uri.path().ends_with("/dev_browser");
        if client_id.is_none() && dev_browser.is_some() && !open {
            // clerk-js then requests a new dev browser.
            return Err(FrontendError::new(
                StatusCode::UNAUTHORIZED,
                "dev_browser_unauthenticated",
                "Unable to authenticate this browser for your development instance",
            ));
        }
        Ok(Self {
            shared: Arc::clone(shared),
            query,
            form: FormFields::default(),
            origin,
            now: shared.clock.now(),
            client_id,
            presented_cookie: presented_cookie.map(str::to_owned),
        })
    }

    /// The browser, if it is known.
    pub(super) fn client(&self) -> Option<Client> {
        self.shared.store().clients.get(self.client_id.as_deref()?).cloned()
    }

    /// The browser; creates one if it is unknown.
    pub(super) fn client_or_new(&mut self) -> Client {
        if let Some(client) = self.client() {
            return client;
        }
        let client = self.shared.store().clients.add(self.now);
        self.client_id = Some(client.id.clone());
        client
    }

    /// The session with this id, if it is this browser's and live.
    pub(super) fn session_by_id(&self, id: &str) -> Result<Session, FrontendError> {
        let store = self.shared.store();
        let session = store
            .sessions
            .get(id)
            .filter(|session| Some(&session.client_id) == self.client_id.as_ref() && session.is_live(self.now));
        session
            .cloned()
            .ok_or_else(|| FrontendError::new(StatusCode::NOT_FOUND, "resource_not_found", "Session not found"))
    }

    /// The session that the query names, or else the one that was last active.
    pub(super) fn session(&self) -> Result<Session, FrontendError> {
        let named = self.query.get("_clerk_session_id").map(str::to_owned);
        let id = named.or_else(|| self.client()?.last_active_session_id).ok_or_else(FrontendError::signed_out)?;
        self.session_by_id(&id).map_err(|_| FrontendError::signed_out())
    }

    /// The user of that session.
    pub(super) fn user(&self) -> Result<User, FrontendError> {
        let session = self.session()?;
        self.shared.store().user(&session.user_id).cloned().ok_or_else(FrontendError::signed_out)
    }

    /// An answer in Clerk's envelope, with the new state of the browser.
    pub(super) fn respond(&self, response: &Value) -> Response {
        let client = self.client();
        let client = client.as_ref().map(|client| resource::client(&self.shared, client, &self.origin));
        self.respond_without_envelope(&json!({"response": response, "client": client}))
    }

    /// An answer with the browser itself.
    pub(super) fn respond_with_client(&self) -> Response {
        let client = self.client();
        let client = client.as_ref().map(|client| resource::client(&self.shared, client, &self.origin));
        self.respond_without_envelope(&json!({"response": client, "client": client}))
    }

    /// An answer without an envelope.
    pub(super) fn respond_without_envelope(&self, body: &Value) -> Response {
        let mut response = json_response(StatusCode::OK, body);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // The cookie changes at each sign-in: the browser gets the current one.
        let changed = self.client().filter(|client| self.presented_cookie.as_ref() != Some(&client.cookie));
        let cookie = changed.and_then(|client| session_cookies::client_cookie(&self.shared, &client).parse().ok());
        if let Some(cookie) = cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// Takes a redirect URL, which must be allowed.
    pub(super) fn redirect_url(&self, field: &'static str) -> Result<Option<Url>, FrontendError> {
        let Some(text) = self.form.get(field) else { return Ok(None) };
        // clerk-js sends pages of the app as paths, without the origin.
        let absolute = if is_path(text) { format!("{}{text}", self.origin) } else { text.to_owned() };
        let url = loopback::allowed_redirect(&absolute, &self.shared.allowed_origins);
        let refused = || FrontendError::invalid(field, "must be a loopback address, or at an origin that was allowed");
        url.map(Some).ok_or_else(refused)
    }
}

/// The browser that sends a request, in the form that its page gets.
pub(super) fn client_json(shared: &Shared, headers: &HeaderMap, query: &FormFields) -> Option<Value> {
    let origin = page_origin(shared, headers).ok()?;
    let store = shared.store();
    let client = store.clients.find(cookie(headers, "__client"), dev_browser(headers, query)).cloned()?;
    drop(store);
    Some(resource::client(shared, &client, &origin))
}

fn dev_browser<'r>(headers: &'r HeaderMap, query: &'r FormFields) -> Option<&'r str> {
    let in_header = || headers.get("clerk-db-jwt").and_then(|value| value.to_str().ok());
    query.get("__clerk_db_jwt").or_else(in_header)
}

/// Whether this is a path, and not another host's address written like one (`//host`).
fn is_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && !text.contains('\\')
}

/// The origin of the calling page, which must be allowed.
fn page_origin(shared: &Shared, headers: &HeaderMap) -> Result<String, FrontendError> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let checked = |text: &str| loopback::allowed_redirect(text, &shared.allowed_origins);
    if headers.contains_key(header::ORIGIN) {
        let origin = text(header::ORIGIN).filter(|origin| shared.allows_origin(origin));
        return origin.map(str::to_owned).ok_or_else(|| {
            FrontendError::bad_request("origin_invalid", "pages at this origin may not use the instance")
        });
    }
    // Through a proxy at the page's own origin, browsers send no `Origin`.
    let forwarded = headers.get("x-forwarded-host").and_then(|value| value.to_str().ok()).map(|host| {
        format!("{}://{host}", headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok()).unwrap_or("http"))
    });
    let host = text(header::HOST).map(|host| format!("http://{host}"));
    let known = [text(header::REFERER).map(str::to_owned), forwarded, host];
    let origin = known.into_iter().flatten().find_map(|text| checked(&text));
    Ok(origin.map_or_else(|| "http://localhost".to_owned(), |url| url.origin().ascii_serialization()))
}
