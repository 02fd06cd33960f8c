//! [`CurrentUser`] and [`CurrentOrganization`]: who is signed in, as the Backend API has them.

use std::sync::Arc;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use clerk_api::{organizations::Organization, users::User};
use clerk_core::Denied;
use clerk_tower::{current_organization, current_user};
use http::request::Parts;

use crate::rejection::AuthRejection;

/// Extractor of the signed-in user, as the Backend API has them.
///
/// It needs a [`CurrentLayer`](crate::CurrentLayer). The user is fetched at most once per request and cached for a
/// short time; see [`clerk_api::current_user`], also for the responses when the API is unavailable.
/// `Option<CurrentUser>` is `None` for signed-out requests only.
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use clerk_axum::{Clerk, ClerkLayer, CurrentLayer, CurrentUser};
///
/// async fn me(CurrentUser(user): CurrentUser) -> String {
///     format!("Hello {}", user.first_name.as_deref().unwrap_or("you"))
/// }
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = Clerk::from_env()?;
/// let app: Router = Router::new()
///     .route("/me", get(me))
///     .layer(CurrentLayer::new(&clerk))
///     .layer(ClerkLayer::new(clerk));
/// # let _ = app; Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct CurrentUser(pub Arc<User>);

/// Extractor of the active organization, as the Backend API has it; works like [`CurrentUser`]. Without an active
/// organization the response is 403.
///
/// ```
/// use clerk_axum::{CurrentOrganization, CurrentUser};
///
/// #[axum::debug_handler]
/// async fn us(
///     CurrentUser(user): CurrentUser,
///     CurrentOrganization(organization): CurrentOrganization,
/// ) -> String {
///     format!("{} of {}", user.id, organization.name)
/// }
/// # let _: axum::routing::MethodRouter = axum::routing::get(us);
/// ```
#[derive(Debug, Clone)]
pub struct CurrentOrganization(pub Arc<Organization>);

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AuthRejection> {
        Ok(Self(current_user(&parts.extensions).await?))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for CurrentUser {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, AuthRejection> {
        none_if_signed_out(current_user(&parts.extensions).await.map(Self))
    }
}

impl<S: Sync> FromRequestParts<S> for CurrentOrganization {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AuthRejection> {
        Ok(Self(current_organization(&parts.extensions).await?))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for CurrentOrganization {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, AuthRejection> {
        none_if_signed_out(current_organization(&parts.extensions).await.map(Self))
    }
}

/// Maps the refusal of a signed-out request to `None`.
fn none_if_signed_out<T>(result: Result<T, Denied>) -> Result<Option<T>, AuthRejection> {
    match result {
        Err(denied) if denied.is_unauthenticated() => Ok(None),
        result => Ok(result.map(Some)?),
    }
}
