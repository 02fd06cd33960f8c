//! `CurrentSource`: how long it caches, concurrent calls, cancelled requests, and changes during a call.

use std::{sync::Arc, time::Duration};

use clerk_api::CurrentSource;
use clerk_core::{
    AuthState,
    auth::{DeniedKind, Reason},
};
use clerk_tests::switch::{Behaviour, Switch};
use futures_util::future::join_all;
use http::{HeaderMap, Method, Uri};
use tokio::sync::Semaphore;

use super::{Instance, NOT_FOUND, user};

const SECOND: Duration = Duration::from_secs(1);

impl Instance {
    async fn with_ada() -> Self {
        Self::start(Switch::start(respond(200, &user("user_1", "Ada"))).await).await
    }

    /// The state of a request with this user's token.
    async fn state_of(&self, user_id: &str) -> AuthState {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {}", self.token_of(user_id)).parse().unwrap());
        let headers = clerk_tower::Headers(&headers);
        self.clerk.authenticate(&headers.view(&Method::GET, &Uri::from_static("/"))).await.into_auth()
    }

    /// The first name or error status that the source returns for `user_1`, and the number of API calls.
    async fn get(&self, source: &CurrentSource) -> (Result<String, u16>, usize) {
        self.get_user(source, "user_1").await
    }

    async fn get_user(&self, source: &CurrentSource, user_id: &str) -> (Result<String, u16>, usize) {
        let user = source.user(&self.state_of(user_id).await).await;
        let name = user.map(|user| user.first_name.clone().unwrap()).map_err(|denied| denied.status());
        (name, self.api.take_requests())
    }
}

fn respond(status: u16, body: &str) -> Behaviour {
    Behaviour::Respond(status, String::new(), body.to_owned())
}

fn ada() -> Result<String, u16> {
    Ok("Ada".to_owned())
}

#[tokio::test]
async fn a_user_is_cached_until_max_age() {
    let instance = Instance::with_ada().await;
    let source = instance.source();
    assert_eq!(instance.get(&source).await, (ada(), 1));
    assert_eq!(instance.get(&source.clone()).await, (ada(), 0));
    instance.clock.advance(10 * SECOND - Duration::from_millis(1));
    assert_eq!(instance.get(&source).await, (ada(), 0));
    instance.clock.advance(Duration::from_millis(1));
    assert_eq!(instance.get(&source).await, (ada(), 1));
    instance.clock.set(instance.now() - SECOND);
    assert_eq!(instance.get(&source).await, (ada(), 1), "the clock was set back");
    source.forget_user("user_1");
    assert_eq!(instance.get(&source).await, (ada(), 1));
    let never = instance.source().max_age(Duration::ZERO);
    assert_eq!((instance.get(&never).await, instance.get(&never).await), ((ada(), 1), (ada(), 1)));
    let long = instance.source().max_age(30 * SECOND);
    assert_eq!(instance.get(&long).await, (ada(), 1));
    instance.clock.advance(29 * SECOND);
    assert_eq!(instance.get(&long).await, (ada(), 0));
    let small = instance.source().capacity(1);
    assert_eq!(instance.get(&small).await, (ada(), 1));
    instance.api.set_behaviour(respond(200, &user("user_2", "Eve")));
    assert_eq!(instance.get_user(&small, "user_2").await, (Ok("Eve".to_owned()), 1));
    instance.api.set_behaviour(respond(200, &user("user_1", "Ada")));
    assert_eq!(instance.get(&small).await, (ada(), 1), "the capacity is one");
}

#[tokio::test]
async fn unknown_users_and_failures_are_cached_too() {
    let instance = Instance::start(Switch::start(respond(404, NOT_FOUND)).await).await;
    let source = instance.source();
    assert_eq!((instance.get(&source).await, instance.get(&source).await), ((Err(401), 1), (Err(401), 0)));
    let never = instance.source().max_age(Duration::ZERO);
    assert_eq!((instance.get(&never).await, instance.get(&never).await), ((Err(401), 1), (Err(401), 0)));
    instance.clock.advance(SECOND);
    assert_eq!(instance.get(&never).await, (Err(401), 1));
    // A failure is cached for one second.
    instance.api.set_behaviour(respond(500, NOT_FOUND));
    let source = instance.source();
    assert_eq!((instance.get(&source).await, instance.get(&source).await), ((Err(503), 1), (Err(503), 0)));
    instance.api.set_behaviour(respond(200, &user("user_1", "Ada")));
    instance.clock.advance(SECOND);
    assert_eq!(instance.get(&source).await, (ada(), 1));
}

/// A source whose API waits for a permit before it responds.
async fn held() -> (Instance, Arc<CurrentSource>, Arc<Semaphore>) {
    let permits = Arc::new(Semaphore::new(0));
    let api = Switch::start(Behaviour::Held(Arc::clone(&permits), 200, user("user_1", "Ada"))).await;
    let instance = Instance::start(api).await;
    let source = Arc::new(instance.source());
    (instance, source, permits)
}

#[tokio::test]
async fn a_cancelled_request_does_not_cancel_the_shared_call() {
    let (instance, source, permits) = held().await;
    let state = instance.state_of("user_1").await;
    let first = tokio::spawn(source.user(&state));
    instance.api.wait_for_request().await;
    let second = tokio::spawn(source.user(&state));
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    permits.add_permits(1);
    assert_eq!(second.await.unwrap().unwrap().first_name.as_deref(), Some("Ada"));
    assert_eq!(instance.api.take_requests(), 1);
    // All requests were cancelled: the result is kept for the next request.
    source.forget_user("user_1");
    let only = tokio::spawn(source.user(&state));
    instance.api.wait_for_request().await;
    only.abort();
    permits.add_permits(1);
    assert_eq!(source.user(&state).await.unwrap().id, "user_1");
    assert_eq!(instance.api.take_requests(), 1);
}

#[tokio::test]
async fn the_result_of_a_call_from_before_a_change_is_not_cached() {
    let (instance, source, permits) = held().await;
    let state = instance.state_of("user_1").await;
    let before = tokio::spawn(source.user(&state));
    instance.api.wait_for_request().await;
    instance.api.set_behaviour(Behaviour::Held(Arc::clone(&permits), 200, user("user_1", "Countess")));
    source.forget_user("user_1");
    let after = tokio::spawn(source.user(&state));
    while instance.api.take_requests() == 0 {
        tokio::task::yield_now().await;
    }
    permits.add_permits(2);
    let name = |user: Arc<clerk_api::users::User>| user.first_name.clone().unwrap();
    assert_eq!(name(before.await.unwrap().unwrap()), "Ada");
    assert_eq!(
        name(after.await.unwrap().unwrap()),
        "Countess",
        "a request after the change does not share the older call"
    );
    assert_eq!(name(source.user(&state).await.unwrap()), "Countess");
}

#[tokio::test]
async fn the_number_of_concurrent_calls_is_limited() {
    let api = Switch::start(Behaviour::Hangs).await;
    let instance = Instance::start(api).await;
    let source = instance.source();
    let mut requests = Vec::new();
    for number in 0..80 {
        let state = instance.state_of(&format!("user_{number}")).await;
        requests.push(tokio::spawn(source.user(&state)));
    }
    let mut refused = 0;
    let mut calls = 0;
    while refused < 16 || calls < 64 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        calls += instance.api.take_requests();
        refused = requests.iter().filter(|request| request.is_finished()).count();
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!((calls + instance.api.take_requests(), refused), (64, 16));
    for request in requests.into_iter().filter(tokio::task::JoinHandle::is_finished) {
        let denied = request.await.unwrap().unwrap_err();
        assert!(matches!(denied.kind(), DeniedKind::Unavailable { .. }));
    }
}

#[test]
fn when_a_runtime_ends_its_call_is_repeated_by_a_waiting_request() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let outer = runtime();
    let (instance, _, permits) = outer.block_on(held());
    let source = instance.source().timeout(Duration::from_millis(300));
    let state = outer.block_on(instance.state_of("user_1"));
    // As if one of several actix workers stopped.
    let worker = runtime();
    let aborted = worker.spawn(source.user(&state));
    outer.block_on(instance.api.wait_for_request());
    let waiting = outer.spawn(source.user(&state));
    std::thread::sleep(Duration::from_millis(50)); // until it waits for the other request's call
    worker.shutdown_background();
    drop(aborted);
    permits.add_permits(2);
    let user = outer.block_on(async { tokio::time::timeout(Duration::from_secs(10), waiting).await });
    assert_eq!(user.unwrap().unwrap().unwrap().id, "user_1");
}

#[test]
fn a_blocked_thread_does_not_make_the_requests_of_others_wait() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let outer = runtime();
    let (instance, _, permits) = outer.block_on(held());
    let source = instance.source().timeout(Duration::from_millis(300));
    let state = outer.block_on(instance.state_of("user_1"));
    // As if one of several actix workers were blocked by a handler, after it has started the call.
    let worker = runtime();
    drop(worker.spawn(source.user(&state)));
    outer.block_on(instance.api.wait_for_request());
    let (release, released) = std::sync::mpsc::channel::<()>();
    let (blocked, is_blocked) = std::sync::mpsc::channel();
    worker.spawn(async move {
        blocked.send(()).unwrap();
        released.recv().unwrap_err(); // blocks the thread
    });
    is_blocked.recv().unwrap();
    permits.add_permits(100);
    let users = outer.block_on(async {
        let mut waiting = join_all((0..20).map(|_| source.user(&state)));
        assert!(futures_util::poll!(&mut waiting).is_pending(), "all wait for the call of the blocked thread");
        tokio::time::timeout(60 * SECOND, waiting).await.expect("an end")
    });
    let users: Vec<_> = users.into_iter().map(|user| user.map(|user| user.id.clone())).collect();
    assert_eq!(users, vec![Ok("user_1".to_owned()); 20]);
    assert_eq!(instance.api.take_requests(), 2, "one call replaces the one that is blocked");
    drop(release);
}

#[tokio::test]
async fn a_deprovisioned_user_is_refused_as_a_banned_one() {
    let instance = Instance::with_ada().await;
    for (banned, deprovisioned, locked, reason) in [
        (false, "false", false, None),
        (false, "null", true, None),
        (false, "true", false, Some(Reason::UserDeprovisioned)),
        (false, "true", true, Some(Reason::UserDeprovisioned)),
        (true, "true", false, Some(Reason::UserBanned)),
        (true, "false", true, Some(Reason::UserBanned)),
    ] {
        let body = format!(
            r#"{{"object":"user","id":"user_1","banned":{banned},"deprovisioned":{deprovisioned},"locked":{locked}}}"#
        );
        instance.api.set_behaviour(respond(200, &body));
        let outcome = instance.source().user(&instance.state_of("user_1").await).await;
        let expected = reason.map(DeniedKind::Unauthenticated);
        assert_eq!(outcome.err().map(|denied| denied.kind().clone()), expected, "{body}");
    }
}
