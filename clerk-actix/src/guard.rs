//! [`SignedIn`] and [`Require`]: guards that choose between routes by a request's state.
//!
//! A guard cannot answer 401: if no route matches, actix answers 404 or 405. So end the list with a route without a
//! guard that answers with [`unauthorized`], or use [`RequireAuth`](crate::RequireAuth) instead.
//!
//! ```
//! use actix_web::web;
//! use clerk_actix::{Policy, guard};
//!
//! # fn run() -> Result<(), clerk_actix::ConfigError> {
//! let admin = Policy::role("org:admin");
//! let reports = web::resource("/reports")
//!     .route(web::get().guard(guard::Require(admin)).to(async || "every report"))
//!     .route(web::get().guard(guard::SignedIn).to(async || "your reports"))
//!     .default_service(web::to(guard::unauthorized));
//! # let _ = actix_web::App::new().service(reports); Ok(()) }
//! ```

use actix_web::{
    HttpMessage, HttpRequest,
    guard::{Guard, GuardContext},
};
use clerk_core::{AuthState, Denied, Policy};

use crate::rejection::{AuthRejection, auth_state};

/// Guard that chooses a route for signed-in requests.
#[derive(Debug, Clone, Copy, Default)]
pub struct SignedIn;

/// Guard that chooses a route for requests that satisfy a policy.
#[derive(Debug, Clone)]
pub struct Require(pub Policy);

impl Guard for SignedIn {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        satisfies(context, &Policy::signed_in())
    }
}

impl Guard for Require {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        satisfies(context, &self.0)
    }
}

fn satisfies(context: &GuardContext<'_>, policy: &Policy) -> bool {
    context.req_data().get::<AuthState>().is_some_and(|state| state.require(policy).is_ok())
}

/// Handler for requests that no guard lets in: 401 for signed-out requests, 403 for the others.
///
/// # Errors
/// Always, with the refusal.
#[expect(clippy::unused_async, reason = "a handler is an async function")]
pub async fn unauthorized(request: HttpRequest) -> Result<actix_web::HttpResponse, AuthRejection> {
    let denied = match auth_state(&request.extensions()) {
        Ok(state) => state.session().err().unwrap_or_else(Denied::forbidden),
        Err(missing) => missing,
    };
    Err(AuthRejection::from(denied))
}
