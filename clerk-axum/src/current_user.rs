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
/// It needs a [`CurrentLayer`](crate::CurrentLayer). The API is asked once for a request, and not at all where it was a
/// moment ago: see [`clerk_api::current_user`], also for what is answered when it cannot be asked. `Option<CurrentUser>` is
/// `None` for signed-out requests only.
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

/// Extractor of the active organization, as the Backend API has it; the same holds as for [`CurrentUser`]. Without an active
/// organization the answer is 403.
///
/// ```
/// use clerk_axum::{CurrentOrganization, CurrentUser};
///
/// #[axum::debug_handler]
/// async fn us(CurrentUser(user): CurrentUser, CurrentOrganization(organization): CurrentOrganization) -> String {
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
        if_signed_in(current_user(&parts.extensions).await.map(Self))
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
        if_signed_in(current_organization(&parts.extensions).await.map(Self))
    }
}

fn if_signed_in<T>(outcome: Result<T, Denied>) -> Result<Option<T>, AuthRejection> {
    match outcome {
        Err(denied) if denied.is_unauthenticated() => Ok(None),
        outcome => Ok(outcome.map(Some)?),
    }
}
