//! OAuth applications with and without a secret: codes, tokens, user info.

use clerk_local::LocalClerk;
use clerk_tests::openapi::Conformance;
use reqwest::{RequestBuilder, redirect::Policy};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

const CALLBACK: &str = "http://localhost:7777/callback";
/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct Scene<'a> {
    api: &'a Conformance,
    local: LocalClerk,
    http: reqwest::Client,
    /// The application, as the Backend API returned it.
    application: Value,
}

impl<'a> Scene<'a> {
    async fn start(api: &'a Conformance, local: LocalClerk, application: Value) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        let mut scene = Self { api, local, http, application };
        scene.application = scene.backend("POST", "/oauth_applications", scene.application.clone()).await;
        scene
    }

    async fn backend(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}/v1{path}", self.local.backend_api_url());
        let request = self.http.request(method.parse().unwrap(), url).bearer_auth(self.local.secret_key().expose());
        let request = request.header("content-type", "application/json").body(body.to_string());
        serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    }

    fn of_application(&self, name: &str) -> &str {
        self.application[name].as_str().unwrap()
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let request = self.http.post(format!("{}{path}", self.local.frontend_api_url()));
        let form = Serializer::new(String::new()).extend_pairs(form).finish();
        request.header("content-type", "application/x-www-form-urlencoded").body(form)
    }

    /// Chooses Alice on the authorization page; returns the URL of the redirect.
    async fn authorize(&self, more: &[(&str, &str)]) -> url::Url {
        let alice = self.local.user("alice").unwrap().id;
        let parameters = [
            ("client_id", self.of_application("client_id")),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "profile email public_metadata user:org:read"),
            ("state", "x"),
            ("user_id", &alice),
        ];
        let response = self.post("/oauth/authorize", &[&parameters[..], more].concat()).send().await.unwrap();
        response.headers()["location"].to_str().unwrap().parse().unwrap()
    }

    async fn code(&self, more: &[(&str, &str)]) -> String {
        let url = self.authorize(more).await;
        url.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
    }

    /// Returns status and body, and records differences to the description.
    async fn send(&self, method: &str, path: &str, request: RequestBuilder) -> (u16, Value) {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let mut body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default();
        // From RFC 9207, and missing in Clerk's description.
        if let Some(body) = body.as_object_mut() {
            body.remove("authorization_response_iss_parameter_supported");
        }
        if let Err(mismatch) = self.api.validate(method, path, status, &body) {
            super::browser::MISMATCHES.lock().unwrap().insert(mismatch.to_string());
        }
        (status, body)
    }

    async fn exchange(&self, code: &str, more: &[(&str, &str)], basic: Option<(&str, &str)>) -> (u16, Value) {
        let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
        let request = self.post("/oauth/token", &[&form[..], more].concat());
        let request = match basic {
            Some((id, secret)) => request.basic_auth(id, Some(secret)),
            None => request,
        };
        self.send("POST", "/oauth/token", request).await
    }

    async fn userinfo(&self, token: &str) -> (u16, Value) {
        let url = format!("{}/oauth/userinfo", self.local.frontend_api_url());
        self.send("GET", "/oauth/userinfo", self.http.get(url).bearer_auth(token)).await
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.local.frontend_api_url()));
        self.send("GET", path, request).await.1
    }

    async fn token_info(&self, form: &[(&str, &str)]) -> (u16, Value) {
        self.send("POST", "/oauth/token_info", self.post("/oauth/token_info", form)).await
    }
}

pub(crate) async fn flows(api: &Conformance) {
    with_a_secret(api).await;
    without_a_secret(api).await;
    in_jwt_form(api).await;
}

async fn with_a_secret(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let scene = Scene::start(api, local, json!({"name": "Shop", "redirect_uris": [CALLBACK]})).await;
    let (id, secret) = (scene.of_application("client_id"), scene.of_application("client_secret"));
    let code = scene.code(&[]).await;
    let (status, body) = scene.exchange(&code, &[], Some((id, "wrong"))).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
    let (_, body) = scene.exchange(&code, &[], Some((id, secret))).await;
    assert_eq!(body["error"], "invalid_grant", "a code is valid for one attempt");
    let (status, _) = scene.exchange(&scene.code(&[]).await, &[("client_id", id)], None).await;
    assert_eq!(status, 401, "without the secret");
    let form = [("client_id", id), ("client_secret", secret)];
    assert_eq!(scene.exchange(&scene.code(&[]).await, &form, None).await.0, 200, "in the form, too");
    let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let (_, body) = scene.exchange(&scene.code(&pkce).await, &[], Some((id, secret))).await;
    assert_eq!(body["error"], "invalid_grant", "the verifier is missing");
    let verifier = [("code_verifier", VERIFIER)];
    assert_eq!(scene.exchange(&scene.code(&[]).await, &verifier, Some((id, secret))).await.0, 400);
    let (status, body) = scene.exchange(&scene.code(&pkce).await, &verifier, Some((id, secret))).await;
    assert_eq!(status, 200, "{body}");
    let token = body["access_token"].as_str().unwrap();

    let (status, info) = scene.userinfo(token).await;
    let alice = scene.local.user("alice").unwrap();
    assert_eq!((status, &info["sub"], &info["email"]), (200, &json!(alice.id), &json!("alice@example.com")));
    assert_eq!((&info["name"], &info["org_slug"]), (&json!("Alice Archer"), &json!("acme")));
    assert!(info.get("private_metadata").is_none(), "the scope was not requested: {info}");
    let request = scene.post("/oauth/userinfo", &[]).bearer_auth(token);
    assert_eq!(scene.send("POST", "/oauth/userinfo", request).await, (200, info));
    for wrong in ["oat_nothing", "", &scene.local.token("alice").unwrap().mint()] {
        assert_eq!(scene.userinfo(wrong).await.0, 401, "{wrong}");
    }
    let own = [("token", token), ("client_id", id), ("client_secret", secret)];
    let (_, token_info) = scene.token_info(&own).await;
    assert_eq!(
        (&token_info["active"], &token_info["client_id"], &token_info["sub"]),
        (&json!(true), &json!(id), &json!(alice.id))
    );
    let (_, token_info) = scene.token_info(&[&own[..], &[("scope", "email private_metadata")]].concat()).await;
    assert_eq!(token_info, json!({"active": false}), "the token does not have this scope");
    assert_eq!(
        scene.token_info(&[("token", token)]).await.1,
        json!({"active": false}),
        "only the token's application gets the info"
    );
    assert_eq!(scene.token_info(&[("token", token), ("client_id", id)]).await.0, 401);
    let revoke = async |secret: &str| {
        let request = scene.post("/oauth/token/revoke", &[("token", token)]).basic_auth(id, Some(secret));
        scene.send("POST", "/oauth/token/revoke", request).await.0
    };
    let anonymous = scene.post("/oauth/token/revoke", &[("token", token)]);
    assert_eq!(scene.send("POST", "/oauth/token/revoke", anonymous).await.0, 401);
    assert_eq!((revoke("wrong").await, scene.userinfo(token).await.0), (401, 200));
    assert_eq!((revoke(secret).await, revoke(secret).await), (200, 200), "revoking an invalid token succeeds");
    assert_eq!((scene.userinfo(token).await.0, &scene.token_info(&own).await.1["active"]), (401, &json!(false)));

    // After a rotation the old secret is refused, and PKCE can be required.
    let path = format!("/oauth_applications/{}", scene.of_application("id"));
    let rotated = scene.backend("POST", &format!("{path}/rotate_secret"), json!({})).await;
    assert_eq!(scene.exchange(&scene.code(&[]).await, &[], Some((id, secret))).await.0, 401);
    let new = rotated["client_secret"].as_str().unwrap();
    assert_eq!(scene.exchange(&scene.code(&[]).await, &[], Some((id, new))).await.0, 200);
    scene.backend("PATCH", &path, json!({"pkce_required": true})).await;
    assert!(scene.authorize(&[]).await.query().unwrap().contains("error=invalid_request"));
}

async fn without_a_secret(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let application = json!({"name": "App", "redirect_uris": [CALLBACK], "public": true});
    let scene = Scene::start(api, local, application).await;
    let id = scene.of_application("client_id");
    let metadata = scene.get("/.well-known/oauth-authorization-server").await;
    assert_eq!(metadata["token_endpoint"], format!("{}/oauth/token", scene.local.frontend_api_url()));
    let mut other = json!({"client_name": "Other", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"});
    let register = async |body: &Value| {
        let request = scene.http.post(format!("{}/oauth/register", scene.local.frontend_api_url()));
        let request = request.header("content-type", "application/json").body(body.to_string());
        scene.send("POST", "/oauth/register", request).await
    };
    let (status, registered) = register(&other).await;
    assert_eq!((status, registered["client_secret"].as_str()), (201, None), "{registered}");
    other["redirect_uris"] = json!(["https://evil.example/"]);
    assert_eq!(register(&other).await.0, 400);
    assert!(scene.authorize(&[]).await.query().unwrap().contains("error=invalid_request"), "PKCE is required");
    let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let proof = [("client_id", id), ("code_verifier", VERIFIER)];
    let secret = [("client_id", id), ("code_verifier", VERIFIER), ("client_secret", "wrong")];
    assert_eq!(scene.exchange(&scene.code(&pkce).await, &secret, None).await.0, 401);
    let (_, body) = scene.exchange(&scene.code(&pkce).await, &proof, None).await;
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(scene.token_info(&[("token", token)]).await.1["active"], true);
    scene.local.advance(std::time::Duration::from_secs(24 * 60 * 60));
    assert_eq!(scene.token_info(&[("token", token)]).await.1, json!({"active": false}), "after a day");
    assert_eq!(scene.userinfo(token).await.0, 401);
}

async fn in_jwt_form(api: &Conformance) {
    let local = LocalClerk::builder().oauth_jwt_access_tokens(true).start().await.unwrap();
    let scene = Scene::start(api, local, json!({"name": "Shop", "redirect_uris": [CALLBACK]})).await;
    let (id, secret) = (scene.of_application("client_id"), scene.of_application("client_secret"));
    let (_, body) = scene.exchange(&scene.code(&[]).await, &[], Some((id, secret))).await;
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(scene.userinfo(token).await.1["username"], "alice");
    let own = [("client_id", id), ("client_secret", secret)];
    assert_eq!(scene.token_info(&[&own[..], &[("token", token)]].concat()).await.1["active"], true);
    let other = LocalClerk::start().await.unwrap();
    for foreign in [other.oauth_token("user_alice").jwt(), format!("{token}x"), "a.b.c".to_owned()] {
        assert_eq!(scene.userinfo(&foreign).await.0, 401, "{foreign}");
    }
    scene.local.delete_user("alice").unwrap();
    assert_eq!(scene.userinfo(token).await.0, 401, "the user is deleted");
}
