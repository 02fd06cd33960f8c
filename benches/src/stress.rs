//! 1000 requests at once while the JWKS endpoint is slow or down, and requests with unknown keys.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use clerk_axum::clerk_core::time::{Clock, ManualClock, SystemClock};
use tower::Service;

use crate::{
    endpoint::Mode,
    fixture::{Credentials, Fixture},
    ours, peers,
    table::{Table, median},
};

const COUNT: usize = 1000;

pub async fn run(fixture: &Fixture) {
    let mut table = Table::new(["1000 requests at once", "responses", "fetches", "slowest"]);
    cold_start(fixture, &mut table).await;
    after_warm_up(fixture, &mut table).await;
    first_start_without_clerk(fixture, &mut table).await;
    table.print("Stress");
    unknown_keys(fixture).await;
}

/// Sends all requests at once. Returns the statuses with their counts, and the time of the slowest request.
async fn send_all(router: &axum::Router, credentials: Vec<Credentials>) -> (String, Duration) {
    let tasks: Vec<_> = credentials
        .into_iter()
        .map(|credentials| {
            let mut router = router.clone();
            tokio::spawn(async move {
                let start = Instant::now();
                let response = router.call(credentials.request::<axum::body::Body>());
                let response = tokio::time::timeout(Duration::from_secs(8), response).await;
                (
                    response
                        .map_or("no response".to_owned(), |response| response.unwrap().status().as_u16().to_string()),
                    start.elapsed(),
                )
            })
        })
        .collect();
    let (mut statuses, mut slowest) = (BTreeMap::<String, usize>::new(), Duration::ZERO);
    for task in tasks {
        let (status, time) = task.await.unwrap_or(("panic".to_owned(), Duration::ZERO));
        *statuses.entry(status).or_default() += 1;
        slowest = slowest.max(time);
    }
    let statuses = statuses.into_iter().map(|(status, count)| format!("{count} x {status}"));
    (statuses.collect::<Vec<_>>().join(", "), slowest)
}

fn same_token(fixture: &Fixture) -> Vec<Credentials> {
    vec![Credentials::bearer(&fixture.token(0)); COUNT]
}

async fn report(
    table: &mut Table,
    name: &str,
    fixture: &Fixture,
    router: &axum::Router,
    credentials: Vec<Credentials>,
) {
    fixture.endpoint.take_requests();
    let (statuses, slowest) = send_all(router, credentials).await;
    table.row([
        name.to_owned(),
        statuses,
        fixture.endpoint.take_requests().to_string(),
        format!("{} ms", slowest.as_millis()),
    ]);
}

async fn cold_start(fixture: &Fixture, table: &mut Table) {
    fixture.endpoint.set_mode(Mode::Slow(Duration::from_millis(50)));
    let rows = [
        ("ours, cold start, keys after 50 ms", ours::axum_router(ours::clerk(fixture))),
        ("clerk-rs 0.5, the same", peers::clerk_rs_router(fixture)),
        ("dioxus-clerk 0.8, the same", peers::dioxus_clerk_router(fixture)),
    ];
    for (name, router) in rows {
        report(table, name, fixture, &router, same_token(fixture)).await;
    }
    fixture.endpoint.set_mode(Mode::Good);
}

async fn after_warm_up(fixture: &Fixture, table: &mut Table) {
    for (name, mode) in [("failing", Mode::Failing), ("hanging", Mode::Hanging)] {
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        let clerk = ours::builder(fixture).clock(clock.clone()).build().unwrap();
        clerk.warm_up().await.unwrap();
        fixture.endpoint.set_mode(mode);
        let router = ours::axum_router(clerk);
        clock.advance(Duration::from_secs(5 * 60));
        report(
            table,
            &format!("ours, endpoint {name} after the keys are 5 min old, one token"),
            fixture,
            &router,
            same_token(fixture),
        )
        .await;
        let fresh = (0..COUNT).map(|number| Credentials::bearer(&fixture.token(number))).collect();
        report(table, &format!("ours, endpoint {name}, 1000 tokens never seen"), fixture, &router, fresh).await;
        fixture.endpoint.set_mode(Mode::Good);
    }
}

async fn first_start_without_clerk(fixture: &Fixture, table: &mut Table) {
    let clock = Arc::new(ManualClock::new(SystemClock.now()));
    let clerk = ours::builder(fixture).clock(clock.clone()).http_timeout(Duration::from_secs(1)).build().unwrap();
    let router = ours::axum_router(clerk);
    fixture.endpoint.set_mode(Mode::Hanging);
    report(table, "ours, first start, endpoint hanging, timeout of 1 s", fixture, &router, same_token(fixture)).await;
    fixture.endpoint.set_mode(Mode::Good);
    clock.advance(Duration::from_secs(1));
    report(table, "ours, one second later, endpoint good", fixture, &router, same_token(fixture)).await;
}

/// The latency of a cached token while 10 000 tokens with unknown keys arrive.
async fn unknown_keys(fixture: &Fixture) {
    let clerk = ours::clerk(fixture);
    clerk.warm_up().await.unwrap();
    let router = ours::axum_router(clerk);
    let good = Credentials::bearer(&fixture.token(0));
    let p99 = async |flood: Option<&[Credentials]>| {
        let mut router = router.clone();
        let mut times = Vec::new();
        for index in 0..10_000 {
            let request = good.request::<axum::body::Body>();
            let start = Instant::now();
            assert_eq!(router.call(request).await.unwrap().status(), 200);
            times.push(start.elapsed().as_nanos() as f64);
            if let Some(flood) = flood {
                let request = flood[index % flood.len()].request::<axum::body::Body>();
                assert_eq!(router.call(request).await.unwrap().status(), 401);
            }
        }
        median(&mut times);
        times[times.len() * 99 / 100]
    };
    let flood: Vec<Credentials> = (0..10_000)
        .map(|number| Credentials::bearer(&fixture.builder(number).kid(&format!("ins_{number}")).mint()))
        .collect();
    p99(None).await;
    let alone = p99(None).await;
    fixture.endpoint.take_requests();
    let during_flood = p99(Some(&flood)).await;
    let mut table = Table::new([
        "10 000 requests with random kids",
        "fetches",
        "p99 of a cached token alone",
        "p99 meanwhile",
        "ratio",
    ]);
    let fetches = fixture.endpoint.take_requests();
    table.row([
        "ours".to_owned(),
        fetches.to_string(),
        format!("{alone:.0} ns"),
        format!("{during_flood:.0} ns"),
        format!("{:.2}", during_flood / alone),
    ]);
    table.print("Unknown keys");
}
