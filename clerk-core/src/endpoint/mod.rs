//! Endpoints and clients besides authentication: the metadata of protected resources, and
//! M2M tokens for outgoing calls.

pub mod m2m;
pub(crate) mod protected_resource;
