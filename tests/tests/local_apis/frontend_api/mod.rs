//! The Frontend API of a local instance, called like clerk-js calls it: allowed and forbidden flows. Each response is
//! compared with Clerk's description.

mod account;
mod browser;
mod oauth;
mod organizations;
mod outsiders;
mod public_url;
mod restrictions;
mod session_tasks;
mod settings;
mod sign_in;
mod sign_up;
mod transport;

use browser::Browser;
use clerk_tests::openapi::Conformance;

/// The code that every test address and test number gets.
const CODE: &str = "424242";

const PASSWORD: &str = "correct horse battery";

/// All flows in one test, so that the summary covers all of them.
#[tokio::test]
async fn responses_match_clerks_description() {
    let api = &Conformance::frontend();
    sign_up::flows(api).await;
    sign_in::flows(api).await;
    account::flows(api).await;
    oauth::flows(api).await;
    organizations::flows(api).await;
    restrictions::flows(api).await;
    settings::flows(api).await;
    session_tasks::flows(api).await;
    api.report();
    let mismatches: Vec<_> = browser::MISMATCHES.lock().unwrap().iter().cloned().collect();
    assert!(mismatches.is_empty(), "{}", mismatches.join("\n"));
}
