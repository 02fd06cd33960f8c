#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative one would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/tower.md\n")]
#![doc = include_str!("../README.md")]

pub mod authenticate;
mod body;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub mod current_user;
mod headers;
#[cfg(feature = "m2m")]
#[cfg_attr(docsrs, doc(cfg(feature = "m2m")))]
pub mod m2m;
pub mod protected_resource;
#[cfg(feature = "proxy")]
#[cfg_attr(docsrs, doc(cfg(feature = "proxy")))]
pub mod proxy;
mod refusal;
pub mod require_auth;
pub mod resource_metadata;
mod response;
mod response_future;
#[cfg(feature = "webhook")]
#[cfg_attr(docsrs, doc(cfg(feature = "webhook")))]
pub mod webhook;

pub use authenticate::ClerkLayer;
pub use body::ResponseBody;
#[cfg(feature = "api")]
#[doc(no_inline)]
pub use clerk_api as api;
#[doc(no_inline)]
pub use clerk_core;
pub use clerk_core::prelude::*;
#[cfg(feature = "redis")]
#[doc(no_inline)]
pub use clerk_stores as stores;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub use current_user::{CurrentLayer, current_organization, current_user};
pub use headers::Headers;
pub use protected_resource::ProtectedResourceLayer;
pub use refusal::{auth_state, refusal};
pub use require_auth::RequireAuthLayer;
pub use resource_metadata::ResourceMetadataLayer;
pub use response_future::ResponseFuture;
