//! gRPC services behind Clerk, and the client that calls them with a session token.

pub mod client;
mod service;

pub use service::serve;

/// What `proto/ledger.proto` describes, generated.
#[allow(missing_docs, clippy::all, reason = "generated")]
pub mod proto {
    tonic::include_proto!("ledger");
}
