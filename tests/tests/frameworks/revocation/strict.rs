//! Routes that check with the Backend API whether a session is still active.

use std::{sync::Arc, time::Duration};

use clerk_core::{
    Authenticator, Clerk,
    time::{ManualClock, Timestamp},
};
use clerk_tests::{
    harness::{FRAMEWORKS, Framework},
    switch::{Behaviour, Switch},
};

use super::{Instance, get, status};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_at_clerk_is_refused() {
    for framework in FRAMEWORKS {
        let instance = Instance::with(|builder| builder).await;
        let default = framework.serve(instance.clerk.clone()).await;
        let strict = Authenticator::new(instance.clerk.clone()).check_session_with_clerk(2 * SECOND).unwrap();
        let strict = framework.serve(strict).await;
        let token = instance.token("sess_1").mint();
        for _ in 0..3 {
            assert_eq!(status(strict, "/me", &token).await, 200, "{framework:?}");
        }
        assert_eq!(instance.local.session_requests(), 1, "{framework:?}: cached for 2 s");
        instance.local.end_session("sess_1");
        instance.clock.advance(3 * SECOND);
        let refused = get(strict, "/me", &token).await;
        assert_eq!((refused.status, refused.header("x-clerk-auth-reason")), (401, Some("session-inactive")));
        assert_eq!(get(strict, "/maybe", &token).await.body, "signed out", "{framework:?}");
        assert_eq!(status(default, "/me", &token).await, 200, "{framework:?}: without the check");
        assert_eq!(status(strict, "/maybe", "").await, 200, "{framework:?}");
        assert_eq!(instance.local.session_requests(), 2, "{framework:?}: no session to check");
        let pending = instance.token("sess_2").pending().mint();
        assert_eq!(status(strict, "/me", &pending).await, 401, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn revoke_session_removes_the_cached_status() {
    let instance = Instance::with(|builder| builder).await;
    let strict = Authenticator::new(instance.clerk.clone()).check_session_with_clerk(60 * SECOND).unwrap();
    let address = Framework::Tower.serve(strict).await;
    let token = instance.token("sess_1").mint();
    assert_eq!(status(address, "/me", &token).await, 200);
    instance.clerk.revoke_session("sess_1").await.unwrap();
    assert_eq!(status(address, "/me", &token).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn if_the_check_fails_the_response_is_503() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
    let instance = Instance::with(|builder| builder).await;
    let api = Switch::start(Behaviour::status(500)).await;
    let clerk = |timeout| -> Clerk {
        let builder = instance.local.clerk_builder().unwrap().clock(clock.clone());
        let builder = builder.jwt_key(instance.local.jwt_key_pem().parse().unwrap()).http_timeout(timeout);
        builder.api_url(api.url()).unwrap().build().unwrap()
    };
    let token = instance.token("sess_1").mint();
    for behaviour in [
        Behaviour::status(500),
        Behaviour::status(404),
        Behaviour::Respond(200, String::new(), "[]".to_owned()),
        Behaviour::Respond(401, String::new(), r#"{"errors":[{"code":"clerk_key_invalid"}]}"#.to_owned()),
        Behaviour::Resets,
        Behaviour::Hangs,
    ] {
        api.set_behaviour(behaviour.clone());
        for framework in FRAMEWORKS {
            let authenticator = Authenticator::new(clerk(SECOND / 2)).check_session_with_clerk(Duration::ZERO).unwrap();
            let address = framework.serve(authenticator).await;
            let refused = get(address, "/me", &token).await;
            assert_eq!(
                (refused.status, refused.header("retry-after")),
                (503, Some("1")),
                "{framework:?} {behaviour:?}"
            );
            assert_eq!(status(address, "/maybe", &token).await, 503, "{framework:?} {behaviour:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_share_a_call() {
    let instance = Instance::with(|builder| builder).await;
    let strict = Authenticator::new(instance.clerk.clone()).check_session_with_clerk(SECOND).unwrap();
    let address = Framework::Actix.serve(strict).await;
    let token = instance.token("sess_1").mint();
    instance.clerk.warm_up().await.unwrap();
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let token = token.clone();
            tokio::spawn(async move { status(address, "/me", &token).await })
        })
        .collect();
    for request in requests {
        assert_eq!(request.await.unwrap(), 200);
    }
    assert_eq!(instance.local.session_requests(), 1);
}

#[tokio::test]
async fn the_check_needs_a_secret_key_and_a_max_age_of_at_most_a_minute() {
    let instance = Instance::with(|builder| builder).await;
    let keyless = Clerk::builder().jwt_key(instance.local.jwt_key_pem().parse().unwrap()).build().unwrap();
    assert!(Authenticator::new(keyless).check_session_with_clerk(SECOND).is_err());
    assert!(Authenticator::new(instance.clerk.clone()).check_session_with_clerk(61 * SECOND).is_err());
}
