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
        backend::{client::local_client, http::is_secret_key_error},
        base::{
            flight::{FlightError, FlightMap},
            path_segment::{is_path_segment, path_segment},
            retry::{back_off, random, retry_after},
        },
        config::backend_api::BACKEND_API_VERSION,
    };
}

pub use base::{names, store, time};
pub use clerk::{check, session_end};
pub use endpoint::{m2m, proxy, webhook};
pub use flow::websocket;
pub use prelude::*;

/// The names that an application uses. Every framework crate re-exports them.
///
/// ```
/// use clerk_core::prelude::*;
///
/// let admins = Requirement::new(Policy::signed_in());
/// ```
pub mod prelude {
    pub use crate::{
        auth::{
            ApiKey, AuthState, Caller, CustomClaims, Denied, DeniedKind, FromAuth, M2mToken, OAuthToken, OrgId,
            Organization, Policy, Reason, Reverification, Session, SessionId, UserId,
        },
        backend::jwks::JwksPolicy,
        base::http_response::HttpResponse,
        clerk::{Clerk, VerifyError, authenticator::Authenticator, builder::ClerkBuilder, session_end::SessionEnd},
        config::{ConfigError, InstanceType, JwtKey, MachineSecretKey, PublishableKey, SecretKey},
        endpoint::{
            m2m::M2mTokenSource,
            protected_resource::ProtectedResource,
            proxy::{FrontendApiProxy, TrustedPeers},
            webhook::{Event, EventData, WebhookEndpoint, WebhookSigningSecret},
        },
        flow::{OrganizationSync, Redirects, Requirement},
        token::{AcceptsToken, TokenType},
    };
}

/// What a framework crate needs to authenticate requests, and an application does not: the request as it is read, and what
/// to do with it.
pub mod adapter {
    pub use crate::{
        clerk::authenticate::Authentication,
        flow::{
            AuthStatus, Decision, HeaderSource, RequestState, RequestView, RequirementFailed, ResponseEdit,
            parse_cookies,
        },
    };
}

pub use backend::jwks::{JwksRefresher, KeysUnavailable, KeysUnavailableKind};
pub use clerk::backend_access::BackendAccess;
pub use flow::RedirectError;
pub use revocation::RevocationStore;
