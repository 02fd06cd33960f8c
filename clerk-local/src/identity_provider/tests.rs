//! Sign-in at a provider over HTTP, and everything that must not work.

use std::{sync::Arc, time::Duration};

use clerk_core::time::{Clock, ManualClock, Timestamp};
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::client::SignInError;
use crate::{
    LocalClerk,
    store::{PendingProviderSignIn, Profile, Provider},
};

const CALLBACK: &str = "http://localhost:7777/v1/oauth_callback";

struct Scene {
    local: LocalClerk,
    clock: Arc<ManualClock>,
    http: reqwest::Client,
}

impl Scene {
    async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
        let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { local, clock, http }
    }

    fn begin(&self, provider: &Provider) -> (Url, PendingProviderSignIn) {
        let idp = &self.local.shared.identity_provider;
        idp.client(provider.clone()).begin(CALLBACK, None, self.clock.now()).unwrap()
    }

    async fn finish(&self, pending: &PendingProviderSignIn, code: &str) -> Result<Profile, SignInError> {
        let idp = &self.local.shared.identity_provider;
        idp.client(pending.provider().clone()).finish(pending.clone(), code, self.clock.now()).await
    }

    /// What the page's form sends: the request again, and the choice.
    async fn choose(&self, url: &Url, choice: &[(&str, &str)]) -> reqwest::Response {
        let mut there = url.clone();
        there.set_query(None);
        self.post(there.as_str(), &form(url.query_pairs(), choice), &[]).await
    }

    async fn code(&self, url: &Url) -> String {
        sent_back(&self.choose(url, &[("choice", "0")]).await, "code").unwrap()
    }

    async fn post(&self, url: &str, body: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let request = self.http.post(url).header("content-type", "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.body(body.to_owned()).send().await.unwrap()
    }

    /// The exchange without [`ProviderClient`](super::client::ProviderClient), with some parameters changed.
    async fn exchange(&self, code: &str, verifier: &str, changes: &[(&str, &str)]) -> (u16, Value) {
        let (_, google) = (self, google());
        let secret = self.local.shared.identity_provider.client_secret.clone();
        let id = google.client_id();
        let whole = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
            ("client_id", &id),
            ("client_secret", &secret),
        ];
        let url = format!("{}/idp/google/token", self.local.frontend_api_url());
        let answer = self.post(&url, &form(whole.map(|(a, b)| (a.into(), b.into())), changes), &[]).await;
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }
}

fn google() -> Provider {
    Provider::social("google").unwrap()
}

fn form<'a>(
    whole: impl IntoIterator<Item = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)>,
    changes: &[(&str, &str)],
) -> String {
    let kept = whole.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).extend_pairs(changes).finish()
}

/// A parameter of the redirect back to the instance.
fn sent_back(response: &reqwest::Response, name: &str) -> Option<String> {
    let location = response.headers().get("location")?.to_str().unwrap();
    assert!(location.starts_with(CALLBACK), "{location}");
    let url = Url::parse(location).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The authorization URL with one parameter changed.
fn with(url: &Url, name: &str, value: &str) -> Url {
    let mut changed = url.clone();
    changed.set_query(Some(&form(url.query_pairs(), &[(name, value)])));
    changed
}

#[tokio::test]
async fn a_user_signs_in_with_one_click() {
    let scene = Scene::start().await;
    for provider in [google(), Provider::social("github").unwrap(), Provider::enterprise("entconn_1").unwrap()] {
        let (url, pending) = scene.begin(&provider);
        let page = scene.http.get(url.clone()).send().await.unwrap();
        assert_eq!(page.status(), 200);
        let csp = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let page = page.text().await.unwrap();
        assert!(
            page.contains("Ada") && page.contains(r#"action="authorize""#) && csp.contains("frame-ancestors"),
            "{page}"
        );
        let answer = scene.choose(&url, &[("choice", "0")]).await;
        assert_eq!((answer.status().as_u16(), sent_back(&answer, "state").as_deref()), (303, Some(pending.state())));
        let code = sent_back(&answer, "code").unwrap();
        let profile = scene.finish(&pending, &code).await.unwrap();
        assert_eq!((&*profile.email, profile.email_verified), ("ada@example.com", true));
        assert_eq!(profile.first_name.as_deref().zip(profile.last_name.as_deref()), Some(("Ada", "Lovelace")));
        assert_eq!((profile.username.as_deref(), profile.scopes.len()), (Some("ada"), 3));
        assert!(!profile.subject.is_empty());
        assert_eq!(scene.finish(&pending, &code).await, Err(SignInError::Refused), "a code is good once");
        // The same person has the same subject the next time.
        let (url, again) = scene.begin(&provider);
        let code = scene.code(&url).await;
        assert_eq!(scene.finish(&again, &code).await.unwrap().subject, profile.subject);
    }
}

#[tokio::test]
async fn a_person_from_the_form_signs_in() {
    let scene = Scene::start().await;
    let (url, pending) = scene.begin(&google());
    let typed = [("choice", "typed"), ("email", "eve@example.com"), ("first_name", "Eve"), ("last_name", "")];
    let answer = scene.choose(&url, &typed).await;
    let profile = scene.finish(&pending, &sent_back(&answer, "code").unwrap()).await.unwrap();
    assert_eq!((&*profile.email, profile.email_verified), ("eve@example.com", false));
    assert_eq!((profile.first_name.as_deref(), profile.last_name), (Some("Eve"), None));
    for bad in
        [&[("choice", "typed"), ("email", "eve")][..], &[("choice", "7")], &[("choice", "")], &[("choice", "-1")]]
    {
        assert_eq!(scene.choose(&url, bad).await.status(), 400, "{bad:?}");
    }
}

#[tokio::test]
async fn a_denial_redirects_without_a_code() {
    let scene = Scene::start().await;
    let (url, pending) = scene.begin(&google());
    let answer = scene.choose(&url, &[("choice", "deny")]).await;
    assert_eq!(sent_back(&answer, "error").as_deref(), Some("access_denied"));
    assert_eq!(sent_back(&answer, "state").as_deref(), Some(pending.state()));
    assert_eq!(sent_back(&answer, "code"), None);
}

#[tokio::test]
async fn nothing_is_sent_to_a_foreign_address() {
    let scene = Scene::start().await;
    let (url, _) = scene.begin(&google());
    for (name, bad) in [
        ("redirect_uri", "https://evil.example/v1/oauth_callback"),
        ("redirect_uri", "http://localhost@evil.example/"),
        ("redirect_uri", "javascript:alert(1)"),
        ("redirect_uri", "http://localhost:7777/#fragment"),
        ("redirect_uri", ""),
        ("client_id", "clerk-local-github"),
        ("client_id", ""),
    ] {
        let bad = with(&url, name, bad);
        for answer in [scene.http.get(bad.clone()).send().await.unwrap(), scene.choose(&bad, &[("choice", "0")]).await]
        {
            assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (400, None), "{bad}");
        }
    }
}

#[tokio::test]
async fn an_invalid_request_is_redirected_with_an_error() {
    let scene = Scene::start().await;
    let (url, _) = scene.begin(&google());
    for (name, bad, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "profile", "invalid_scope"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("nonce", &"x".repeat(2001), "invalid_request"),
    ] {
        let bad = with(&url, name, bad);
        for answer in [scene.http.get(bad.clone()).send().await.unwrap(), scene.choose(&bad, &[("choice", "0")]).await]
        {
            assert_eq!(sent_back(&answer, "error").as_deref(), Some(error), "{bad}");
            assert_eq!(sent_back(&answer, "code"), None);
        }
    }
}

#[tokio::test]
async fn another_sites_page_cannot_choose() {
    let scene = Scene::start().await;
    let (url, _) = scene.begin(&google());
    let body = form(url.query_pairs(), &[("choice", "0")]);
    let answer = scene.post(url.as_str(), &body, &[("origin", "https://evil.example")]).await;
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn only_the_client_that_asked_for_a_code_exchanges_it() {
    let scene = Scene::start().await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let (url, _) = scene.begin(&google());
    let url = with(&url, "code_challenge", &crate::pkce::challenge(verifier));
    for (name, bad, error) in [
        ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX", "invalid_grant"),
        ("code_verifier", "", "invalid_grant"),
        ("redirect_uri", "http://localhost:7777/other", "invalid_grant"),
        ("redirect_uri", "", "invalid_grant"),
        ("code", "code_unknown", "invalid_grant"),
        ("client_id", "clerk-local-github", "invalid_client"),
        ("client_secret", "wrong", "invalid_client"),
        ("client_secret", "", "invalid_client"),
        ("grant_type", "refresh_token", "unsupported_grant_type"),
    ] {
        let code = scene.code(&url).await;
        let (status, body) = scene.exchange(&code, verifier, &[(name, bad)]).await;
        let expected = if error == "invalid_client" { 401 } else { 400 };
        assert_eq!((status, body["error"].as_str()), (expected, Some(error)), "{name}={bad}");
        assert!(body.get("access_token").is_none());
    }
    let code = scene.code(&url).await;
    assert_eq!(scene.exchange(&code, verifier, &[]).await.0, 200);
    assert_eq!(scene.exchange(&code, verifier, &[]).await.0, 400, "a code is good once");
    // The wrong verifier has used it up.
    let code = scene.code(&url).await;
    scene.exchange(&code, &"x".repeat(43), &[]).await;
    assert_eq!(scene.exchange(&code, verifier, &[]).await.0, 400);
    // A code of one provider is worth nothing at another.
    let (url, pending) = scene.begin(&Provider::social("github").unwrap());
    let code = scene.code(&url).await;
    assert_eq!(scene.exchange(&code, verifier, &[]).await.0, 400);
    let idp = &scene.local.shared.identity_provider;
    let other = idp.client(google()).finish(pending, &code, scene.clock.now()).await;
    assert!(matches!(other, Err(SignInError::Untrusted(_))), "{other:?}");
}

#[tokio::test]
async fn codes_and_sign_ins_expire() {
    let scene = Scene::start().await;
    let (url, pending) = scene.begin(&google());
    let code = scene.code(&url).await;
    scene.clock.advance(Duration::from_secs(60));
    assert_eq!(scene.finish(&pending, &code).await, Err(SignInError::Refused));
    scene.clock.advance(Duration::from_secs(9 * 60));
    let code = scene.code(&url).await;
    assert_eq!(scene.finish(&pending, &code).await, Err(SignInError::TooLate));
}

#[tokio::test]
async fn userinfo_requires_the_access_token() {
    let scene = Scene::start().await;
    let (url, pending) = scene.begin(&google());
    let code = scene.code(&url).await;
    let profile = scene.finish(&pending, &code).await.unwrap();
    let ask = async |provider: &str, token: &str| {
        let url = format!("{}/idp/{provider}/userinfo", scene.local.frontend_api_url());
        scene.http.get(url).bearer_auth(token).send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask("google", &profile.access_token).await, 200);
    assert_eq!(ask("github", &profile.access_token).await, 401);
    assert_eq!(ask("google", "").await, 401);
    scene.clock.advance(Duration::from_secs(60 * 60));
    assert_eq!(ask("google", &profile.access_token).await, 401);
}

#[tokio::test]
async fn discovery_lists_the_endpoints() {
    let scene = Scene::start().await;
    let base = scene.local.frontend_api_url();
    for name in ["google", "enterprise/acme"] {
        let get = async |url: String| scene.http.get(url).send().await.unwrap().text().await.unwrap();
        let said = get(format!("{base}/idp/{name}/.well-known/openid-configuration")).await;
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["issuer"], format!("{base}/idp/{name}"));
        assert!(get(said["jwks_uri"].as_str().unwrap().to_owned()).await.contains(r#""kty":"RSA""#));
    }
    for bad in ["Google", "a.b", "enterprise", "enterprise/a.b", "%2e%2e"] {
        let answer = scene.http.get(format!("{base}/idp/{bad}/jwks")).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{bad}");
    }
}

#[tokio::test]
async fn secrets_are_not_printed() {
    let scene = Scene::start().await;
    let (url, pending) = scene.begin(&google());
    let code = scene.code(&url).await;
    let profile = scene.finish(&pending, &code).await.unwrap();
    let idp = &scene.local.shared.identity_provider;
    let printed = format!("{pending:?} {profile:?} {idp:?}");
    for secret in [pending.state(), &profile.access_token, &idp.client_secret] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
