//! [`refusal`] and [`auth_state`]: a refusal as an `http` response, and a request's state.

use clerk_core::{AuthState, Denied};
use http::{Extensions, Response};

use crate::response::refuse;

/// Converts a refusal to a response. The [`Denied`] is put into its extensions, for outer layers that answer in another
/// form.
///
/// ```
/// use clerk_tower::clerk_core::Denied;
///
/// let response: http::Response<String> = clerk_tower::refusal(&Denied::forbidden());
/// assert_eq!(response.status(), 403);
/// assert!(response.extensions().get::<Denied>().is_some());
/// ```
#[must_use]
pub fn refusal<B: From<String>>(denied: &Denied) -> Response<B> {
    let response = denied.response();
    refuse(denied, &response, B::from(response.body().to_owned()))
}

/// The state that [`ClerkLayer`](crate::ClerkLayer) attached to a request.
///
/// # Errors
/// A 500 refusal, and a log line that names the fix, when the layer is not mounted.
pub fn auth_state(extensions: &Extensions) -> Result<&AuthState, Denied> {
    extensions.get().ok_or_else(|| {
        Denied::layer_missing(
            "add ClerkLayer outside of this route: .layer(ClerkLayer::new(clerk)) on the Router, after the routes and RequireAuthLayer",
        )
    })
}
