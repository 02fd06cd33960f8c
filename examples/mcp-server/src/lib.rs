//! A protected MCP server, and a client that finds its way to a token.

pub mod server;
pub mod tour;
