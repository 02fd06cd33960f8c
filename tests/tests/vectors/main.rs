//! Golden vectors recorded from Clerk's own SDK, replayed through the public API.
//!
//! `CLERK_VECTORS=<folder> cargo test -p clerk-tests --test vectors -- --nocapture`; without the variable the folder
//! beside a developer's checkout is used, and where that is missing the test says that it was skipped.

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
fn every_vector_is_decided_as_clerk_decides_it() {
    let Some(folder) = Folder::find() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let report = runtime.block_on(replay(folder));
    print!("{report}");
    assert_eq!(
        report.failed(),
        0,
        "{} vectors are decided differently, and no row of the table says why",
        report.failed()
    );
    assert!(report.unused_rows().is_empty(), "rows of the table that match no vector: {:?}", report.unused_rows());
}

async fn replay(folder: Folder) -> Report {
    let backend = backend::Backend::start(&folder).await;
    // Few enough that a machine busy with something else does not turn a call on the loopback into one that times out.
    let at_once = Arc::new(Semaphore::new(4));
    let mut tasks = JoinSet::new();
    let mut report = Report::new(folder.is_reviewed());
    for (index, vector) in folder.vectors().into_iter().enumerate() {
        let group = vector.group().to_owned();
        let (backend, at_once) = (backend.clone(), Arc::clone(&at_once));
        tasks.spawn(async move {
            let _permit = at_once.acquire().await.unwrap();
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
