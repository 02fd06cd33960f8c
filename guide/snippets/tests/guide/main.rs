//! The code of the guide's pages, run against a local instance, and a test of the book itself.
//!
//! A page shows what stands between `// ANCHOR: name` and `// ANCHOR_END: name`; the tests below it run that code.

mod authorization;
mod book;
mod coming_from;
mod deployment;
mod everything_but_actix;
mod everything_but_axum;
mod machines;
mod organizations;
mod own_user;
mod own_user_actix;
mod pages;
mod quickstart_actix;
mod quickstart_axum;
mod quickstart_tower;
mod revocation;
mod running;
mod testing;
mod troubleshooting;
mod webhooks;
mod websocket;
