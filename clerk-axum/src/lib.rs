#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod extract;
mod rejection;

#[doc(no_inline)]
pub use clerk_core as core;
pub use clerk_core::{
    AuthState, Clerk, ConfigError, CustomClaims, Denied, DeniedKind, FromAuth, OrgId, Organization, Policy, Session,
    SessionId, UserId,
};
pub use clerk_tower::{ClerkLayer, RequireLayer};
pub use extract::Auth;
pub use rejection::AuthRejection;
