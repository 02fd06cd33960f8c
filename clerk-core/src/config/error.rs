//! [`ConfigError`]: a configuration that cannot work.

use std::{error::Error, fmt};

/// A configuration that cannot work. Its text says how to fix it.
///
/// The text never contains a key.
///
/// ```
/// use clerk_core::config::{SecretKey, ConfigErrorKind};
///
/// let error = "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k".parse::<SecretKey>().unwrap_err();
/// assert_eq!(error.kind(), ConfigErrorKind::InvalidSecretKey);
/// assert!(error.to_string().contains("publishable key"));
/// ```
#[derive(Debug)]
pub struct ConfigError {
    kind: ConfigErrorKind,
    /// The wrong setting: the name of an environment variable.
    setting: Option<&'static str>,
    problem: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Kind of a [`ConfigError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConfigErrorKind {
    /// The HTTP client could not be set up.
    HttpClient,
    /// The JWT key is not an RSA public key.
    InvalidJwtKey,
    /// A path pattern is malformed.
    InvalidPattern,
    /// No request could ever satisfy the policy.
    InvalidPolicy,
    /// The publishable key is malformed.
    InvalidPublishableKey,
    /// A secret key is malformed.
    InvalidSecretKey,
    /// A setting is out of range or inconsistent with others.
    InvalidSetting,
    /// A URL or an origin is malformed.
    InvalidUrl,
    /// A required key is missing.
    MissingKeys,
    /// One key belongs to a development instance and the other to a production instance.
    MixedInstanceTypes,
}

impl ConfigError {
    /// An error with this text, which must say how to fix it and hold no key.
    #[must_use]
    pub fn new(kind: ConfigErrorKind, problem: impl Into<String>) -> Self {
        Self { kind, setting: None, problem: problem.into(), source: None }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Names the environment variable that the value came from.
    #[must_use]
    pub fn in_setting(mut self, setting: &'static str) -> Self {
        self.setting = Some(setting);
        self
    }

    /// The kind of error.
    #[must_use]
    pub const fn kind(&self) -> ConfigErrorKind {
        self.kind
    }

    /// The wrong environment variable, if the value came from the environment.
    #[must_use]
    pub const fn variable(&self) -> Option<&'static str> {
        self.setting
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(setting) = self.setting {
            write!(f, "{setting}: ")?;
        }
        f.write_str(&self.problem)
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
