#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod body;
#[cfg(feature = "api")]
mod current_user;
mod extract;
mod layer;
mod protected_resource;
#[cfg(feature = "proxy")]
mod proxy;
mod rejection;
pub mod webhook;

#[cfg(feature = "api")]
#[doc(no_inline)]
pub use clerk_api as api;
#[doc(no_inline)]
pub use clerk_core;
pub use clerk_core::prelude::*;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub use clerk_tower::CurrentLayer;
#[doc(no_inline)]
pub use clerk_tower::FrontendApiProxyService;
pub use clerk_tower::auth_state;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub use current_user::{CurrentOrganization, CurrentUser};
pub use extract::Auth;
pub use layer::{ClerkLayer, RequireAuthLayer};
pub use protected_resource::{ProtectedResourceLayer, ResourceMetadataLayer};
#[cfg(feature = "proxy")]
pub use proxy::frontend_api_proxy;
pub use rejection::AuthRejection;
pub use webhook::{Webhook, WebhookLayer};

#[doc = include_str!("../RECIPES.md")]
pub mod recipes {}
