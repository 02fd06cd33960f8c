//! The called service's cache of opaque machine tokens, in all three frameworks where they can differ.

use std::time::Duration;

use clerk_core::{AuthState, Authenticator, Clerk, ClerkBuilder, TokenType};
use clerk_tests::{client, harness::FRAMEWORKS};
use clerk_tower::Headers;

use super::Scene;

pub async fn state(authenticator: &Authenticator, token: &str) -> AuthState {
    let request = http::Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap();
    let headers = Headers(request.headers());
    authenticator.authenticate(&headers.view(request.method(), request.uri())).await.into_auth()
}

const CACHED_FOR: Duration = Duration::from_secs(30);

fn caching(scene: &Scene) -> Clerk {
    scene.local.clerk_builder().and_then(|builder| builder.machine_token_cache(CACHED_FOR)).unwrap().build().unwrap()
}

fn any(clerk: &Clerk) -> Authenticator {
    Authenticator::new(clerk.clone())
        .accepts_tokens([TokenType::ApiKey, TokenType::M2mToken, TokenType::OAuthToken])
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_refused_once_it_is_removed_from_the_cache() {
    for framework in FRAMEWORKS {
        let scene = Scene::start().await;
        let clerk = caching(&scene);
        let address = framework.serve(any(&clerk)).await;
        let token = scene.local.api_key("user_1").create();
        let call = async || {
            let bearer = ("authorization", format!("Bearer {token}").into_bytes());
            client::get(address, "/machine", &[bearer]).await
        };
        for _ in 0..5 {
            let response = call().await;
            assert_eq!((response.status, &*response.body), (200, "user_1"), "{framework:?}");
        }
        assert_eq!(scene.local.verify_requests(), 1, "{framework:?}");
        let id = state(&any(&clerk), &token).await.api_key().unwrap().id().to_owned();
        assert!(scene.local.revoke_machine_token(&id));
        assert_eq!(call().await.status, 200, "still cached in {framework:?}");
        clerk.clone().forget_machine_token(&id);
        assert_eq!(call().await.status, 401, "{framework:?}");
        assert_eq!(scene.local.verify_requests(), 2, "{framework:?}");
    }
}

#[tokio::test]
async fn each_opaque_token_is_looked_up_once() {
    let scene = Scene::start().await;
    let service = any(&caching(&scene));
    let machine = || scene.local.m2m_token("mch_1").scopes(["read"]);
    let tokens =
        [scene.local.api_key("user_1").create(), machine().create(), scene.local.oauth_token("user_1").create()];
    for token in &tokens {
        let first = format!("{:?}", state(&service, token).await);
        let request = http::Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap();
        let headers = Headers(request.headers());
        let again = service.authenticate_now(&headers.view(request.method(), request.uri())).expect("no waiting");
        assert_eq!(format!("{:?}", again.auth()), first);
        assert!(again.auth().is_authenticated());
    }
    assert_eq!(scene.local.verify_requests(), 3);
    let only_machines = Authenticator::new(caching(&scene)).accepts_tokens(TokenType::M2mToken).unwrap();
    assert!(!state(&only_machines, &tokens[0]).await.is_authenticated(), "a cached token of another type is refused");
}

#[tokio::test]
async fn each_route_accepts_its_own_token_types() {
    let scene = Scene::start().await;
    let clerk = caching(&scene);
    let key = scene.local.api_key("user_1").create();
    assert!(state(&any(&clerk), &key).await.api_key().is_ok());
    let machines = Authenticator::new(clerk.clone()).accepts_tokens(TokenType::M2mToken).unwrap();
    assert!(!state(&machines, &key).await.is_authenticated());
    assert!(!state(&Authenticator::new(clerk), &key).await.is_authenticated(), "only sessions are accepted");
}

#[tokio::test]
async fn an_entry_ends_after_the_setting_or_with_its_token() {
    let scene = Scene::start().await;
    let service = any(&caching(&scene));
    let long = scene.local.api_key("user_1").create();
    let short = scene.local.m2m_token("mch_1").lifetime(Duration::from_secs(10)).create();
    assert!(state(&service, &long).await.is_authenticated() && state(&service, &short).await.is_authenticated());
    scene.advance(4);
    assert!(state(&service, &short).await.is_authenticated());
    assert_eq!(scene.local.verify_requests(), 2);
    scene.advance(1);
    assert!(state(&service, &short).await.is_authenticated());
    assert_eq!(scene.local.verify_requests(), 3, "by a clock that is 5 s ahead it has expired");
    scene.advance(5);
    assert!(!state(&service, &short).await.is_authenticated(), "it has expired");
    assert_eq!(scene.local.verify_requests(), 4);
    scene.advance(19);
    assert!(state(&service, &long).await.is_authenticated());
    assert_eq!(scene.local.verify_requests(), 4);
    scene.advance(1);
    assert!(state(&service, &long).await.is_authenticated());
    assert_eq!(scene.local.verify_requests(), 5, "looked up again after 30 s");
}

#[tokio::test]
async fn a_refusal_is_kept_for_ten_seconds_with_and_without_the_cache() {
    let scene = Scene::start().await;
    for service in [any(&caching(&scene)), any(&scene.local.clerk_builder().unwrap().build().unwrap())] {
        for token in [scene.local.api_key("user_1").revoked().create(), "ak_unknown".to_owned()] {
            let before = scene.local.verify_requests();
            for (advance, calls) in [(0, 1), (9, 1), (1, 2)] {
                scene.advance(advance);
                assert!(!state(&service, &token).await.is_authenticated());
                assert_eq!(scene.local.verify_requests() - before, calls);
            }
        }
        for malformed in ["ak_", "ak_a.b", "ak_a=", &format!("ak_{}", "x".repeat(200_000))] {
            let before = scene.local.verify_requests();
            assert!(!state(&service, malformed).await.is_authenticated());
            assert_eq!(scene.local.verify_requests(), before, "Clerk cannot have issued it");
        }
    }
}

#[tokio::test]
async fn the_cache_is_off_by_default_and_limited_to_a_minute() {
    let scene = Scene::start().await;
    let key = scene.local.api_key("user_1").create();
    let off = |builder: ClerkBuilder| any(&builder.build().unwrap());
    for service in [
        off(scene.local.clerk_builder().unwrap()),
        off(scene.local.clerk_builder().unwrap().machine_token_cache(Duration::ZERO).unwrap()),
    ] {
        let before = scene.local.verify_requests();
        for _ in 0..3 {
            assert!(state(&service, &key).await.is_authenticated());
        }
        assert_eq!(scene.local.verify_requests() - before, 3);
    }
    let minute = Duration::from_secs(60);
    assert!(Clerk::builder().machine_token_cache(minute).is_ok());
    let error = Clerk::builder().machine_token_cache(minute + Duration::from_millis(1)).unwrap_err();
    assert_eq!(error.kind(), clerk_core::config::ConfigErrorKind::InvalidSetting);
}

#[tokio::test]
async fn two_clerks_do_not_share_a_cache() {
    let scene = Scene::start().await;
    let (one, other) = (caching(&scene), caching(&scene));
    let key = scene.local.api_key("user_1").create();
    assert!(state(&any(&one), &key).await.is_authenticated() && state(&any(&other), &key).await.is_authenticated());
    assert_eq!(scene.local.verify_requests(), 2);
}
