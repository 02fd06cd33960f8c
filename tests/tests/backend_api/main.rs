//! The Backend API of a local instance: what each operation does, and that its answers are what Clerk describes.

#![expect(clippy::unwrap_used, reason = "a test ends with what went wrong")]

mod api;
mod bad_days;
mod form;
