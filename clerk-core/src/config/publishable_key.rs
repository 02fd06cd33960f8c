//! [`PublishableKey`]: identifies an instance and its Frontend API.

use std::{fmt, str::FromStr};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose},
};

use super::{
    development_hosts::is_development_frontend_api,
    error::{ConfigError, ConfigErrorKind},
    pasted::unquote_key,
};

/// Whether an instance is for development or production.
///
/// See [Clerk's page on environments](https://clerk.com/docs/guides/development/managing-environments).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InstanceType {
    /// Keys begin with `pk_test_` and `sk_test_`.
    Development,
    /// Keys begin with `pk_live_` and `sk_live_`.
    Production,
}

impl InstanceType {
    /// The instance type from the prefix of a publishable or secret key, in their present or old form.
    ///
    /// ```
    /// use clerk_core::config::InstanceType;
    ///
    /// assert_eq!(InstanceType::of_key("sk_live_abc"), Some(InstanceType::Production));
    /// assert_eq!(InstanceType::of_key("abc"), None);
    /// ```
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        let begins = |prefixes: [&str; 3]| prefixes.iter().any(|prefix| key.starts_with(prefix));
        if begins(["pk_test_", "sk_test_", "test_"]) {
            Some(Self::Development)
        } else if begins(["pk_live_", "sk_live_", "live_"]) {
            Some(Self::Production)
        } else {
            None
        }
    }

    /// The instance type from the host name of the Frontend API.
    #[must_use]
    pub fn of_frontend_api(host: &str) -> Self {
        if is_development_frontend_api(host) { Self::Development } else { Self::Production }
    }

    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Development => "development (test)",
            Self::Production => "production (live)",
        }
    }
}

/// A publishable key: `pk_test_` or `pk_live_`, then the Frontend API's host and `$` in base64.
///
/// It is not secret. See [Clerk's page on API keys](https://clerk.com/docs/deployments/clerk-environment-variables).
///
/// ```
/// use clerk_core::config::{InstanceType, PublishableKey};
///
/// let key: PublishableKey = "pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse()?;
/// assert_eq!(key.instance_type(), InstanceType::Development);
/// assert_eq!(key.frontend_api(), "example.clerk.accounts.dev");
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublishableKey {
    text: Box<str>,
    frontend_api: Box<str>,
    instance_type: InstanceType,
}

/// More than the longest host name (253 characters) needs in base64.
const MAX_LENGTH: usize = 512;

/// Clerk's own SDK accepts the base64 part with or without its padding.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl PublishableKey {
    /// The key of an instance of this type with the Frontend API at `frontend_api`, a host with an optional port.
    ///
    /// # Errors
    /// When `frontend_api` is not a host name with a dot.
    pub fn new(instance_type: InstanceType, frontend_api: &str) -> Result<Self, ConfigError> {
        let prefix = match instance_type {
            InstanceType::Development => TEST_PREFIX,
            InstanceType::Production => LIVE_PREFIX,
        };
        format!("{prefix}{}", general_purpose::STANDARD.encode(format!("{frontend_api}$"))).parse()
    }

    /// Decodes a publishable key without checking the host name, for tools. To configure a service, use `parse`, which
    /// checks it.
    #[must_use]
    pub fn decode(text: &str) -> Option<(InstanceType, String)> {
        let (instance_type, encoded) = if let Some(encoded) = text.strip_prefix(TEST_PREFIX) {
            (InstanceType::Development, encoded)
        } else {
            (InstanceType::Production, text.strip_prefix(LIVE_PREFIX)?)
        };
        let encoded: String = encoded.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let decoded = (text.len() <= MAX_LENGTH).then(|| FORGIVING.decode(encoded).ok())??;
        // One byte is one character, as in the browser function that encoded it.
        let decoded: String = decoded.into_iter().map(char::from).collect();
        let host = decoded.strip_suffix('$').filter(|host| host.contains('.') && !host.contains('$'))?;
        Some((instance_type, host.to_owned()))
    }

    /// Encodes a publishable key without checking the host name, for tools. `None` for characters that a key cannot
    /// hold.
    #[must_use]
    pub fn encode(instance_type: InstanceType, frontend_api: &str) -> Option<String> {
        let prefix = match instance_type {
            InstanceType::Development => TEST_PREFIX,
            InstanceType::Production => LIVE_PREFIX,
        };
        let bytes: Option<Vec<u8>> =
            format!("{frontend_api}$").chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        Some(format!("{prefix}{}", general_purpose::STANDARD_NO_PAD.encode(bytes?)))
    }

    /// The key as Clerk's dashboard shows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host of the instance's Frontend API, with its port if there is one.
    #[must_use]
    pub fn frontend_api(&self) -> &str {
        &self.frontend_api
    }

    /// The type of the instance.
    #[must_use]
    pub const fn instance_type(&self) -> InstanceType {
        self.instance_type
    }

    /// The suffix of this instance's cookies, which distinguishes them from other instances' cookies on the same host.
    #[must_use]
    pub fn cookie_suffix(&self) -> String {
        cookie_suffix(&self.text)
    }

    /// The key of the instance with this Frontend API. The instance type follows from the host name.
    ///
    /// # Errors
    /// When `frontend_api` is not a host name with a dot.
    pub fn from_frontend_api(frontend_api: &str) -> Result<Self, ConfigError> {
        Self::encode(InstanceType::of_frontend_api(frontend_api), frontend_api).unwrap_or_default().parse()
    }

    /// The key for a host of a multi-domain application, with the Frontend API `clerk.<host>`. A development key is
    /// returned unchanged, because a development instance has one Frontend API for all hosts.
    ///
    /// Check the host before: a client can send any `Host` header.
    ///
    /// # Errors
    /// When the host is invalid.
    pub fn for_host(host: &str, configured: Option<&Self>) -> Result<Self, ConfigError> {
        if let Some(configured) = configured.filter(|key| key.instance_type == InstanceType::Development) {
            return Ok(configured.clone());
        }
        let name = host.to_lowercase();
        let name = match name.rsplit_once(':') {
            Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name.to_owned(),
            _ => name,
        };
        if name.is_empty() {
            return Err(ConfigError::new(ConfigErrorKind::InvalidUrl, "the host is empty"));
        }
        Self::from_frontend_api(&format!("clerk.{name}"))
    }
}

/// The suffix of an instance's cookies, which distinguishes them from other instances' cookies on the same host: the
/// first eight characters of the publishable key's SHA-1 in URL-safe base64.
///
/// ```
/// assert_eq!(clerk_core::config::cookie_suffix("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k"), "naoXFJnI");
/// ```
#[must_use]
pub fn cookie_suffix(publishable_key: &str) -> String {
    let digest = sha1_smol::Sha1::from(publishable_key.as_bytes()).digest().bytes();
    let mut suffix = general_purpose::URL_SAFE_NO_PAD.encode(digest);
    suffix.truncate(8);
    suffix
}

const TEST_PREFIX: &str = "pk_test_";
const LIVE_PREFIX: &str = "pk_live_";

impl FromStr for PublishableKey {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let invalid = |problem: &str| ConfigError::new(ConfigErrorKind::InvalidPublishableKey, problem);
        let text = unquote_key(text, ConfigErrorKind::InvalidPublishableKey)?;
        if text.starts_with("sk_") {
            return Err(invalid(
                "this is a secret key; copy the publishable key (pk_test_... or pk_live_...) from the Clerk dashboard, API keys, and rotate the secret key if it was ever shipped to a browser",
            ));
        }
        if !text.starts_with(TEST_PREFIX) && !text.starts_with(LIVE_PREFIX) {
            return Err(invalid(
                "not a publishable key: it must begin with pk_test_ or pk_live_; copy it from the Clerk dashboard, API keys",
            ));
        }
        match Self::decode(text) {
            Some((instance_type, host)) if is_host(&host) => {
                Ok(Self { text: text.into(), frontend_api: host.into(), instance_type })
            }
            _ => Err(invalid(
                "the key does not hold the host name of a Frontend API, so it is cut short or mistyped; copy the whole key from the Clerk dashboard, API keys",
            )),
        }
    }
}

/// Whether this is a host name with a dot and an optional port, and nothing that could make a URL lead elsewhere.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    name.contains('.')
        && name.split('.').all(|label| !label.is_empty())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

impl fmt::Debug for PublishableKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublishableKey").field(&self.text).finish()
    }
}

impl fmt::Display for PublishableKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(prefix: &str, content: &str) -> String {
        format!("{prefix}{}", general_purpose::STANDARD.encode(content))
    }

    #[test]
    fn round_trips_through_its_parts() {
        let key = PublishableKey::new(InstanceType::Production, "clerk.example.com").unwrap();
        assert_eq!(key.as_str(), "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k");
        assert_eq!(key.as_str().parse::<PublishableKey>().unwrap(), key);
    }

    #[test]
    fn the_suffix_comes_from_the_sha1_of_the_key() {
        // printf %s pk_live_Y2xlcmsuZXhhbXBsZS5jb20k | openssl sha1 -binary | base64 | tr '+/' '-_' | cut -c1-8
        let key: PublishableKey = "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k".parse().unwrap();
        assert_eq!(key.cookie_suffix(), "naoXFJnI");
    }

    #[test]
    fn accepts_ports_and_missing_padding() {
        for host in ["127.0.0.1:4500$", "clerk.localhost:4500$", "a.b$"] {
            let padded = encoded("pk_test_", host);
            assert!(padded.parse::<PublishableKey>().is_ok(), "{host}");
            assert!(padded.trim_end_matches('=').parse::<PublishableKey>().is_ok(), "{host}");
        }
    }

    #[test]
    fn refuses_hosts_that_could_lead_elsewhere() {
        for content in [
            "",
            "$",
            "localhost$",
            "clerk.example.com",
            "clerk.example.com$$",
            "a.b/c$",
            "a.b@c.d$",
            "a.b?x$",
            "a..b$",
            ".a$",
            "a.b:0$",
            "a.b:x$",
            "a.b\u{e9}$",
            "a.b $",
            "a.b\n$",
        ] {
            let error = encoded("pk_test_", content).parse::<PublishableKey>().unwrap_err();
            assert_eq!(error.kind(), ConfigErrorKind::InvalidPublishableKey, "{content:?}");
        }
        for text in [
            "",
            "pk_",
            "pk_test_",
            "pk_prod_Y2xlcmsuZXhhbXBsZS5jb20k",
            "pk_live_%%%",
            "PK_live_Y2xlcmsuZXhhbXBsZS5jb20k",
        ] {
            assert!(text.parse::<PublishableKey>().is_err(), "{text:?}");
        }
        assert!(encoded("pk_test_", &format!("{}.b$", "a".repeat(10_000))).parse::<PublishableKey>().is_err());
    }
}
