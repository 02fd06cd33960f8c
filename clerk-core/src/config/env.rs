//! The environment variables: one table of all, and how they are read.

use super::{
    error::{ConfigError, ConfigErrorKind},
    pasted::{find_invisible, unquote},
    webhook_secret::WebhookSigningSecret,
};

/// Every environment variable that [`Clerk::from_env`](crate::Clerk::from_env) reads, with what it sets.
///
/// An empty variable counts as unset, and one pair of quotes around a value is ignored. Clerk's own backend SDKs do not know those marked "(this crate only)"; all others
/// are the same as there ([Clerk's page](https://clerk.com/docs/deployments/clerk-environment-variables)).
pub const ENVIRONMENT_VARIABLES: &[(&str, &str)] = &[
    (SECRET_KEY, "secret key (sk_...), to call the Backend API and fetch the verification keys"),
    (PUBLISHABLE_KEY, "publishable key (pk_...): identifies the instance, and so the issuer that tokens must have"),
    (JWT_KEY, "JWT public key in PEM form, to verify tokens without network access"),
    (MACHINE_SECRET_KEY, "machine secret key (ak_...)"),
    (API_URL, "URL of the Backend API; default: https://api.clerk.com"),
    (API_VERSION, "version in the Backend API's paths; default: v1"),
    (
        AUTHORIZED_PARTIES,
        "comma-separated origins whose tokens are accepted, azp; with the entry none also tokens without azp (this crate only)",
    ),
    (DOMAIN, "the domain of a satellite or multi-domain application"),
    (IS_SATELLITE, "true on a satellite domain"),
    (PROXY_URL, "URL or path of the Frontend API proxy"),
    (FAPI_URL, "URL that the Frontend API proxy forwards to; default: https://frontend-api.clerk.dev"),
    (SATELLITE_AUTO_SYNC, "true if a satellite syncs every unknown browser with the primary domain"),
    (PUBLIC_ORIGIN, "the URL under which browsers reach this service, if the proxy does not say it (this crate only)"),
    (REDIRECT_ORIGINS, "comma-separated origins of a development instance's satellites (this crate only)"),
    (SIGN_IN_URL, "URL of the sign-in page"),
    (SIGN_UP_URL, "URL of the sign-up page"),
    (WEBHOOK_SIGNING_SECRET, "webhook signing secret (whsec_...); during a rotation two, separated by a comma"),
];

pub(crate) const SECRET_KEY: &str = "CLERK_SECRET_KEY";
pub(crate) const PUBLISHABLE_KEY: &str = "CLERK_PUBLISHABLE_KEY";
pub(crate) const JWT_KEY: &str = "CLERK_JWT_KEY";
pub(crate) const MACHINE_SECRET_KEY: &str = "CLERK_MACHINE_SECRET_KEY";
pub(crate) const API_URL: &str = "CLERK_API_URL";
pub(crate) const API_VERSION: &str = "CLERK_API_VERSION";
pub(crate) const AUTHORIZED_PARTIES: &str = "CLERK_AUTHORIZED_PARTIES";
pub(crate) const DOMAIN: &str = "CLERK_DOMAIN";
pub(crate) const IS_SATELLITE: &str = "CLERK_IS_SATELLITE";
pub(crate) const PROXY_URL: &str = "CLERK_PROXY_URL";
pub(crate) const FAPI_URL: &str = "CLERK_FAPI_URL";
pub(crate) const SATELLITE_AUTO_SYNC: &str = "CLERK_SATELLITE_AUTO_SYNC";
pub(crate) const PUBLIC_ORIGIN: &str = "CLERK_PUBLIC_ORIGIN";
pub(crate) const REDIRECT_ORIGINS: &str = "CLERK_REDIRECT_ORIGINS";
pub(crate) const SIGN_IN_URL: &str = "CLERK_SIGN_IN_URL";
pub(crate) const SIGN_UP_URL: &str = "CLERK_SIGN_UP_URL";
pub(crate) const WEBHOOK_SIGNING_SECRET: &str = "CLERK_WEBHOOK_SIGNING_SECRET";

/// Reads variables; each error names the variable.
pub(crate) struct Variables<'a> {
    pub(crate) read: &'a dyn Fn(&'static str) -> Option<String>,
}

impl<'a> Variables<'a> {
    pub(crate) fn new(read: &'a dyn Fn(&'static str) -> Option<String>) -> Self {
        Self { read }
    }

    pub(crate) fn text(&self, name: &'static str) -> Option<String> {
        (self.read)(name).map(|value| unquote(&value).to_owned()).filter(|value| !value.is_empty())
    }

    pub(crate) fn apply<T>(
        &self,
        target: T,
        name: &'static str,
        set: impl FnOnce(T, &str) -> Result<T, ConfigError>,
    ) -> Result<T, ConfigError> {
        match self.text(name) {
            Some(value) => set(target, &value).map_err(|error| explain(error, &value).in_setting(name)),
            None => Ok(target),
        }
    }
}

/// Names the character that a person cannot see, which is why the value looks right to them.
fn explain(error: ConfigError, value: &str) -> ConfigError {
    match find_invisible(value).filter(|_| error.kind() != ConfigErrorKind::InvalidJwtKey) {
        Some(name) => {
            ConfigError::new(error.kind(), format!("the value contains {name}: delete it, or type the value again"))
        }
        None => error,
    }
}

/// The secrets in `CLERK_WEBHOOK_SIGNING_SECRET`, separated by commas; empty if the variable is not set.
///
/// # Errors
/// When a secret is malformed.
pub fn webhook_signing_secrets(
    read: &dyn Fn(&'static str) -> Option<String>,
) -> Result<Vec<WebhookSigningSecret>, ConfigError> {
    Variables::new(read).apply(Vec::new(), WEBHOOK_SIGNING_SECRET, |_, value| secrets(value))
}

pub(crate) fn secrets(text: &str) -> Result<Vec<WebhookSigningSecret>, ConfigError> {
    list(text).map(str::parse).collect()
}

pub(crate) fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}
