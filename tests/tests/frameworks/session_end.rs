//! `SessionEnd`, which tells a long-lived connection that its session has ended; with a manual clock and a real Backend API.

use std::{future::Future, pin::Pin, sync::Arc, task::Poll, time::Duration};

use clerk_core::{
    Clerk, Session,
    browser::{EndReason, RenewError, SessionEnd},
    time::{Clock, ManualClock, Timestamp},
};
use clerk_local::{LocalClerk, TokenBuilder};
use clerk_tests::endpoint;

struct Instance {
    local: LocalClerk,
    clerk: Clerk,
    clock: Arc<ManualClock>,
}

impl Instance {
    async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
        let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        Self { local, clerk, clock }
    }

    fn token(&self, session_id: &str) -> TokenBuilder {
        self.local.token("alice").unwrap().session_id(session_id)
    }

    async fn session(&self, token: TokenBuilder) -> Session {
        self.clerk.verify_session_token(&token.mint()).await.unwrap()
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// Polls once, without waiting.
async fn poll(end: &mut SessionEnd) -> Option<EndReason> {
    std::future::poll_fn(|context| {
        Poll::Ready(match Pin::new(&mut *end).poll(context) {
            Poll::Ready(reason) => Some(reason),
            Poll::Pending => None,
        })
    })
    .await
}

async fn reason(end: &mut SessionEnd) -> EndReason {
    tokio::time::timeout(Duration::from_secs(10), end).await.expect("an end")
}

#[tokio::test]
async fn it_expires_when_the_token_is_no_longer_accepted() {
    let instance = Instance::start().await;
    let token = instance.token("sess_1");
    let text = token.clone().mint();
    let session = instance.session(token).await;
    assert_eq!(session.expires_at(), instance.clock.now() + Duration::from_secs(60));
    let mut end = instance.clerk.session_end(&session);
    assert_eq!(end.deadline(), session.expires_at() + Duration::from_secs(5));
    instance.clock.set(end.deadline() - Duration::from_millis(1));
    assert_eq!(poll(&mut end).await, None);
    assert!(instance.clerk.verify_session_token(&text).await.is_ok(), "a request with the token is still accepted");
    instance.clock.set(end.deadline());
    assert_eq!(reason(&mut end).await, EndReason::Expired);
    assert!(instance.clerk.verify_session_token(&text).await.is_err());
    instance.clock.set(session.expires_at());
    assert_eq!(poll(&mut end).await, Some(EndReason::Expired), "even if the clock goes back");
}

#[tokio::test]
async fn a_sleeping_task_is_woken() {
    let instance = Instance::start().await;
    let session = instance.session(instance.token("sess_1")).await;
    for (wake, expected) in [(false, EndReason::Expired), (true, EndReason::Ended)] {
        let mut end = instance.clerk.session_end(&session);
        assert_eq!(poll(&mut end).await, None);
        let waiting = tokio::spawn(end);
        tokio::task::yield_now().await;
        if wake {
            instance.clerk.session_ended("sess_1")
        } else {
            instance.advance(65)
        }
        let reason = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("woken").unwrap();
        assert_eq!(reason, expected);
        instance.clock.set(session.expires_at() - Duration::from_secs(60));
    }
}

#[tokio::test]
async fn a_newer_token_of_the_same_session_keeps_it_open() {
    let instance = Instance::start().await;
    let session = instance.session(instance.token("sess_1")).await;
    let mut end = instance.clerk.session_end(&session);
    for _ in 0..5 {
        instance.advance(50);
        let newer = instance.session(instance.token("sess_1")).await;
        end.renew(&newer).unwrap();
        assert_eq!(poll(&mut end).await, None);
    }
    let deadline = end.deadline();
    end.renew(&session).unwrap();
    assert_eq!(end.deadline(), deadline, "an older token does not shorten it");
    instance.advance(65);
    let late = instance.session(instance.token("sess_1")).await;
    assert_eq!(end.renew(&late), Err(RenewError::Ended), "an expired end cannot be renewed, even if it was not polled");
    assert_eq!(reason(&mut end).await, EndReason::Expired);
    assert_eq!(end.renew(&late), Err(RenewError::Ended));
}

#[tokio::test]
async fn tokens_of_other_sessions_do_not_renew() {
    let instance = Instance::start().await;
    let session = instance.session(instance.token("sess_1")).await;
    let mut end = instance.clerk.session_end(&session);
    instance.advance(10);
    let deadline = end.deadline();
    let bob = instance.local.token("bob").unwrap().session_id("sess_1");
    for (token, error) in [
        (instance.token("sess_2"), RenewError::OtherSession),
        (bob, RenewError::OtherSession),
        (instance.token("sess_1").pending(), RenewError::Pending),
    ] {
        let other = instance.session(token).await;
        assert_eq!(end.renew(&other), Err(error));
    }
    assert_eq!(end.deadline(), deadline);
    instance.clerk.session_ended("sess_1");
    let good = instance.session(instance.token("sess_1")).await;
    assert_eq!(end.renew(&good), Err(RenewError::Ended), "a signal counts before it is polled");
}

#[tokio::test]
async fn session_ended_ends_only_the_connections_of_that_session() {
    let instance = Instance::start().await;
    let one = instance.session(instance.token("sess_1")).await;
    let other = instance.session(instance.token("sess_2")).await;
    let mut ends = [&one, &one, &other].map(|session| instance.clerk.session_end(session));
    for end in &mut ends {
        assert_eq!(poll(end).await, None);
    }
    instance.clerk.clone().session_ended("sess_1");
    assert_eq!(poll(&mut ends[0]).await, Some(EndReason::Ended));
    assert_eq!(poll(&mut ends[1]).await, Some(EndReason::Ended));
    assert_eq!(poll(&mut ends[2]).await, None);
    // A new one of the same session, while older ones still exist.
    assert_eq!(poll(&mut instance.clerk.session_end(&one)).await, Some(EndReason::Ended));
}

#[tokio::test]
async fn connections_of_a_session_share_one_call_per_interval() {
    let instance = Instance::start().await;
    let token = instance.token("sess_1").lifetime(Duration::from_secs(3600));
    let session = instance.session(token).await;
    let interval = Duration::from_secs(30);
    let mut ends: Vec<_> = (0..5).map(|_| instance.clerk.session_end(&session).checking_every(interval)).collect();
    // Polls all of them until responses would have arrived.
    let settle = async |ends: &mut Vec<SessionEnd>| {
        let mut reasons = Vec::new();
        for _ in 0..50 {
            reasons.clear();
            for end in &mut *ends {
                reasons.push(poll(end).await);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        reasons
    };
    assert_eq!(settle(&mut ends).await, [None; 5]);
    assert_eq!(instance.local.session_requests(), 0, "the token has just been verified");
    instance.advance(31);
    assert_eq!(settle(&mut ends).await, [None; 5]);
    assert_eq!(instance.local.session_requests(), 1);
    instance.local.end_session("sess_1");
    assert_eq!(settle(&mut ends).await, [None; 5], "before the next check");
    instance.advance(31);
    let all = async { while settle(&mut ends).await != [Some(EndReason::Ended); 5] {} };
    tokio::time::timeout(Duration::from_secs(10), all).await.expect("an end");
    assert_eq!(instance.local.session_requests(), 2);
}

#[tokio::test]
async fn every_status_but_active_means_that_the_session_has_ended() {
    let instance = Instance::start().await;
    for (status, body, expected) in [
        (200, r#"{"object":"session","id":"sess_1","status":"active"}"#, None),
        (200, r#"{"status":"revoked"}"#, Some(EndReason::Ended)),
        (200, r#"{"status":"removed"}"#, Some(EndReason::Ended)),
        (200, r#"{"status":"replaced"}"#, Some(EndReason::Ended)),
        (200, r#"{"status":"pending"}"#, Some(EndReason::Ended)),
        (200, r#"{"status":"something new"}"#, Some(EndReason::Ended)),
        (404, r#"{"errors":[{"code":"resource_not_found"}]}"#, Some(EndReason::Ended)),
        // A response that is not Clerk's, or an error, says nothing about the session.
        (404, "<html>not found</html>", None),
        (401, r#"{"errors":[{"code":"clerk_key_invalid"}]}"#, None),
        (429, r#"{"errors":[]}"#, None),
        (500, r#"{"errors":[]}"#, None),
        (200, "{}", None),
        (200, "<html>", None),
    ] {
        let token = instance.token("sess_1").lifetime(Duration::from_secs(300));
        let session = instance.session(token).await;
        let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}", body.len());
        let api = endpoint::Endpoint::start(Some(format!("{head}\r\n\r\n{body}"))).await;
        let clerk = instance.local.clerk_builder().unwrap().api_url(&api.url()).unwrap().build().unwrap();
        let mut end = clerk.session_end(&session).checking_every(Duration::from_secs(30));
        assert_eq!(poll(&mut end).await, None);
        instance.advance(30);
        let until_known = async {
            loop {
                let now = poll(&mut end).await;
                if now.is_some() || api.requests() > 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            // The response is on its way.
            let _ =
                tokio::time::timeout(Duration::from_millis(if expected.is_some() { 10_000 } else { 100 }), &mut end)
                    .await;
        };
        until_known.await;
        assert_eq!(poll(&mut end).await, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn an_unreachable_backend_api_ends_nothing_before_the_token_does() {
    let instance = Instance::start().await;
    let session = instance.session(instance.token("sess_1")).await;
    let builder = instance.local.clerk_builder().unwrap().api_url(&endpoint::unused_url().await).unwrap();
    let clerk = builder.build().unwrap();
    let mut end = clerk.session_end(&session).checking_every(Duration::from_secs(10));
    for _ in 0..6 {
        assert_eq!(poll(&mut end).await, None);
        instance.advance(10);
        let waited = tokio::time::timeout(Duration::from_millis(50), &mut end).await;
        assert!(waited.is_err(), "{waited:?}");
    }
    instance.advance(5);
    assert_eq!(reason(&mut end).await, EndReason::Expired);
}

#[tokio::test]
async fn debug_does_not_contain_the_token() {
    let instance = Instance::start().await;
    let session = instance.session(instance.token("sess_1")).await;
    let text = format!("{:?}", instance.clerk.session_end(&session));
    assert!(text.contains("sess_1") && !text.contains(session.token()), "{text}");
}
