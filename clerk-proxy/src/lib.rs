#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative one would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/deployment.md\n")]
#![doc = include_str!("../README.md")]

mod client_address;
mod error;
mod forward;
mod gather;
mod hop_by_hop;
mod limits;
mod path;
mod proxy;
mod public_url;
mod pump;
mod request;
mod request_headers;
mod response;
mod response_headers;
mod trusted_peers;
mod upload;
mod upstream;

pub use error::{ProxyError, ProxyErrorKind};
pub use proxy::FrontendApiProxy;
pub use pump::ProxyBodyError;
pub use request::ProxyRequest;
pub use response::{ProxyBody, ProxyResponse};
pub use trusted_peers::TrustedPeers;
