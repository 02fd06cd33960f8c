//! [`Auth`] and [`MaybeAuth`]: extract a verified user, session or token in the handler's type.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use clerk_core::{AuthState, Denied, FromAuth};

use crate::rejection::{AuthRejection, auth_state};

/// Extractor of any type that implements [`FromAuth`], such as `UserId` or `Session`.
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

/// Extractor of the same types, or of `None` for signed-out requests; 403, 500 and 503 still refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaybeAuth<T>(pub Option<T>);

impl<T: FromAuth> FromRequest for Auth<T> {
    type Error = AuthRejection;
    type Future = Ready<Result<Self, AuthRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(extract(request, T::from_auth).map(Self))
    }
}

impl<T: FromAuth> FromRequest for MaybeAuth<T> {
    type Error = AuthRejection;
    type Future = Ready<Result<Self, AuthRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(extract(request, T::from_auth_if_signed_in).map(Self))
    }
}

fn extract<V>(
    request: &HttpRequest,
    from_auth: impl FnOnce(&AuthState) -> Result<V, Denied>,
) -> Result<V, AuthRejection> {
    Ok(from_auth(auth_state(&request.extensions())?)?)
}
