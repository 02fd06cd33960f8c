//! An OpenID Connect provider for each name under `/idp/`: `google`, `github` or any other ([OpenID Connect
//! Core](https://openid.net/specs/openid-connect-core-1_0.html)). Instead of a password, its page lets the user choose
//! an account. The instance signs users in with it as Clerk does with the real ones: over HTTP, trusting only what it
//! has verified.

mod authorize;
mod client;
mod grants;
mod metadata;
mod person;
mod provider;
#[cfg(test)]
mod tests;
mod token;
mod userinfo;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    error::StartError,
    http::json_response,
    keys::{KeySource, SigningKey, random_id},
    shared::Shared,
    store::Provider,
};
pub(crate) use client::SignInError;
use grants::Grants;

/// All providers of an instance.
pub(crate) struct IdentityProvider {
    /// The address of the Frontend API, once it has a port.
    base: OnceLock<String>,
    /// The instance's client secret at its own providers.
    client_secret: String,
    /// Generated for the first token: a key takes 0.1 s.
    key: Mutex<Option<Arc<SigningKey>>>,
    keys: KeySource,
    /// Created for the first sign-in, because it reads the system's certificates.
    http: Mutex<Option<reqwest::Client>>,
    grants: Mutex<Grants>,
}

impl IdentityProvider {
    pub(crate) fn new(keys: KeySource) -> Self {
        Self {
            base: OnceLock::new(),
            client_secret: random_id("idps"),
            key: Mutex::default(),
            keys,
            http: Mutex::default(),
            grants: Mutex::default(),
        }
    }

    /// Sets the address of the Frontend API, `http://localhost:4400` for example; only the first call counts.
    pub(crate) fn set_base(&self, base: &str) {
        let _ = self.base.set(base.to_owned());
    }

    /// The `iss` of a provider's tokens, and the address that its endpoints lie under.
    fn issuer(&self, provider: &Provider) -> String {
        format!("{}/idp/{provider}", self.base.get().map_or("http://localhost", String::as_str))
    }

    fn key(&self) -> Result<Arc<SigningKey>, StartError> {
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        match &*key {
            Some(key) => Ok(Arc::clone(key)),
            None => Ok(Arc::clone(key.insert(Arc::new(self.keys.key()?)))),
        }
    }

    fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityProvider").field("base", &self.base).finish_non_exhaustive()
    }
}

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new().nest("/idp/{provider}", endpoints()).nest("/idp/enterprise/{connection}", endpoints())
}

fn endpoints() -> Router<Arc<Shared>> {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata::discovery))
        .route("/jwks", get(metadata::jwks))
        .route("/authorize", get(authorize::page).post(authorize::submit))
        .route("/token", post(token::token))
        .route("/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
}

/// An answer that must not be stored.
fn no_store_response(status: StatusCode, body: &Value) -> Response {
    let mut response = json_response(status, body);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An error in the form of [RFC 6749, section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2).
fn oauth_error(status: StatusCode, code: &str, description: &str) -> Response {
    no_store_response(status, &json!({"error": code, "error_description": description}))
}
