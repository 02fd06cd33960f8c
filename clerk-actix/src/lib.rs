#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod authenticate;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub mod current_user;
mod extract;
pub mod guard;
mod headers;
pub mod protected_resource;
mod proxy;
mod rejection;
pub mod require_auth;
mod response;
mod response_future;
mod upload;
pub mod webhook;

pub use authenticate::ClerkMiddleware;
#[cfg(feature = "api")]
#[doc(no_inline)]
pub use clerk_api as api;
#[doc(no_inline)]
pub use clerk_core;
pub use clerk_core::prelude::*;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub use current_user::{CurrentMiddleware, CurrentOrganization, CurrentUser, MaybeCurrentUser};
pub use extract::{Auth, MaybeAuth};
pub use headers::Headers;
pub use protected_resource::{ProtectedResourceMiddleware, ResourceMetadataMiddleware};
pub use proxy::frontend_api_proxy;
pub use rejection::{AuthRejection, auth_state};
pub use require_auth::RequireAuth;
pub use response_future::ResponseFuture;
pub use webhook::{Webhook, WebhookMiddleware};

#[doc = include_str!("../RECIPES.md")]
pub mod recipes {}
