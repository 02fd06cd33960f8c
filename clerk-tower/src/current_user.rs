//! [`CurrentLayer`]: fetches a request's user and organization from the Backend API.
//!
//! A token holds ids. [`current_user`] and [`current_organization`] fetch the rest, such as names and e-mail addresses:
//!
//! ```
//! use clerk_tower::{Clerk, ClerkLayer, CurrentLayer, Denied, current_user, refusal};
//! use http::{Request, Response};
//!
//! async fn greet(request: &Request<String>) -> Result<Response<String>, Denied> {
//!     let user = current_user(request.extensions()).await?;
//!     Ok(Response::new(format!("Hello {}", user.first_name.as_deref().unwrap_or("you"))))
//! }
//!
//! # fn run(clerk: Clerk) {
//! let service = tower::ServiceBuilder::new()
//!     .layer(CurrentLayer::new(&clerk))
//!     .layer(ClerkLayer::new(clerk))
//!     .service_fn(async |request: Request<String>| {
//!         let response = greet(&request).await.unwrap_or_else(|denied| refusal(&denied));
//!         Ok::<_, std::convert::Infallible>(response)
//!     });
//! # let _: &dyn std::any::Any = &service; }
//! ```
//!
//! The API is called at most once per request, concurrent requests share one call, and the result is cached for 10 s or
//! until a webhook reports a change. See [`clerk_api::current_user`].

use std::{
    future::Future,
    sync::Arc,
    task::{Context, Poll},
};

use clerk_api::{CurrentSource, RequestCurrent, organizations::Organization, users::User};
use clerk_core::{AuthState, Denied};
use http::{Extensions, Request};
use tower_layer::Layer;
use tower_service::Service;

use crate::refusal::auth_state;

/// Layer that lets handlers fetch the signed-in user from the Backend API. It fetches nothing until a handler asks.
///
/// Its order relative to [`ClerkLayer`](crate::ClerkLayer) does not matter, as long as both are outside of the
/// handlers.
///
/// ```
/// use clerk_tower::{ClerkLayer, CurrentLayer, api::CurrentSource, clerk_core::Clerk};
///
/// # fn run(clerk: Clerk) {
/// // Or `CurrentLayer::new(&clerk)`, if only the layer needs it.
/// let current = CurrentSource::new(&clerk);
/// let layers = tower::ServiceBuilder::new()
///     .layer(ClerkLayer::new(clerk))
///     .layer(CurrentLayer::new(current));
/// # let _ = layers; }
/// ```
#[derive(Debug, Clone)]
pub struct CurrentLayer(CurrentSource);

impl CurrentLayer {
    /// A layer with this source, or with a new one for this [`Clerk`](clerk_core::Clerk).
    #[must_use]
    pub fn new(source: impl Into<CurrentSource>) -> Self {
        Self(source.into())
    }
}

impl<S> Layer<S> for CurrentLayer {
    type Service = CurrentService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CurrentService { inner, source: self.0.clone() }
    }
}

/// Service that attaches the source to each request; see [`CurrentLayer`].
#[derive(Debug, Clone)]
pub struct CurrentService<S> {
    inner: S,
    source: CurrentSource,
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for CurrentService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        request.extensions_mut().insert(RequestCurrent::new(self.source.clone()));
        self.inner.call(request)
    }
}

/// Fetches the signed-in user from the Backend API, at most once per request.
///
/// ```
/// use clerk_tower::clerk_core::Denied;
/// use http::Request;
///
/// async fn greet<B>(request: &Request<B>) -> Result<String, Denied> {
///     let user = clerk_tower::current_user(request.extensions()).await?;
///     Ok(format!("Hello {}", user.first_name.as_deref().unwrap_or("you")))
/// }
/// ```
///
/// # Errors
/// The refusal to answer with: see [`CurrentSource::user`]; 500 when a layer is not mounted.
pub fn current_user(extensions: &Extensions) -> impl Future<Output = Result<Arc<User>, Denied>> + Send + use<> {
    let fetch = current_of(extensions).map(|(current, state)| current.user(state));
    async move { fetch?.await }
}

/// Fetches the active organization from the Backend API, at most once per request.
///
/// # Errors
/// The refusal to answer with: see [`CurrentSource::organization`]; 500 when a layer is not mounted.
pub fn current_organization(
    extensions: &Extensions,
) -> impl Future<Output = Result<Arc<Organization>, Denied>> + Send + use<> {
    let fetch = current_of(extensions).map(|(current, state)| current.organization(state));
    async move { fetch?.await }
}

fn current_of(extensions: &Extensions) -> Result<(&RequestCurrent, &AuthState), Denied> {
    let state = auth_state(extensions)?;
    let current = extensions.get().ok_or_else(|| {
        Denied::layer_missing("add CurrentLayer outside of this route: .layer(CurrentLayer::new(&clerk)) on the Router")
    })?;
    Ok((current, state))
}
