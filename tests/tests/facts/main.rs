//! Our crates and the facts of Clerk's own descriptions: operations, objects and events.
//!
//! The facts are the tables in `parity/facts`; `parity/README.md` explains them.
//! `CLERK_FACTS=<table> cargo test -p clerk-tests --test facts` compares with another table of the same API instead.

mod comparison;
mod document;
mod exceptions;
mod operations;
mod round_trips;
mod webhooks;

use clerk_tests::openapi::facts::Api;
use comparison::Comparison;
use document::Document;

#[test]
fn all_operations_objects_and_events_match_the_facts() {
    let (backend, events) = (Document::of(Api::Backend), Document::of(Api::Webhooks));
    let mut comparison = Comparison::default();
    let covered = operations::compare(&mut comparison, &backend);
    // Any member of a webhook may be missing, because a webhook that cannot be read is lost.
    comparison.report_presence();
    webhooks::compare(&mut comparison, &events);
    comparison.report_unused();
    println!(
        "{covered} of {} operations, {} events; {}",
        backend.operations().len(),
        events.events().count(),
        comparison.summary(),
    );
    let differences = &comparison.differences;
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}
