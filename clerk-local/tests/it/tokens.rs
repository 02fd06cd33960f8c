//! The forms of minted tokens, read back part by part.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clerk_core::time::Timestamp;
use clerk_local::{Category, LocalClerk, TokenAlgorithm};
use serde_json::{Value, json};

fn parts(token: &str) -> (Value, Value, usize) {
    let parts: Vec<Vec<u8>> = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    assert_eq!(parts.len(), 3);
    (serde_json::from_slice(&parts[0]).unwrap(), serde_json::from_slice(&parts[1]).unwrap(), parts[2].len())
}

#[tokio::test]
async fn version_2_is_the_default() {
    let local = LocalClerk::start().await.unwrap();
    let (header, claims, signature) = parts(&local.token("alice").unwrap().mint());
    assert_eq!(
        (&header["alg"], &header["typ"], &header["cat"]),
        (&json!("RS256"), &json!("JWT"), &json!("cl_B7d4PD111AAA"))
    );
    assert!(header["kid"].as_str().unwrap().starts_with("ins_"));
    assert_eq!(signature, 256);
    assert_eq!(claims["v"], 2);
    assert_eq!(claims["sts"], "active");
    assert_eq!(claims["fva"], json!([0, -1]));
    assert_eq!(claims["iss"], local.issuer());
    assert_eq!(claims["sub"], local.user("alice").unwrap().id);
    assert_eq!(claims["fea"], "o:invoices");
    let acme = &claims["o"];
    assert_eq!(
        (&acme["slg"], &acme["rol"], &acme["per"], &acme["fpm"]),
        (&json!("acme"), &json!("admin"), &json!("read,create"), &json!("3"))
    );
    let at = |claim: &str| claims[claim].as_i64().unwrap();
    assert_eq!((at("exp") - at("iat"), at("iat") - at("nbf")), (60, 10));
}

#[tokio::test]
async fn version_1_spells_its_organization_out() {
    let local = LocalClerk::start().await.unwrap();
    let (_, claims, _) = parts(&local.token("bob").unwrap().v1().mint());
    assert_eq!(claims["org_role"], "org:member");
    assert_eq!(claims["org_permissions"], json!(["org:invoices:read"]));
    for absent in ["v", "o", "fea", "sts"] {
        assert!(claims.get(absent).is_none(), "{absent}");
    }
}

#[tokio::test]
async fn organizations_and_states_vary() {
    let local = LocalClerk::start().await.unwrap();
    let claims = |user: &str| parts(&local.token(user).unwrap().mint()).1;
    assert!(claims("carol").get("o").is_none());
    assert_eq!(claims("dave")["sts"], "pending");
    let (_, globex, _) = parts(&local.token("alice").unwrap().organization("globex").mint());
    assert_eq!((&globex["o"]["slg"], globex["o"].get("per"), globex.get("fea")), (&json!("globex"), None, None));
    assert!(parts(&local.token("alice").unwrap().no_organization().mint()).1.get("o").is_none());
}

#[tokio::test]
async fn masks_follow_the_order_of_features_and_actions() {
    let local = LocalClerk::start().await.unwrap();
    local.create_user("erin", "Erin");
    local
        .add_member("erin", "acme", "org:billing", &["org:a:read", "org:a:write", "org:b:write", "org:c:drop"])
        .unwrap();
    let (_, claims, _) = parts(&local.token("erin").unwrap().mint());
    assert_eq!(claims["fea"], "o:a,o:b,o:c");
    assert_eq!((&claims["o"]["per"], &claims["o"]["fpm"]), (&json!("read,write,drop"), &json!("3,2,4")));
}

#[tokio::test]
async fn hostile_forms_are_minted() {
    let local = LocalClerk::start().await.unwrap();
    let alice = || local.token("alice").unwrap();
    let (header, _, signature) = parts(&alice().algorithm(TokenAlgorithm::None).mint());
    assert_eq!((&header["alg"], signature), (&json!("none"), 0));
    let (header, _, signature) = parts(&alice().algorithm(TokenAlgorithm::Hs256WithPublicKey).mint());
    assert_eq!((&header["alg"], signature), (&json!("HS256"), 32));
    assert_eq!(parts(&alice().category(Category::Machine).mint()).0["cat"], "cl_B7d4PD333AAA");
    assert!(parts(&alice().without_header("kid").mint()).0.get("kid").is_none());
    assert!(parts(&alice().without("sid").mint()).1.get("sid").is_none());
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    assert!(clerk.verify_session_token(&alice().mint()).await.is_ok());
    assert!(clerk.verify_session_token(&alice().foreign_key().mint()).await.is_err());
}

#[tokio::test]
async fn the_alg_header_can_be_broken_too() {
    let local = LocalClerk::start().await.unwrap();
    assert_eq!(parts(&local.token("alice").unwrap().header("alg", json!("rs256")).mint()).0["alg"], "rs256");
    assert!(parts(&local.token("alice").unwrap().without_header("alg").mint()).0.get("alg").is_none());
}

#[tokio::test]
async fn the_expiry_counts_from_the_issue_and_the_last_call_wins() {
    let local = LocalClerk::start().await.unwrap();
    let (_, claims, _) = parts(
        &local
            .token("alice")
            .unwrap()
            .issued_at(Timestamp::from_unix_seconds(1_000_000))
            .expired(Duration::from_secs(5))
            .mint(),
    );
    assert!(claims["iat"].as_i64().unwrap() < claims["exp"].as_i64().unwrap(), "{claims}");
    let token = local.token("alice").unwrap().without("aud").audience("api").mint();
    assert_eq!(parts(&token).1["aud"], "api");
}

#[tokio::test]
async fn a_lifetime_counts_from_the_issue() {
    let local = LocalClerk::start().await.unwrap();
    let at = Timestamp::from_unix_seconds(1_000_000);
    let token = local.token("alice").unwrap().issued_at(at).lifetime(Duration::from_secs(300)).no_kid().no_category();
    let (header, claims, _) = parts(&token.mint());
    assert_eq!(claims["exp"], 1_000_300);
    assert!(header.get("kid").is_none() && header.get("cat").is_none());
}

#[tokio::test]
async fn the_demo_seed_has_its_four_users() {
    let local = LocalClerk::start().await.unwrap();
    let users: Vec<(String, usize)> =
        local.users().into_iter().map(|user| (user.username.unwrap(), local.memberships(&user.id).len())).collect();
    assert_eq!(
        users,
        [("alice".to_owned(), 2), ("bob".to_owned(), 1), ("carol".to_owned(), 0), ("dave".to_owned(), 0)]
    );
}

#[tokio::test]
async fn the_header_says_how_old_the_claims_are() {
    let local = LocalClerk::start().await.unwrap();
    let alice = || local.token("alice").unwrap();
    let seen = |token: &str| {
        let (header, claims, _) = parts(token);
        (header.get("oiat").cloned(), claims["iat"].clone())
    };
    let (fresh, issued) = seen(&alice().mint());
    assert_eq!((fresh, issued.is_i64()), (Some(issued.clone()), true));
    let at = Timestamp::from_unix_seconds(1_000_000);
    assert_eq!(seen(&alice().issued_at(at).mint()), (Some(json!(1_000_000)), json!(1_000_000)));
    let old = alice().claims_as_of(at).mint();
    assert_eq!(seen(&old).0, Some(json!(1_000_000)));
    assert_eq!(seen(&alice().claims_as_of(at).issued_at(at + Duration::from_secs(9)).mint()).0, Some(json!(1_000_000)));
    assert_eq!(seen(&alice().without_header("oiat").issued_at(at).mint()).0, None);
    assert_eq!(seen(&alice().header("oiat", json!("x")).mint()).0, Some(json!("x")));
    let (expired, issued) = seen(&alice().expired(Duration::from_secs(5)).mint());
    assert_eq!(expired, Some(issued));
    assert!(parts(&alice().no_authorized_party().mint()).1.get("azp").is_none());
}

#[tokio::test]
async fn a_token_is_renewed_with_its_old_claims() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let first = local.token("alice").unwrap().lifetime(Duration::from_secs(90)).mint();
    local.remove_member("alice", "acme").unwrap();
    local.advance(Duration::from_secs(80));
    let second = local.renew_at_edge(&first).unwrap();
    local.advance(Duration::from_secs(80));
    let third = local.renew_at_edge(&second).unwrap();
    let ((header, claims, _), (old_header, old_claims, _)) = (parts(&third), parts(&first));
    assert_eq!(header, old_header, "with the same oiat");
    assert_eq!((&claims["o"], &claims["sid"]), (&old_claims["o"], &old_claims["sid"]));
    for claim in ["iat", "nbf", "exp"] {
        let moved = claims[claim].as_i64().unwrap() - old_claims[claim].as_i64().unwrap();
        assert!((160..170).contains(&moved), "{claim}: {moved}");
    }
    assert_ne!(claims["jti"], old_claims["jti"]);
    clerk.verify_session_token(&third).await.unwrap();
    let other = LocalClerk::start().await.unwrap();
    for foreign in [other.token("alice").unwrap().mint(), format!("{third}x"), "a.b.c".to_owned(), String::new()] {
        assert_eq!(local.renew_at_edge(&foreign), None);
    }
}

#[tokio::test]
async fn tokens_of_applications_name_who_acts() {
    let local = LocalClerk::start().await.unwrap();
    let token = || local.oauth_token("user_alice");
    assert!(parts(&token().jwt()).1.get("act").is_none());
    let chain = json!({"sub": "agent_1", "act": {"sub": "service_2", "act": {"sub": "client_3"}}});
    assert_eq!(parts(&token().acted_by(["agent_1", "service_2", "client_3"]).jwt()).1["act"], chain);
    assert_eq!(parts(&token().act(json!("odd")).jwt()).1["act"], "odd");
    let verify = async |secret: String| {
        let url = format!("{}/v1/oauth_applications/access_tokens/verify", local.backend_api_url());
        let request = reqwest::Client::new().post(url).bearer_auth(local.secret_key().expose());
        let request = request.header("content-type", "application/json");
        let response = request.body(json!({"access_token": secret}).to_string()).send().await.unwrap();
        serde_json::from_str::<Value>(&response.text().await.unwrap()).unwrap()
    };
    let chain = json!({"sub": "agent_1", "act": {"sub": "service_2"}});
    assert_eq!(verify(token().acted_by(["agent_1", "service_2"]).create()).await["act"], chain);
    assert_eq!(verify(token().create()).await.get("act"), None);
}
