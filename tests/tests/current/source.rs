//! What a source remembers, and for how long; what many ask at once; what cannot be cancelled or outdated.

use std::{sync::Arc, time::Duration};

use clerk_api::CurrentSource;
use clerk_core::{AuthState, DeniedKind};
use clerk_tests::switch::{Behaviour, Switch};
use http::{HeaderMap, Method, Uri};
use tokio::sync::Semaphore;

use super::{Elsewhere, NOT_FOUND, user};

const SECOND: Duration = Duration::from_secs(1);

impl Elsewhere {
    async fn good() -> Self {
        Self::start(Switch::start(answer(200, &user("user_1", "Ada"))).await).await
    }

    /// Somebody's request.
    async fn state_of(&self, user_id: &str) -> AuthState {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {}", self.token_of(user_id)).parse().unwrap());
        let headers = clerk_tower::Headers(&headers);
        self.clerk.authenticate(&headers.view(&Method::GET, &Uri::from_static("/"))).await.into_auth()
    }

    /// What a source says about `user_1`, and how often the API was asked for it.
    async fn ask(&self, source: &CurrentSource) -> (Result<String, u16>, usize) {
        self.ask_about(source, "user_1").await
    }

    async fn ask_about(&self, source: &CurrentSource, user_id: &str) -> (Result<String, u16>, usize) {
        let answer = source.user(&self.state_of(user_id).await).await;
        let name = answer.map(|user| user.first_name.clone().unwrap()).map_err(|denied| denied.status());
        (name, self.api.take_requests())
    }
}

fn answer(status: u16, body: &str) -> Behaviour {
    Behaviour::Answer(status, String::new(), body.to_owned())
}

fn ada() -> Result<String, u16> {
    Ok("Ada".to_owned())
}

#[tokio::test]
async fn a_user_is_remembered_for_a_while() {
    let instance = Elsewhere::good().await;
    let source = instance.source();
    assert_eq!(instance.ask(&source).await, (ada(), 1));
    assert_eq!(instance.ask(&source.clone()).await, (ada(), 0));
    instance.clock.advance(10 * SECOND - Duration::from_millis(1));
    assert_eq!(instance.ask(&source).await, (ada(), 0));
    instance.clock.advance(Duration::from_millis(1));
    assert_eq!(instance.ask(&source).await, (ada(), 1));
    instance.clock.set(instance.now() - SECOND);
    assert_eq!(instance.ask(&source).await, (ada(), 1), "the clock was set back");
    source.forget_user("user_1");
    assert_eq!(instance.ask(&source).await, (ada(), 1));
    let never = instance.source().max_age(Duration::ZERO);
    assert_eq!((instance.ask(&never).await, instance.ask(&never).await), ((ada(), 1), (ada(), 1)));
    let long = instance.source().max_age(30 * SECOND);
    assert_eq!(instance.ask(&long).await, (ada(), 1));
    instance.clock.advance(29 * SECOND);
    assert_eq!(instance.ask(&long).await, (ada(), 0));
    let small = instance.source().capacity(1);
    assert_eq!(instance.ask(&small).await, (ada(), 1));
    instance.api.behave(answer(200, &user("user_2", "Eve")));
    assert_eq!(instance.ask_about(&small, "user_2").await, (Ok("Eve".to_owned()), 1));
    instance.api.behave(answer(200, &user("user_1", "Ada")));
    assert_eq!(instance.ask(&small).await, (ada(), 1), "there was room for one");
}

#[tokio::test]
async fn who_is_unknown_is_asked_about_once_in_a_while_too() {
    let instance = Elsewhere::start(Switch::start(answer(404, NOT_FOUND)).await).await;
    let source = instance.source();
    assert_eq!((instance.ask(&source).await, instance.ask(&source).await), ((Err(401), 1), (Err(401), 0)));
    let never = instance.source().max_age(Duration::ZERO);
    assert_eq!((instance.ask(&never).await, instance.ask(&never).await), ((Err(401), 1), (Err(401), 0)));
    instance.clock.advance(SECOND);
    assert_eq!(instance.ask(&never).await, (Err(401), 1));
    // A failure is over after a second.
    instance.api.behave(answer(500, NOT_FOUND));
    let source = instance.source();
    assert_eq!((instance.ask(&source).await, instance.ask(&source).await), ((Err(503), 1), (Err(503), 0)));
    instance.api.behave(answer(200, &user("user_1", "Ada")));
    instance.clock.advance(SECOND);
    assert_eq!(instance.ask(&source).await, (ada(), 1));
}

/// A source whose API answers when it is told to.
async fn held() -> (Elsewhere, Arc<CurrentSource>, Arc<Semaphore>) {
    let permits = Arc::new(Semaphore::new(0));
    let api = Switch::start(Behaviour::Held(Arc::clone(&permits), 200, user("user_1", "Ada"))).await;
    let instance = Elsewhere::start(api).await;
    let source = Arc::new(instance.source());
    (instance, source, permits)
}

#[tokio::test]
async fn a_request_that_goes_away_takes_nobody_with_it() {
    let (instance, source, permits) = held().await;
    let state = instance.state_of("user_1").await;
    let first = tokio::spawn(source.user(&state));
    instance.api.requested().await;
    let second = tokio::spawn(source.user(&state));
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    permits.add_permits(1);
    assert_eq!(second.await.unwrap().unwrap().first_name.as_deref(), Some("Ada"));
    assert_eq!(instance.api.take_requests(), 1);
    // All of them went away: the answer is kept for who comes next.
    source.forget_user("user_1");
    let only = tokio::spawn(source.user(&state));
    instance.api.requested().await;
    only.abort();
    permits.add_permits(1);
    assert_eq!(source.user(&state).await.unwrap().id, "user_1");
    assert_eq!(instance.api.take_requests(), 1);
}

#[tokio::test]
async fn an_answer_that_was_asked_for_before_a_change_is_not_kept() {
    let (instance, source, permits) = held().await;
    let state = instance.state_of("user_1").await;
    let before = tokio::spawn(source.user(&state));
    instance.api.requested().await;
    instance.api.behave(Behaviour::Held(Arc::clone(&permits), 200, user("user_1", "Countess")));
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
        "nobody waits for an answer that is older than the change"
    );
    assert_eq!(name(source.user(&state).await.unwrap()), "Countess");
}

#[tokio::test]
async fn there_is_a_bound_on_the_calls_that_strangers_cause() {
    let api = Switch::start(Behaviour::Hangs).await;
    let instance = Elsewhere::start(api).await;
    let source = instance.source();
    let mut crowd = Vec::new();
    for number in 0..80 {
        let state = instance.state_of(&format!("user_{number}")).await;
        crowd.push(tokio::spawn(source.user(&state)));
    }
    let mut refused = 0;
    let mut calls = 0;
    while refused < 16 || calls < 64 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        calls += instance.api.take_requests();
        refused = crowd.iter().filter(|one| one.is_finished()).count();
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!((calls + instance.api.take_requests(), refused), (64, 16));
    for one in crowd.into_iter().filter(tokio::task::JoinHandle::is_finished) {
        let denied = one.await.unwrap().unwrap_err();
        assert!(matches!(denied.kind(), DeniedKind::Unavailable { .. }));
    }
}

#[test]
fn a_runtime_that_ends_takes_its_calls_with_it_and_no_other_request() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let outer = runtime();
    let (instance, source, permits) = outer.block_on(held());
    let state = outer.block_on(instance.state_of("user_1"));
    // As one of several workers of actix that stops.
    let worker = runtime();
    let lost = worker.spawn(source.user(&state));
    outer.block_on(instance.api.requested());
    let waiting = outer.spawn(source.user(&state));
    std::thread::sleep(Duration::from_millis(50)); // until it waits for the other's call
    worker.shutdown_background();
    drop(lost);
    permits.add_permits(2);
    let user = outer.block_on(async { tokio::time::timeout(Duration::from_secs(10), waiting).await });
    assert_eq!(user.unwrap().unwrap().unwrap().id, "user_1");
}
