//! Injected faults, and the log of requests.

use std::{sync::Arc, time::Duration};

use clerk_core::time::{Clock, ManualClock, Timestamp};
use clerk_local::{Fault, LocalClerk};

async fn jwks(local: &LocalClerk) -> reqwest::Response {
    let url = format!("{}/v1/jwks?secret=shown", local.backend_api_url());
    reqwest::Client::new().get(url).bearer_auth(local.secret_key().expose()).send().await.unwrap()
}

#[tokio::test]
async fn faults_come_and_go() {
    let local = LocalClerk::start().await.unwrap();
    local.faults().next(Fault::RateLimited(Duration::from_secs(3)));
    let limited = jwks(&local).await;
    assert_eq!((limited.status().as_u16(), limited.headers()["retry-after"].to_str().unwrap()), (429, "3"));
    assert!(limited.text().await.unwrap().contains("too_many_requests"));
    assert_eq!(jwks(&local).await.status(), 200);
    local.faults().jwks(Fault::Status(500));
    let public = format!("{}/.well-known/jwks.json", local.frontend_api_url());
    assert_eq!((jwks(&local).await.status(), reqwest::get(&public).await.unwrap().status()).0, 500);
    assert_eq!(reqwest::get(&public).await.unwrap().status(), 500);
    let prefixed = format!("{}/__clerk/.well-known/jwks.json", local.frontend_api_url());
    assert_eq!(reqwest::get(prefixed).await.unwrap().status(), 500);
    local.faults().clear();
    assert_eq!((jwks(&local).await.status(), reqwest::get(&public).await.unwrap().status().as_u16()).1, 200);
    let statuses: Vec<_> = local.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [429, 200, 500, 200], "of the Backend API only");
}

#[tokio::test]
async fn a_slow_response_waits_by_the_instances_clock() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_800_000_000)));
    let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
    local.faults().jwks(Fault::Slow(Duration::from_secs(3600)));
    let request = jwks(&local);
    let advance = async {
        // The request has to arrive first; the log contains it only after the response.
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            assert!(local.requests().is_empty());
        }
        clock.advance(Duration::from_secs(3600));
    };
    let (response, ()) = tokio::join!(request, advance);
    assert_eq!((response.status(), clock.now().unix_seconds()), (reqwest::StatusCode::OK, 1_800_003_600));
    let logged = &local.requests()[0];
    assert_eq!((&*logged.method, &*logged.path, logged.status), ("GET", "/v1/jwks", 200));
    assert!(logged.duration >= Duration::from_millis(200));
}
