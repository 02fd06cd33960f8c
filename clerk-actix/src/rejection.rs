//! [`AuthRejection`] and [`auth_state`]: a refusal as an actix response, and a request's state.

use std::fmt;

use actix_web::{Error, HttpResponse, ResponseError, body::BoxBody, dev::Extensions, http::StatusCode};
use clerk_core::{AuthState, Denied};

use crate::response::to_actix;

/// Error of [`Auth`](crate::Auth) and the middlewares: status, headers and body of a [`Denied`].
///
/// To answer it yourself, take `Result<Auth<T>, AuthRejection>` in a handler, or find it with [`HttpResponse::error`]
/// in an outer middleware.
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

impl ResponseError for AuthRejection {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        to_actix(&self.0.response())
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

/// The state that [`ClerkMiddleware`](crate::ClerkMiddleware) attached to a request.
///
/// Takes the extensions by reference: their borrow must end before anything awaits.
///
/// # Errors
/// A 500 refusal, and a log line that names the fix, when the middleware is not mounted.
pub fn auth_state(extensions: &Extensions) -> Result<&AuthState, Denied> {
    extensions.get().ok_or_else(|| {
        Denied::layer_missing(
            "add ClerkMiddleware to the App, as its last .wrap(), so that it runs before RequireAuth and the handlers",
        )
    })
}

/// The refusal in an error, if it is one.
pub(crate) fn find_denied(error: &Error) -> Option<&Denied> {
    error.as_error::<AuthRejection>().map(|error| &error.0)
}
