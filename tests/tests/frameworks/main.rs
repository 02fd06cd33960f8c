//! Real servers in all three frameworks, and the `Clerk` handle that they share.

mod check;
mod clients;
mod current;
mod exports;
mod jwks;
mod layers;
mod m2m;
mod machines;
mod mcp;
mod nested;
mod pages;
mod policies;
mod proxy;
mod redirects;
mod revocation;
mod scenarios;
mod session_end;
mod webhooks;
mod websocket;
