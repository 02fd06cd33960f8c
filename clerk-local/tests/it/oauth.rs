//! The authorization server: registration, the page, the exchange, and everything that must not work.

use std::{sync::Arc, time::Duration};

use clerk_core::time::{ManualClock, Timestamp};
use clerk_local::{LocalClerk, Settings};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use url::Url;

const CALLBACK: &str = "http://localhost:7777/callback";
/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const RESOURCE: &str = "http://localhost:3000/mcp";

struct Scene {
    local: LocalClerk,
    clock: Arc<ManualClock>,
    client: Client,
    client_id: String,
}

impl Scene {
    async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
        let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut scene = Self { local, clock, client, client_id: String::new() };
        let (status, body) = scene.register(json!({"redirect_uris": [CALLBACK], "client_name": "<b>Test</b>"})).await;
        assert_eq!(status, 201, "{body}");
        scene.client_id = body["client_id"].as_str().unwrap().to_owned();
        scene
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.local.frontend_api_url())
    }

    async fn register(&self, body: Value) -> (u16, Value) {
        let request = self.client.post(self.url("/oauth/register")).header("content-type", "application/json");
        json_of(request.body(body.to_string()).send().await.unwrap()).await
    }

    /// The parameters of a request in their order, some of them changed.
    fn parameters(&self, changes: &[(&str, &str)]) -> Vec<(String, String)> {
        let whole = [
            ("client_id", &*self.client_id),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "profile email"),
            ("state", "a b&c"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", RESOURCE),
        ];
        changed(&whole, changes)
    }

    async fn page(&self, changes: &[(&str, &str)]) -> Response {
        self.client
            .get(format!("{}?{}", self.url("/oauth/authorize"), encoded(&self.parameters(changes))))
            .send()
            .await
            .unwrap()
    }

    /// A click on Alice.
    async fn click(&self, changes: &[(&str, &str)]) -> Response {
        let mut form = self.parameters(changes);
        form.push(("user_id".to_owned(), self.local.user("alice").unwrap().id));
        self.post("/oauth/authorize", &form).await
    }

    async fn post(&self, path: &str, form: &[(String, String)]) -> Response {
        let request = self.client.post(self.url(path)).header("content-type", "application/x-www-form-urlencoded");
        request.body(encoded(form)).send().await.unwrap()
    }

    async fn code(&self) -> String {
        sent_back(&self.click(&[]).await, "code").unwrap()
    }

    async fn exchange(&self, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
        let whole = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", &self.client_id),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("resource", RESOURCE),
        ];
        json_of(self.post("/oauth/token", &changed(&whole, changes)).await).await
    }
}

fn changed(whole: &[(&str, &str)], changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let value = |name: &str, value: &str| {
        changes.iter().find(|(changed, _)| *changed == name).map_or(value, |(_, value)| value).to_owned()
    };
    whole.iter().map(|(name, text)| ((*name).to_owned(), value(name, text))).collect()
}

fn encoded(form: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

async fn json_of(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// A parameter of the redirect back to the application.
fn sent_back(response: &Response, name: &str) -> Option<String> {
    let location = response.headers().get("location")?.to_str().unwrap();
    assert!(location.starts_with(CALLBACK), "{location}");
    let url = Url::parse(location).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn the_metadata_names_the_endpoints_under_the_requested_host() {
    let scene = Scene::start().await;
    for origin in [scene.url(""), scene.url("").replace("localhost", "127.0.0.1")] {
        let response =
            scene.client.get(format!("{origin}/.well-known/oauth-authorization-server")).send().await.unwrap();
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        let (status, body) = json_of(response).await;
        assert_eq!(status, 200);
        assert_eq!(body["issuer"], json!(origin));
        assert_eq!(body["authorization_endpoint"], json!(format!("{origin}/oauth/authorize")));
        assert_eq!(body["token_endpoint"], json!(format!("{origin}/oauth/token")));
        assert_eq!(body["code_challenge_methods_supported"], json!(["S256"]));
    }
    let preflight = scene.client.request(reqwest::Method::OPTIONS, scene.url("/oauth/token")).send().await.unwrap();
    assert_eq!(
        (preflight.status().as_u16(), &preflight.headers()["access-control-allow-origin"]),
        (204, &"*".parse().unwrap())
    );
    let page = scene.page(&[]).await;
    assert!(page.headers().get("access-control-allow-origin").is_none(), "other sites cannot read a page");
}

#[tokio::test]
async fn a_user_authorizes_an_application() {
    let scene = Scene::start().await;
    let page = scene.page(&[]).await;
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    assert!(
        html.contains("&lt;b&gt;Test&lt;/b&gt;") && html.contains(RESOURCE) && html.contains("profile email"),
        "{html}"
    );
    let response = scene.click(&[]).await;
    assert_eq!(response.status(), 303);
    assert_eq!(sent_back(&response, "state").unwrap(), "a b&c");
    assert_eq!(sent_back(&response, "iss").unwrap(), scene.url(""));
    let code = sent_back(&response, "code").unwrap();
    let (status, body) = scene.exchange(&code, &[]).await;
    assert_eq!(
        (status, &body["token_type"], &body["scope"]),
        (200, &json!("Bearer"), &json!("profile email")),
        "{body}"
    );
    let token = body["access_token"].as_str().unwrap();
    assert!(token.starts_with("oat_"));
    let verify =
        scene.client.post(format!("{}/oauth_applications/access_tokens/verify", scene.local.backend_api_url()));
    let verify = verify.bearer_auth(scene.local.secret_key().expose()).header("content-type", "application/json");
    let (status, body) = json_of(verify.body(json!({"access_token": token}).to_string()).send().await.unwrap()).await;
    assert_eq!(status, 200);
    assert_eq!(body["aud"], json!([RESOURCE]));
    assert_eq!(body["subject"], json!(scene.local.user("alice").unwrap().id));
    assert_eq!(body["client_id"], json!(scene.client_id));
}

#[tokio::test]
async fn a_code_is_exchanged_once_by_its_own_client() {
    let scene = Scene::start().await;
    for (changes, error) in [
        (&[("code_verifier", "another")][..], "invalid_grant"),
        (&[("code_verifier", "")], "invalid_grant"),
        (&[("code_verifier", CHALLENGE)], "invalid_grant"),
        (&[("client_id", "client_other")], "invalid_grant"),
        (&[("redirect_uri", "http://localhost:7777/")], "invalid_grant"),
        (&[("code", "code_unknown")], "invalid_grant"),
        (&[("resource", "http://localhost:3000/")], "invalid_target"),
        (&[("grant_type", "refresh_token")], "unsupported_grant_type"),
    ] {
        let code = scene.code().await;
        let (status, body) = scene.exchange(&code, changes).await;
        assert_eq!((status, &body["error"]), (400, &json!(error)), "{changes:?}");
        if error != "unsupported_grant_type" && changes[0].0 != "code" {
            assert_eq!(scene.exchange(&code, &[]).await.0, 400, "used up by {changes:?}");
        }
    }
    let code = scene.code().await;
    assert_eq!(scene.exchange(&code, &[]).await.0, 200);
    assert_eq!(scene.exchange(&code, &[]).await.0, 400, "a second time");
    let late = scene.code().await;
    scene.clock.advance(Duration::from_secs(60));
    assert_eq!(scene.exchange(&late, &[]).await.0, 400, "too late");
    let code = scene.code().await;
    assert_eq!(scene.exchange(&code, &[("resource", "")]).await.0, 200, "the resource need not be repeated");
}

#[tokio::test]
async fn no_browser_is_sent_to_an_unregistered_address() {
    let scene = Scene::start().await;
    for uri in [
        "",
        "http://localhost:7777/",
        "http://localhost:7777/callback/",
        "http://localhost:7777/callback?x",
        "http://localhost:7778/callback",
        "http://LOCALHOST:7777/callback",
        "https://evil.example/",
    ] {
        for response in [scene.page(&[("redirect_uri", uri)]).await, scene.click(&[("redirect_uri", uri)]).await] {
            assert_eq!(response.status(), 400, "{uri}");
            assert!(response.headers().get("location").is_none(), "{uri}");
        }
    }
    assert_eq!(scene.page(&[("client_id", "client_other")]).await.status(), 400);
    for (changes, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("scope", "a\"b"), "invalid_scope"),
        (("resource", "/mcp"), "invalid_target"),
        (("resource", "http://localhost:3000/mcp#x"), "invalid_target"),
    ] {
        for response in [scene.page(&[changes]).await, scene.click(&[changes]).await] {
            assert_eq!(sent_back(&response, "error").as_deref(), Some(error), "{changes:?}");
            assert_eq!(sent_back(&response, "code"), None, "{changes:?}");
        }
    }
    for (body, error) in [
        (json!({}), "invalid_client_metadata"),
        (json!({"redirect_uris": []}), "invalid_redirect_uri"),
        (json!({"redirect_uris": [CALLBACK, "https://evil.example/"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["http://localhost:7777/#x"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["javascript:alert(1)"]}), "invalid_redirect_uri"),
        (
            json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_post"}),
            "invalid_client_metadata",
        ),
    ] {
        let (status, answer) = scene.register(body.clone()).await;
        assert_eq!((status, &answer["error"]), (400, &json!(error)), "{body}");
    }
}

#[tokio::test]
async fn another_sites_form_and_a_user_with_a_task_left_get_no_code() {
    let scene = Scene::start().await;
    let mut form = scene.parameters(&[]);
    form.push(("user_id".to_owned(), scene.local.user("dave").unwrap().id));
    assert_eq!(scene.post("/oauth/authorize", &form).await.status(), 400);
    form.last_mut().unwrap().1 = scene.local.user("alice").unwrap().id;
    let request = scene.client.post(scene.url("/oauth/authorize")).header("origin", "https://evil.example");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(encoded(&form));
    assert_eq!(request.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_user_whose_session_would_be_pending_gets_no_code() {
    let scene = Scene::start().await;
    let carol = scene.local.user("carol").unwrap(); // no organization
    let click = async || {
        let mut form = scene.parameters(&[]);
        form.push(("user_id".to_owned(), carol.id.clone()));
        scene.post("/oauth/authorize", &form).await
    };
    let is_offered = async || scene.page(&[]).await.text().await.unwrap().contains(&carol.id);
    assert!(is_offered().await && sent_back(&click().await, "code").is_some());

    for (task, change) in [
        ("choose-organization", (|settings| settings.force_organization_selection = true) as fn(&mut Settings)),
        ("setup-mfa", |settings| settings.require_multi_factor = true),
    ] {
        let before = scene.local.settings();
        let mut settings = before.clone();
        change(&mut settings);
        scene.local.set_settings(settings);
        let refused = click().await;
        assert_eq!((refused.status().as_u16(), refused.headers().get("location")), (400, None), "{task}");
        assert!(refused.text().await.unwrap().contains(task) && !is_offered().await, "{task}");
        scene.local.set_settings(before);
    }

    let mut settings = scene.local.settings();
    settings.force_organization_selection = true;
    scene.local.set_settings(settings);
    assert!(sent_back(&scene.click(&[]).await, "code").is_some(), "Alice's first organization is active");
    scene.local.add_member("carol", "acme", "org:member", &[]).unwrap();
    assert!(is_offered().await && sent_back(&click().await, "code").is_some());
}
