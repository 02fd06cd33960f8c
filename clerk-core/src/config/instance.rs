//! [`InstanceConfig`]: the settings of an instance and its pages, and the addresses that follow from them.

use std::{borrow::Cow, fmt};

use super::{
    WebhookSigningSecret,
    public_origin::PublicOrigin,
    publishable_key::{InstanceType, PublishableKey},
    url::shown,
};
use url::Url;

/// Settings that are needed after the builder is gone.
#[derive(Clone, Default)]
pub(crate) struct InstanceConfig {
    pub(crate) publishable_key: Option<PublishableKey>,
    /// From the secret key; used if there is no publishable key.
    pub(crate) secret_instance_type: Option<InstanceType>,
    /// Derived once from the publishable key, because every request needs it.
    pub(crate) cookie_suffix: Option<Box<str>>,
    pub(crate) webhook_signing_secrets: Box<[WebhookSigningSecret]>,
    pub(crate) domain: Option<Box<str>>,
    pub(crate) is_satellite: bool,
    pub(crate) satellite_auto_sync: bool,
    /// Further origins to which a browser may be redirected.
    pub(crate) redirect_origins: Box<[Box<str>]>,
    pub(crate) proxy_url: Option<Box<str>>,
    /// Target of the Frontend API proxy; `None` for Clerk's own.
    pub(crate) proxy_upstream: Option<Box<str>>,
    pub(crate) public_origin: PublicOrigin,
    pub(crate) sign_in_url: Option<Box<str>>,
    pub(crate) sign_up_url: Option<Box<str>>,
}

impl InstanceConfig {
    /// Whether a satellite's sign-in page is on the satellite itself, where users cannot sign in. `is_own` decides about an
    /// absolute URL; a path is always on the satellite.
    pub(crate) fn signs_in_on_satellite(&self, is_own: impl FnOnce(&Url) -> bool) -> bool {
        let sign_in = self.sign_in_url.as_deref().filter(|_| self.is_satellite);
        sign_in.is_some_and(|sign_in| Url::parse(sign_in).map_or(true, |sign_in| is_own(&sign_in)))
    }

    /// The instance type; production, the stricter one, if no key says it.
    pub(crate) fn instance_type(&self) -> InstanceType {
        let named = self.publishable_key.as_ref().map(PublishableKey::instance_type);
        named.or(self.secret_instance_type).unwrap_or(InstanceType::Production)
    }

    /// The accepted issuers; `None` without a publishable key.
    pub(crate) fn issuers(&self) -> Option<Box<[Box<str>]>> {
        let key = self.publishable_key.as_ref()?;
        let mut issuers: Vec<Box<str>> = vec![format!("https://{}", key.frontend_api()).into()];
        issuers.extend(self.domain.as_ref().map(|domain| format!("https://clerk.{domain}").into()));
        issuers.extend(self.proxy_url.clone().filter(|url| !url.starts_with('/')));
        Some(issuers.into())
    }

    /// The host that issues the instance's tokens, even if it is reached through a proxy.
    pub(crate) fn token_issuer(&self) -> Cow<'_, str> {
        match (&self.publishable_key, &self.domain) {
            (Some(key), Some(domain)) if self.is_satellite && key.instance_type() == InstanceType::Production => {
                Cow::Owned(format!("clerk.{domain}"))
            }
            (Some(key), _) => Cow::Borrowed(key.frontend_api()),
            (None, _) => Cow::Borrowed(""),
        }
    }

    /// The Frontend API as seen by a browser on this page: a host, or the URL of the proxy.
    pub(crate) fn frontend_api(&self, here: Option<&Url>) -> Option<String> {
        self.publishable_key.as_ref()?;
        match self.proxy_url.as_deref() {
            Some(path) if path.starts_with('/') => Some(format!("{}{path}", here?.origin().ascii_serialization())),
            Some(url) => Some(url.to_owned()),
            None => Some(self.token_issuer().into_owned()),
        }
    }

    /// Where browsers reach the Frontend API: a host, or the URL or path of its proxy.
    pub(crate) fn browser_frontend_api(&self) -> Option<String> {
        self.publishable_key.as_ref()?;
        self.frontend_api(None).or_else(|| self.proxy_url.as_deref().map(str::to_owned))
    }

    /// The URL of the Frontend API for this service.
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

impl fmt::Debug for InstanceConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstanceConfig")
            .field("publishable_key", &self.publishable_key)
            .field("webhook_signing_secrets", &self.webhook_signing_secrets)
            .field("domain", &self.domain)
            .field("is_satellite", &self.is_satellite)
            .field("satellite_auto_sync", &self.satellite_auto_sync)
            .field("redirect_origins", &self.redirect_origins)
            .field("public_origin", &self.public_origin)
            .field("proxy_url", &self.proxy_url.as_deref().map(shown))
            .field("proxy_upstream", &self.proxy_upstream.as_deref().map(shown))
            .field("sign_in_url", &self.sign_in_url.as_deref().map(shown))
            .field("sign_up_url", &self.sign_up_url.as_deref().map(shown))
            .finish_non_exhaustive()
    }
}
