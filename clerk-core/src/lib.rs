#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod auth;
mod authenticator;
mod backend;
mod backend_access;
#[doc(hidden)]
pub mod backend_rules;
mod builder;
mod cache;
pub mod check;
mod claims;
mod clerk;
pub mod config;
mod denied;
mod driver;
mod fetched;
mod flow;
mod http;
mod jwks;
pub mod jwt;
pub mod m2m;
mod machine_cache;
pub mod names;
pub mod observe;
mod protected_resource;
pub mod proxy;
mod redirects;
mod requirement;
pub mod revocation;
pub mod session_end;
mod session_status;
pub mod store;
pub mod time;
pub mod webhook;
pub mod websocket;

pub use auth::{
    AcceptsToken, ApiKey, AuthState, Caller, CustomClaims, FromAuth, M2mToken, OAuthToken, OrgId, Organization, Policy,
    Reason, Session, SessionId, TokenType, UserId,
};
pub use authenticator::Authenticator;
pub use backend_access::BackendAccess;
pub use builder::ClerkBuilder;
pub use clerk::{Clerk, VerifyError};
pub use config::{ConfigError, InstanceType, JwtKey, MachineSecretKey, PublishableKey, SecretKey};
pub use denied::{Denied, DeniedKind};
pub use driver::Authentication;
pub use flow::{Answer, AuthStatus, Decision, HeaderSource, OrganizationSync, RequestState, RequestView, ResponseEdit};
pub use jwks::{JwksPolicy, JwksRefresher, KeysUnavailable, KeysUnavailableKind};
pub use m2m::M2mTokenSource;
pub use protected_resource::ProtectedResource;
pub use proxy::{FrontendApiProxy, TrustedPeers};
pub use redirects::{RedirectError, Redirects};
pub use requirement::{Refusal, Requirement};
pub use revocation::RevocationStore;
pub use session_end::SessionEnd;
pub use webhook::{WebhookEndpoint, WebhookSigningSecret};
