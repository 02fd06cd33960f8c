//! Time and allocations of one request: a whole service call in this process, without sockets.

use crate::{
    fixture::{Credentials, Fixture},
    ours, peers,
    picture::Bar,
    subject::{Cost, Subject},
    table::{Table, median, nanoseconds},
};

const ROUNDS: usize = 80;
const BATCH: usize = 40;

/// Requests before each measurement, so that a row is not slowed by what other rows left in the processor's caches.
const WARM_UP: usize = 8;

/// The credentials of a row's requests.
enum Load {
    /// The same token again and again.
    Same(Credentials),
    /// Each token once.
    Fresh(std::vec::IntoIter<String>),
}

struct Row {
    name: String,
    /// The index of the row without authentication that it is compared with.
    base: usize,
    subject: Box<dyn Subject>,
    load: Load,
    samples: Vec<f64>,
    cost: Cost,
}

/// Prints the table of times, the table of allocations, or both. Returns what each row adds to no authentication, in
/// nanoseconds.
pub async fn run(fixture: &Fixture, times: bool, counts: bool) -> Vec<Bar> {
    let mut rows = rows(fixture).await;
    let raw = fixture.raw_verification(&fixture.token(0));
    let mut raw_samples = Vec::new();
    for round in 0..ROUNDS {
        let start = std::time::Instant::now();
        (0..BATCH).for_each(|_| raw());
        raw_samples.push(start.elapsed().as_nanos() as f64 / BATCH as f64);
        // Each round starts at another row, so that no row always follows the same one.
        for index in 0..rows.len() {
            let count = rows.len();
            rows[(index + round) % count].sample().await;
        }
    }
    let raw = median(&mut raw_samples);
    let medians: Vec<f64> = rows.iter_mut().map(|row| median(&mut row.samples)).collect();
    let mut latency = Table::new(["whole service call", "ns", "added to no auth", "x no auth", "x raw verification"]);
    let mut allocations = Table::new(["whole service call", "allocations", "added to no auth", "bytes"]);
    let mut bars = Vec::new();
    let per_request = |row: &Row| (row.cost.allocations as f64 / BATCH as f64, row.cost.bytes as f64 / BATCH as f64);
    for (row, ns) in rows.iter().zip(&medians) {
        if row.cost.good != BATCH {
            latency.row([format!("{}: not measured, its last status was {}", row.name, row.cost.last)]);
            continue;
        }
        let base = medians[row.base];
        bars.push(Bar { name: row.name.clone(), value: ns - base });
        latency.row([
            row.name.clone(),
            nanoseconds(*ns),
            nanoseconds(ns - base),
            format!("{:.2}", ns / base),
            format!("{:.2}", ns / raw),
        ]);
        let ((count, bytes), (base, _)) = (per_request(row), per_request(&rows[row.base]));
        allocations.row([row.name.clone(), format!("{count:.0}"), format!("{:.0}", count - base), nanoseconds(bytes)]);
    }
    let alone = "raw verification alone (aws-lc-rs, key parsed once)".to_owned();
    latency.row([alone, nanoseconds(raw), String::new(), String::new(), "1.00".to_owned()]);
    if times {
        latency.print(&format!("Latency: {ROUNDS} interleaved rounds, medians"));
    }
    if counts {
        allocations.print("Allocations per request");
    }
    bars
}

impl Row {
    async fn sample(&mut self) {
        let credentials: Vec<Credentials> = match &mut self.load {
            Load::Same(credentials) => vec![credentials.clone(); WARM_UP + BATCH],
            Load::Fresh(tokens) => tokens.take(WARM_UP + BATCH).map(|token| Credentials::bearer(&token)).collect(),
        };
        let (warm_up, measured) = credentials.split_at(WARM_UP);
        self.subject.batch(warm_up).await;
        self.cost = self.subject.batch(measured).await;
        self.samples.push(self.cost.time.as_nanos() as f64 / BATCH as f64);
    }
}

async fn rows(fixture: &Fixture) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let hot = fixture.token(0);
    let bearer = || Load::Same(Credentials::bearer(&hot));
    let cookie = || Load::Same(Credentials::cookie(&hot));
    let mut number = 0;
    let mut fresh = || {
        // One more batch than rounds, for the warm-up.
        let tokens: Vec<String> =
            (0..(ROUNDS + 1) * (WARM_UP + BATCH)).map(|index| fixture.token(1 + number + index)).collect();
        number += tokens.len();
        Load::Fresh(tokens.into_iter())
    };
    let mut add = |name: &str, base: usize, subject: Box<dyn Subject>, load: Load| {
        let row = Row { name: name.to_owned(), base, subject, load, samples: Vec::new(), cost: Cost::default() };
        rows.push(row);
        rows.len() - 1
    };
    let ours = ours::axum_router(ours::clerk(fixture));
    let base = add("axum without auth", 0, ours::axum(ours::axum_without_auth()), bearer());
    add("axum with a layer that does nothing", base, ours::axum(ours::axum_with_idle_layer()), bearer());
    add("axum with its own Extension layer and extractor", base, ours::axum(ours::axum_with_extension()), bearer());
    add("**ours: token seen before**", base, ours::axum(ours.clone()), bearer());
    add("**ours: token seen before, in a cookie**", base, ours::axum(ours.clone()), cookie());
    let optional = ours::axum(ours::axum_with_optional_auth(ours::clerk(fixture)));
    add("**ours: no token, on a route that needs none**", base, optional, Load::Same(Credentials::none()));
    add("**ours: token seen first**", base, ours::axum(ours), fresh());
    let uncached = ours::axum_router(ours::clerk_without_cache(fixture));
    add("**ours: cache off**", base, ours::axum(uncached.clone()), bearer());
    add("**ours: cache off, cookie**", base, ours::axum(uncached), cookie());
    for (name, subject) in peers::all(fixture).await {
        let keycloak = || Load::Same(Credentials::bearer(&fixture.keycloak_token()));
        add(name, base, subject, if name == peers::KEYCLOAK { keycloak() } else { bearer() });
    }
    add("clerk-rs 0.5, cookie", base, ours::axum(peers::clerk_rs_router(fixture)), cookie());
    let base = add("actix without auth", 0, ours::actix_without_auth().await, bearer());
    add("actix with an extension and its extractor", base, ours::actix_with_extension().await, bearer());
    add("**ours on actix: token seen before**", base, ours::actix(ours::clerk(fixture)).await, bearer());
    add("**ours on actix: token seen first**", base, ours::actix(ours::clerk(fixture)).await, fresh());
    add(peers::HTTPAUTH, base, peers::httpauth(fixture).await, bearer());
    add("clerk-rs 0.5 on actix", base, peers::clerk_rs_actix(fixture).await, bearer());
    rows[base].base = base;
    for row in &mut rows {
        // Fetches keys and fills caches.
        row.sample().await;
        row.samples.clear();
    }
    rows
}
