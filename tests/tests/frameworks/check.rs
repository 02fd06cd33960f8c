//! `Clerk::check`: the problems of a configuration, found over real HTTP.

use std::{sync::Arc, time::Duration};

use clerk_core::{
    Clerk, ClerkBuilder,
    setup::{CheckReport, Severity},
    time::{Clock, ManualClock, SystemClock},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    endpoint::{Endpoint, unused_url},
    switch::{Behaviour, Switch},
};

fn builder_for(local: &LocalClerk) -> ClerkBuilder {
    local.clerk_builder().unwrap().authorized_parties(["http://localhost:3000"]).unwrap()
}

async fn check(builder: ClerkBuilder) -> CheckReport {
    builder.build().unwrap().check().await
}

/// The codes of the warnings and errors.
fn problems(report: &CheckReport) -> Vec<(Severity, &str)> {
    report.problems().map(|finding| (finding.severity(), finding.code())).collect()
}

#[tokio::test]
async fn a_correct_configuration_has_no_problem() {
    let local = LocalClerk::start().await.unwrap();
    let report = check(builder_for(&local)).await;
    assert!(report.is_ok() && problems(&report).is_empty(), "{report}");
    assert_eq!(report.clock_skew_millis(), Some(0));
    let codes: Vec<&str> = report.findings().iter().map(|finding| finding.code()).collect();
    let all = [
        "jwks-reachable",
        "secret-key-accepted",
        "keys-match",
        "clock-right",
        "authorized-parties-set",
        "development-keys",
    ];
    assert_eq!(codes, all);
    assert_eq!(report.to_string().lines().count(), all.len());
    assert_eq!(local.jwks_requests(), 1);
    let with_pem = check(builder_for(&local).jwt_key(local.jwt_key_pem().parse().unwrap())).await;
    assert!(with_pem.findings().iter().any(|finding| finding.code() == "jwt-key-matches"), "{with_pem}");
    assert!(problems(&with_pem).is_empty(), "{with_pem}");
    // With a publishable key alone, the keys come from the Frontend API.
    let public = Clerk::builder()
        .publishable_key(local.publishable_key().clone())
        .proxy_url(local.frontend_api_url())
        .and_then(|builder| builder.authorized_parties(["http://localhost:3000"]));
    let report = check(public.unwrap()).await;
    assert!(problems(&report).is_empty() && report.findings()[0].text().contains("well-known"), "{report}");
}

#[tokio::test]
async fn a_wrong_secret_key_is_reported_without_its_value() {
    let local = LocalClerk::start().await.unwrap();
    let report = check(builder_for(&local).secret_key("sk_test_s3cr3tthatiswrong".parse().unwrap())).await;
    assert_eq!(problems(&report), [(Severity::Error, "secret-key-refused")], "{report}");
    assert!(!report.is_ok() && report.to_string().contains("CLERK_SECRET_KEY"));
    assert!(!format!("{report} {report:?}").contains("s3cr3t"), "{report:?}");
}

#[tokio::test]
async fn keys_of_two_instances_do_not_match() {
    let (one, other) = (LocalClerk::start().await.unwrap(), LocalClerk::start().await.unwrap());
    let report = check(builder_for(&one).proxy_url(other.frontend_api_url()).unwrap()).await;
    assert_eq!(problems(&report), [(Severity::Error, "keys-mismatch")], "{report}");
    let report = check(builder_for(&one).jwt_key(other.jwt_key_pem().parse().unwrap())).await;
    assert_eq!(problems(&report), [(Severity::Error, "jwt-key-mismatch")], "{report}");
}

#[tokio::test]
async fn an_unreachable_endpoint_is_not_a_mismatch() {
    let local = LocalClerk::start().await.unwrap();
    let dead = unused_url().await;
    let report = check(builder_for(&local).proxy_url(&dead).unwrap()).await;
    assert_eq!(problems(&report), [(Severity::Warning, "frontend-api-unreachable")], "{report}");
    assert!(report.is_ok(), "the keys come from the Backend API");
    let report = check(builder_for(&local).api_url(&dead).unwrap()).await;
    assert_eq!(problems(&report), [(Severity::Error, "jwks-unreachable")], "{report}");
    assert!(report.to_string().contains(&dead) && report.to_string().contains("CLERK_API_URL"), "{report}");
    let pem = local.jwt_key_pem().parse().unwrap();
    let report =
        check(builder_for(&local).jwt_key(pem).api_url(&dead).and_then(|builder| builder.proxy_url(&dead)).unwrap())
            .await;
    let unknown = ["jwks-unreachable", "frontend-api-unreachable", "jwt-key-not-compared"];
    assert_eq!(problems(&report), unknown.map(|code| (Severity::Warning, code)), "{report}");
    for behaviour in [Behaviour::status(500), Behaviour::Resets, Behaviour::Hangs, Behaviour::good(r#"{"keys":[]}"#)] {
        let switch = Switch::start(behaviour.clone()).await;
        let builder = builder_for(&local).http_timeout(Duration::from_millis(300)).api_url(switch.url()).unwrap();
        let report = check(builder).await;
        assert_eq!(problems(&report), [(Severity::Error, "jwks-unreachable")], "{behaviour:?} {report}");
        assert_eq!(switch.take_requests(), 1, "{behaviour:?}");
    }
}

#[tokio::test]
async fn clock_skew_is_measured() {
    let local = LocalClerk::start().await.unwrap();
    for (seconds, problem) in [
        (3600, Some((Severity::Error, "clock-wrong"))),
        (-3600, Some((Severity::Error, "clock-wrong"))),
        (4, Some((Severity::Warning, "clock-off"))),
        (1, None),
    ] {
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        let off = Duration::from_secs(i64::unsigned_abs(seconds));
        clock.set(if seconds > 0 { SystemClock.now() + off } else { SystemClock.now() - off });
        let report = check(builder_for(&local).clock(clock)).await;
        assert_eq!(problems(&report), problem.into_iter().collect::<Vec<_>>(), "{seconds}: {report}");
        let measured = report.clock_skew_millis().unwrap();
        assert!((measured - seconds * 1000).abs() <= 2_000, "{measured} of {seconds}");
    }
    // The skew is relative to the instance's clock, which issues the tokens.
    let day_behind = Arc::new(ManualClock::new(SystemClock.now() - Duration::from_secs(86_400)));
    let local = LocalClerk::builder().clock(day_behind).start().await.unwrap();
    assert!(problems(&check(builder_for(&local)).await).is_empty());
}

#[tokio::test]
async fn a_cached_response_is_not_used_to_measure_clock_skew() {
    let local = LocalClerk::start().await.unwrap();
    let jwks = reqwest::get(format!("{}/.well-known/jwks.json", local.frontend_api_url())).await.unwrap();
    let (jwks, old) = (jwks.text().await.unwrap(), "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nage: 5\r\n");
    let cache = Switch::start(Behaviour::Respond(200, old.to_owned(), jwks)).await;
    let builder = builder_for(&local).api_url(cache.url()).unwrap();
    assert_eq!(check(builder.clone()).await.clock_skew_millis(), Some(0), "measured with the other API");
    let report = check(builder.proxy_url(cache.url()).unwrap()).await;
    assert_eq!(problems(&report), [(Severity::Warning, "clock-not-measured")], "{report}");
}

#[tokio::test]
async fn missing_settings_are_named() {
    let local = LocalClerk::start().await.unwrap();
    let report = check(local.clerk_builder().unwrap()).await;
    assert_eq!(problems(&report), [(Severity::Warning, "authorized-parties-missing")], "{report}");
    assert!(report.is_ok(), "a warning is not an error");
    let no_publishable = Clerk::builder()
        .secret_key(local.secret_key().clone())
        .api_url(local.backend_api_url())
        .and_then(|builder| builder.authorized_parties(["http://localhost:3000"]));
    let report = check(no_publishable.unwrap()).await;
    assert_eq!(problems(&report), [(Severity::Warning, "publishable-key-missing")], "{report}");
}

#[tokio::test]
async fn the_secret_key_is_sent_to_the_backend_api_only() {
    let local = LocalClerk::start().await.unwrap();
    let target = Endpoint::json("{}").await;
    let location =
        format!("HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", target.url());
    let redirect = Endpoint::start(Some(location)).await;
    let report = check(builder_for(&local).api_url(&redirect.url()).unwrap()).await;
    assert_eq!(problems(&report), [(Severity::Error, "jwks-unreachable")], "{report}");
    assert_eq!((redirect.requests(), target.requests()), (1, 0));
}
