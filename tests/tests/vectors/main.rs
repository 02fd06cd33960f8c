//! Recorded results, replayed through the public API: golden vectors of Clerk's own SDK, and public signature corpora.
//!
//! `CLERK_VECTORS=<folder> cargo test -p clerk-tests --test vectors -- --nocapture` compares with the vectors in that
//! folder. By default, it is `../shared/vectors` beside a developer's checkout; if that is missing, the test is skipped.

mod auth_object;
mod backend;
mod corpora;
mod differences;
mod files;
mod helper;
mod jwt;
mod policy;
mod report;
mod request;
mod webhook;

use std::sync::Arc;

use files::{Folder, Vector};
use report::{Outcome, Report};
use tokio::{sync::Semaphore, task::JoinSet};

#[test]
fn every_vector_has_clerks_result_or_a_documented_difference() {
    let Some(folder) = Folder::find() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let report = runtime.block_on(replay(folder));
    print!("{report}");
    assert_eq!(
        report.failed(),
        0,
        "{} vectors have another result than Clerk's, without a row in the table of differences",
        report.failed()
    );
    assert!(report.unused_rows().is_empty(), "rows of the table that match no vector: {:?}", report.unused_rows());
}

async fn replay(folder: Folder) -> Report {
    let backend = backend::Backend::start(&folder).await;
    // A small number, so that calls on the loopback do not time out on a busy machine.
    let permits = Arc::new(Semaphore::new(4));
    let mut tasks = JoinSet::new();
    let mut report = Report::new(folder.is_reviewed());
    for (index, vector) in folder.vectors().into_iter().enumerate() {
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
        "helper" => helper::run(vector),
        "jwt" => jwt::run(vector, index, backend).await,
        "webhook" => webhook::run(vector),
        "sequence" => request::run_sequence(vector, index, backend).await,
        _ => request::run(vector, index, backend).await,
    }
}
