//! [`Auth`]: extracts a verified user, session or token in the handler's type.

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use clerk_core::FromAuth;
use clerk_tower::auth_state;
use http::request::Parts;

use crate::rejection::AuthRejection;

/// Extractor of any type that implements [`FromAuth`], such as `UserId` or `Session`.
///
/// `Option<Auth<T>>` is `None` for signed-out requests only: 403, 500 and 503 still refuse.
///
/// ```
/// use clerk_axum::{Auth, OrgId, UserId};
///
/// #[axum::debug_handler]
/// async fn invoices(Auth((user, organization)): Auth<(UserId, OrgId)>) -> String {
///     format!("invoices of {organization} for {user}")
/// }
/// # let _: axum::routing::MethodRouter = axum::routing::get(invoices);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Auth<T>(pub T);

impl<T: FromAuth, S: Sync> FromRequestParts<S> for Auth<T> {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AuthRejection> {
        Ok(Self(T::from_auth(auth_state(&parts.extensions)?)?))
    }
}

impl<T: FromAuth, S: Sync> OptionalFromRequestParts<S> for Auth<T> {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, AuthRejection> {
        Ok(T::from_auth_if_signed_in(auth_state(&parts.extensions)?)?.map(Self))
    }
}
