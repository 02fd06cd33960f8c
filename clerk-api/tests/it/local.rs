//! Sessions, keys and machine tokens, against a local Clerk instance.

use clerk_api::{ApiErrorKind, ClerkExt as _, Client, Method, m2m_tokens::TokenFormat, sessions::SessionStatus};
use clerk_local::LocalClerk;
use serde_json::json;

#[tokio::test]
async fn sessions_and_keys() {
    let local = LocalClerk::start().await.unwrap();
    let client = local.clerk_builder().unwrap().build().unwrap().api();
    let session = client.sessions().get("sess_1").send().await.unwrap();
    assert_eq!((&*session.id, session.status), ("sess_1", SessionStatus::Active));
    local.end_session("sess_1");
    let session = client.sessions().get("sess_1").send().await.unwrap();
    assert_eq!((&*session.id, session.status), ("sess_1", SessionStatus::Ended));
    let error = client.sessions().get("unknown").send().await.unwrap_err();
    assert!(error.is_not_found() && error.has_code("resource_not_found"), "{error:?}");
    let keys = client.jwks().get().send().await.unwrap();
    assert_eq!(keys.keys.unwrap_or_default().len(), 1);
    let raw = client.request(Method::Get, "/sessions/{id}").id("sess_2").send().await.unwrap();
    assert_eq!(raw["status"], "active");
}

#[tokio::test]
async fn machine_tokens() {
    let local = LocalClerk::start().await.unwrap();
    let client = local.clerk_builder().unwrap().build().unwrap().api();
    let machine = || local.machine_secret_key().clone();
    let tokens = client.m2m_tokens();
    let call =
        tokens.create().claims(json!({ "job": 7 })).seconds_until_expiration(60.0).token_format(TokenFormat::Opaque);
    let token = call.machine_secret_key(machine()).send().await.unwrap();
    let secret = token.token.clone().expect("the token's secret");
    assert!(!format!("{token:?}").contains(secret.expose()));
    let verified = tokens.verify(secret.expose()).send().await.unwrap();
    assert_eq!((&verified.id, &*verified.subject, verified.revoked), (&token.id, local.machine_id(), false));
    let revoked = tokens.revoke(&token.id).revocation_reason("leaked").send().await.unwrap();
    assert_eq!((revoked.revoked, revoked.revocation_reason.as_deref()), (true, Some("leaked")));
    assert!(tokens.verify(secret.expose()).send().await.unwrap().revoked);
    let error = tokens.create().send().await.unwrap_err();
    assert_eq!(error.kind(), ApiErrorKind::SecretKeyRefused, "only a machine's key creates them");

    let key = local.api_key("user_1").name("ci").scopes(["read"]).create();
    let verified = client.api_keys().verify(key).send().await.unwrap();
    assert_eq!((&*verified.subject, verified.scopes), ("user_1", vec!["read".to_owned()]));
    let token = local.oauth_token("user_1").scopes(["profile"]).create();
    let verified = client.oauth_access_tokens().verify().access_token(token).send().await.unwrap();
    assert_eq!((verified.subject.as_deref(), verified.revoked), (Some("user_1"), Some(false)));
}

#[tokio::test]
async fn a_wrong_key_and_a_missing_key_have_their_own_errors() {
    let local = LocalClerk::start().await.unwrap();
    let wrong = local.clerk_builder().unwrap().secret_key("sk_test_s3cr3t".parse().unwrap()).build().unwrap();
    let error = wrong.api().jwks().get().send().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ApiErrorKind::SecretKeyRefused, Some(401)));
    let clerk = clerk_core::Clerk::builder().publishable_key(local.publishable_key().clone()).build().unwrap();
    let error = Client::from_clerk(&clerk).jwks().get().send().await.unwrap_err();
    assert_eq!((error.kind(), error.tries()), (ApiErrorKind::NoSecretKey, 0));
}
