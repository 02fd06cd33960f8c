//! What can be wrong with a configuration.

use std::{error::Error, fmt};

/// A configuration that cannot work, with what to do about it in its `Display`.
///
/// The text never contains the value of a key.
///
/// ```
/// use clerk_core::{SecretKey, config::ConfigErrorKind};
///
/// let error = "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k".parse::<SecretKey>().unwrap_err();
/// assert_eq!(error.kind(), ConfigErrorKind::InvalidSecretKey);
/// assert!(error.to_string().contains("publishable key"));
/// ```
#[derive(Debug)]
pub struct ConfigError {
    kind: ConfigErrorKind,
    /// The setting at fault: an environment variable's name, or the builder's.
    setting: Option<&'static str>,
    problem: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What kind of mistake a [`ConfigError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConfigErrorKind {
    /// The HTTP client could not be set up.
    HttpClient,
    /// The JWT key is no RSA public key.
    InvalidJwtKey,
    /// A path pattern is malformed.
    InvalidPattern,
    /// A policy could never be satisfied as written.
    InvalidPolicy,
    /// The publishable key is malformed.
    InvalidPublishableKey,
    /// A secret key is malformed.
    InvalidSecretKey,
    /// A setting holds a value out of its range.
    InvalidSetting,
    /// A URL or an origin is malformed.
    InvalidUrl,
    /// No key was given at all, or not the one that is needed.
    MissingKeys,
    /// One key belongs to a development instance and the other to a production instance.
    MixedInstanceTypes,
}

impl ConfigError {
    pub(crate) fn new(kind: ConfigErrorKind, problem: impl Into<String>) -> Self {
        Self { kind, setting: None, problem: problem.into(), source: None }
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn in_setting(mut self, setting: &'static str) -> Self {
        self.setting = Some(setting);
        self
    }

    /// What kind of mistake this is.
    #[must_use]
    pub const fn kind(&self) -> ConfigErrorKind {
        self.kind
    }

    /// The environment variable at fault, when the value came from the environment.
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
