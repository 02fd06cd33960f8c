#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod answer;
mod authenticate;
#[cfg(feature = "api")]
mod current;
mod error;
mod extract;
pub mod guard;
mod headers;
mod protected_resource;
mod proxy;
mod require;
mod upload;
mod webhook;

pub use authenticate::{Authenticating, ClerkMiddleware, ClerkService};
#[cfg(feature = "api")]
#[doc(no_inline)]
pub use clerk_api as api;
#[doc(no_inline)]
pub use clerk_core as core;
pub use clerk_core::{
    AcceptsToken, ApiKey, AuthState, Authenticator, Caller, Clerk, ConfigError, CustomClaims, Denied, DeniedKind,
    FromAuth, FrontendApiProxy, HttpResponse, M2mToken, OAuthToken, OrgId, Organization, OrganizationSync, Policy,
    ProtectedResource, Requirement, Session, SessionId, TokenType, TrustedPeers, UserId, WebhookEndpoint,
    WebhookSigningSecret,
};
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub use current::{CurrentOrganization, CurrentUser, Looking, MaybeCurrentUser};
pub use error::AuthError;
pub use extract::{Auth, MaybeAuth};
pub use headers::Headers;
pub use protected_resource::{ProtectedResourceMiddleware, resource_metadata};
pub use proxy::frontend_api_proxy;
pub use require::{RequireAuth, RequireFuture, RequireService};
pub use webhook::{Webhook, WebhookMiddleware, WebhookService};
