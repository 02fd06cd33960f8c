#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative one would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/axum.md\n")]
#![doc = include_str!("../README.md")]

pub mod body;
#[cfg(feature = "api")]
mod current_user;
mod extract;
mod layer;
mod protected_resource;
#[cfg(feature = "proxy")]
#[cfg_attr(docsrs, doc(cfg(feature = "proxy")))]
pub mod proxy;
mod rejection;
#[cfg(feature = "webhook")]
#[cfg_attr(docsrs, doc(cfg(feature = "webhook")))]
pub mod webhook;

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
pub use clerk_tower::CurrentLayer;
pub use clerk_tower::auth_state;
#[cfg(feature = "m2m")]
#[doc(inline)]
pub use clerk_tower::m2m;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub use current_user::{CurrentOrganization, CurrentUser};
pub use extract::Auth;
pub use layer::{ClerkLayer, RequireAuthLayer};
pub use protected_resource::{ProtectedResourceLayer, ResourceMetadataLayer};
pub use rejection::AuthRejection;

#[doc = include_str!("../RECIPES.md")]
pub mod recipes {}
