//! Where browsers find the app and the instance: one origin unless the environment says otherwise.

use std::{env, error::Error};

use axum::http::Uri;
use clerk_axum::core::{ClerkBuilder, ConfigError, config::PublicOrigin};
use clerk_local::{LocalClerk, LocalClerkBuilder};

/// Where browsers find the app and the instance.
pub(crate) struct Addresses {
    /// The app's origin: `APP_URL`, or `http://localhost` with its port.
    pub(crate) app: String,
    /// The Frontend API's: `FRONTEND_API_URL`, or none of its own when the app passes `/__clerk` on.
    frontend_api: Option<String>,
}

impl Addresses {
    pub(crate) fn from_env(port: u16) -> Self {
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let app = set("APP_URL").unwrap_or_else(|| format!("http://localhost:{port}"));
        Self { app, frontend_api: set("FRONTEND_API_URL") }
    }

    /// An instance that lets the app's pages use it.
    pub(crate) fn instance(&self) -> Result<LocalClerkBuilder, Box<dyn Error>> {
        let builder = LocalClerk::builder();
        let builder = builder.allow_redirect_origin(&self.app).app_sign_in_url(&format!("{}/sign-in", self.app));
        let Some(url) = &self.frontend_api else { return Ok(builder) };
        let builder = builder.public_url(url);
        let uri: Uri = url.parse()?;
        // Over plain HTTP it is the instance's own port; TLS ends somewhere in between.
        Ok(match uri.port_u16() {
            Some(port) if uri.scheme_str() == Some("http") => builder.frontend_port(port),
            _ => builder,
        })
    }

    /// What the backend is to know of them.
    pub(crate) fn of_backend(&self, clerk: ClerkBuilder) -> Result<ClerkBuilder, ConfigError> {
        let clerk = match &self.frontend_api {
            Some(_) => clerk,
            None => clerk.proxy_url(&format!("{}/__clerk", self.app))?,
        };
        clerk
            .public_origin(PublicOrigin::fixed(&self.app)?)
            .sign_in_url(&format!("{}/sign-in", self.app))?
            .authorized_parties([&self.app])
    }

    /// The page with where its scripts come from, and what they call.
    pub(crate) fn fill(&self, page: &str, local: &LocalClerk) -> String {
        let frontend_api = self.frontend_api.as_deref().unwrap_or("/__clerk");
        // Without a proxy URL clerk-js takes the address in the publishable key, always over https.
        let proxy_url = if frontend_api == local.issuer() { "" } else { frontend_api };
        page.replace("{publishable_key}", local.publishable_key().as_str())
            .replace("{frontend_api}", frontend_api)
            .replace("{proxy_url}", proxy_url)
    }
}
