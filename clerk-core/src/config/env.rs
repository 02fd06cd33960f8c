//! The environment variables, all in one table.

use super::{
    error::{ConfigError, ConfigErrorKind},
    publishable_key::InstanceType,
};
use crate::webhook::WebhookSigningSecret;

/// Every environment variable that [`Clerk::from_env`](crate::Clerk::from_env) reads, with what it sets.
///
/// An empty variable counts as unset. `CLERK_AUTHORIZED_PARTIES` is ours; the others are those of Clerk's own
/// backend SDKs ([Clerk's page](https://clerk.com/docs/deployments/clerk-environment-variables)).
pub const ENVIRONMENT_VARIABLES: &[(&str, &str)] = &[
    (SECRET_KEY, "secret key (sk_...): the keys are fetched from the Backend API"),
    (PUBLISHABLE_KEY, "publishable key (pk_...): names the instance, and so the issuer that tokens must have"),
    (JWT_KEY, "JWT public key in PEM form: verification without a network"),
    (MACHINE_SECRET_KEY, "machine secret key (ak_...)"),
    (API_URL, "the Backend API, https://api.clerk.com by default"),
    (API_VERSION, "the Backend API's version in its path, v1 by default"),
    (AUTHORIZED_PARTIES, "origins, separated by commas, whose tokens are accepted (azp)"),
    (DOMAIN, "the domain of a satellite or multi-domain application"),
    (IS_SATELLITE, "true on a satellite domain"),
    (PROXY_URL, "where the Frontend API is proxied, absolute or a path"),
    (FAPI_URL, "where the Frontend API proxy sends its requests, https://frontend-api.clerk.dev by default"),
    (SATELLITE_AUTO_SYNC, "true where a satellite asks about every browser that it does not know"),
    (REDIRECT_ORIGINS, "origins, separated by commas, of a development instance's satellites (ours)"),
    (SIGN_IN_URL, "the sign-in page"),
    (SIGN_UP_URL, "the sign-up page"),
    (
        WEBHOOK_SIGNING_SECRET,
        "webhook signing secret (whsec_...); while it is being replaced, two, separated by a comma",
    ),
];

pub(super) const SECRET_KEY: &str = "CLERK_SECRET_KEY";
pub(super) const PUBLISHABLE_KEY: &str = "CLERK_PUBLISHABLE_KEY";
const JWT_KEY: &str = "CLERK_JWT_KEY";
const MACHINE_SECRET_KEY: &str = "CLERK_MACHINE_SECRET_KEY";
const API_URL: &str = "CLERK_API_URL";
const API_VERSION: &str = "CLERK_API_VERSION";
const AUTHORIZED_PARTIES: &str = "CLERK_AUTHORIZED_PARTIES";
const DOMAIN: &str = "CLERK_DOMAIN";
const IS_SATELLITE: &str = "CLERK_IS_SATELLITE";
const PROXY_URL: &str = "CLERK_PROXY_URL";
const FAPI_URL: &str = "CLERK_FAPI_URL";
const SATELLITE_AUTO_SYNC: &str = "CLERK_SATELLITE_AUTO_SYNC";
const REDIRECT_ORIGINS: &str = "CLERK_REDIRECT_ORIGINS";
const SIGN_IN_URL: &str = "CLERK_SIGN_IN_URL";
const SIGN_UP_URL: &str = "CLERK_SIGN_UP_URL";
const WEBHOOK_SIGNING_SECRET: &str = "CLERK_WEBHOOK_SIGNING_SECRET";

/// Applies every set variable to a builder, each error naming its variable.
pub(crate) struct Environment<'a> {
    read: &'a dyn Fn(&'static str) -> Option<String>,
}

impl<'a> Environment<'a> {
    pub(crate) fn new(read: &'a dyn Fn(&'static str) -> Option<String>) -> Self {
        Self { read }
    }

    fn text(&self, name: &'static str) -> Option<String> {
        (self.read)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn apply<T>(
        &self,
        target: T,
        name: &'static str,
        set: impl FnOnce(T, &str) -> Result<T, ConfigError>,
    ) -> Result<T, ConfigError> {
        match self.text(name) {
            Some(value) => set(target, &value).map_err(|error| error.in_setting(name)),
            None => Ok(target),
        }
    }

    /// The builder with every variable applied.
    pub(crate) fn configure(&self, builder: crate::ClerkBuilder) -> Result<crate::ClerkBuilder, ConfigError> {
        let builder = self.apply(builder, SECRET_KEY, |b, v| Ok(b.secret_key(v.parse()?)))?;
        let builder = self.apply(builder, PUBLISHABLE_KEY, |b, v| Ok(b.publishable_key(v.parse()?)))?;
        let builder = self.apply(builder, JWT_KEY, |b, v| Ok(b.jwt_key(v.parse()?)))?;
        let builder = self.apply(builder, MACHINE_SECRET_KEY, |b, v| Ok(b.machine_secret_key(v.parse()?)))?;
        let builder = self.apply(builder, API_URL, |b, v| b.api_url(v))?;
        let builder = self.apply(builder, API_VERSION, |b, v| b.api_version(v))?;
        let builder = self.apply(builder, AUTHORIZED_PARTIES, |b, v| b.authorized_parties(list(v)))?;
        let builder = self.apply(builder, DOMAIN, |b, v| b.domain(v))?;
        let builder = self.apply(builder, IS_SATELLITE, |b, v| Ok(b.satellite(boolean(v)?)))?;
        let builder = self.apply(builder, PROXY_URL, |b, v| b.proxy_url(v))?;
        let builder = self.apply(builder, FAPI_URL, |b, v| b.proxy_upstream(v))?;
        let builder = self.apply(builder, SATELLITE_AUTO_SYNC, |b, v| Ok(b.satellite_auto_sync(boolean(v)?)))?;
        let builder = self.apply(builder, REDIRECT_ORIGINS, |b, v| b.redirect_origins(list(v)))?;
        let builder = self.apply(builder, SIGN_IN_URL, |b, v| b.sign_in_url(v))?;
        let builder = self.apply(builder, SIGN_UP_URL, |b, v| b.sign_up_url(v))?;
        let builder = self.apply(builder, WEBHOOK_SIGNING_SECRET, |b, v| Ok(b.webhook_signing_secrets(secrets(v)?)))?;
        Ok(if self.is_proxied_by_host(&builder) { builder.proxy_url(AUTO_PROXY_PATH)? } else { builder })
    }

    /// Whether the application runs in production under a domain of Vercel's own, which has no Frontend API: Clerk's
    /// SDKs then proxy it under a path of the application.
    fn is_proxied_by_host(&self, builder: &crate::ClerkBuilder) -> bool {
        let settings = builder.settings();
        let live = settings.publishable_key.as_ref().is_some_and(|key| key.instance_type() == InstanceType::Production);
        let disabled = self.text("CLERK_DISABLE_AUTO_PROXY").is_some_and(|text| is_truthy(&text));
        live && !disabled
            && settings.proxy_url.is_none()
            && settings.domain.is_none()
            && (self.read)("VERCEL_TARGET_ENV").as_deref() == Some("production")
            && (self.read)("VERCEL_PROJECT_PRODUCTION_URL").is_some_and(|url| host_of(&url).ends_with(".vercel.app"))
    }
}

/// The webhook signing secrets alone, for a service that needs no key.
pub(crate) fn webhook_signing_secrets(
    read: &dyn Fn(&'static str) -> Option<String>,
) -> Result<Vec<WebhookSigningSecret>, ConfigError> {
    Environment::new(read).apply(Vec::new(), WEBHOOK_SIGNING_SECRET, |_, value| secrets(value))
}

fn secrets(text: &str) -> Result<Vec<WebhookSigningSecret>, ConfigError> {
    list(text).map(str::parse).collect()
}

const AUTO_PROXY_PATH: &str = "/__clerk";

/// The host of a URL, or of an address that leaves out its scheme.
fn host_of(text: &str) -> String {
    if text.starts_with("http://") || text.starts_with("https://") {
        url::Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    } else {
        text.split('/').next().unwrap_or_default().to_owned()
    }
}

fn is_truthy(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.parse::<f64>().is_ok_and(|number| number > 0.0)
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

fn boolean(text: &str) -> Result<bool, ConfigError> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(ConfigError::new(ConfigErrorKind::InvalidSetting, "must be true or false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clerk;

    fn clerk(variables: &[(&str, &str)]) -> Result<Clerk, ConfigError> {
        let read =
            |name: &'static str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Environment::new(&read).configure(Clerk::builder())?.build()
    }

    const SECRET: (&str, &str) = (SECRET_KEY, "sk_test_s3cr3ts3cr3t");
    const PUBLISHABLE: (&str, &str) = (PUBLISHABLE_KEY, "pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk");

    #[test]
    fn every_variable_is_read_and_named_in_its_error() {
        for &(name, _) in ENVIRONMENT_VARIABLES {
            let error = clerk(
                &[SECRET, PUBLISHABLE]
                    .into_iter()
                    .filter(|(set, _)| *set != name)
                    .chain([(name, "\u{7f} s3cr3t?")])
                    .collect::<Vec<_>>(),
            );
            let error = error.expect_err(name);
            assert_eq!(error.variable(), Some(name));
            let text = error.to_string();
            assert!(text.starts_with(name) && !text.contains('\n'), "{text}");
            assert!(!text.contains("s3cr3t") || name == AUTHORIZED_PARTIES || name == REDIRECT_ORIGINS, "{text}");
        }
    }

    #[test]
    fn empty_is_unset_and_blanks_around_a_value_do_not_count() {
        let clerk =
            clerk(&[(SECRET_KEY, " sk_test_abcdef\n"), (PUBLISHABLE_KEY, ""), (JWT_KEY, " "), (API_URL, "")]).unwrap();
        assert!(clerk.publishable_key().is_none());
    }

    #[test]
    fn keys_must_belong_together() {
        let error = clerk(&[(SECRET_KEY, "sk_live_s3cr3t"), PUBLISHABLE]).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::MixedInstanceTypes);
        let text = error.to_string();
        assert!(text.contains(SECRET_KEY) && text.contains(PUBLISHABLE_KEY) && !text.contains("s3cr3t"), "{text}");
        assert_eq!(clerk(&[]).unwrap_err().kind(), ConfigErrorKind::MissingKeys);
        assert!(clerk(&[SECRET]).is_ok() && clerk(&[PUBLISHABLE]).is_ok() && clerk(&[SECRET, PUBLISHABLE]).is_ok());
    }

    #[test]
    fn a_live_key_never_travels_unencrypted() {
        let live = (SECRET_KEY, "sk_live_s3cr3t");
        assert_eq!(
            clerk(&[live, (API_URL, "http://api.example.com")]).unwrap_err().kind(),
            ConfigErrorKind::InvalidUrl
        );
        assert!(clerk(&[live, (API_URL, "http://127.0.0.1:9")]).is_ok());
    }
}
