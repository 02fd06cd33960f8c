//! [`Browser`]: sends cookies, forms, and methods in the query like clerk-js.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use clerk_local::LocalClerk;
use clerk_tests::openapi::Conformance;
use reqwest::{Response, header::LOCATION};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::{CODE, PASSWORD};

pub(crate) const ORIGIN: &str = "http://localhost:3000";

/// All differences to the description, which are printed at the end.
pub(crate) static MISMATCHES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

pub(crate) struct Browser<'a> {
    api: Option<&'a Conformance>,
    base: String,
    http: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl<'a> Browser<'a> {
    /// A browser whose responses are compared with the description, if there is one.
    pub(crate) fn new(local: &LocalClerk, api: impl Into<Option<&'a Conformance>>) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { api: api.into(), base: local.frontend_api_url().to_owned(), http, cookies: Mutex::default() }
    }

    /// Sends a form; returns status and body, and records differences to the description.
    pub(crate) async fn send(&self, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let form = Serializer::new(String::new()).extend_pairs(form).finish();
        let response = match method {
            "GET" => self.request(reqwest::Method::GET, path, None).await,
            "POST" => self.request(reqwest::Method::POST, path, Some(form)).await,
            other => {
                let glue = if path.contains('?') { '&' } else { '?' };
                self.request(reqwest::Method::POST, &format!("{path}{glue}_method={other}"), Some(form)).await
            }
        };
        let status = response.status().as_u16();
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default();
        let described = path.trim_end_matches('/');
        // The description of this operation has no body, but clerk-js reads one.
        if described != "/v1/dev_browser"
            && let Some(api) = self.api
            && let Err(mismatch) =
                api.validate(method, described, status, &without_known_differences(described, body.clone()))
        {
            MISMATCHES.lock().unwrap().insert(mismatch.to_string());
        }
        (status, body)
    }

    /// Expects success; returns the `response` member of the body.
    pub(crate) async fn ok(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Value {
        let (status, body) = self.send(method, path, form).await;
        assert_eq!(status, 200, "{method} {path}: {body}");
        body["response"].clone()
    }

    /// Expects an error; returns its code.
    pub(crate) async fn refused(&self, method: &str, path: &str, form: &[(&str, &str)]) -> String {
        let (status, body) = self.send(method, path, form).await;
        assert!((400..500).contains(&status), "{method} {path}: {status} {body}");
        body["errors"][0]["code"].as_str().unwrap().to_owned()
    }

    /// Opens a link; returns the status and the `Location`.
    pub(crate) async fn follow(&self, url: &str) -> (u16, String) {
        let path = url.strip_prefix(&self.base).unwrap_or(url);
        let response = self.request(reqwest::Method::GET, path, None).await;
        let location = response.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), location.unwrap_or_default())
    }

    pub(crate) async fn request(&self, method: reqwest::Method, path: &str, form: Option<String>) -> Response {
        let cookies: Vec<_> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.http.request(method, format!("{}{path}", self.base)).header("origin", ORIGIN);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(form) = form {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        let response = request.send().await.unwrap();
        for line in response.headers().get_all("set-cookie") {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        response
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Signs in at a provider's page with this address, and follows the link back.
    pub(crate) async fn sign_in_at_provider(&self, page: &Value, email: &str) {
        let page = url::Url::parse(page.as_str().unwrap()).unwrap();
        let choice = [("choice", "typed"), ("email", email), ("email_verified", "on")];
        let chosen = Serializer::new(String::new()).extend_pairs(page.query_pairs()).extend_pairs(choice).finish();
        let request = self.http.post(page).header("content-type", "application/x-www-form-urlencoded").body(chosen);
        let response = request.send().await.unwrap();
        self.follow(response.headers()[LOCATION].to_str().unwrap()).await;
    }

    /// Signs up with this address; returns the id of the new user, who is signed in.
    pub(crate) async fn sign_up(&self, address: &str) -> String {
        let begun = self.ok("POST", "/v1/client/sign_ups", &[("email_address", address), ("password", PASSWORD)]).await;
        let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
        self.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
        let proof = [("strategy", "email_code"), ("code", CODE)];
        let done = self.ok("POST", &format!("{path}/attempt_verification"), &proof).await;
        assert_eq!(done["status"], "complete", "{done}");
        done["created_user_id"].as_str().unwrap().to_owned()
    }

    /// Signs in with the password; returns the sign-in object.
    pub(crate) async fn sign_in(&self, identifier: &str) -> Value {
        let form = [("strategy", "password"), ("identifier", identifier), ("password", PASSWORD)];
        self.ok("POST", "/v1/client/sign_ins", &form).await
    }

    pub(crate) async fn sign_out(&self) {
        self.ok("DELETE", "/v1/client/sessions", &[]).await;
    }

    /// The active session of the browser's client.
    pub(crate) async fn session(&self) -> Value {
        let client = self.ok("GET", "/v1/client", &[]).await;
        let id = &client["last_active_session_id"];
        let sessions = client["sessions"].as_array().cloned().unwrap_or_default();
        sessions.into_iter().find(|session| session["id"] == *id).unwrap_or_default()
    }

    /// The claims of a new token of the active session.
    pub(crate) async fn claims(&self) -> Value {
        let session = self.session().await;
        let path = format!("/v1/client/sessions/{}/tokens", session["id"].as_str().unwrap());
        let (status, body) = self.send("POST", &path, &[]).await;
        assert_eq!(status, 200, "{body}");
        claims_of(body["jwt"].as_str().unwrap())
    }
}

fn claims_of(token: &str) -> Value {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// Removes what the description does not know: verifications without a strategy (before a code is sent there must be none,
/// because otherwise clerk-js waits for the code), and pending sessions after a change of the password.
fn without_known_differences(path: &str, mut body: Value) -> Value {
    for place in ["/response/verifications", "/client/sign_up/verifications"] {
        let Some(verifications) = body.pointer_mut(place).and_then(Value::as_object_mut) else { continue };
        for name in ["email_address", "phone_number"] {
            if verifications[name]["strategy"].is_null() {
                verifications[name] = Value::Null;
            }
        }
    }
    if path == "/v1/me/change_password" {
        let sessions = body.pointer_mut("/client/sessions").and_then(Value::as_array_mut);
        for session in sessions.into_iter().flatten().filter(|session| session["status"] == "pending") {
            session["status"] = "active".into();
        }
    }
    body
}
