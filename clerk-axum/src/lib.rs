#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod extract;
mod layer;
mod rejection;

#[doc(no_inline)]
pub use clerk_core as core;
pub use clerk_core::{
    AcceptsToken, Answer, ApiKey, AuthState, Authenticator, Caller, Clerk, ConfigError, CustomClaims, Denied,
    DeniedKind, FromAuth, M2mToken, OAuthToken, OrgId, Organization, OrganizationSync, Policy, Requirement, Session,
    SessionId, TokenType, UserId,
};
pub use extract::Auth;
pub use layer::{ClerkLayer, RequireLayer};
pub use rejection::AuthRejection;
