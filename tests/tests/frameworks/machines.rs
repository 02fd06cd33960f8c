//! Machine tokens, and several instances behind one server, in all three frameworks.

use std::time::Duration;

use clerk_core::{AuthState, Authenticator, Clerk, TokenType};
use clerk_local::LocalClerk;
use clerk_tests::{
    client::{self, Response},
    endpoint,
    harness::FRAMEWORKS,
};
use clerk_tower::Headers;
use serde_json::json;

fn bearer(token: &str) -> Vec<(&'static str, Vec<u8>)> {
    vec![("authorization", format!("Bearer {token}").into_bytes())]
}

#[tokio::test(flavor = "multi_thread")]
async fn api_keys_are_accepted_on_routes_for_them() {
    let local = LocalClerk::start().await.unwrap();
    let good = local.api_key("user_1").create();
    let session = local.token("alice").unwrap().mint();
    let rows = [
        ("good", "/machine", good.clone(), 200),
        ("revoked", "/machine", local.api_key("user_1").revoked().create(), 401),
        ("expired", "/machine", local.api_key("user_1").expired().create(), 401),
        ("unknown", "/machine", "ak_unknown".to_owned(), 401),
        ("another type", "/machine", local.m2m_token("mch_1").create(), 401),
        ("another type, as a JWT", "/machine", local.oauth_token("user_1").jwt(), 401),
        ("a session on a route for keys", "/machine", session.clone(), 401),
        ("a key on a route for sessions", "/me", good.clone(), 401),
        ("a session on a route for sessions", "/me", session, 200),
    ];
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let both =
            Authenticator::new(clerk.clone()).accepts_tokens([TokenType::SessionToken, TokenType::ApiKey]).unwrap();
        let address = framework.serve(both).await;
        for (name, path, token, status) in &rows {
            let response: Response = client::get(address, path, &bearer(token)).await;
            assert_eq!(response.status, *status, "{name} in {framework:?}: {response:?}");
        }
        let before = local.verify_requests();
        let sessions_only = framework.serve(clerk).await;
        assert_eq!(client::get(sessions_only, "/machine", &bearer(&good)).await.status, 401);
        assert_eq!(local.verify_requests(), before, "a token of a type that is not accepted is not looked up");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_backend_api_is_503() {
    let local = LocalClerk::start().await.unwrap();
    for framework in FRAMEWORKS {
        let builder = local.clerk_builder().unwrap().api_url(&endpoint::unused_url().await).unwrap();
        let clerk = builder.http_timeout(Duration::from_millis(300)).build().unwrap();
        let address = framework.serve(Authenticator::new(clerk).accepts_tokens(TokenType::ApiKey).unwrap()).await;
        let response = client::get(address, "/machine", &bearer("ak_1")).await;
        assert_eq!(response.status, 503, "{framework:?}");
        assert!(response.header("retry-after").is_some(), "{framework:?}");
    }
}

async fn state(authenticator: &Authenticator, token: &str) -> AuthState {
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    let (method, uri) = (http::Method::GET, http::Uri::from_static("/"));
    let headers = Headers(&headers);
    authenticator.authenticate(&headers.view(&method, &uri)).await.into_auth()
}

#[tokio::test]
async fn m2m_and_oauth_tokens_in_both_formats() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let any = Authenticator::new(clerk.clone()).accepts_tokens(clerk_core::token::AcceptsToken::Any).unwrap();
    let machine = || local.m2m_token("mch_1").scopes(["read", "write"]).claims(json!({"job": 7}));
    for (token, calls) in [(machine().create(), 1), (machine().jwt(), 0)] {
        let before = local.verify_requests();
        let state = state(&any, &token).await;
        let machine = state.m2m_token().unwrap();
        assert_eq!(machine.machine_id(), "mch_1");
        assert!(machine.has_scope("write") && !machine.has_scope("admin"));
        assert_eq!(machine.claims::<serde_json::Value>().unwrap()["job"], 7);
        assert_eq!(local.verify_requests() - before, calls);
    }
    let oauth = || local.oauth_token("user_1").scopes(["email"]).client_id("client_1");
    for token in [oauth().create(), oauth().jwt()] {
        let state = state(&any, &token).await;
        let token = state.oauth_token().unwrap();
        assert_eq!((token.user_id().as_str(), token.client_id()), ("user_1", Some("client_1")));
        assert!(token.has_scope("email"));
    }
    assert!(state(&any, &machine().expired().jwt()).await.m2m_token().is_err());
    let with_machine_key = Clerk::builder().machine_secret_key(local.machine_secret_key().clone());
    let alone = with_machine_key.api_url(local.backend_api_url()).unwrap().build().unwrap();
    let alone = Authenticator::new(alone).accepts_tokens(TokenType::M2mToken).unwrap();
    assert!(state(&alone, &machine().create()).await.m2m_token().is_ok(), "the machine's key is sufficient");
    assert!(Authenticator::new(clerk).accepts_tokens(TokenType::M2mToken).is_ok());
}

/// A token exchange lets another party act for the user (RFC 8693).
#[tokio::test(flavor = "multi_thread")]
async fn policies_see_who_acts_with_an_oauth_token() {
    let local = LocalClerk::start().await.unwrap();
    let token = || local.oauth_token("user_1");
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let any = Authenticator::new(clerk).accepts_tokens(clerk_core::token::AcceptsToken::Any).unwrap();
        let address = framework.serve(any.clone()).await;
        for (name, act, not_impersonated, not_an_agent) in [
            ("the application itself", json!(null), 200, 200),
            ("a user", json!({"sub": "user_2"}), 403, 200),
            ("a client", json!({"sub": "client_mail"}), 403, 403),
            ("an agent", json!({"sub": "agent_1", "type": "agent"}), 403, 403),
            ("a user, for an agent", json!({"sub": "user_2", "act": {"sub": "agent_1"}}), 403, 403),
            ("a malformed claim", json!("user_2"), 403, 403),
            ("an empty claim", json!({}), 403, 403),
        ] {
            for token in [token().act(act.clone()).jwt(), token().act(act.clone()).create()] {
                for (path, expected) in
                    [("/policy/not-impersonated", not_impersonated), ("/policy/not-an-agent", not_an_agent)]
                {
                    let response = client::get(address, path, &bearer(&token)).await;
                    assert_eq!(response.status, expected, "{name} {path} {framework:?}");
                }
            }
        }
        let delegated = || token().acted_by(["agent_1", "client_mail"]);
        for token in [delegated().jwt(), delegated().create()] {
            let state = state(&any, &token).await;
            let actor = state.oauth_token().unwrap().actor().unwrap();
            let chain: Vec<_> = actor.chain().map(clerk_core::auth::Actor::subject).collect();
            assert_eq!(chain, ["agent_1", "client_mail"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_host_has_its_own_instance() {
    let (acme, globex) = (LocalClerk::start().await.unwrap(), LocalClerk::start().await.unwrap());
    let clerk = |local: &LocalClerk| local.clerk_builder().unwrap().build().unwrap();
    let (at_acme, at_globex) = (acme.token("alice").unwrap().mint(), globex.token("alice").unwrap().mint());
    for framework in FRAMEWORKS {
        let tenants = Authenticator::by_host([("acme.test", clerk(&acme)), ("globex.test", clerk(&globex))]);
        let address = framework.serve(tenants).await;
        for (host, token, status) in [
            ("acme.test", &at_acme, 200),
            ("ACME.test:8080", &at_acme, 200),
            ("globex.test", &at_globex, 200),
            ("globex.test", &at_acme, 401),
            ("other.test", &at_acme, 401),
            ("acme.test, globex.test", &at_acme, 401),
        ] {
            let mut headers = bearer(token);
            headers.push(("host", host.into()));
            let response = client::get(address, "/me", &headers).await;
            assert_eq!(response.status, status, "{host} in {framework:?}: {response:?}");
        }
        // A target in absolute form, RFC 9112, section 3.2.2: the server may follow it, and the application the header.
        for (target, host, status) in
            [("acme.test", "acme.test", 200), ("acme.test", "globex.test", 401), ("globex.test", "acme.test", 401)]
        {
            let mut headers = bearer(&at_acme);
            headers.push(("host", host.into()));
            let response = client::get(address, &format!("http://{target}/me"), &headers).await;
            assert_eq!(response.status, status, "{target} with {host} in {framework:?}: {response:?}");
        }
    }
}
