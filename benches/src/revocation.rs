//! The cost of checking whether a session was revoked, and of storing a million revocations.

use std::{
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use clerk_axum::Clerk;
use clerk_core::{
    revocation::{InMemoryRevocations, Revocation, RevocationStore, Revoked, StalePolicy, TokenInfo},
    time::{Clock, SystemClock, Timestamp},
};
use clerk_stores::RedisRevocations;

use crate::{
    fixture::{Credentials, Fixture},
    ours, subject,
    table::{Table, median, nanoseconds},
};

const ROUNDS: usize = 400;
const BATCH: usize = 100;
const SOME: usize = 10_000;
const MANY: usize = 1_000_000;

pub async fn run(fixture: &Fixture) {
    compare_stores(fixture).await;
    measure_a_million();
}

struct Row {
    name: &'static str,
    subject: Box<dyn subject::Subject>,
    samples: Vec<f64>,
    allocations: usize,
}

async fn compare_stores(fixture: &Fixture) {
    let with = |store: Option<Arc<dyn RevocationStore>>| {
        let builder = ours::builder(fixture);
        match store {
            Some(store) => builder.revocation(store),
            None => builder,
        }
        .build()
        .unwrap()
    };
    let some = Arc::new(InMemoryRevocations::new());
    fill(&*some).await;
    let row = |name, clerk: Clerk| Row {
        name,
        subject: ours::axum(ours::axum_router(clerk)),
        samples: Vec::new(),
        allocations: 0,
    };
    let mut rows = vec![
        row("no store", with(None)),
        row("no store, again", with(None)),
        row("in memory, nothing revoked", with(Some(Arc::new(InMemoryRevocations::new())))),
        row("in memory, 10 000 revoked", with(Some(some))),
    ];
    let redis = Redis::start();
    if let Some(redis) = &redis {
        let store = Arc::new(RedisRevocations::open(&redis.url, StalePolicy::Refuse).unwrap());
        store.ready().await;
        fill(&*store).await;
        rows.push(row("mirror of Redis, 10 000 revoked", with(Some(store))));
    } else {
        println!("redis-server is not installed: its row is missing");
    }
    let credentials = vec![Credentials::bearer(&fixture.token(0)); BATCH];
    for round in 0..ROUNDS {
        let count = rows.len();
        for index in 0..count {
            let row = &mut rows[(index + round) % count];
            row.subject.batch(&credentials[..8]).await;
            let cost = row.subject.batch(&credentials).await;
            assert_eq!(cost.good, BATCH, "{}: {}", row.name, cost.last);
            row.samples.push(cost.time.as_nanos() as f64 / BATCH as f64);
            row.allocations = cost.allocations / BATCH;
        }
    }
    let base = rows[0].samples.clone();
    let base_median = median(&mut base.clone());
    let mut table = Table::new(["token seen before, axum", "ns", "added", "ratio", "allocations"]);
    for row in &mut rows {
        // Each round is compared with the first row of the same round.
        let mut ratios: Vec<f64> = row.samples.iter().zip(&base).map(|(one, base)| one / base).collect();
        let time = median(&mut row.samples);
        table.row([
            row.name.to_owned(),
            nanoseconds(time),
            nanoseconds(time - base_median),
            format!("{:.3}", median(&mut ratios)),
            row.allocations.to_string(),
        ]);
    }
    table.print(&format!("Revocation: {ROUNDS} interleaved rounds, medians"));
}

fn revocation(number: usize, at: Timestamp) -> Revocation {
    let session = format!("sess_2xYzW9dFkqL0aBcDeF{number:09}");
    Revocation::new(Revoked::session(session), at, at + Duration::from_secs(300))
}

async fn fill(store: &dyn RevocationStore) {
    let now = SystemClock.now();
    for number in 0..SOME {
        store.revoke(revocation(number, now), now).await.unwrap();
    }
}

fn measure_a_million() {
    let now = Timestamp::from_unix_seconds(1_768_478_400);
    let revocations: Vec<Revocation> = (0..MANY).map(|number| revocation(number, now)).collect();
    let empty = subject::live_bytes();
    let store = InMemoryRevocations::with_capacity(MANY);
    let fixed = subject::live_bytes() - empty;
    let start = Instant::now();
    for revocation in revocations.iter().cloned() {
        drop(store.revoke(revocation, now));
    }
    let insertion = start.elapsed();
    let full = subject::live_bytes() - empty;
    let id = |number: usize, known: bool| {
        format!("sess_2xYzW9dFkqL0aBcDeF{:09}", number * 997 % MANY + if known { 0 } else { MANY })
    };
    let check = |known: bool| {
        let ids: Vec<String> = (0..100_000).map(|number| id(number, known)).collect();
        let start = Instant::now();
        for session_id in &ids {
            let token = TokenInfo { session_id, user_id: "user_1", org_id: Some("org_1"), claims_as_of: Some(now) };
            std::hint::black_box(store.check(&token, now));
        }
        start.elapsed().as_nanos() as f64 / ids.len() as f64
    };
    let (good, revoked) = (check(false), check(true));
    let later = now + Duration::from_secs(300);
    let start = Instant::now();
    let token = TokenInfo { session_id: "sess_1", user_id: "user_1", org_id: None, claims_as_of: Some(now) };
    std::hint::black_box(store.check(&token, later));
    let sweep = start.elapsed();
    let left = subject::live_bytes() - empty;
    let mut table = Table::new(["1 000 000 revocations in memory", ""]);
    table.row(["bytes for each".to_owned(), format!("{:.1}", (full - fixed) as f64 / MANY as f64)]);
    table.row(["bytes of an empty store".to_owned(), nanoseconds(fixed as f64)]);
    table.row(["insertion, ns".to_owned(), nanoseconds(insertion.as_nanos() as f64 / MANY as f64)]);
    table.row(["check of a good session, ns".to_owned(), nanoseconds(good)]);
    table.row(["check of a revoked session, ns".to_owned(), nanoseconds(revoked)]);
    table.row(["entries after their end".to_owned(), store.len().to_string()]);
    table.row(["bytes left after their end".to_owned(), nanoseconds(left as f64)]);
    table.row(["removing them, ms".to_owned(), format!("{:.1}", sweep.as_secs_f64() * 1000.0)]);
    table.print("A million revocations");
}

struct Redis {
    url: String,
    server: Child,
}

impl Redis {
    fn start() -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let port = port.to_string();
        let server = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port])
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        Some(Self { url: format!("redis://127.0.0.1:{port}"), server })
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
