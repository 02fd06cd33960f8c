//! Shared by the examples: the Clerk that they trust, the pages, and the commands that they print.

mod organizations;
mod pages;
mod start;

pub use pages::Page;
pub use start::{Site, init_logs};
