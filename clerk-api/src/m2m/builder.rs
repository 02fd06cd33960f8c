//! [`M2mTokenSourceBuilder`]: the settings of a source's tokens.

use std::{fmt, time::Duration};

use clerk_core::{Clerk, ConfigError, config::ConfigErrorKind, internal::SingleFlight};
use serde::Serialize;
use serde_json::{Value, json};

use super::{create::TokenCreator, source::M2mTokenSource};

/// The longest lifetime that Clerk accepts: ten years.
const MAX_LIFETIME: Duration = Duration::from_secs(315_360_000);

/// The format of a machine-to-machine token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum M2mTokenFormat {
    /// The called service verifies it without a call to Clerk. It cannot be revoked.
    Jwt,
    /// The called service looks it up with Clerk. It can be revoked.
    #[default]
    Opaque,
}

/// Builder of an [`M2mTokenSource`], created by [`M2mTokenSource::builder`].
///
/// ```no_run
/// use clerk_api::m2m::{M2mTokenFormat, M2mTokenSource};
/// use clerk_core::Clerk;
/// use std::time::Duration;
///
/// # fn run(clerk: Clerk) -> Result<(), clerk_core::ConfigError> {
/// #[derive(serde::Serialize)]
/// struct Claims {
///     job: u32,
/// }
///
/// let source = M2mTokenSource::builder(&clerk)
///     .format(M2mTokenFormat::Jwt)
///     .lifetime(Duration::from_secs(5 * 60))
///     .claims(&Claims { job: 7 })?
///     .build()?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct M2mTokenSourceBuilder {
    clerk: Clerk,
    format: M2mTokenFormat,
    lifetime: Option<Duration>,
    min_remaining_ttl: Option<Duration>,
    claims: Value,
}

impl M2mTokenSourceBuilder {
    pub(crate) fn new(clerk: &Clerk) -> Self {
        Self {
            clerk: clerk.clone(),
            format: M2mTokenFormat::default(),
            lifetime: None,
            min_remaining_ttl: None,
            claims: Value::Null,
        }
    }

    /// The format of the tokens. Default: opaque.
    pub const fn format(mut self, format: M2mTokenFormat) -> Self {
        self.format = format;
        self
    }

    /// The lifetime of each token, in whole seconds. Default: the machine's setting in the dashboard, initially one hour.
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Allows Clerk to return an existing opaque token with the same claims, if it has at least this many whole seconds
    /// left. Another process of this machine may have created it. Default: always create a new token.
    ///
    /// For processes that end sooner than their tokens. A token is then renewed at the earliest this time before its
    /// expiry.
    pub const fn min_remaining_ttl(mut self, left: Duration) -> Self {
        self.min_remaining_ttl = Some(left);
        self
    }

    /// Your own claims, which the called service can read in each token.
    ///
    /// # Errors
    /// When they do not serialize to a JSON object.
    pub fn claims(mut self, claims: &impl Serialize) -> Result<Self, ConfigError> {
        self.claims = serde_json::to_value(claims)
            .map_err(|error| invalid("the claims cannot be written as JSON").with_source(error))?;
        if self.claims.is_object() { Ok(self) } else { Err(invalid("claims must be a JSON object: names and values")) }
    }

    /// Builds the source. It creates its first token when that is needed.
    ///
    /// # Errors
    /// When the `Clerk` has no machine secret key, or Clerk would refuse the settings.
    pub fn build(self) -> Result<M2mTokenSource, ConfigError> {
        let backend = self.clerk.backend();
        let Some((backend, key)) = backend.and_then(|backend| Some((backend, backend.machine_secret_key.clone()?)))
        else {
            return Err(ConfigError::new(
                ConfigErrorKind::MissingKeys,
                "M2M tokens are created with a machine's secret key: set CLERK_MACHINE_SECRET_KEY (Clerk dashboard, the machine's page)",
            ));
        };
        self.check()?;
        Ok(M2mTokenSource(SingleFlight::new(TokenCreator {
            url: backend.m2m_tokens_url().into(),
            machine_secret_key: key,
            transport: backend.transport.clone(),
            body: self.body().into(),
            lifetime: self.lifetime,
            min_remaining_ttl: self.min_remaining_ttl,
            clock: self.clerk.clock().clone(),
        })))
    }

    fn check(&self) -> Result<(), ConfigError> {
        let whole = |duration: Duration| duration.subsec_nanos() == 0 && !duration.is_zero();
        if self.lifetime.is_some_and(|lifetime| !whole(lifetime) || lifetime > MAX_LIFETIME) {
            return Err(invalid("a token's lifetime must be whole seconds, from one second to ten years"));
        }
        let Some(left) = self.min_remaining_ttl else { return Ok(()) };
        if self.format == M2mTokenFormat::Jwt {
            return Err(invalid("Clerk never returns an existing JWT: remove min_remaining_ttl, or use opaque tokens"));
        }
        if !whole(left) || self.lifetime.is_some_and(|lifetime| left >= lifetime) {
            return Err(invalid("min_remaining_ttl must be whole seconds, and less than the lifetime"));
        }
        Ok(())
    }

    /// The body of `POST /m2m_tokens`. Clerk uses the machine's settings for missing members.
    fn body(&self) -> String {
        let mut body = json!({
            "token_format": match self.format {
                M2mTokenFormat::Jwt => "jwt",
                M2mTokenFormat::Opaque => "opaque",
            },
        });
        if let Some(lifetime) = self.lifetime {
            body["seconds_until_expiration"] = lifetime.as_secs().into();
        }
        if let Some(left) = self.min_remaining_ttl {
            body["min_remaining_ttl_seconds"] = left.as_secs().into();
        }
        if self.claims.is_object() {
            body["claims"] = self.claims.clone();
        }
        body.to_string()
    }
}

fn invalid(problem: &str) -> ConfigError {
    ConfigError::new(ConfigErrorKind::InvalidSetting, problem)
}

impl fmt::Debug for M2mTokenSourceBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("M2mTokenSourceBuilder")
            .field("format", &self.format)
            .field("lifetime", &self.lifetime)
            .field("min_remaining_ttl", &self.min_remaining_ttl)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn builder() -> M2mTokenSourceBuilder {
        let clerk = Clerk::builder().machine_secret_key("ak_s3cr3t".parse().unwrap()).build().unwrap();
        M2mTokenSource::builder(&clerk)
    }

    #[test]
    fn a_machine_secret_key_is_required() {
        let clerk = Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap()).build().unwrap();
        let error = M2mTokenSource::new(&clerk).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::MissingKeys);
        assert!(error.to_string().contains("CLERK_MACHINE_SECRET_KEY"), "{error}");
    }

    #[test]
    fn settings_that_clerk_would_refuse_are_errors() {
        let refused = |builder: M2mTokenSourceBuilder| builder.build().unwrap_err().kind();
        for lifetime in [Duration::ZERO, SECOND / 2, MAX_LIFETIME + SECOND] {
            assert_eq!(refused(builder().lifetime(lifetime)), ConfigErrorKind::InvalidSetting, "{lifetime:?}");
        }
        let reusing = || builder().lifetime(60 * SECOND).min_remaining_ttl(60 * SECOND);
        assert_eq!(refused(reusing()), ConfigErrorKind::InvalidSetting);
        assert_eq!(
            refused(reusing().min_remaining_ttl(SECOND).format(M2mTokenFormat::Jwt)),
            ConfigErrorKind::InvalidSetting
        );
        assert!(reusing().min_remaining_ttl(59 * SECOND).build().is_ok());
        assert_eq!(builder().claims(&7).unwrap_err().kind(), ConfigErrorKind::InvalidSetting);
    }

    #[test]
    fn the_body_holds_only_configured_members() {
        assert_eq!(builder().body(), r#"{"token_format":"opaque"}"#);
        let all = builder().lifetime(60 * SECOND).min_remaining_ttl(9 * SECOND).claims(&json!({"job": 7})).unwrap();
        let body: Value = serde_json::from_str(&all.body()).unwrap();
        assert_eq!(
            body,
            json!({"token_format": "opaque", "seconds_until_expiration": 60, "min_remaining_ttl_seconds": 9, "claims": {"job": 7}})
        );
        assert!(!format!("{all:?} {:?}", all.clone().build().unwrap()).contains("s3cr3t"));
    }
}
