//! Recorded results, replayed through the public API: golden vectors of Clerk's own SDK, and public signature corpora.
//!
//! The vectors are in `parity/recorded`; `parity/README.md` explains them.
//! `CLERK_VECTORS=<set> cargo test -p clerk-tests --test vectors -- --nocapture` compares with another set, too. By
//! default, that is `../shared/vectors` beside a developer's checkout, if it exists.

mod auth_object;
mod backend;
mod corpora;
mod differences;
mod files;
mod helper;
mod jwt;
mod policy;
mod proxy;
mod report;
mod request;
mod webhook;

use std::sync::Arc;

use files::{Set, Vector};
use report::{Outcome, Report};
use tokio::{sync::Semaphore, task::JoinSet};

#[test]
fn clerks_result_or_a_documented_difference_in_the_committed_set() {
    let report = compare(Set::committed());
    // Other sets may lack a case; this one has a vector for each row.
    assert!(report.unused_rows().is_empty(), "rows of the table that match no vector: {:?}", report.unused_rows());
}

#[test]
fn clerks_result_or_a_documented_difference_in_another_set() {
    if let Some(set) = Set::other() {
        compare(set);
    }
}

/// `CLERK_WRITE=1` writes the page instead.
#[test]
fn the_page_of_the_guide_is_the_table_of_differences() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../guide/src/differences.md");
    if std::env::var_os("CLERK_WRITE").is_some() {
        std::fs::write(file, differences::page()).unwrap();
    }
    let page = std::fs::read_to_string(file).unwrap();
    assert_eq!(page, differences::page(), "CLERK_WRITE=1 cargo test -p clerk-tests --test vectors page");
}

/// Prints the report; panics if a vector differs without a row in the table.
fn compare(set: Set) -> Report {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let report = runtime.block_on(replay(set));
    print!("{report}");
    let failed = report.failed();
    assert_eq!(
        failed, 0,
        "{failed} vectors have another result than Clerk's, without a row in the table of differences"
    );
    report
}

async fn replay(set: Set) -> Report {
    let backend = backend::Backend::start(set.canned).await;
    // A small number, so that calls on the loopback do not time out on a busy machine.
    let permits = Arc::new(Semaphore::new(8));
    let mut tasks = JoinSet::new();
    let mut report = Report::new(set.name);
    for (index, vector) in set.vectors.into_iter().enumerate() {
        let group = vector.group().to_owned();
        let (backend, permits) = (backend.clone(), Arc::clone(&permits));
        tasks.spawn(async move {
            let _permit = permits.acquire().await.unwrap();
            let differences = run(&vector, index, &backend).await;
            (index, group, vector, differences)
        });
    }
    let mut outcomes = tasks.join_all().await;
    outcomes.sort_by_key(|(index, ..)| *index);
    for (_, group, vector, differences) in outcomes {
        let outcome = match &differences[..] {
            [] => Outcome::Equal,
            differences => match differences::row_for(&vector, differences) {
                Some(row) => Outcome::OnPurpose(row),
                None => Outcome::Failed(differences.to_vec()),
            },
        };
        report.add(&group, vector.id(), outcome);
    }
    report
}

async fn run(vector: &Vector, index: usize, backend: &backend::Backend) -> Vec<report::Difference> {
    match vector.group() {
        "helper" | "redirect" => helper::run(vector),
        "frontend-api-proxy" => proxy::run(vector).await,
        "jwt" => jwt::run(vector, index, backend).await,
        "webhook" => webhook::run(vector),
        "sequence" => request::run_sequence(vector, index, backend).await,
        _ => request::run(vector, index, backend).await,
    }
}
