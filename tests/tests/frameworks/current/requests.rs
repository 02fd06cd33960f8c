//! The same responses in all frameworks.

use std::{sync::Arc, time::Duration};

use clerk_api::CurrentSource;
use clerk_core::{Clerk, time::ManualClock};
use clerk_local::LocalClerk;
use clerk_tests::{
    client::{self, Response},
    current::serve,
    endpoint,
    harness::{FRAMEWORKS, Framework},
    switch::{Behaviour, Switch},
    webhooks,
};
use clerk_webhook::WebhookEndpoint;
use serde_json::json;
use tokio::sync::Semaphore;

use super::{Instance, NOT_FOUND, clock, get, user};

fn check(name: &str, framework: Framework, response: &Response, status: u16, body: &str) {
    let context = format!("{name} in {framework:?}: {response:?}");
    assert_eq!(response.status, status, "{context}");
    if status == 200 {
        assert_eq!(response.body, body, "{context}");
        return;
    }
    assert_eq!(response.header("content-type"), Some("application/json"), "{context}");
    assert_eq!(response.header("cache-control"), Some("no-store"), "{context}");
    assert_eq!(response.header("www-authenticate").is_some(), status == 401, "{context}");
    assert_eq!(response.header("retry-after").is_some(), status == 503, "{context}");
    let error: serde_json::Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(error["errors"][0]["code"], body, "{context}");
}

#[tokio::test(flavor = "multi_thread")]
async fn handlers_get_the_user_and_the_organization() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let local = LocalClerk::builder().clock(Arc::<ManualClock>::clone(&clock)).start().await.unwrap();
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let app = serve(framework, &clerk, &CurrentSource::new(&clerk));
        let token = |name| local.token(name).unwrap().mint();
        let (alice, carol) = (token("alice"), token("carol"));
        let alices = format!("{} Alice", local.user("alice").unwrap().id);
        let machine = local.api_key(&local.user("alice").unwrap().id).create();
        let deleted = local.token("alice").unwrap().claim("sub", json!("user_unknown")).mint();
        let unknown = local.token("alice").unwrap().claim("o", json!({"id": "org_unknown", "rol": "admin"})).mint();
        for (path, token, status, body) in [
            ("/me", &*alice, 200, &*alices),
            ("/twice", &alice, 200, &alices),
            ("/maybe", &alice, 200, &alices),
            ("/organization", &alice, 200, "Acme"),
            ("/organization", &carol, 403, "forbidden"),
            ("/organization", &unknown, 403, "forbidden"),
            ("/me", &deleted, 401, "unauthenticated"),
            ("/maybe", &deleted, 200, "signed out"),
            ("/me", &machine, 401, "unauthenticated"),
            ("/unlayered/me", &alice, 500, "internal"),
            ("/unlayered/maybe", &alice, 500, "internal"),
            ("/unlayered/organization", &alice, 500, "internal"),
        ] {
            check(path, framework, &get(app, path, token).await, status, body);
        }
        for (path, status, body) in [
            ("/me", 401, "unauthenticated"),
            ("/twice", 401, "unauthenticated"),
            ("/maybe", 200, "signed out"),
            ("/organization", 401, "unauthenticated"),
        ] {
            check(path, framework, &client::get(app, path, &[]).await, status, body);
        }
        // A locked user stays signed in; a banned user does not.
        let banned = local.token("bob").unwrap().mint();
        local.lock_user("bob").unwrap();
        assert_eq!(get(app, "/me", &banned).await.status, 200);
        local.ban_user("bob").unwrap();
        clock.advance(Duration::from_secs(10));
        check("banned", framework, &get(app, "/me", &banned).await, 401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deprovisioned_user_is_refused() {
    let body = user("user_1", "Ada").replace(r#""banned":false"#, r#""banned":false,"deprovisioned":true"#);
    for framework in FRAMEWORKS {
        let instance = Instance::start(Switch::start(Behaviour::Respond(200, String::new(), body.clone())).await).await;
        let app = serve(framework, &instance.clerk, &instance.source());
        check("deprovisioned", framework, &get(app, "/me", &instance.token_of("user_1")).await, 401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_api_is_down_the_response_is_503() {
    let good = user("user_1", "Ada");
    for framework in FRAMEWORKS {
        let instance = Instance::start(Switch::start(Behaviour::status(503)).await).await;
        let (api, token) = (&instance.api, instance.token_of("user_1"));
        let source = instance.source().timeout(Duration::from_millis(300));
        let app = serve(framework, &instance.clerk, &source);
        let html = Behaviour::Respond(502, String::new(), "<html>bad gateway</html>".to_owned());
        let foreign = Behaviour::Respond(404, String::new(), r#"{"message":"no Route matched"}"#.to_owned());
        let refused = r#"{"errors":[{"code":"clerk_key_invalid","message":"?"}]}"#;
        let other = Behaviour::Respond(200, String::new(), user("user_2", "Eve"));
        for (name, behaviour) in [
            ("503", Behaviour::status(503)),
            ("500", Behaviour::status(500)),
            ("HTML", html),
            ("a 404 that is not Clerk's", foreign),
            ("another key", Behaviour::Respond(401, String::new(), refused.to_owned())),
            ("another shape", Behaviour::Respond(200, String::new(), "{}".to_owned())),
            ("another user", other),
            ("no response", Behaviour::Hangs),
            ("reset", Behaviour::Resets),
        ] {
            api.set_behaviour(behaviour);
            api.take_requests();
            for path in ["/me", "/maybe"] {
                check(name, framework, &get(app, path, &token).await, 503, "unavailable");
            }
            assert_eq!(api.take_requests(), 1, "{name} in {framework:?}: the failure is cached");
            instance.clock.advance(Duration::from_secs(1));
        }
        api.set_behaviour(Behaviour::Respond(200, String::new(), good.clone()));
        check("up again", framework, &get(app, "/me", &token).await, 200, "user_1 Ada");
    }
    // No server at all.
    let local = LocalClerk::start().await.unwrap();
    let builder = Clerk::builder().publishable_key(local.publishable_key().clone());
    let builder = builder.jwt_key(local.jwt_key_pem().parse().unwrap());
    let dead = builder.clone().secret_key(local.secret_key().clone()).api_url(&endpoint::unused_url().await).unwrap();
    let (dead, keyless) = (dead.build().unwrap(), builder.build().unwrap());
    let token = local.token("alice").unwrap().mint();
    for framework in FRAMEWORKS {
        let app = serve(framework, &dead, &CurrentSource::new(&dead));
        check("dead", framework, &get(app, "/me", &token).await, 503, "unavailable");
        let app = serve(framework, &keyless, &CurrentSource::new(&keyless));
        check("no secret key", framework, &get(app, "/me", &token).await, 500, "internal");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_share_one_call_and_so_do_extractors() {
    for framework in FRAMEWORKS {
        let permits = Arc::new(Semaphore::new(0));
        let held = Behaviour::Held(Arc::clone(&permits), 200, user("user_1", "Ada"));
        let instance = Instance::start(Switch::start(held).await).await;
        let (api, token) = (&instance.api, instance.token_of("user_1"));
        let app = serve(framework, &instance.clerk, &instance.source().max_age(Duration::ZERO));
        let requests: Vec<_> = (0..20)
            .map(|_| {
                let token = token.clone();
                tokio::spawn(async move { get(app, "/me", &token).await })
            })
            .collect();
        api.wait_for_request().await;
        // Until all requests wait for the call; a request that arrives after the response makes a call of its own.
        tokio::time::sleep(Duration::from_millis(300)).await;
        permits.add_permits(1000);
        for request in requests {
            check("concurrent", framework, &request.await.unwrap(), 200, "user_1 Ada");
        }
        assert_eq!(api.take_requests(), 1, "{framework:?}");
        check("twice", framework, &get(app, "/twice", &token).await, 200, "user_1 Ada");
        assert_eq!(api.take_requests(), 1, "the user is cached for one request only, {framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_remove_cached_users() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let builder = LocalClerk::builder().clock(Arc::<ManualClock>::clone(&clock)).webhook_retries([]);
        let local = builder.start().await.unwrap();
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let current = CurrentSource::new(&clerk);
        let app = serve(framework, &clerk, &current);
        let endpoint = WebhookEndpoint::new(&clerk).unwrap().listener(current.clone());
        let hooks = match framework {
            Framework::Actix => webhooks::Framework::Actix,
            Framework::Axum => webhooks::Framework::Axum,
            Framework::Tower => webhooks::Framework::Tower,
        };
        let (address, _) = hooks.serve(endpoint);
        let [bob, alice] = ["bob", "alice"].map(|name| local.token(name).unwrap().mint());
        let [bobs_id, alices_id] = ["bob", "alice"].map(|name| local.user(name).unwrap().id);
        assert_eq!((get(app, "/me", &bob).await.status, get(app, "/me", &alice).await.status), (200, 200));
        local.ban_user("bob").unwrap();
        local.delete_user("alice").unwrap();
        assert_eq!((get(app, "/me", &bob).await.status, get(app, "/me", &alice).await.status), (200, 200), "cached");
        local.add_webhook_endpoint(&format!("http://{address}/webhooks")).unwrap();
        local.send_webhook("user.updated", json!({"id": bobs_id}));
        local.send_webhook("user.deleted", json!({"id": alices_id, "deleted": true}));
        let both_are_signed_out = async {
            while (get(app, "/me", &bob).await.status, get(app, "/me", &alice).await.status) != (401, 401) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), both_are_signed_out).await.expect("both are signed out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_after_of_the_api_is_passed_on() {
    for framework in FRAMEWORKS {
        let busy = Behaviour::with_header(429, "retry-after: 7");
        let instance = Instance::start(Switch::start(busy).await).await;
        let app = serve(framework, &instance.clerk, &instance.source());
        let response = get(app, "/me", &instance.token_of("user_1")).await;
        assert_eq!((response.status, response.header("retry-after")), (503, Some("7")), "{framework:?}");
        instance.clock.advance(Duration::from_secs(2));
        let response = get(app, "/me", &instance.token_of("user_2")).await;
        assert_eq!((response.status, response.header("retry-after")), (503, Some("5")), "{framework:?}");
        assert_eq!(instance.api.take_requests(), 1);
        instance.api.set_behaviour(Behaviour::Respond(404, String::new(), NOT_FOUND.to_owned()));
        instance.clock.advance(Duration::from_secs(5));
        assert_eq!(get(app, "/me", &instance.token_of("user_2")).await.status, 401);
    }
}
