//! An app in axum and in actix whose tests need neither an account nor a network: see `tests/`.
//!
//! What makes it testable is one thing: the app is given its `Clerk`, which a test takes from a local instance.

pub mod actix_app;
pub mod axum_app;
