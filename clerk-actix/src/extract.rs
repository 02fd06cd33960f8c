//! [`Auth`] and [`MaybeAuth`]: what the middleware decided, in the type that the handler asks for.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use clerk_core::{AuthState, Denied, FromAuth};

use crate::rejection::{AuthRejection, auth_state};

/// Extractor of whatever [`FromAuth`] can take out of an authenticated request.
///
/// ```
/// use actix_web::get;
/// use clerk_actix::{Auth, OrgId, UserId};
///
/// #[get("/invoices")]
/// async fn invoices(Auth((user, organization)): Auth<(UserId, OrgId)>) -> String {
///     format!("invoices of {organization} for {user}")
/// }
/// # let _ = actix_web::App::new().service(invoices);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Auth<T>(pub T);

/// Extractor that is `None` for signed-out requests; 403, 500 and 503 still refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaybeAuth<T>(pub Option<T>);

impl<T: FromAuth> FromRequest for Auth<T> {
    type Error = AuthRejection;
    type Future = Ready<Result<Self, AuthRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(project(request, T::from_auth).map(Self))
    }
}

impl<T: FromAuth> FromRequest for MaybeAuth<T> {
    type Error = AuthRejection;
    type Future = Ready<Result<Self, AuthRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(project(request, T::from_auth_if_signed_in).map(Self))
    }
}

fn project<V>(request: &HttpRequest, take: impl FnOnce(&AuthState) -> Result<V, Denied>) -> Result<V, AuthRejection> {
    Ok(take(auth_state(&request.extensions())?)?)
}
