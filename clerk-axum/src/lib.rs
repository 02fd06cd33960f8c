#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

#[cfg(feature = "api")]
mod current;
mod extract;
mod layer;
mod protected_resource;
#[cfg(feature = "proxy")]
mod proxy;
mod rejection;
mod webhook;

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
pub use clerk_tower::CurrentLayer;
#[doc(no_inline)]
pub use clerk_tower::FrontendApiProxyService;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub use current::{CurrentOrganization, CurrentUser};
pub use extract::Auth;
pub use layer::{ClerkLayer, RequireLayer};
pub use protected_resource::{ProtectedResourceLayer, ResourceMetadataLayer};
#[cfg(feature = "proxy")]
pub use proxy::frontend_api_proxy;
pub use rejection::AuthRejection;
pub use webhook::{Webhook, WebhookLayer, WithBody};
