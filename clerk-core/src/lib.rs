#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod auth;
mod backend;
mod base;
mod clerk;
pub mod config;
mod endpoint;
mod flow;
pub mod observe;
pub mod revocation;
pub mod token;

/// Rules of Backend API calls that `clerk-api` follows as well. Hidden: not part of the public interface.
#[doc(hidden)]
pub mod backend_rules {
    pub use crate::{
        backend::api::is_secret_key_error,
        base::{
            flight::{FlightError, FlightMap},
            path_segment::{is_path_segment, path_segment},
            retry::{back_off, random, retry_after},
        },
    };
}

pub use auth::{
    ApiKey, AuthState, Caller, CustomClaims, Denied, DeniedKind, FromAuth, M2mToken, OAuthToken, OrgId, Organization,
    Policy, Reason, Session, SessionId, UserId,
};
pub use backend::jwks::{JwksPolicy, JwksRefresher, KeysUnavailable, KeysUnavailableKind};
pub use base::{http_response::HttpResponse, names, store, time};
pub use clerk::{
    Clerk, VerifyError, authenticate::Authentication, authenticator::Authenticator, backend_access::BackendAccess,
    builder::ClerkBuilder, check, session_end, session_end::SessionEnd,
};
pub use config::{ConfigError, InstanceType, JwtKey, MachineSecretKey, PublishableKey, SecretKey};
pub use endpoint::{
    m2m,
    m2m::M2mTokenSource,
    protected_resource::ProtectedResource,
    proxy,
    proxy::{FrontendApiProxy, TrustedPeers},
    webhook,
    webhook::{WebhookEndpoint, WebhookSigningSecret},
};
pub use flow::{
    AuthStatus, Decision, HeaderSource, OrganizationSync, RedirectError, Redirects, RequestState, RequestView,
    Requirement, RequirementFailed, ResponseEdit, parse_cookies, websocket,
};
pub use revocation::RevocationStore;
pub use token::{AcceptsToken, TokenType};
