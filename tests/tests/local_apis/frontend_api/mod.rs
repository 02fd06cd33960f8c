//! clerk-local's Frontend API, as Clerk's own front end calls it: what a browser may do and what it may not, and each
//! answer compared with Clerk's description where that is at hand.

mod account;
mod browser;
mod oauth;
mod organizations;
mod public_url;
mod restrictions;
mod settings;
mod sign_in;
mod sign_up;
mod transport;

use browser::Browser;
use clerk_tests::openapi::Conformance;

/// A code that every test address and test number gets.
const CODE: &str = "424242";

const PASSWORD: &str = "correct horse battery";

/// All flows in one go, so that the summary is of all of them.
#[tokio::test]
async fn answers_are_as_clerk_describes_them() {
    let Some(api) = Conformance::frontend() else { return };
    let api = Some(&api);
    sign_up::flows(api).await;
    sign_in::flows(api).await;
    account::flows(api).await;
    oauth::flows(api).await;
    organizations::flows(api).await;
    restrictions::flows(api).await;
    settings::flows(api).await;
    if let Some(api) = api {
        api.report();
    }
    let mismatches: Vec<_> = browser::MISMATCHES.lock().unwrap().iter().cloned().collect();
    assert!(mismatches.is_empty(), "{}", mismatches.join("\n"));
}

/// The same where no description is at hand.
#[tokio::test]
async fn flows_work() {
    sign_up::flows(None).await;
    sign_in::flows(None).await;
    account::flows(None).await;
    oauth::flows(None).await;
    organizations::flows(None).await;
    restrictions::flows(None).await;
    settings::flows(None).await;
}
