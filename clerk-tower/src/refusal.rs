//! A core refusal as an `http` response, and the state that the layer attached.

use clerk_core::{AuthState, Denied};
use http::{Extensions, HeaderName, HeaderValue, Response, StatusCode};

/// The response that a refusal asks for; the [`Denied`] itself is put into its extensions, where a layer further out
/// can find it to answer in another form.
///
/// ```
/// use clerk_tower::core::Denied;
///
/// let response: http::Response<String> = clerk_tower::refusal(&Denied::forbidden());
/// assert_eq!(response.status(), 403);
/// assert!(response.extensions().get::<Denied>().is_some());
/// ```
#[must_use]
pub fn refusal<B: From<String>>(denied: &Denied) -> Response<B> {
    response(denied, B::from(denied.body().into_owned()))
}

pub(crate) fn response<B>(denied: &Denied, body: B) -> Response<B> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(denied.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in denied.headers() {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response.extensions_mut().insert(denied.clone());
    response
}

/// What [`ClerkLayer`](crate::ClerkLayer) attached to a request.
///
/// # Errors
/// A 500 refusal, and a log line that names the fix, when the layer is not mounted.
pub fn auth_state(extensions: &Extensions) -> Result<&AuthState, Denied> {
    extensions.get().ok_or_else(|| {
        Denied::layer_missing(
            "add ClerkLayer outside of this route: .layer(ClerkLayer::new(clerk)) on the Router, after the routes and RequireLayer",
        )
    })
}
