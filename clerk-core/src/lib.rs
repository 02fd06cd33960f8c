#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative one would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/introduction.md\n")]
#![doc = concat!("[authorization]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/authorization.md\n")]
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
            retry::{back_off, random, retry_after_header},
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

pub use auth::{
    ApiKey, AuthState, Caller, CustomClaims, Denied, FromAuth, M2mToken, OAuthToken, OrgId, Organization, Policy,
    Reverification, Session, SessionId, UserId,
};
pub use base::time;
pub use clerk::{Clerk, authenticator::Authenticator, builder::ClerkBuilder};
pub use config::ConfigError;
pub use protected_resource::ProtectedResource;
pub use token::TokenType;

/// The names above, which every framework crate re-exports. Hidden: applications find them at the root of their crate.
#[doc(hidden)]
pub mod prelude {
    pub use crate::{
        ApiKey, AuthState, Authenticator, Caller, Clerk, ClerkBuilder, ConfigError, CustomClaims, Denied, FromAuth,
        M2mToken, OAuthToken, OrgId, Organization, Policy, ProtectedResource, Reverification, Session, SessionId,
        TokenType, UserId,
    };
}

/// What a framework crate needs, and an application does only where it authenticates by hand: the request as it is read,
/// and what to do with it.
pub mod adapter {
    pub use crate::{
        base::{http_response::HttpResponse, names},
        clerk::{VerifyError, authenticate::Authentication},
        flow::{
            AuthStatus, Decision, HeaderSource, RequestState, RequestView, Requirement, RequirementFailed,
            ResponseEdit, parse_cookies,
        },
    };
}

/// What browsers need besides: where they are redirected to, organizations in paths, and connections that stay open.
///
/// ```no_run
/// use clerk_core::{Authenticator, Clerk, ConfigError, browser::OrganizationSync};
///
/// # fn run(clerk: Clerk) -> Result<(), ConfigError> {
/// let sync = OrganizationSync::new().organization_patterns(["/orgs/:slug", "/orgs/:slug/(.*)"])?;
/// let pages = Authenticator::new(clerk).pages()?.organization_sync(sync);
/// # Ok(()) }
/// ```
pub mod browser {
    pub use crate::{
        clerk::session_end::{EndReason, RenewError, SessionEnd},
        flow::{OrganizationSync, RedirectError, Redirects, websocket},
    };
}

/// How a service is set up: what [`Clerk::check`] finds, and when Clerk's keys are fetched.
///
/// ```no_run
/// # async fn run(clerk: clerk_core::Clerk) {
/// for finding in clerk.check().await.problems() {
///     eprintln!("{finding}");
/// }
/// # }
/// ```
pub mod setup {
    pub use crate::{
        backend::jwks::{JwksPolicy, JwksRefresher, KeysUnavailable, KeysUnavailableKind},
        clerk::check::{CheckReport, Finding, Severity},
    };
}
