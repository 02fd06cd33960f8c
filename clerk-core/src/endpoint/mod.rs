//! What a service answers or sends besides authentication: webhooks, the Frontend API proxy, the metadata of a protected
//! resource, M2M tokens.

pub mod m2m;
pub(crate) mod protected_resource;
pub mod proxy;
pub mod webhook;
