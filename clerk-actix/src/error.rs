//! [`AuthError`]: a core refusal as an actix response, and the state that the middleware attached.

use std::fmt;

use actix_web::{Error, HttpResponse, ResponseError, body::BoxBody, dev::Extensions, http::StatusCode};
use clerk_core::{AuthState, Denied};

use crate::answer::answer;

/// Error of [`Auth`](crate::Auth), [`Webhook`](crate::Webhook) and the middlewares: status, headers and body of a
/// [`Denied`].
///
/// Take `Result<Auth<T>, AuthError>` in a handler to answer it yourself, or find it with
/// [`HttpResponse::error`] in a middleware further out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthError(pub Denied);

impl ResponseError for AuthError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        answer(&self.0.answer())
    }
}

impl From<Denied> for AuthError {
    fn from(denied: Denied) -> Self {
        Self(denied)
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for AuthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// What the middleware attached. Takes the extensions by reference: their borrow must end before anything awaits.
pub(crate) fn auth_state(extensions: &Extensions) -> Result<&AuthState, Denied> {
    extensions.get().ok_or_else(|| {
        Denied::layer_missing(
            "add ClerkMiddleware to the App, as its last .wrap(), so that it runs before RequireAuth and the handlers",
        )
    })
}

/// The refusal in an error, if it is one.
pub(crate) fn denied(error: &Error) -> Option<&Denied> {
    error.as_error::<AuthError>().map(|error| &error.0)
}
