//! Whether two threads serve twice as many requests as one, with one hot token and with many.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tower::Service;

use crate::{
    fixture::{Credentials, Fixture},
    ours,
    table::{Table, median, nanoseconds},
};

const ROUNDS: usize = 7;
const TIME: Duration = Duration::from_millis(250);
const ROTATING: usize = 10_000;

pub async fn run(fixture: &Fixture) {
    let one = vec![Credentials::bearer(&fixture.token(0))];
    let many: Vec<Credentials> = (0..ROTATING).map(|number| Credentials::bearer(&fixture.token(number))).collect();
    let cached = ours::axum_router(ours::clerk(fixture));
    // Puts every token into the cache.
    let mut warm = cached.clone();
    for credentials in one.iter().chain(&many) {
        warm.call(credentials.request::<axum::body::Body>()).await.unwrap();
    }
    let rows = [
        ("axum without auth", ours::axum_without_auth(), Arc::new(one.clone())),
        ("ours, one hot token", cached.clone(), Arc::new(one)),
        ("axum without auth, 10 000 headers", ours::axum_without_auth(), Arc::new(many.clone())),
        ("ours, 10 000 rotating tokens", cached, Arc::new(many)),
    ];
    let mut samples = vec![[Vec::new(), Vec::new()]; rows.len()];
    for _ in 0..ROUNDS {
        for ((_, router, credentials), sample) in rows.iter().zip(&mut samples) {
            for (threads, sample) in [1, 2].into_iter().zip(sample) {
                let (router, credentials) = (router.clone(), Arc::clone(credentials));
                sample.push(tokio::task::spawn_blocking(move || rate(&router, &credentials, threads)).await.unwrap());
            }
        }
    }
    let mut table = Table::new([
        "in one process",
        "1 thread, per second",
        "2 threads, per second",
        "2T / 1T",
        "relative to no auth",
    ]);
    let mut base = 1.0;
    for (index, ((name, ..), [one, two])) in rows.iter().zip(&mut samples).enumerate() {
        let (one, two) = (median(one), median(two));
        if index % 2 == 0 {
            base = two / one;
        }
        let share = format!("{:.0} %", 100.0 * two / one / base);
        table.row([(*name).to_owned(), nanoseconds(one), nanoseconds(two), format!("{:.2}", two / one), share]);
    }
    table.print(&format!("Scaling: medians of {ROUNDS} rounds of {} ms", TIME.as_millis()));
}

/// Requests per second with this many threads, each with its own runtime.
fn rate(router: &axum::Router, credentials: &Arc<Vec<Credentials>>, threads: usize) -> f64 {
    let (barrier, stop, count) = (Barrier::new(threads + 1), AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (mut router, barrier, stop, count) = (router.clone(), &barrier, &stop, &count);
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                barrier.wait();
                let mut served = 0;
                // The two threads start at different tokens.
                let mut next = thread * credentials.len() / 2;
                while !stop.load(Ordering::Relaxed) {
                    let request = credentials[next % credentials.len()].request::<axum::body::Body>();
                    let response = runtime.block_on(router.call(request)).unwrap();
                    served += u64::from(response.status() == 200);
                    next += 1;
                }
                count.fetch_add(served, Ordering::Relaxed);
            });
        }
        barrier.wait();
        let start = Instant::now();
        std::thread::sleep(TIME);
        stop.store(true, Ordering::Relaxed);
        start.elapsed()
    });
    count.load(Ordering::Relaxed) as f64 / TIME.as_secs_f64()
}
