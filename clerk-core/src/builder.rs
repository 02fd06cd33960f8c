//! [`ClerkBuilder`]: settings checked one by one, then against each other.

use std::{sync::Arc, time::Duration};

use zeroize::Zeroizing;

use crate::{
    clerk::{Clerk, Inner},
    config::{
        ConfigError, ConfigErrorKind, InstanceType, JwtKey, MachineSecretKey, PublishableKey, Rules, SecretKey,
        Settings,
        url::{absolute, host, origin, page, unencrypted},
    },
    flow::Keys,
    http::Transport,
    jwks::{Source, Store},
    time::{Clock, SystemClock},
};

/// The largest clock skew that can be configured: more would keep expired tokens alive longer than they live.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(60);

/// Builder of a [`Clerk`].
///
/// No setter and not [`build`](Self::build) do any I/O. Made by [`Clerk::builder`].
#[derive(Debug, Clone)]
pub struct ClerkBuilder {
    settings: Settings,
    secret_key: Option<SecretKey>,
    jwt_key: Option<JwtKey>,
    api_url: Box<str>,
    api_version: Box<str>,
    authorized_parties: Option<Box<[Box<str>]>>,
    audiences: Option<Box<[Box<str>]>>,
    issuers: Issuers,
    clock_skew: Duration,
    http_timeout: Duration,
    clock: Arc<dyn Clock>,
}

#[derive(Debug, Clone)]
enum Issuers {
    Any,
    Derived,
    Listed(Box<[Box<str>]>),
}

impl Default for ClerkBuilder {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            secret_key: None,
            jwt_key: None,
            api_url: "https://api.clerk.com".into(),
            api_version: "v1".into(),
            authorized_parties: None,
            audiences: None,
            issuers: Issuers::Derived,
            clock_skew: Duration::from_secs(5),
            http_timeout: Duration::from_secs(5),
            clock: Arc::new(SystemClock),
        }
    }
}

impl ClerkBuilder {
    /// The instance's secret key; its keys are then fetched from the Backend API.
    #[must_use]
    pub fn secret_key(mut self, key: SecretKey) -> Self {
        self.secret_key = Some(key);
        self
    }

    /// The instance's publishable key: it names the issuer that tokens must have. Without a secret key, the
    /// instance's keys are fetched from the Frontend API that it names.
    #[must_use]
    pub fn publishable_key(mut self, key: PublishableKey) -> Self {
        self.settings.publishable_key = Some(key);
        self
    }

    /// The instance's public key; tokens are then verified without any network, and their `kid` is not compared.
    #[must_use]
    pub fn jwt_key(mut self, key: JwtKey) -> Self {
        self.jwt_key = Some(key);
        self
    }

    /// A machine's secret key, for machine-to-machine tokens.
    #[must_use]
    pub fn machine_secret_key(mut self, key: MachineSecretKey) -> Self {
        self.settings.machine_secret_key = Some(key);
        self
    }

    /// The secret that webhooks are signed with, `whsec_...`.
    ///
    /// # Errors
    /// When it does not begin with `whsec_`.
    pub fn webhook_signing_secret(mut self, secret: &str) -> Result<Self, ConfigError> {
        if !secret.starts_with("whsec_") {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidSecretKey,
                "not a webhook signing secret: it must begin with whsec_; copy it from the endpoint's page in the Clerk dashboard",
            ));
        }
        self.settings.webhook_signing_secret = Some(Zeroizing::new(secret.to_owned()));
        Ok(self)
    }

    /// The Backend API's URL; `https://api.clerk.com` unless set.
    ///
    /// # Errors
    /// When it is no absolute http(s) URL.
    pub fn api_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.api_url = absolute(url)?;
        Ok(self)
    }

    /// The Backend API's version in its path; `v1` unless set.
    ///
    /// # Errors
    /// When it is no single path segment.
    pub fn api_version(mut self, version: &str) -> Result<Self, ConfigError> {
        if version.is_empty() || !version.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(ConfigError::new(ConfigErrorKind::InvalidSetting, "must be a version such as v1"));
        }
        self.api_version = version.into();
        Ok(self)
    }

    /// The origins whose tokens are accepted: the `azp` claim must then be there and be one of them.
    ///
    /// Set it whenever other sites on your domain could hold a session cookie; see
    /// [Clerk's page](https://clerk.com/docs/guides/sessions/manual-jwt-verification).
    ///
    /// # Errors
    /// When one is no origin (`https://app.example.com`, without a path), or there is none.
    pub fn authorized_parties<I>(mut self, parties: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let parties: Vec<Box<str>> =
            parties.into_iter().map(|party| origin(party.as_ref())).collect::<Result<_, _>>()?;
        self.authorized_parties =
            Some(nonempty(parties, "name at least one origin, https://app.example.com for example")?);
        Ok(self)
    }

    /// The audiences that tokens may be meant for: the `aud` claim must then be there and hold one of them.
    ///
    /// # Errors
    /// When there is none.
    pub fn audiences<I>(mut self, audiences: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let audiences = audiences.into_iter().map(|audience| audience.as_ref().into()).collect();
        self.audiences = Some(nonempty(audiences, "name at least one audience")?);
        Ok(self)
    }

    /// The accepted issuers, instead of the one that the publishable key, domain and proxy URL imply.
    ///
    /// # Errors
    /// When there is none.
    pub fn issuers<I>(mut self, issuers: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let issuers = issuers.into_iter().map(|issuer| issuer.as_ref().into()).collect();
        self.issuers = Issuers::Listed(nonempty(issuers, "name at least one issuer")?);
        Ok(self)
    }

    /// Accepts tokens of any issuer that the key verifies, as Clerk's own SDK does by default.
    #[must_use]
    pub fn any_issuer(mut self) -> Self {
        self.issuers = Issuers::Any;
        self
    }

    /// The domain of a satellite or multi-domain application; its Frontend API is then `clerk.<domain>`.
    ///
    /// # Errors
    /// When it is no host name.
    pub fn domain(mut self, domain: &str) -> Result<Self, ConfigError> {
        self.settings.domain = Some(host(domain)?);
        Ok(self)
    }

    /// Whether this is a satellite domain.
    #[must_use]
    pub fn satellite(mut self, is_satellite: bool) -> Self {
        self.settings.is_satellite = is_satellite;
        self
    }

    /// Where the Frontend API is proxied: an absolute URL, or a path of this application.
    ///
    /// # Errors
    /// When it is neither.
    pub fn proxy_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.proxy_url =
            Some(if url.starts_with('/') && !url.starts_with("//") { url.into() } else { absolute(url)? });
        Ok(self)
    }

    /// The sign-in page; the instance's account portal unless set.
    ///
    /// # Errors
    /// When it is neither an absolute http(s) URL nor a path.
    pub fn sign_in_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.sign_in_url = Some(page(url)?);
        Ok(self)
    }

    /// The sign-up page; the instance's account portal unless set.
    ///
    /// # Errors
    /// When it is neither an absolute http(s) URL nor a path.
    pub fn sign_up_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.sign_up_url = Some(page(url)?);
        Ok(self)
    }

    /// How far this machine's clock may be off; 5 s unless set, at most 60 s.
    ///
    /// # Errors
    /// When it is above 60 s.
    pub fn clock_skew(mut self, skew: Duration) -> Result<Self, ConfigError> {
        if skew > MAX_CLOCK_SKEW {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidSetting,
                "clock skew above 60 s would accept tokens for twice their life: synchronise this machine's clock instead",
            ));
        }
        self.clock_skew = skew;
        Ok(self)
    }

    /// How long one fetch of the keys may take in all; 5 s unless set.
    #[must_use]
    pub fn http_timeout(mut self, timeout: Duration) -> Self {
        self.http_timeout = timeout;
        self
    }

    /// Where "now" comes from; the system clock unless set.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Checks the settings against each other.
    ///
    /// # Errors
    /// When no key was given, when the secret and the publishable key are not of the same kind of instance, when a
    /// live key would travel unencrypted, or when the HTTPS client cannot start.
    pub fn build(self) -> Result<Clerk, ConfigError> {
        let derived = self.settings.issuers();
        let rules = Rules {
            clock_skew: self.clock_skew,
            issuers: match self.issuers {
                Issuers::Any => None,
                Issuers::Derived => derived,
                Issuers::Listed(issuers) => Some(issuers),
            },
            authorized_parties: self.authorized_parties,
            audiences: self.audiences,
        };
        if let (Some(secret), Some(publishable)) = (&self.secret_key, &self.settings.publishable_key)
            && secret.instance_type() != publishable.instance_type()
        {
            return Err(ConfigError::new(
                ConfigErrorKind::MixedInstanceTypes,
                format!(
                    "CLERK_SECRET_KEY is of a {} instance and CLERK_PUBLISHABLE_KEY of a {} instance: copy both from the same page of the Clerk dashboard, API keys",
                    secret.instance_type().noun(),
                    publishable.instance_type().noun()
                ),
            ));
        }
        let keys = match (self.jwt_key, self.secret_key) {
            (Some(key), _) => Keys::Fixed(key),
            (None, Some(secret)) => {
                if secret.instance_type() == InstanceType::Production && unencrypted(&self.api_url) {
                    return Err(ConfigError::new(
                        ConfigErrorKind::InvalidUrl,
                        "CLERK_API_URL is http, so a live secret key would travel unencrypted: use https",
                    ));
                }
                let transport = Transport::new(self.http_timeout)?;
                let source = Source::backend_api(&self.api_url, &self.api_version, secret, transport);
                Keys::Remote(Store::new(source, Arc::clone(&self.clock)))
            }
            (None, None) => {
                let url = self.settings.frontend_api_url().ok_or_else(|| {
                    ConfigError::new(
                        ConfigErrorKind::MissingKeys,
                        "no key is set: set CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY (Clerk dashboard, API keys), or CLERK_JWT_KEY to verify without a network",
                    )
                })?;
                Keys::Remote(Store::new(
                    Source::frontend_api(&url, Transport::new(self.http_timeout)?),
                    Arc::clone(&self.clock),
                ))
            }
        };
        if rules.authorized_parties.is_none() {
            tracing::info!(
                target: "clerk",
                "no authorized parties are set, so tokens issued to any origin of the instance are accepted; name your app's origins in CLERK_AUTHORIZED_PARTIES"
            );
        }
        Ok(Clerk::new(Inner { rules, keys, clock: self.clock, settings: self.settings }))
    }
}

fn nonempty(list: Vec<Box<str>>, problem: &str) -> Result<Box<[Box<str>]>, ConfigError> {
    if list.is_empty() {
        return Err(ConfigError::new(ConfigErrorKind::InvalidSetting, problem));
    }
    Ok(list.into())
}
