//! The official SDK's client against the example, from the bare URL to a tool's answer.
#![expect(clippy::unwrap_used, reason = "helper functions of tests are tests too")]

use clerk_local::LocalClerk;
use example_mcp_server::{server, tour};

struct Scene {
    local: LocalClerk,
    url: String,
}

impl Scene {
    async fn start(jwt: bool) -> Self {
        let local = LocalClerk::builder().oauth_jwt_access_tokens(jwt).start().await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/mcp", listener.local_addr().unwrap());
        let app = server::app(&local.clerk_builder().unwrap().build().unwrap(), &url).unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { local, url }
    }

    async fn refused(&self, token: Option<&str>) -> String {
        let error = tour::connect(&self.url, token).await.unwrap_err();
        error.auth_challenge().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_knows_the_url_alone_gets_in() {
    for jwt in [false, true] {
        let scene = Scene::start(jwt).await;
        let challenge = scene.refused(None).await;
        let connection = tour::authorize(&scene.local, &scene.url, &challenge, "bob").await.unwrap();
        let tools = connection.list_all_tools().await.unwrap();
        assert_eq!(tools.iter().map(|tool| &*tool.name).collect::<Vec<_>>(), ["whoami"]);
        let answer = tour::whoami(&connection).await.unwrap();
        let bob = scene.local.user("bob").unwrap().id;
        assert!(answer.starts_with(&format!("{bob} through client_")), "{answer}");
        assert_eq!(scene.local.verify_requests() == 0, jwt, "a JWT is not looked up");
        connection.cancel().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_understands_the_refusals() {
    let scene = Scene::start(false).await;
    let token = || scene.local.oauth_token("user_1").audience([&*scene.url]);
    let lacking = scene.refused(Some(&token().create())).await;
    assert!(lacking.starts_with(r#"Bearer error="insufficient_scope", scope="profile", "#), "{lacking}");
    let elsewhere = token().scopes(["profile"]).audience(["https://other.example/mcp"]).create();
    let elsewhere = scene.refused(Some(&elsewhere)).await;
    assert!(elsewhere.starts_with(r#"Bearer error="invalid_token", "#), "{elsewhere}");
    let good = token().scopes(["profile"]).create();
    let connection = tour::connect(&scene.url, Some(&good)).await.unwrap();
    assert_eq!(tour::whoami(&connection).await.unwrap(), "user_1 through client_local");
}
