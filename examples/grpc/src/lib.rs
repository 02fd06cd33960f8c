//! gRPC services protected by Clerk, and a client that calls them with a session token.

pub mod client;
mod service;

pub use service::serve;

/// Generated from `proto/ledger.proto`.
#[allow(missing_docs, clippy::all, reason = "generated")]
pub mod proto {
    tonic::include_proto!("ledger");
}
