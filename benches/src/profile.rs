//! Repeats one row for a profiler: `perf record target/release/clerk-benches profile seen`.

use std::time::{Duration, Instant};

use crate::{
    fixture::{Credentials, Fixture},
    ours,
    subject::Subject,
};

const TIME: Duration = Duration::from_secs(5);
const BATCH: usize = 40;

/// The rows that can be profiled.
pub const ROWS: [&str; 6] = ["base", "seen", "cookie", "first", "actix-base", "actix-seen"];

pub async fn run(fixture: &Fixture, row: &str) {
    let subject: Box<dyn Subject> = match row {
        "base" => ours::axum(ours::axum_with_extension()),
        "seen" | "cookie" => ours::axum(ours::axum_router(ours::clerk(fixture))),
        "first" => ours::axum(ours::axum_router(ours::clerk_without_cache(fixture))),
        "actix-base" => ours::actix_with_extension().await,
        "actix-seen" => ours::actix(ours::clerk(fixture)).await,
        _ => {
            eprintln!("unknown row {row}; the rows are {}", ROWS.join(", "));
            std::process::exit(2);
        }
    };
    let token = fixture.token(0);
    let one = if row == "cookie" { Credentials::cookie(&token) } else { Credentials::bearer(&token) };
    let credentials = vec![one; BATCH];
    let (start, mut time, mut count) = (Instant::now(), Duration::ZERO, 0);
    while start.elapsed() < TIME {
        time += subject.batch(&credentials).await.time;
        count += BATCH;
    }
    println!("{row}: {} ns", time.as_nanos() / count as u128);
}
