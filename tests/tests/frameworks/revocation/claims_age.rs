//! Tokens that Clerk's edge has renewed without its database: a fresh `iat`, old claims.

use std::{sync::Arc, time::Duration};

use clerk_core::{
    Authenticator,
    browser::EndReason,
    revocation::{InMemoryRevocations, Revoked},
    time::{Clock, ManualClock},
};
use clerk_tests::{client, harness::FRAMEWORKS};
use serde_json::Value;

use super::{Instance, get, status};

const MINUTES: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_token_renewed_at_the_edge_does_not_undo_a_revocation() {
    for framework in FRAMEWORKS {
        // What is revoked, a route that needs it, and the status there.
        for (kind, path, refused) in [
            ("session", "/me", 401),
            ("user", "/me", 401),
            ("membership", "/organization", 403),
            ("membership", "/admin", 403),
        ] {
            let instance = Instance::start().await;
            let address = framework.serve(instance.clerk.clone()).await;
            let original = instance.token("sess_1").mint();
            assert_eq!(status(address, path, &original).await, 200, "{framework:?} {kind}");
            let revoked = match kind {
                "session" => Revoked::session("sess_1"),
                "user" => Revoked::user(instance.alice()),
                _ => Revoked::membership(instance.alice(), get(address, "/organization", &original).await.body),
            };
            instance.clerk.revoked(revoked, instance.clock.now()).await.unwrap();
            let mut renewed = original;
            for step in [MINUTES / 2, MINUTES, 10 * MINUTES, 120 * MINUTES] {
                instance.clock.advance(step);
                renewed = instance.local.renew_at_edge(&renewed).unwrap();
                assert_eq!(status(address, path, &renewed).await, refused, "{framework:?} {kind} after {step:?}");
                assert_eq!(status(address, path, &renewed).await, refused, "{framework:?} {kind}: cached");
            }
            let origin = instance.token("sess_2").mint();
            assert_eq!(status(address, path, &origin).await, 200, "{framework:?} {kind}: claims read after it");
            let unreadable = instance.token("sess_3").header("oiat", "soon".into()).mint();
            let expected = if kind == "session" { 200 } else { refused };
            assert_eq!(status(address, path, &unreadable).await, expected, "{framework:?} {kind}: an unknown age");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_connection_ends_although_its_token_is_newer_than_the_revocation() {
    let instance = Instance::start().await;
    let original = instance.token("sess_1").mint();
    instance.clock.advance(MINUTES);
    let renewed = instance.local.renew_at_edge(&original).unwrap();
    let end = instance.clerk.session_end(&instance.clerk.verify_session_token(&renewed).await.unwrap());
    let before = instance.clock.now() - MINUTES / 2;
    instance.clerk.revoked(Revoked::user(instance.alice()), before).await.unwrap();
    let reason = tokio::time::timeout(Duration::from_secs(10), end).await.expect("an end");
    assert_eq!(reason, EndReason::Ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_may_have_a_maximum_age() {
    for framework in FRAMEWORKS {
        let instance = Instance::with(|builder| builder.max_claims_age(5 * MINUTES)).await;
        let address = framework.serve(instance.clerk.clone()).await;
        let pages = framework.serve(Authenticator::new(instance.clerk.clone()).pages().unwrap()).await;
        let original = instance.token("sess_1").mint();
        instance.clock.advance(5 * MINUTES);
        let renewed = instance.local.renew_at_edge(&original).unwrap();
        assert_eq!(status(address, "/me", &renewed).await, 200, "{framework:?}");
        instance.clock.advance(Duration::from_millis(4_999));
        assert_eq!(status(address, "/me", &renewed).await, 200, "{framework:?}: within the clock skew");
        instance.clock.advance(Duration::from_millis(1));
        let refused = get(address, "/me", &renewed).await;
        assert_eq!(refused.status, 401, "{framework:?}: a cached token, too");
        assert_eq!(refused.header("x-clerk-auth-reason"), Some("token-claims-too-old"), "{framework:?}");
        let again = instance.local.renew_at_edge(&renewed).unwrap();
        assert_eq!(status(address, "/me", &again).await, 401, "{framework:?}");
        assert_eq!(status(address, "/me", &instance.token("sess_1").mint()).await, 200, "{framework:?}");

        let cookies = format!("__session={again}; __client_uat=1; __clerk_db_jwt=browser");
        let document = [("cookie", cookies.into_bytes()), ("sec-fetch-dest", b"document".to_vec())];
        let page = client::get(pages, "/maybe", &document).await;
        assert_eq!(page.status, 307, "{framework:?}: a handshake, because Clerk's origin reads the claims again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn copied_factor_ages_are_older_than_they_say() {
    for framework in FRAMEWORKS {
        let instance = Instance::start().await;
        let address = framework.serve(instance.clerk.clone()).await;
        let original = instance.token("sess_1").claim("fva", [8, -1].to_vec().into()).mint();
        assert_eq!(status(address, "/policy/strict", &original).await, 200, "{framework:?}");
        instance.clock.advance(MINUTES);
        let renewed = instance.local.renew_at_edge(&original).unwrap();
        assert_eq!(status(address, "/policy/strict", &renewed).await, 200, "{framework:?}: 9 minutes");
        instance.clock.advance(MINUTES);
        let renewed = instance.local.renew_at_edge(&renewed).unwrap();
        assert_eq!(status(address, "/policy/strict", &renewed).await, 403, "{framework:?}: 10 minutes");
        assert_eq!(status(address, "/policy/moderate", &renewed).await, 200, "{framework:?}");
    }
}

/// Clerk's clock is ahead, so that its newest token seems to be issued after the revocation.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_behind_does_not_spare_the_newest_token() {
    for framework in FRAMEWORKS {
        for behind in [0, 1, 3, 5] {
            let ours =
                |instance: &Instance| Arc::new(ManualClock::new(instance.clock.now() - Duration::from_secs(behind)));
            let instance = Instance::start().await;
            let (clock, alice) = (ours(&instance), instance.alice());
            let builder = instance.local.clerk_builder().unwrap().clock(clock.clone());
            let clerk = builder.revocation(Arc::new(InMemoryRevocations::new())).build().unwrap();
            let address = framework.serve(clerk.clone()).await;
            let token = instance.token("sess_1").mint();
            let end = clerk.session_end(&clerk.verify_session_token(&token).await.unwrap());
            assert_eq!(status(address, "/me", &token).await, 200, "{framework:?} {behind}");
            clerk.revoked(Revoked::user(&*alice), clock.now()).await.unwrap();
            assert_eq!(status(address, "/me", &token).await, 401, "{framework:?} {behind}");
            tokio::time::timeout(Duration::from_secs(10), end).await.expect("an open connection ends, too");
            for clock in [&clock, &instance.clock] {
                clock.advance(Duration::from_secs(6));
            }
            let newer = instance.token("sess_2").mint();
            assert_eq!(status(address, "/me", &newer).await, 200, "{framework:?} {behind}: the user signed in again");
        }
    }
}

/// One process has never seen a token, and the tokens live longer than its settings say.
#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_outlives_tokens_that_its_process_never_saw() {
    let store = Arc::new(InMemoryRevocations::new());
    for framework in FRAMEWORKS {
        let instance = Instance::with(|builder| builder.revocation(store.clone())).await;
        let lifetime = Duration::from_secs(600);
        let builder = instance.local.clerk_builder().unwrap().session_token_lifetime(lifetime);
        let reader = builder.revocation(store.clone()).build().unwrap();
        let address = framework.serve(reader).await;
        let token = instance.token("sess_1").lifetime(lifetime).mint();
        instance.clerk.revoked(Revoked::session("sess_1"), instance.clock.now()).await.unwrap();
        for seconds in [0, 71, 532, 1] {
            instance.clock.advance(Duration::from_secs(seconds));
            assert_eq!(status(address, "/me", &token).await, 401, "{framework:?} {seconds} s later");
        }
    }
}

#[tokio::test]
async fn a_removed_member_has_no_organization_in_any_claim() {
    let instance = Instance::start().await;
    for version in [1, 2] {
        let mut token = instance.token("sess_1").claim("fea", "o:invoices,u:chat".into()).claim("pla", "o:pro".into());
        if version == 1 {
            token =
                token.without("o").without("v").claim("org_id", "org_1".into()).claim("org_role", "org:admin".into());
            token = token.claim("org_slug", "acme".into()).claim("org_permissions", vec!["org:a:b"].into());
        }
        let token = token.claim("metadata", serde_json::json!({"team": "red"})).mint();
        let session = instance.clerk.verify_session_token(&token).await.unwrap();
        let org_id = session.org_id().unwrap().clone();
        instance
            .clerk
            .revoked(Revoked::membership(instance.alice(), org_id.as_str()), instance.clock.now())
            .await
            .unwrap();
        let session = instance.clerk.verify_session_token(&token).await.unwrap();
        assert!(session.organization().is_none());
        let claims: Value = session.claims().unwrap();
        let names = ["o", "org_id", "org_role", "org_slug", "org_permissions", "pla"];
        assert!(names.iter().all(|name| claims.get(name).is_none()), "{claims}");
        assert_eq!((&claims["fea"], &claims["metadata"]["team"]), (&"u:chat".into(), &"red".into()));
        assert_eq!(claims["sub"], instance.alice());
        assert!(!session.has(&clerk_core::Policy::claim("/org_id", org_id.as_str())));
    }
}
