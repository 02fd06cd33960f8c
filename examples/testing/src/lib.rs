//! An app in axum and in actix with tests that need no account and no network: see `tests/`. The one in axum has a page
//! and webhooks, too.
//!
//! The app is testable because it takes its `Clerk` as an argument, and a test passes that of a local instance.

pub mod actix_app;
pub mod axum_app;
