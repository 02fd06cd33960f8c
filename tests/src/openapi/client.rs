//! [`CheckedClient`]: sends requests to a local instance and compares each response with the description.

use std::{collections::BTreeMap, sync::Mutex};

use clerk_local::LocalClerk;
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::Conformance;

/// A client of one of an instance's APIs that panics if a response does not match the description.
pub struct CheckedClient<'a> {
    api: &'a Conformance,
    base: String,
    secret_key: Option<String>,
    http: reqwest::Client,
    /// The browser's cookies, by name.
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A response that matches the description.
#[derive(Debug)]
pub struct CheckedResponse {
    pub status: u16,
    pub headers: HeaderMap,
    /// `Null` if there is no body, or if it is not JSON.
    pub body: Value,
}

impl<'a> CheckedClient<'a> {
    /// A browser, for the Frontend API: it keeps cookies, and sends each method the way clerk-js does.
    pub fn frontend(api: &'a Conformance, local: &LocalClerk) -> Self {
        Self::new(api, local.frontend_api_url(), None)
    }

    /// A server with the secret key, for the Backend API.
    pub fn backend(api: &'a Conformance, local: &LocalClerk) -> Self {
        Self::new(api, local.backend_api_url(), Some(local.secret_key().expose().to_owned()))
    }

    fn new(api: &'a Conformance, base: &str, secret_key: Option<String>) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { api, base: base.to_owned(), secret_key, http, cookies: Mutex::default() }
    }

    /// Sends a form, or with GET a query; a name may occur several times.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, form: &[(&str, &str)]) -> impl Future<Output = CheckedResponse> {
        let encoded = Serializer::new(String::new()).extend_pairs(form).finish();
        let joined = |path: &str, query: &str| match (query, path.contains('?')) {
            ("", _) => path.to_owned(),
            (query, true) => format!("{path}&{query}"),
            (query, false) => format!("{path}?{query}"),
        };
        let (path, sent, body) = match (method, &self.secret_key) {
            ("GET", _) => (joined(path, &encoded), Method::GET, None),
            ("POST", _) => (path.to_owned(), Method::POST, Some(encoded)),
            // A POST with `_method` needs no CORS preflight.
            (other, None) => (joined(path, &format!("_method={other}")), Method::POST, Some(encoded)),
            (other, Some(_)) => (path.to_owned(), other.parse().unwrap(), Some(encoded)),
        };
        let request = self.http.request(sent, format!("{}{path}", self.base));
        let request = body.into_iter().fold(request, |request, body| {
            request.header("content-type", "application/x-www-form-urlencoded").body(body)
        });
        self.send_checked(method.to_owned(), path, request)
    }

    /// Sends JSON.
    #[track_caller]
    pub fn json(&self, method: &str, path: &str, body: &Value) -> impl Future<Output = CheckedResponse> {
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.base));
        let request = request.header("content-type", "application/json").body(body.to_string());
        self.send_checked(method.to_owned(), path.to_owned(), request)
    }

    /// A cookie that the instance has set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    #[track_caller]
    fn send_checked(
        &self,
        method: String,
        path: String,
        request: RequestBuilder,
    ) -> impl Future<Output = CheckedResponse> {
        // The line of the test; inside the future it would be the executor's.
        let caller = std::panic::Location::caller();
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = match &self.secret_key {
            Some(key) => request.bearer_auth(key),
            None => request.header("cookie", cookies.join("; ")),
        };
        async move {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            self.store_cookies(&headers);
            let text = response.text().await.unwrap();
            let body = serde_json::from_str(&text).unwrap_or_default();
            if let Err(mismatch) = self.api.validate(&method, &path, status, &body) {
                panic!("{caller}: {}: {mismatch}\nthe body was {text:.2000}", self.api.name);
            }
            CheckedResponse { status, headers, body }
        }
    }

    fn store_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap();
        for line in headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()) {
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            if attributes.split(';').any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0")) {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::facts::parse;

    const JWKS: &str = "\
operation GET /.well-known/jwks.json GetJWKS
  200 application/json object
    .keys! array
      [] object
        .kty string
operation GET /jwks GetBackendJWKS
  200 application/json object
    .nothing!
";

    #[tokio::test]
    async fn the_client_checks_each_response() {
        let local = LocalClerk::start().await.unwrap();
        let api = Conformance::new("Frontend API", parse(JWKS), "");
        let response = CheckedClient::frontend(&api, &local).send("GET", "/.well-known/jwks.json", &[("a", "b")]).await;
        assert_eq!((response.status, response.body["keys"][0]["kty"].as_str()), (200, Some("RSA")));
        assert_eq!(api.summary(), "Frontend API: 1 of 2 operations covered, 1 responses valid");
    }

    #[tokio::test]
    #[should_panic(expected = "client.rs")]
    async fn a_response_that_does_not_match_panics() {
        let local = LocalClerk::start().await.unwrap();
        let api = Conformance::new("Backend API", parse(JWKS), "/v1");
        CheckedClient::backend(&api, &local).send("GET", "/v1/jwks", &[]).await;
    }
}
