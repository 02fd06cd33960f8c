//! [`Running`]: an axum app that trusts a local instance.

use std::error::Error;

use axum::Router;
use clerk_axum::{Clerk, ClerkBuilder, ConfigError};
use clerk_local::{LocalApp, LocalClerk, LocalResponse};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// An axum app and the instance that it trusts, both on ports of their own.
pub(crate) struct Running {
    pub(crate) local: LocalClerk,
    pub(crate) app: LocalApp,
}

impl Running {
    /// Starts both.
    pub(crate) async fn start<R>(build: impl FnOnce(Clerk) -> R) -> Outcome<Self>
    where
        R: IntoRouter,
    {
        Self::start_with(|builder| builder, build).await
    }

    /// The same, with further settings of the app's `Clerk`.
    pub(crate) async fn start_with<R>(
        configure: impl FnOnce(ClerkBuilder) -> ClerkBuilder,
        build: impl FnOnce(Clerk) -> R,
    ) -> Outcome<Self>
    where
        R: IntoRouter,
    {
        let (local, app) = (LocalClerk::start().await?, LocalApp::bind()?);
        let clerk = configure(app.clerk_builder(&local)?).build()?;
        let routes = build(clerk).into_router()?;
        let listener = tokio::net::TcpListener::from_std(app.listener()?)?;
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { local, app })
    }

    /// A session token of this user of the demo seed.
    pub(crate) fn token(&self, user: &str) -> Outcome<String> {
        Ok(self.local.token(user)?.authorized_party(self.app.origin()).mint())
    }

    /// The response to a GET request with this token; an empty one is not sent.
    pub(crate) async fn get(&self, path: &str, token: &str) -> Outcome<LocalResponse> {
        let request = self.app.get(path);
        Ok(if token.is_empty() { request } else { request.bearer(token) }.send().await?)
    }

    /// The status of the same.
    pub(crate) async fn status(&self, path: &str, token: &str) -> Outcome<u16> {
        Ok(self.get(path, token).await?.status)
    }
}

/// A router, or why there is none.
pub(crate) trait IntoRouter {
    fn into_router(self) -> Outcome<Router>;
}

impl IntoRouter for Router {
    fn into_router(self) -> Outcome<Router> {
        Ok(self)
    }
}

impl IntoRouter for Result<Router, ConfigError> {
    fn into_router(self) -> Outcome<Router> {
        Ok(self?)
    }
}
