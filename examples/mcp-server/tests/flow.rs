//! The official SDK's client with the example, from the URL to a tool's result.
#![expect(clippy::unwrap_used, reason = "helper functions of tests are tests too")]

use clerk_local::LocalClerk;
use example_mcp_server::{server, tour};

struct Setup {
    local: LocalClerk,
    url: String,
}

impl Setup {
    async fn start(jwt: bool) -> Self {
        let local = LocalClerk::builder().oauth_jwt_access_tokens(jwt).start().await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/mcp", listener.local_addr().unwrap());
        let app = server::app(&local.clerk_builder().unwrap().build().unwrap(), &url).unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { local, url }
    }

    async fn challenge(&self, token: Option<&str>) -> String {
        let error = tour::connect(&self.url, token).await.unwrap_err();
        error.auth_challenge().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_knows_only_the_url_connects() {
    for jwt in [false, true] {
        let setup = Setup::start(jwt).await;
        let challenge = setup.challenge(None).await;
        let connection = tour::authorize(&setup.local, &setup.url, &challenge, "bob").await.unwrap();
        let tools = connection.list_all_tools().await.unwrap();
        assert_eq!(tools.iter().map(|tool| &*tool.name).collect::<Vec<_>>(), ["whoami"]);
        let text = tour::whoami(&connection).await.unwrap();
        let bob = setup.local.user("bob").unwrap().id;
        assert!(text.starts_with(&format!("{bob} through client_")), "{text}");
        assert_eq!(setup.local.verify_requests() == 0, jwt, "a JWT is not looked up");
        connection.cancel().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_reads_the_challenges() {
    let setup = Setup::start(false).await;
    let token = || setup.local.oauth_token("user_1").audience([&*setup.url]);
    let missing_scope = setup.challenge(Some(&token().create())).await;
    assert!(missing_scope.starts_with(r#"Bearer error="insufficient_scope", scope="profile", "#), "{missing_scope}");
    let other_audience = token().scopes(["profile"]).audience(["https://other.example/mcp"]).create();
    let other_audience = setup.challenge(Some(&other_audience)).await;
    assert!(other_audience.starts_with(r#"Bearer error="invalid_token", "#), "{other_audience}");
    let good = token().scopes(["profile"]).create();
    let connection = tour::connect(&setup.url, Some(&good)).await.unwrap();
    assert_eq!(tour::whoami(&connection).await.unwrap(), "user_1 through client_local");
}
