//! Shared by the examples: the Clerk that they trust, the pages, and the commands that they print.

mod commands;
mod instructions;
mod organizations;
mod pages;
mod start;

pub use commands::{Commands, TOKEN_LIFETIME};
pub use pages::Page;
pub use start::{Site, StartError, init_logs};
