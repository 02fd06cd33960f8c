#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative one would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/actix.md\n")]
#![doc = include_str!("../README.md")]

pub mod authenticate;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub mod current_user;
mod extract;
pub mod guard;
mod headers;
pub mod protected_resource;
#[cfg(feature = "proxy")]
#[cfg_attr(docsrs, doc(cfg(feature = "proxy")))]
pub mod proxy;
mod rejection;
pub mod require_auth;
mod response;
mod response_future;
#[cfg(feature = "proxy")]
mod upload;
#[cfg(feature = "webhook")]
#[cfg_attr(docsrs, doc(cfg(feature = "webhook")))]
pub mod webhook;

pub use authenticate::ClerkMiddleware;
#[cfg(feature = "api")]
#[doc(no_inline)]
pub use clerk_api as api;
#[cfg(feature = "m2m")]
#[doc(inline)]
pub use clerk_api::m2m;
#[doc(no_inline)]
pub use clerk_core;
pub use clerk_core::prelude::*;
#[cfg(feature = "redis")]
#[doc(no_inline)]
pub use clerk_stores as stores;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub use current_user::{CurrentMiddleware, CurrentOrganization, CurrentUser, MaybeCurrentUser};
pub use extract::{Auth, MaybeAuth};
pub use headers::Headers;
pub use protected_resource::{ProtectedResourceMiddleware, ResourceMetadataMiddleware};
pub use rejection::{AuthRejection, auth_state};
pub use require_auth::RequireAuth;
pub use response_future::ResponseFuture;

#[doc = include_str!("../RECIPES.md")]
pub mod recipes {}
