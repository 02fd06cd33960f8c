//! A protected resource in all three frameworks: its metadata, its challenges, and the tokens that it accepts.

mod servers;

use std::time::Duration;

use clerk_core::{AuthState, Clerk, ProtectedResource};
use clerk_local::LocalClerk;
use clerk_tests::harness::{FRAMEWORKS, Framework};
use clerk_tower::Headers;
use reqwest::{Method, StatusCode};
use serde_json::json;

/// A protected resource on a server, and the instance that it trusts.
struct Scene {
    local: LocalClerk,
    origin: String,
}

impl Scene {
    async fn start(framework: Framework, change: impl FnOnce(ProtectedResource) -> ProtectedResource) -> Self {
        let local = LocalClerk::start().await.unwrap();
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let resource = ProtectedResource::new(&clerk, &format!("{origin}/mcp")).unwrap();
        servers::serve(framework, listener, &change(resource.scopes(["read"]).unwrap().resource_name("Notes")));
        Self { local, origin }
    }

    fn resource(&self) -> String {
        format!("{}/mcp", self.origin)
    }

    async fn call(&self, method: Method, path: &str, token: Option<&str>) -> reqwest::Response {
        let request = reqwest::Client::new().request(method, format!("{}{path}", self.origin));
        let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
        request.send().await.unwrap()
    }
}

fn header<'r>(response: &'r reqwest::Response, name: &str) -> Option<&'r str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metadata_is_public_at_both_paths() {
    for framework in FRAMEWORKS {
        let scene = Scene::start(framework, |resource| resource).await;
        let expected = json!({
            "resource": scene.resource(), "authorization_servers": [scene.local.frontend_api_url()],
            "bearer_methods_supported": ["header"], "scopes_supported": ["read"], "resource_name": "Notes",
        });
        for path in ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"] {
            let at = format!("{path} in {framework:?}");
            let response = scene.call(Method::GET, path, None).await;
            assert_eq!(response.status(), 200, "{at}");
            assert_eq!(header(&response, "content-type"), Some("application/json"), "{at}");
            assert_eq!(header(&response, "access-control-allow-origin"), Some("*"), "{at}");
            assert_eq!(header(&response, "cache-control"), Some("public, max-age=3600"), "{at}");
            let body = response.text().await.unwrap();
            assert_eq!(serde_json::from_str::<serde_json::Value>(&body).unwrap(), expected, "{at}");

            let head = scene.call(Method::HEAD, path, None).await;
            assert_eq!(
                (head.status(), header(&head, "content-type")),
                (StatusCode::OK, Some("application/json")),
                "{at}"
            );
            assert_eq!(header(&head, "content-length"), Some(&*body.len().to_string()), "{at}");
            assert_eq!(head.text().await.unwrap(), "", "{at}");

            let preflight = scene.call(Method::OPTIONS, path, None).await;
            assert_eq!(preflight.status(), 204, "{at}");
            assert_eq!(header(&preflight, "access-control-allow-origin"), Some("*"), "{at}");
            assert_eq!(header(&preflight, "access-control-allow-methods"), Some("GET, HEAD, OPTIONS"), "{at}");
            assert_eq!(header(&preflight, "access-control-allow-headers"), Some("*"), "{at}");

            let post = scene.call(Method::POST, path, None).await;
            assert_eq!(
                (post.status(), header(&post, "allow")),
                (StatusCode::METHOD_NOT_ALLOWED, Some("GET, HEAD, OPTIONS")),
                "{at}"
            );
        }
        for path in ["/.well-known/oauth-protected-resource/", "/.well-known/oauth-protected-resource/mcp/write"] {
            assert_eq!(scene.call(Method::GET, path, None).await.status(), 404, "{path} in {framework:?}");
        }
        assert_eq!(scene.call(Method::GET, "/open", None).await.status(), 200, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_name_the_metadata_and_the_missing_scopes() {
    for framework in FRAMEWORKS {
        let scene = Scene::start(framework, |resource| resource).await;
        let Scene { local, origin } = &scene;
        let resource = scene.resource();
        let metadata = format!(r#"resource_metadata="{origin}/.well-known/oauth-protected-resource/mcp""#);
        let missing = format!(r#"Bearer scope="read", {metadata}"#);
        let bad = format!(r#"Bearer error="invalid_token", scope="read", {metadata}"#);
        let lacking = |scopes: &str| format!(r#"Bearer error="insufficient_scope", scope="{scopes}", {metadata}"#);
        let user = local.user("alice").unwrap().id;
        let token = |scopes: &[&str], audiences: &[&str]| {
            local.oauth_token(&user).scopes(scopes.to_vec()).audience(audiences.to_vec()).client_id("client_1")
        };
        let good = || token(&["read"], &[&resource]);
        let both = || token(&["read", "write"], &["https://other.example", &resource]);
        for (name, path, token, status, challenge) in [
            ("no token", "/mcp", None, 401, Some(&missing)),
            ("no token", "/mcp/write", None, 401, Some(&missing)),
            ("an opaque token", "/mcp", Some(good().create()), 200, None),
            ("a JWT", "/mcp", Some(good().jwt()), 200, None),
            ("a token with more scopes", "/mcp/write", Some(both().create()), 200, None),
            ("a JWT with more scopes", "/mcp/write", Some(both().jwt()), 200, None),
            ("no scope", "/mcp", Some(token(&[], &[&resource]).create()), 403, Some(&lacking("read"))),
            ("a JWT without scope", "/mcp", Some(token(&["write"], &[&resource]).jwt()), 403, Some(&lacking("read"))),
            ("one scope too few", "/mcp/write", Some(good().create()), 403, Some(&lacking("read write"))),
            (
                "for another resource",
                "/mcp",
                Some(token(&["read"], &["https://other.example"]).create()),
                401,
                Some(&bad),
            ),
            ("a JWT for another", "/mcp", Some(token(&["read"], &["https://other.example"]).jwt()), 401, Some(&bad)),
            ("for the origin", "/mcp", Some(token(&["read"], &[origin]).create()), 401, Some(&bad)),
            ("without audience", "/mcp", Some(token(&["read"], &[]).create()), 401, Some(&bad)),
            ("a JWT without audience", "/mcp", Some(token(&["read"], &[]).jwt()), 401, Some(&bad)),
            ("revoked", "/mcp", Some(good().revoked().create()), 401, Some(&bad)),
            ("expired", "/mcp", Some(good().expired().create()), 401, Some(&bad)),
            ("an expired JWT", "/mcp", Some(good().expired().jwt()), 401, Some(&bad)),
            ("unknown", "/mcp", Some("oat_unknown".to_owned()), 401, Some(&bad)),
            ("a session", "/mcp", Some(local.token("alice").unwrap().audience(&*resource).mint()), 401, Some(&bad)),
            ("an API key", "/mcp", Some(local.api_key(&user).scopes(["read"]).create()), 401, Some(&bad)),
            ("an M2M token", "/mcp", Some(local.m2m_token("mch_1").scopes(["read"]).create()), 401, Some(&bad)),
        ] {
            let response = scene.call(Method::POST, path, token.as_deref()).await;
            let at = format!("{name} at {path} in {framework:?}: {response:?}");
            assert_eq!(response.status(), status, "{at}");
            assert_eq!(header(&response, "www-authenticate"), challenge.map(|challenge| &**challenge), "{at}");
            if status == 200 && path == "/mcp" {
                assert_eq!(response.text().await.unwrap(), format!("{user} client_1"), "{at}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_without_audience_are_accepted_if_that_is_allowed() {
    for framework in FRAMEWORKS {
        let scene = Scene::start(framework, ProtectedResource::allow_missing_audience).await;
        let token = || scene.local.oauth_token("user_1").scopes(["read"]);
        let other = || token().audience(["https://other.example"]);
        for (name, token, status) in [
            ("without audience", token().create(), 200),
            ("a JWT without audience", token().jwt(), 200),
            ("for this resource", token().audience([scene.resource()]).jwt(), 200),
            ("for another", other().create(), 401),
            ("a JWT for another", other().jwt(), 401),
        ] {
            let response = scene.call(Method::GET, "/mcp", Some(&token)).await;
            assert_eq!(response.status(), status, "{name} in {framework:?}: {response:?}");
        }
    }
}

async fn state(resource: &ProtectedResource, token: &str) -> AuthState {
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    let (method, uri) = (http::Method::GET, http::Uri::from_static("/"));
    let headers = Headers(&headers);
    resource.authenticator().authenticate(&headers.view(&method, &uri)).await.into_auth()
}

#[tokio::test]
async fn two_resources_share_lookups_but_check_the_audience_separately() {
    let local = LocalClerk::start().await.unwrap();
    let builder = local.clerk_builder().unwrap().machine_token_cache(Duration::from_secs(60)).unwrap();
    let clerk: Clerk = builder.build().unwrap();
    let [ours, theirs] = ["https://ours.example/mcp", "https://theirs.example/mcp"]
        .map(|url| ProtectedResource::new(&clerk, url).unwrap());
    let token = local.oauth_token("user_1").audience([ours.url()]).create();
    let accepted = state(&ours, &token).await;
    assert_eq!(accepted.oauth_token().unwrap().audiences().collect::<Vec<_>>(), [ours.url()]);
    assert!(state(&theirs, &token).await.oauth_token().is_err(), "cached, but for the other resource");
    assert!(state(&ours, &token).await.oauth_token().is_ok());
    assert_eq!(local.verify_requests(), 1);
    // A token that one resource refuses is still accepted by the other.
    let token = local.oauth_token("user_1").audience([theirs.url()]).create();
    assert!(state(&ours, &token).await.oauth_token().is_err());
    assert!(state(&theirs, &token).await.oauth_token().is_ok());
}

#[tokio::test]
async fn the_audiences_of_the_instance_are_checked_too() {
    let local = LocalClerk::start().await.unwrap();
    let url = "https://ours.example/mcp";
    for (audiences, accepted) in [(&["https://app.example"][..], false), (&["https://app.example", url], true)] {
        let clerk = local.clerk_builder().unwrap().audiences(audiences).unwrap().build().unwrap();
        let resource = ProtectedResource::new(&clerk, url).unwrap();
        let token = || local.oauth_token("user_1").audience([url]);
        for token in [token().create(), token().jwt()] {
            assert_eq!(state(&resource, &token).await.oauth_token().is_ok(), accepted, "{audiences:?}");
        }
    }
}

#[tokio::test]
async fn debug_and_metadata_contain_no_key() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let resource = ProtectedResource::new(&clerk, "https://ours.example/mcp").unwrap();
    let shown =
        format!("{resource:?} {:?} {:?}", resource.authenticator(), clerk_axum::ProtectedResourceLayer::new(&resource));
    assert!(shown.contains("https://ours.example/mcp"));
    for key in [local.secret_key().expose(), local.machine_secret_key().expose()] {
        assert!(!shown.contains(key) && !resource.metadata().contains(key));
    }
}
