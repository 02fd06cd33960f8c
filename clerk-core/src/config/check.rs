//! Checks of settings against each other.

use super::{
    error::{ConfigError, ConfigErrorKind},
    instance::InstanceConfig,
    publishable_key::{InstanceType, PublishableKey},
    secret_key::SecretKey,
    url::{ApiUrl, is_container, is_unencrypted},
};

/// Refuses a test key together with a live key: they cannot belong to the same instance.
pub(crate) fn instance_types(
    secret: Option<&SecretKey>,
    publishable: Option<&PublishableKey>,
) -> Result<(), ConfigError> {
    let (Some(secret), Some(publishable)) = (secret.and_then(SecretKey::instance_type), publishable) else {
        return Ok(());
    };
    if secret == publishable.instance_type() {
        return Ok(());
    }
    Err(ConfigError::new(
        ConfigErrorKind::MixedInstanceTypes,
        format!(
            "CLERK_SECRET_KEY belongs to a {} instance and CLERK_PUBLISHABLE_KEY to a {} instance: copy both from the same page of the Clerk dashboard, API keys",
            secret.noun(),
            publishable.instance_type().noun()
        ),
    ))
}

/// Refuses to send a secret, or to fetch the keys of a production instance, unencrypted. The keys of a development instance
/// may travel so between containers.
pub(crate) fn encryption(
    secret: Option<&SecretKey>,
    has_machine_secret: bool,
    api_url: &ApiUrl,
    settings: &InstanceConfig,
) -> Result<(), ConfigError> {
    let unencrypted = |problem: &str| ConfigError::new(ConfigErrorKind::InvalidUrl, problem);
    let publishable = settings.publishable_key.as_ref().map(PublishableKey::instance_type);
    let named = secret.and_then(SecretKey::instance_type).or(publishable);
    let is_development = named == Some(InstanceType::Development) && secret.is_none_or(|s| s.instance_type().is_some());
    if (secret.is_some() || has_machine_secret)
        && is_unencrypted(api_url.expose())
        && !(is_development && is_container(api_url.expose()))
    {
        return Err(unencrypted("CLERK_API_URL is http, so a secret key would travel unencrypted: use https"));
    }
    let proxy_url = settings.proxy_url.as_deref().unwrap_or_default();
    if publishable == Some(InstanceType::Production) && is_unencrypted(proxy_url) {
        return Err(unencrypted(
            "CLERK_PROXY_URL is http, so the keys and sessions of a production instance would travel unencrypted: use https",
        ));
    }
    Ok(())
}

/// A satellite needs its own address, and in development the sign-in page of the primary domain.
pub(crate) fn satellite(settings: &InstanceConfig) -> Result<(), ConfigError> {
    if !settings.is_satellite {
        return Ok(());
    }
    if settings.domain.is_none() && settings.proxy_url.is_none() {
        return Err(ConfigError::new(
            ConfigErrorKind::InvalidSetting,
            "a satellite needs CLERK_DOMAIN, or CLERK_PROXY_URL: the address of its own Frontend API follows from it",
        ));
    }
    if settings.instance_type() == InstanceType::Development && settings.sign_in_url.is_none() {
        return Err(ConfigError::new(
            ConfigErrorKind::InvalidSetting,
            "a satellite of a development instance needs CLERK_SIGN_IN_URL: the absolute address of the primary domain's sign-in page",
        ));
    }
    Ok(())
}

pub(crate) fn no_keys() -> ConfigError {
    ConfigError::new(
        ConfigErrorKind::MissingKeys,
        "no key is set. With a Clerk application: set CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY (Clerk dashboard, API keys, or `clerk env pull`), or CLERK_JWT_KEY to verify without a network. Without one: `npx clerk@latest init` makes one and needs no account; `clerk-local serve` prints keys of an instance on this machine",
    )
}
