//! Checks of settings against each other.

use super::{
    error::{ConfigError, ConfigErrorKind},
    instance::InstanceConfig,
    publishable_key::{InstanceType, PublishableKey},
    secret_key::SecretKey,
    url::is_unencrypted,
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

/// Refuses to send a live key unencrypted.
pub(crate) fn encryption(secret: Option<&SecretKey>, api_url: &str) -> Result<(), ConfigError> {
    let live = secret.is_some_and(|secret| secret.instance_type() == Some(InstanceType::Production));
    if live && is_unencrypted(api_url) {
        return Err(ConfigError::new(
            ConfigErrorKind::InvalidUrl,
            "CLERK_API_URL is http, so a live secret key would travel unencrypted: use https",
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
