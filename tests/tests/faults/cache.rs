//! A token that was seen before, when its key or its time goes.

use std::time::Duration;

use clerk_core::{VerifyError, time::Timestamp, token::TokenErrorKind};
use clerk_tests::switch::Behaviour;

use crate::crowd::{Scene, all_good, jwks_of};

async fn kind(scene: &Scene, token: &str) -> Result<(), TokenErrorKind> {
    match scene.clerk.verify_session_token(token).await {
        Ok(_) => Ok(()),
        Err(VerifyError::Token(error)) => Err(error.kind()),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_removed_key_takes_the_tokens_along_that_it_verified() {
    let scene = Scene::with(None, |builder| builder).await;
    assert_eq!(scene.crowd().await, all_good());
    scene.local.rotate_key().unwrap();
    scene.endpoint.behave(Behaviour::good(&jwks_of(&scene.local).await));
    scene.clerk.warm_up().await.unwrap();
    assert_eq!(scene.crowd_now().good, 0);
    assert_eq!(kind(&scene, &scene.tokens[0]).await, Err(TokenErrorKind::UnknownKeyId));
    let new = scene.local.token("alice").unwrap().mint();
    assert_eq!(kind(&scene, &new).await, Ok(()));
}

#[tokio::test]
async fn a_key_of_the_same_name_is_another_key() {
    let scene = Scene::with(None, |builder| builder).await;
    assert_eq!(scene.crowd().await, all_good());
    let other = Scene::with(None, |builder| builder).await;
    let kid = |jwks: &str| serde_json::from_str::<serde_json::Value>(jwks).unwrap()["keys"][0]["kid"].clone();
    let (here, there) = (kid(&scene.jwks), kid(&other.jwks));
    let swapped = other.jwks.replace(there.as_str().unwrap(), here.as_str().unwrap());
    scene.endpoint.behave(Behaviour::good(&swapped));
    scene.clerk.warm_up().await.unwrap();
    assert_eq!(scene.crowd_now().good, 0);
    assert_eq!(kind(&scene, &scene.tokens[0]).await, Err(TokenErrorKind::Signature));
}

#[tokio::test]
async fn a_key_that_stays_keeps_its_tokens() {
    let scene = Scene::with(None, |builder| builder).await;
    assert_eq!(scene.crowd().await, all_good());
    scene.clerk.warm_up().await.unwrap();
    assert_eq!(scene.crowd_now(), all_good());
}

#[tokio::test]
async fn time_is_judged_anew_however_the_clock_jumps() {
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
async fn a_cache_that_is_off_answers_alike() {
    let scene = Scene::with(None, |builder| builder.token_cache(0)).await;
    assert_eq!(scene.crowd().await, all_good());
    assert_eq!(scene.crowd_now(), all_good());
    scene.clock.advance(Duration::from_secs(60));
    assert_eq!(scene.crowd_now(), all_good());
}
