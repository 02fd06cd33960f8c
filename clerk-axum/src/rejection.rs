//! [`AuthRejection`]: a refusal as an axum response.

use std::fmt;

use axum_core::{
    body::Body,
    response::{IntoResponse, Response},
};
use clerk_core::Denied;

/// Rejection of [`Auth`](crate::Auth): status, headers and body of a [`Denied`].
///
/// To answer it yourself, take `Result<Auth<T>, AuthRejection>` in a handler, or find the [`Denied`] in the response's
/// extensions in an outer layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthRejection(Denied);

impl AuthRejection {
    /// The refusal, with its status and kind.
    #[must_use]
    pub const fn denied(&self) -> &Denied {
        &self.0
    }

    /// Whether the cause is that the request is not signed in.
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
