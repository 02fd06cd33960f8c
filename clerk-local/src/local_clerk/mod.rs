//! [`LocalClerk`]: one instance, its keys and addresses.

mod builder;
mod messages;
mod observe;
mod tokens;
mod users;

use std::{fmt, sync::Arc, time::Duration};

use clerk_core::{
    Clerk, ClerkBuilder, ConfigError,
    config::{PublishableKey, SecretKey},
    time::Timestamp,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    error::StartError,
    server::Server,
    shared::{ISSUER, Shared},
};
pub use builder::LocalClerkBuilder;

/// A running instance; it stops when it is dropped.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use clerk_local::LocalClerk;
///
/// let local = LocalClerk::start().await?; // ports of the system's choice, the demo seed
/// let fixed = LocalClerk::builder().frontend_port(4400).backend_port(4401).start().await?;
/// # Ok(()) }
/// ```
pub struct LocalClerk {
    pub(crate) shared: Arc<Shared>,
    pub(crate) backend_api_url: String,
    pub(crate) frontend_api_url: String,
    pub(crate) servers: Vec<Server>,
}

impl LocalClerk {
    /// The instance's publishable key.
    #[must_use]
    pub fn publishable_key(&self) -> &PublishableKey {
        &self.shared.publishable_key
    }

    /// The instance's secret key; a new one at each start without a data file.
    #[must_use]
    pub fn secret_key(&self) -> &SecretKey {
        &self.shared.secret_key
    }

    /// The URL of the Backend API, for `CLERK_API_URL`.
    #[must_use]
    pub fn backend_api_url(&self) -> &str {
        &self.backend_api_url
    }

    /// The URL of the Frontend API and of the pages on this machine.
    #[must_use]
    pub fn frontend_api_url(&self) -> &str {
        &self.frontend_api_url
    }

    /// Where browsers reach the Frontend API and the pages: [`LocalClerkBuilder::public_url`], or else
    /// [`frontend_api_url`](Self::frontend_api_url).
    #[must_use]
    pub fn public_url(&self) -> &str {
        self.shared.frontend_api_url()
    }

    /// The `iss` claim of the instance's tokens.
    #[must_use]
    pub const fn issuer(&self) -> &'static str {
        ISSUER
    }

    /// The public key in PEM form, for `CLERK_JWT_KEY`.
    #[must_use]
    pub fn jwt_key_pem(&self) -> String {
        self.shared.key().public_pem()
    }

    /// A builder of a `Clerk` that trusts this instance as it would trust the real one: secret key, publishable key,
    /// API URL, webhook signing secret, clock. The Frontend API is proxied, as Clerk calls it, so that browsers find it
    /// at [`public_url`](Self::public_url), unless that is where the publishable key leads anyway.
    ///
    /// # Errors
    /// Never with the keys of an instance; they pass through the same checks as yours.
    pub fn clerk_builder(&self) -> Result<ClerkBuilder, ConfigError> {
        let builder = Clerk::builder()
            .secret_key(self.shared.secret_key.clone())
            .publishable_key(self.shared.publishable_key.clone())
            .machine_secret_key(self.shared.machine_secret_key.clone())
            .clock(Arc::clone(&self.shared.clock))
            .sign_in_url(&self.shared.sign_in_url())?
            .webhook_signing_secrets([self.webhook_signing_secret().parse()?])
            .api_url(&self.backend_api_url)?;
        if self.public_url() == ISSUER { Ok(builder) } else { builder.proxy_url(self.public_url()) }
    }

    /// The environment variables of an app that trusts this instance.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("CLERK_PUBLISHABLE_KEY", self.publishable_key().as_str().to_owned()),
            ("CLERK_SECRET_KEY", self.secret_key().expose().to_owned()),
            ("CLERK_API_URL", self.backend_api_url.clone()),
            ("CLERK_PROXY_URL", self.public_url().to_owned()),
            ("CLERK_SIGN_IN_URL", self.shared.sign_in_url()),
            ("CLERK_WEBHOOK_SIGNING_SECRET", self.webhook_signing_secret().to_owned()),
        ];
        // The publishable key leads there anyway, so no proxy is needed.
        variables.retain(|(name, url)| *name != "CLERK_PROXY_URL" || url != ISSUER);
        variables
    }

    /// The address of the sign-in page, which returns to `return_to`.
    #[must_use]
    pub fn sign_in_url(&self, return_to: &str) -> String {
        self.page("sign-in", return_to)
    }

    /// The address of the sign-out page, which returns to `return_to`.
    #[must_use]
    pub fn sign_out_url(&self, return_to: &str) -> String {
        self.page("sign-out", return_to)
    }

    fn page(&self, name: &str, return_to: &str) -> String {
        format!("{}/{name}?redirect_url={}", self.public_url(), utf8_percent_encode(return_to, NON_ALPHANUMERIC))
    }

    /// The time of the instance's clock, which [`advance`](Self::advance) moves.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// Moves the clock forward, for the instance and for every `Clerk` of [`clerk_builder`](Self::clerk_builder).
    pub fn advance(&self, by: Duration) {
        self.shared.time_travel.advance(by);
    }

    /// Signs with a new key from now on; the old one leaves the JWKS.
    ///
    /// # Errors
    /// When the system's random source fails.
    pub fn rotate_key(&self) -> Result<(), StartError> {
        self.shared.rotate_key()
    }

    /// Stops the instance as dropping it does, and returns when its ports are free again.
    pub async fn shutdown(mut self) {
        for server in std::mem::take(&mut self.servers) {
            server.stop().await;
        }
    }
}

impl Drop for LocalClerk {
    fn drop(&mut self) {
        self.shared.webhooks.stop();
    }
}

impl fmt::Debug for LocalClerk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalClerk")
            .field("backend_api_url", &self.backend_api_url)
            .field("frontend_api_url", &self.frontend_api_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_backend_api_requires_the_secret_key() {
        let local = LocalClerk::start().await.unwrap();
        let client = reqwest::Client::new();
        let url = format!("{}/v1/jwks", local.backend_api_url());
        for key in [None, Some("sk_test_wrong"), Some("")] {
            let request = client.get(&url);
            let request = if let Some(key) = key { request.bearer_auth(key) } else { request };
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 401);
            assert!(response.text().await.unwrap().contains("clerk_key_invalid"));
        }
        let get = |url: String| client.get(url).bearer_auth(local.secret_key().expose()).send();
        let keys = get(url).await.unwrap().text().await.unwrap();
        assert!(keys.contains(r#""kty":"RSA""#));
        assert_eq!(local.jwks_requests(), 1);
        assert_eq!(get(format!("{}/v1/no_such_thing", local.backend_api_url())).await.unwrap().status(), 404);
        let public = client.get(format!("{}/.well-known/jwks.json", local.frontend_api_url())).send().await.unwrap();
        assert_eq!(public.text().await.unwrap(), keys);
    }

    #[tokio::test]
    async fn other_hosts_names_are_not_answered() {
        let local = LocalClerk::start().await.unwrap();
        for url in [local.backend_api_url(), local.frontend_api_url()] {
            let response = reqwest::Client::new().get(url).header("host", "evil.example").send().await.unwrap();
            assert_eq!(response.status(), 421, "{url}");
        }
    }

    #[tokio::test]
    async fn ports_are_free_after_the_end() {
        let local = LocalClerk::start().await.unwrap();
        let port = url::Url::parse(local.backend_api_url()).unwrap().port().unwrap();
        local.shutdown().await;
        LocalClerk::builder().backend_port(port).start().await.unwrap();
    }

    #[tokio::test]
    async fn a_port_in_use_is_reported_in_one_line() {
        let local = LocalClerk::start().await.unwrap();
        let port = url::Url::parse(local.backend_api_url()).unwrap().port().unwrap();
        let error = LocalClerk::builder().backend_port(port).start().await.unwrap_err().to_string();
        assert!(error.contains(&port.to_string()) && !error.contains('\n'), "{error}");
    }
}
