//! [`AuthRejection`]: a core refusal as an axum response.

use std::fmt;

use axum_core::{
    body::Body,
    response::{IntoResponse, Response},
};
use clerk_core::Denied;

/// Rejection of [`Auth`](crate::Auth) and [`Webhook`](crate::Webhook): status, headers and body of a [`Denied`].
///
/// Take `Result<Auth<T>, AuthRejection>` in a handler to answer it yourself, or find the [`Denied`] in the response's
/// extensions from a layer further out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthRejection(Denied);

impl AuthRejection {
    /// The refusal: its status, and what kind it is.
    #[must_use]
    pub const fn denied(&self) -> &Denied {
        &self.0
    }

    /// Whether the request is not signed in, as opposed to refused for another reason.
    #[must_use]
    pub const fn is_signed_out(&self) -> bool {
        self.0.is_unauthenticated()
    }
}

impl IntoResponse for AuthRejection {
    fn into_response(self) -> Response {
        clerk_tower::refusal::<Body>(&self.0)
    }
}

impl From<Denied> for AuthRejection {
    fn from(denied: Denied) -> Self {
        Self(denied)
    }
}

impl fmt::Display for AuthRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for AuthRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
