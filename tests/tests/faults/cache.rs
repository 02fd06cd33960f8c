//! Cached tokens: their key is removed, or their time passes.

use std::time::Duration;

use clerk_core::{adapter::VerifyError, time::Timestamp, token::TokenErrorKind};
use clerk_tests::switch::Behaviour;

use crate::scene::{Scene, all_good, jwks_of};

async fn kind(scene: &Scene, token: &str) -> Result<(), TokenErrorKind> {
    match scene.clerk.verify_session_token(token).await {
        Ok(_) => Ok(()),
        Err(VerifyError::Token(error)) => Err(error.kind()),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn cached_tokens_of_a_removed_key_are_refused() {
    let scene = Scene::with(None, |builder| builder).await;
    assert_eq!(scene.send().await, all_good());
    scene.local.rotate_key().unwrap();
    scene.endpoint.set_behaviour(Behaviour::good(&jwks_of(&scene.local).await));
    scene.clerk.warm_up().await.unwrap();
    assert_eq!(scene.send_now().good, 0);
    assert_eq!(kind(&scene, &scene.tokens[0]).await, Err(TokenErrorKind::UnknownKeyId));
    let new = scene.local.token("alice").unwrap().mint();
    assert_eq!(kind(&scene, &new).await, Ok(()));
}

#[tokio::test]
async fn cached_tokens_of_a_replaced_key_with_the_same_kid_are_refused() {
    let scene = Scene::with(None, |builder| builder).await;
    assert_eq!(scene.send().await, all_good());
    let other = Scene::with(None, |builder| builder).await;
    let kid = |jwks: &str| serde_json::from_str::<serde_json::Value>(jwks).unwrap()["keys"][0]["kid"].clone();
    let (here, there) = (kid(&scene.jwks), kid(&other.jwks));
    let swapped = other.jwks.replace(there.as_str().unwrap(), here.as_str().unwrap());
    scene.endpoint.set_behaviour(Behaviour::good(&swapped));
    scene.clerk.warm_up().await.unwrap();
    assert_eq!(scene.send_now().good, 0);
    assert_eq!(kind(&scene, &scene.tokens[0]).await, Err(TokenErrorKind::Signature));
}

#[tokio::test]
async fn cached_tokens_stay_valid_while_their_key_is_listed() {
    let scene = Scene::with(None, |builder| builder).await;
    assert_eq!(scene.send().await, all_good());
    scene.clerk.warm_up().await.unwrap();
    assert_eq!(scene.send_now(), all_good());
}

#[tokio::test]
async fn the_times_of_a_cached_token_are_checked_again_after_each_clock_jump() {
    let scene = Scene::with(None, |builder| builder).await;
    let start = 1_768_478_400;
    let at = Timestamp::from_unix_seconds;
    let token = scene.local.token("alice").unwrap();
    let token = token.issued_at(at(start)).not_before(at(start)).expires_at(at(start + 60)).mint();
    for (jump, expected) in [
        (0, Ok(())),
        (64, Ok(())),
        (65, Err(TokenErrorKind::Expired)),
        (10, Ok(())),
        (-5, Ok(())),
        (-6, Err(TokenErrorKind::NotActiveYet)),
        (3600, Err(TokenErrorKind::Expired)),
        (-3600, Err(TokenErrorKind::NotActiveYet)),
        (30, Ok(())),
    ] {
        scene.clock.set(at(start + jump));
        assert_eq!(kind(&scene, &token).await, expected, "{jump} s");
    }
}

#[tokio::test]
async fn without_a_cache_the_results_are_the_same() {
    let scene = Scene::with(None, |builder| builder.token_cache(0)).await;
    assert_eq!(scene.send().await, all_good());
    assert_eq!(scene.send_now(), all_good());
    scene.clock.advance(Duration::from_secs(60));
    assert_eq!(scene.send_now(), all_good());
}
