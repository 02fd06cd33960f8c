//! [`AuthRejection`]: a core refusal as an actix response, and the state that the middleware attached.

use std::fmt;

use actix_web::{Error, HttpResponse, ResponseError, body::BoxBody, dev::Extensions, http::StatusCode};
use clerk_core::{AuthState, Denied};

use crate::response::to_actix;

/// Error of [`Auth`](crate::Auth), [`Webhook`](crate::Webhook) and the middlewares: status, headers and body of a
/// [`Denied`].
///
/// Take `Result<Auth<T>, AuthRejection>` in a handler to answer it yourself, or find it with
/// [`HttpResponse::error`] in a middleware further out.
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

/// What [`ClerkMiddleware`](crate::ClerkMiddleware) attached to a request.
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
pub(crate) fn denied(error: &Error) -> Option<&Denied> {
    error.as_error::<AuthRejection>().map(|error| &error.0)
}
