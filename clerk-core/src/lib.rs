#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod auth;
mod backend;
mod base;
mod clerk;
pub mod config;
mod flow;
pub mod observe;
mod protected_resource;
pub mod revocation;
pub mod token;

/// What the crates of this family share. Hidden: not part of the public interface.
#[doc(hidden)]
pub mod internal {
    pub use reqwest::Method as HttpMethod;

    pub use crate::{
        backend::{
            api::Backend,
            client::{ClientSettings, HttpClient, local_client},
            http::{
                ApiResponse, Call, CallError, CallProblem, FetchError, FetchErrorKind, Transport, is_secret_key_error,
            },
            single_flight::{Attempt, Failure, SingleFlight, Source, State},
        },
        base::{
            crypto::{constant_time_eq, random_bytes},
            flight::{FlightError, FlightMap},
            path_segment::{is_path_segment, path_segment},
            retry::{back_off, random, retry_after},
            shares::{Share, Shares},
            ttl_map::TtlMap,
        },
        config::{
            backend_api::BACKEND_API_VERSION,
            development_hosts::is_in_old_domain,
            url::{absolute, is_unencrypted, origin, shown},
        },
        observe::metrics::{SUCCESS, backend_call},
    };
}

pub use base::{names, time};
pub use clerk::{check, session_end};
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
        flow::{OrganizationSync, Redirects, Requirement},
        protected_resource::ProtectedResource,
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
pub use flow::RedirectError;
pub use revocation::RevocationStore;
