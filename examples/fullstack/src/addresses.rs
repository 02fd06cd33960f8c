//! The URLs of the app and the instance for browsers: by default one origin.

use std::{env, error::Error};

use axum::http::Uri;
use clerk_axum::clerk_core::{ClerkBuilder, ConfigError, config::PublicOrigin};
use clerk_local::{LocalClerk, LocalClerkBuilder};

/// The URLs of the app and the instance for browsers.
pub(crate) struct Addresses {
    /// The app's origin: `APP_URL`, or `http://localhost` with its port.
    pub(crate) app: String,
    /// The Frontend API's origin: `FRONTEND_API_URL`; `None` if the app is its proxy at `/__clerk`.
    frontend_api: Option<String>,
}

impl Addresses {
    pub(crate) fn from_env(port: u16) -> Self {
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let app = set("APP_URL").unwrap_or_else(|| format!("http://localhost:{port}"));
        Self { app, frontend_api: set("FRONTEND_API_URL") }
    }

    /// A local instance that allows the app's pages.
    pub(crate) fn instance(&self) -> Result<LocalClerkBuilder, Box<dyn Error>> {
        let builder = LocalClerk::builder();
        let builder = builder.allow_redirect_origin(&self.app).app_sign_in_url(&format!("{}/sign-in", self.app));
        let Some(url) = &self.frontend_api else { return Ok(builder) };
        let builder = builder.public_url(url);
        let uri: Uri = url.parse()?;
        // With plain HTTP the URL's port is the instance's own; with HTTPS a proxy in front has it.
        Ok(match uri.port_u16() {
            Some(port) if uri.scheme_str() == Some("http") => builder.frontend_port(port),
            _ => builder,
        })
    }

    /// Adds the URLs to the backend's configuration.
    pub(crate) fn configure_backend(&self, clerk: ClerkBuilder) -> Result<ClerkBuilder, ConfigError> {
        let clerk = match &self.frontend_api {
            Some(_) => clerk,
            None => clerk.proxy_url(&format!("{}/__clerk", self.app))?,
        };
        clerk
            .public_origin(PublicOrigin::fixed(&self.app)?)
            .sign_in_url(&format!("{}/sign-in", self.app))?
            .authorized_parties([&self.app])
    }

    /// Fills the page's placeholders: the URL of its scripts, and the Frontend API that they call.
    pub(crate) fn fill(&self, page: &str, local: &LocalClerk) -> String {
        let frontend_api = self.frontend_api.as_deref().unwrap_or("/__clerk");
        // Without a proxy URL, clerk-js uses the host in the publishable key, always over HTTPS.
        let proxy_url = if frontend_api == local.issuer() { "" } else { frontend_api };
        page.replace("{publishable_key}", local.publishable_key().as_str())
            .replace("{frontend_api}", frontend_api)
            .replace("{proxy_url}", proxy_url)
    }
}
