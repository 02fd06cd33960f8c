//! What the configuration says about the instance and its pages, and what follows from it.

use std::{borrow::Cow, fmt};

use super::{
    WebhookSigningSecret,
    public_origin::PublicOrigin,
    publishable_key::{InstanceType, PublishableKey},
    upstream::Upstream,
};
use url::Url;

/// What is kept for those who ask for it later.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) publishable_key: Option<PublishableKey>,
    /// Of the secret key, for want of a publishable key.
    pub(crate) secret_instance_type: Option<InstanceType>,
    /// Derived from the publishable key once, as it is needed for every request.
    pub(crate) cookie_suffix: Option<Box<str>>,
    pub(crate) webhook_signing_secrets: Box<[WebhookSigningSecret]>,
    pub(crate) domain: Option<Box<str>>,
    pub(crate) is_satellite: bool,
    pub(crate) satellite_auto_sync: bool,
    /// Origins that a browser may be sent back to besides its own.
    pub(crate) redirect_origins: Box<[Box<str>]>,
    pub(crate) proxy_url: Option<Box<str>>,
    /// Where the Frontend API proxy sends its requests, if not to Clerk's own place.
    pub(crate) proxy_upstream: Option<Upstream>,
    pub(crate) public_origin: PublicOrigin,
    pub(crate) sign_in_url: Option<Box<str>>,
    pub(crate) sign_up_url: Option<Box<str>>,
}

impl Settings {
    /// Whether a satellite's sign-in page is on the satellite itself, where users cannot sign in. `is_own` decides about an
    /// absolute URL; a path is always on the satellite.
    pub(crate) fn signs_in_on_satellite(&self, is_own: impl FnOnce(&Url) -> bool) -> bool {
        let sign_in = self.sign_in_url.as_deref().filter(|_| self.is_satellite);
        sign_in.is_some_and(|sign_in| Url::parse(sign_in).map_or(true, |sign_in| is_own(&sign_in)))
    }

    /// Whether this is a development or a production instance; without any key that says so, the stricter one.
    pub(crate) fn instance_type(&self) -> InstanceType {
        let named = self.publishable_key.as_ref().map(PublishableKey::instance_type);
        named.or(self.secret_instance_type).unwrap_or(InstanceType::Production)
    }

    /// The issuers that tokens of the configured instance may have; `None` when nothing names the instance.
    pub(crate) fn issuers(&self) -> Option<Box<[Box<str>]>> {
        let key = self.publishable_key.as_ref()?;
        let mut issuers: Vec<Box<str>> = vec![format!("https://{}", key.frontend_api()).into()];
        issuers.extend(self.domain.as_ref().map(|domain| format!("https://clerk.{domain}").into()));
        issuers.extend(self.proxy_url.clone().filter(|url| !url.starts_with('/')));
        Some(issuers.into())
    }

    /// The host that issues the instance's tokens, whichever way it is reached.
    pub(crate) fn token_issuer(&self) -> Cow<'_, str> {
        match (&self.publishable_key, &self.domain) {
            (Some(key), Some(domain)) if self.is_satellite && key.instance_type() == InstanceType::Production => {
                Cow::Owned(format!("clerk.{domain}"))
            }
            (Some(key), _) => Cow::Borrowed(key.frontend_api()),
            (None, _) => Cow::Borrowed(""),
        }
    }

    /// The Frontend API as a browser on this page reaches it: a host, or where it is proxied.
    pub(crate) fn frontend_api(&self, here: Option<&Url>) -> Option<String> {
        self.publishable_key.as_ref()?;
        match self.proxy_url.as_deref() {
            Some(path) if path.starts_with('/') => Some(format!("{}{path}", here?.origin().ascii_serialization())),
            Some(url) => Some(url.to_owned()),
            None => Some(self.token_issuer().into_owned()),
        }
    }

    /// Where the Frontend API is reached from here.
    pub(crate) fn frontend_api_url(&self) -> Option<String> {
        self.publishable_key.as_ref()?;
        match self.proxy_url.as_deref().filter(|url| !url.starts_with('/')) {
            Some(proxy) => Some(proxy.to_owned()),
            None => Some(format!("https://{}", self.token_issuer())),
        }
    }

    pub(crate) fn sign_in_url(&self) -> Option<String> {
        self.sign_in_url.as_deref().map(str::to_owned).or_else(|| Some(format!("{}/sign-in", self.portal()?)))
    }

    pub(crate) fn sign_up_url(&self) -> Option<String> {
        self.sign_up_url.as_deref().map(str::to_owned).or_else(|| Some(format!("{}/sign-up", self.portal()?)))
    }

    fn portal(&self) -> Option<String> {
        Some(account_portal(self.publishable_key.as_ref()?.frontend_api()))
    }
}

/// The [account portal](https://clerk.com/docs/guides/customizing-clerk/account-portal) of the instance with this
/// Frontend API.
///
/// ```
/// assert_eq!(clerk_core::config::account_portal("clerk.example.com"), "https://accounts.example.com");
/// ```
#[must_use]
pub fn account_portal(frontend_api: &str) -> String {
    let host = frontend_api.replacen("clerk.accountsstage.", "accountsstage.", 1);
    let first = |pattern: &str| host.find(pattern);
    let host = match (first("clerk.accounts."), first("clerk.")) {
        (Some(long), Some(short)) if long <= short => host.replacen("clerk.accounts.", "accounts.", 1),
        (_, Some(_)) => host.replacen("clerk.", "accounts.", 1),
        (_, None) => host,
    };
    format!("https://{host}")
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("publishable_key", &self.publishable_key)
            .field("webhook_signing_secrets", &self.webhook_signing_secrets)
            .field("domain", &self.domain)
            .field("is_satellite", &self.is_satellite)
            .field("satellite_auto_sync", &self.satellite_auto_sync)
            .field("redirect_origins", &self.redirect_origins)
            .field("public_origin", &self.public_origin)
            .field("proxy_url", &self.proxy_url)
            .field("proxy_upstream", &self.proxy_upstream)
            .field("sign_in_url", &self.sign_in_url)
            .field("sign_up_url", &self.sign_up_url)
            .finish_non_exhaustive()
    }
}
