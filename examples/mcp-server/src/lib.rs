//! A protected MCP server, and a client that obtains a token for it.

pub mod server;
pub mod tour;
