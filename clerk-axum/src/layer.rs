//! [`ClerkLayer`] and [`RequireAuthLayer`]: the tower layers for axum's body.

use axum::extract::OriginalUri;
use clerk_core::{Authenticator, Clerk, ConfigError, adapter::Requirement};
use tower_layer::Layer;

use crate::body::BodyService;

/// Layer that decides who sent each request and attaches an [`AuthState`](clerk_core::AuthState) to it.
///
/// It never refuses: [`RequireAuthLayer`] and the extractors do. Built from a [`Clerk`], it is for an API and never
/// redirects. [`pages`](Self::pages) is for pages; an [`Authenticator`] has all other settings. It is
/// [`clerk_tower::ClerkLayer`] for axum's body.
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use clerk_axum::{Clerk, ClerkLayer};
///
/// let clerk = Clerk::from_env()?;
/// let app: Router =
///     Router::new().route("/", get(async || "hello")).layer(ClerkLayer::new(clerk));
/// # Ok::<(), clerk_axum::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ClerkLayer(clerk_tower::ClerkLayer);

impl ClerkLayer {
    /// A layer with this [`Authenticator`], or with the default one of this [`Clerk`].
    #[must_use]
    pub fn new(authenticator: impl Into<Authenticator>) -> Self {
        // `Router::nest` strips a part of the path.
        let layer = clerk_tower::ClerkLayer::new(authenticator);
        Self(layer.original_uri(|extensions| extensions.get::<OriginalUri>().map(|original| &original.0)))
    }

    /// A layer for pages: a browser with an expired or unknown session goes through Clerk's handshake, and a refused
    /// page load is redirected to the sign-in page.
    ///
    /// # Errors
    /// When the publishable key or the secret key is missing, which the handshake needs.
    pub fn pages(clerk: Clerk) -> Result<Self, ConfigError> {
        Ok(Self::new(Authenticator::new(clerk).pages()?))
    }
}

impl<S> Layer<S> for ClerkLayer {
    type Service = BodyService<clerk_tower::authenticate::ClerkService<S>>;

    fn layer(&self, inner: S) -> Self::Service {
        BodyService(self.0.layer(inner))
    }
}

/// Layer that answers 401 to requests that are not signed in and 403 to those that do not satisfy its policy.
///
/// Put it inside of a [`ClerkLayer`], whose state it reads. It is built from a [`Policy`](clerk_core::Policy), or from
/// a [`Requirement`] with more settings. It is [`clerk_tower::RequireAuthLayer`] for axum's body.
///
/// ```
/// use clerk_axum::{Policy, RequireAuthLayer};
///
/// let admins = RequireAuthLayer::new(Policy::role("org:admin"));
/// # Ok::<(), clerk_axum::ConfigError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct RequireAuthLayer(clerk_tower::RequireAuthLayer);

impl RequireAuthLayer {
    /// A layer with this policy or requirement.
    #[must_use]
    pub fn new(requirement: impl Into<Requirement>) -> Self {
        Self(clerk_tower::RequireAuthLayer::new(requirement))
    }
}

impl<S> Layer<S> for RequireAuthLayer {
    type Service = BodyService<clerk_tower::require_auth::RequireAuthService<S>>;

    fn layer(&self, inner: S) -> Self::Service {
        BodyService(self.0.layer(inner))
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::to_bytes, routing::get};
    use http::Request;
    use tower::{ServiceBuilder, ServiceExt};
    use tower_http::trace::TraceLayer;

    use super::*;

    #[tokio::test]
    async fn layers_that_change_the_body_fit_inside_and_outside() {
        let clerk = || {
            let key = "pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse().unwrap();
            ClerkLayer::new(Clerk::builder().publishable_key(key).build().unwrap())
        };
        let inside = ServiceBuilder::new()
            .layer(clerk())
            .layer(TraceLayer::new_for_http())
            .layer(RequireAuthLayer::default())
            .layer(TraceLayer::new_for_http());
        let outside = ServiceBuilder::new().layer(TraceLayer::new_for_http()).layer(clerk());
        let app: Router = Router::new()
            .route("/private", get(async || "private").layer(inside))
            .route("/public", get(async || "public").layer(outside));
        for (path, status, text) in [("/public", 200, "public"), ("/private", 401, "unauthenticated")] {
            let request = Request::get(path).body(axum::body::Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status, "{path}");
            let body = to_bytes(response.into_body(), 1000).await.unwrap();
            assert!(std::str::from_utf8(&body).unwrap().contains(text), "{path}: {body:?}");
        }
    }
}
