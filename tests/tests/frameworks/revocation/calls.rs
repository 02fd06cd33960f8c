//! `revoke_session` and `revoke_user`: they end sessions in this process at once, and at Clerk.

use std::{error::Error, sync::Arc, time::Duration};

use clerk_core::revocation::{InMemoryRevocations, RevocationErrorKind};
use clerk_tests::{
    browser::Browser,
    endpoint,
    harness::FRAMEWORKS,
    switch::{Behaviour, Switch},
};

use super::{Instance, status};

async fn sign_in(instance: &Instance, user: &str) {
    let form = format!("user_id={user}&redirect_url=http%3A%2F%2Flocalhost%3A1%2F");
    let local = instance.local.frontend_api_url().to_owned();
    let mut browser = Browser::default();
    // The redirect goes to a port without a server; the session exists before it.
    let _ = tokio::spawn(async move { browser.submit(&format!("{local}/sign-in"), &form).await }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_in_this_process_and_at_clerk() {
    for framework in FRAMEWORKS {
        let instance = Instance::start().await;
        let address = framework.serve(instance.clerk.clone()).await;
        let token = instance.token("sess_1").mint();
        assert_eq!(status(address, "/me", &token).await, 200);
        instance.clerk.revoke_session("sess_1").await.unwrap();
        assert_eq!(status(address, "/me", &token).await, 401, "{framework:?}");
        assert_eq!(instance.local.revoke_requests(), 1);
        instance.clerk.revoke_session("sess_1").await.unwrap();
        instance.clerk.revoke_session("unknown").await.expect("an unknown session counts as ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_sessions_of_a_user_end() {
    let instance = Instance::start().await;
    let address = FRAMEWORKS[0].serve(instance.clerk.clone()).await;
    for user in ["alice", "alice", "alice", "bob"] {
        sign_in(&instance, user).await;
    }
    let (alice, bob) = (instance.alice(), instance.local.user("bob").unwrap().id);
    assert_eq!((instance.sessions(&alice).await.len(), instance.sessions(&bob).await.len()), (3, 1));
    let unlisted = instance.token("sess_unlisted").mint();
    instance.clerk.revoke_user(&alice).await.unwrap();
    assert_eq!((instance.sessions(&alice).await.len(), instance.sessions(&bob).await.len()), (0, 1));
    assert_eq!(instance.local.revoke_requests(), 3);
    assert_eq!(status(address, "/me", &unlisted).await, 401, "sessions that Clerk does not list end, too");
    instance.clock.advance(Duration::from_secs(6));
    assert_eq!(status(address, "/me", &instance.token("sess_new").mint()).await, 200, "the user can sign in again");
    assert!(instance.clerk.revoke_user("").await.is_err(), "an empty user id revokes nothing");
    assert_eq!(instance.sessions(&bob).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn if_the_backend_api_fails_the_session_ends_in_this_process_anyway() {
    let failing = Switch::start(Behaviour::status(500)).await;
    for url in [failing.url().to_owned(), endpoint::unused_url().await] {
        let instance = Instance::start().await;
        let clerk = instance
            .local
            .clerk_builder()
            .unwrap()
            .jwt_key(instance.local.jwt_key_pem().parse().unwrap())
            .revocation(Arc::new(InMemoryRevocations::new()))
            .api_url(&url)
            .unwrap()
            .build()
            .unwrap();
        let address = FRAMEWORKS[1].serve(clerk.clone()).await;
        let [token, users] = ["sess_1", "sess_2"].map(|session| instance.token(session).mint());
        assert_eq!(status(address, "/me", &token).await, 200);
        for error in [
            clerk.revoke_session("sess_1").await.unwrap_err(),
            clerk.revoke_session("../users/user_1").await.unwrap_err(),
            clerk.revoke_session("").await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), RevocationErrorKind::BackendApi);
            assert!(error.source().is_some());
            assert!(!format!("{error:?} {error}").contains(instance.local.secret_key().expose()));
        }
        assert_eq!(status(address, "/me", &token).await, 401);
        assert_eq!(status(address, "/me", &users).await, 200);
        assert!(clerk.revoke_user(&instance.alice()).await.is_err());
        assert_eq!(status(address, "/me", &users).await, 401);
    }
}

#[tokio::test]
async fn without_a_store_or_a_secret_key_only_the_possible_part_is_done() {
    let instance = Instance::with(|builder| builder).await;
    let token = instance.token("sess_1").mint();
    instance.clerk.revoke_session("sess_1").await.unwrap();
    assert_eq!(instance.local.revoke_requests(), 1);
    assert!(instance.clerk.verify_session_token(&token).await.is_ok(), "there is no store in this process");
    let keyless = clerk_core::Clerk::builder().jwt_key(instance.local.jwt_key_pem().parse().unwrap()).build().unwrap();
    assert!(keyless.revoke_session("sess_1").await.is_err());
}
