//! Reads the settings from environment variables, or from another source with the same names.

use super::builder::ClerkBuilder;
use crate::config::{
    ConfigError, ConfigErrorKind, InstanceType, PublicOrigin,
    env::{
        API_URL, API_VERSION, AUTHORIZED_PARTIES, DOMAIN, FAPI_URL, IS_SATELLITE, JWT_KEY, MACHINE_SECRET_KEY,
        PROXY_URL, PUBLIC_ORIGIN, PUBLISHABLE_KEY, REDIRECT_ORIGINS, SATELLITE_AUTO_SYNC, SECRET_KEY, SIGN_IN_URL,
        SIGN_UP_URL, Variables, WEBHOOK_SIGNING_SECRET, list, secrets,
    },
};

impl ClerkBuilder {
    /// Applies the environment variables; see [`ENVIRONMENT_VARIABLES`](crate::config::ENVIRONMENT_VARIABLES).
    ///
    /// # Errors
    /// When a variable is malformed; the error names it.
    pub fn environment(self) -> Result<Self, ConfigError> {
        self.environment_from(&|name| std::env::var(name).ok())
    }

    /// Applies settings from another source, which has the same names as the
    /// [environment variables](crate::config::ENVIRONMENT_VARIABLES).
    ///
    /// # Errors
    /// When a value is malformed; the error names it.
    pub fn environment_from(self, read: &dyn Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        configure(&Variables::new(read), self)
    }
}

/// The builder with every variable applied.
fn configure(env: &Variables<'_>, builder: ClerkBuilder) -> Result<ClerkBuilder, ConfigError> {
    let builder = env.apply(builder, SECRET_KEY, |b, v| Ok(b.secret_key(v.parse()?)))?;
    let builder = env.apply(builder, PUBLISHABLE_KEY, |b, v| Ok(b.publishable_key(v.parse()?)))?;
    let builder = env.apply(builder, JWT_KEY, |b, v| Ok(b.jwt_key(v.parse()?)))?;
    let builder = env.apply(builder, MACHINE_SECRET_KEY, |b, v| Ok(b.machine_secret_key(v.parse()?)))?;
    let builder = env.apply(builder, API_URL, |b, v| b.api_url(v))?;
    let builder = env.apply(builder, API_VERSION, |b, v| b.api_version(v))?;
    let builder = env.apply(builder, AUTHORIZED_PARTIES, set_parties)?;
    let builder = env.apply(builder, DOMAIN, |b, v| b.domain(v))?;
    let builder = env.apply(builder, IS_SATELLITE, |b, v| Ok(b.satellite(boolean(v)?)))?;
    let builder = env.apply(builder, PROXY_URL, |b, v| b.proxy_url(v))?;
    let builder = env.apply(builder, FAPI_URL, |b, v| b.proxy_upstream(v))?;
    let builder = env.apply(builder, SATELLITE_AUTO_SYNC, |b, v| Ok(b.satellite_auto_sync(boolean(v)?)))?;
    let builder = env.apply(builder, REDIRECT_ORIGINS, |b, v| b.redirect_origins(list(v)))?;
    let builder = env.apply(builder, PUBLIC_ORIGIN, |b, v| Ok(b.public_origin(PublicOrigin::fixed(v)?)))?;
    let builder = env.apply(builder, SIGN_IN_URL, |b, v| b.sign_in_url(v))?;
    let builder = env.apply(builder, SIGN_UP_URL, |b, v| b.sign_up_url(v))?;
    let builder = env.apply(builder, WEBHOOK_SIGNING_SECRET, |b, v| Ok(b.webhook_signing_secrets(secrets(v)?)))?;
    Ok(if needs_auto_proxy(env, &builder) { builder.proxy_url(AUTO_PROXY_PATH)? } else { builder })
}

/// The entry `none` accepts tokens without a party.
fn set_parties(builder: ClerkBuilder, text: &str) -> Result<ClerkBuilder, ConfigError> {
    let origins: Vec<&str> = list(text).filter(|entry| *entry != "none").collect();
    if list(text).any(|entry| entry == "none") {
        builder.authorized_parties_or_none(origins)
    } else {
        builder.authorized_parties(origins)
    }
}

/// Whether the application runs in production on a `vercel.app` domain, which has no Frontend API. Like Clerk's SDKs, the
/// application then proxies it under a path.
fn needs_auto_proxy(env: &Variables<'_>, builder: &ClerkBuilder) -> bool {
    let settings = builder.settings();
    let live = settings.publishable_key.as_ref().is_some_and(|key| key.instance_type() == InstanceType::Production);
    let disabled = env.text("CLERK_DISABLE_AUTO_PROXY").is_some_and(|text| is_truthy(&text));
    live && !disabled
        && settings.proxy_url.is_none()
        && settings.domain.is_none()
        && (env.read)("VERCEL_TARGET_ENV").as_deref() == Some("production")
        && (env.read)("VERCEL_PROJECT_PRODUCTION_URL").is_some_and(|url| host_of(&url).ends_with(".vercel.app"))
}

const AUTO_PROXY_PATH: &str = "/__clerk";

/// The host of a URL, with or without a scheme.
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
    use crate::{clerk::Clerk, config::ENVIRONMENT_VARIABLES};

    fn clerk(variables: &[(&str, &str)]) -> Result<Clerk, ConfigError> {
        let read =
            |name: &'static str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        configure(&Variables::new(&read), Clerk::builder())?.build()
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
    fn empty_values_are_unset_and_blanks_around_a_value_are_removed() {
        let clerk =
            clerk(&[(SECRET_KEY, " sk_test_abcdef\n"), (PUBLISHABLE_KEY, ""), (JWT_KEY, " "), (API_URL, "")]).unwrap();
        assert!(clerk.publishable_key().is_none());
    }

    #[test]
    fn none_among_the_parties_accepts_tokens_without_one() {
        let parties = |text| {
            clerk(&[SECRET, (AUTHORIZED_PARTIES, text)])
                .map(|clerk| (clerk.rules().party_optional, clerk.rules().authorized_parties.as_deref().unwrap().len()))
        };
        assert_eq!(parties("https://a.test").unwrap(), (false, 1));
        assert_eq!(parties("https://a.test, none,https://b.test").unwrap(), (true, 2));
        assert!(parties("none").is_err(), "a list of no party would accept every token without one");
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
    fn no_secret_and_no_production_key_travels_unencrypted() {
        let other = (API_URL, "http://api.example.com");
        let container = (API_URL, "http://clerk-local:4401");
        let (live, machine) = ((SECRET_KEY, "sk_live_s3cr3t"), (MACHINE_SECRET_KEY, "ak_s3cr3t"));
        let live_publishable = (PUBLISHABLE_KEY, "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k");
        for refused in [
            &[live, other][..],
            &[live, container],
            &[SECRET, other],
            &[SECRET, (API_URL, "http://10.0.0.7:4401")],
            &[SECRET, (API_URL, "http://127.0.0.1.example.com")],
            &[machine, other],
            &[machine, container],
            &[machine, live_publishable, container],
            &[live_publishable, (PROXY_URL, "http://app.example.com/__clerk")],
            &[live_publishable, live, (PROXY_URL, "http://app.example.com/__clerk")],
        ] {
            let error = clerk(refused).expect_err(refused[0].0);
            assert_eq!(error.kind(), ConfigErrorKind::InvalidUrl);
            assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error:?}");
        }
        let here = (API_URL, "http://127.0.0.1:4401");
        for accepted in [
            &[live, here][..],
            &[machine, here],
            &[SECRET, container],
            &[SECRET, machine, container],
            &[PUBLISHABLE, other],
            &[live_publishable, (PROXY_URL, "http://localhost:3000/__clerk")],
            &[PUBLISHABLE, (PROXY_URL, "http://app.example.com/__clerk")],
            &[live_publishable, (PROXY_URL, "/__clerk")],
        ] {
            assert!(clerk(accepted).is_ok(), "{accepted:?}");
        }
        let opaque = Clerk::builder().secret_key(crate::config::SecretKey::opaque("s3cr3t_0123456789").unwrap());
        assert!(opaque.clone().api_url("http://clerk-local:4401").unwrap().build().is_err());
        assert!(opaque.api_url("http://[::1]:4401").unwrap().build().is_ok());
    }
}
