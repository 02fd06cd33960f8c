//! What the configuration says about the instance and its pages, and what follows from it.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    publishable_key::{InstanceType, PublishableKey},
    secret_key::MachineSecretKey,
};

/// What is kept for those who ask for it later.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) publishable_key: Option<PublishableKey>,
    pub(crate) machine_secret_key: Option<MachineSecretKey>,
    pub(crate) webhook_signing_secret: Option<Zeroizing<String>>,
    pub(crate) domain: Option<Box<str>>,
    pub(crate) is_satellite: bool,
    pub(crate) proxy_url: Option<Box<str>>,
    pub(crate) sign_in_url: Option<Box<str>>,
    pub(crate) sign_up_url: Option<Box<str>>,
}

impl Settings {
    /// The issuers that tokens of the configured instance may have; `None` when nothing names the instance.
    pub(crate) fn issuers(&self) -> Option<Box<[Box<str>]>> {
        let key = self.publishable_key.as_ref()?;
        let mut issuers: Vec<Box<str>> = vec![format!("https://{}", key.frontend_api()).into()];
        issuers.extend(self.domain.as_ref().map(|domain| format!("https://clerk.{domain}").into()));
        issuers.extend(self.proxy_url.clone().filter(|url| !url.starts_with('/')));
        Some(issuers.into())
    }

    /// Where the Frontend API is reached from here.
    pub(crate) fn frontend_api_url(&self) -> Option<String> {
        let key = self.publishable_key.as_ref()?;
        if let Some(proxy) = self.proxy_url.as_deref().filter(|url| !url.starts_with('/')) {
            return Some(proxy.to_owned());
        }
        match &self.domain {
            Some(domain) if self.is_satellite && key.instance_type() == InstanceType::Production => {
                Some(format!("https://clerk.{domain}"))
            }
            _ => Some(format!("https://{}", key.frontend_api())),
        }
    }

    pub(crate) fn sign_in_url(&self) -> Option<String> {
        self.sign_in_url.as_deref().map(str::to_owned).or_else(|| Some(format!("{}/sign-in", self.account_portal()?)))
    }

    pub(crate) fn sign_up_url(&self) -> Option<String> {
        self.sign_up_url.as_deref().map(str::to_owned).or_else(|| Some(format!("{}/sign-up", self.account_portal()?)))
    }

    /// The instance's [account portal](https://clerk.com/docs/guides/customizing-clerk/account-portal).
    fn account_portal(&self) -> Option<String> {
        let host = self.publishable_key.as_ref()?.frontend_api();
        let host = match host.strip_prefix("clerk.") {
            Some(rest) => format!("accounts.{rest}"),
            None => host.replacen(".clerk.accounts.", ".accounts.", 1),
        };
        Some(format!("https://{host}"))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("publishable_key", &self.publishable_key)
            .field("machine_secret_key", &self.machine_secret_key)
            .field("webhook_signing_secret", &self.webhook_signing_secret.as_ref().map(|_| "whsec_***"))
            .field("domain", &self.domain)
            .field("is_satellite", &self.is_satellite)
            .field("proxy_url", &self.proxy_url)
            .field("sign_in_url", &self.sign_in_url)
            .field("sign_up_url", &self.sign_up_url)
            .finish()
    }
}
