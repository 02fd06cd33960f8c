//! [`SecretKey`] and [`MachineSecretKey`], whose `Debug` output is redacted.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use super::{
    error::{ConfigError, ConfigErrorKind},
    pasted::unquote_key,
    publishable_key::InstanceType,
};

/// The secret key of an instance, `sk_test_` or `sk_live_`: authorises calls to Clerk's Backend API.
///
/// Its `Debug` shows no part of the secret, and its memory is wiped when it is dropped.
///
/// ```
/// use clerk_core::config::SecretKey;
///
/// let key: SecretKey = "sk_test_abcdefghijklmnop".parse()?;
/// assert_eq!(format!("{key:?}"), "SecretKey(sk_test_***)");
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct SecretKey {
    text: Zeroizing<String>,
    instance_type: Option<InstanceType>,
}

impl SecretKey {
    /// The key in plain text, for the code that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The instance type, if the key's prefix says it.
    #[must_use]
    pub const fn instance_type(&self) -> Option<InstanceType> {
        self.instance_type
    }

    /// A secret in any form, for a Backend API behind a gateway that issues its own secrets.
    ///
    /// # Errors
    /// When it is empty or not valid in a header.
    pub fn opaque(text: &str) -> Result<Self, ConfigError> {
        if text.is_empty() {
            return Err(invalid("the secret is empty; copy it again"));
        }
        Ok(Self { text: check_characters(text)?, instance_type: None })
    }
}

impl FromStr for SecretKey {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let text = unquote_key(text, ConfigErrorKind::InvalidSecretKey)?;
        if text.starts_with("pk_") {
            return Err(invalid(
                "this is a publishable key; a secret key begins with sk_test_ or sk_live_: copy it from the Clerk dashboard, API keys",
            ));
        }
        // Keys of the oldest instances lack the sk_.
        let Some(instance_type) = InstanceType::of_key(text) else {
            return Err(invalid(
                "not a secret key: it must begin with sk_test_ or sk_live_; copy it from the Clerk dashboard, API keys",
            ));
        };
        if text.ends_with("test_") || text.ends_with("live_") {
            return Err(invalid(
                "the key ends after its prefix; copy the whole key from the Clerk dashboard, API keys",
            ));
        }
        Ok(Self { text: check_characters(text)?, instance_type: Some(instance_type) })
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.instance_type {
            Some(InstanceType::Development) => "SecretKey(sk_test_***)",
            Some(InstanceType::Production) => "SecretKey(sk_live_***)",
            None => "SecretKey(***)",
        })
    }
}

/// The secret key of a machine, `ak_...`: creates and verifies machine-to-machine tokens.
///
/// See [Clerk's page on machine authentication](https://clerk.com/docs/machine-auth/overview).
#[derive(Clone)]
pub struct MachineSecretKey(Zeroizing<String>);

impl MachineSecretKey {
    /// The key in plain text, for the code that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for MachineSecretKey {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let text = unquote_key(text, ConfigErrorKind::InvalidSecretKey)?;
        match text.strip_prefix("ak_") {
            Some(rest) if !rest.is_empty() => Ok(Self(check_characters(text)?)),
            _ => Err(invalid(
                "not a machine secret key: it must begin with ak_; copy it from the machine's page in the Clerk dashboard",
            )),
        }
    }
}

impl fmt::Debug for MachineSecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MachineSecretKey(ak_***)")
    }
}

fn invalid(problem: &str) -> ConfigError {
    ConfigError::new(ConfigErrorKind::InvalidSecretKey, problem)
}

/// Refuses characters that are not valid in a header, which come from copying mistakes.
fn check_characters(text: &str) -> Result<Zeroizing<String>, ConfigError> {
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(Zeroizing::new(text.to_owned()))
    } else {
        Err(invalid("the key contains a space, a line break or another invalid character; copy it again"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_fix_and_no_part_of_the_key() {
        for text in [
            "",
            "sk_",
            "sk_test_",
            "sk_prod_s3cr3t",
            "pk_test_s3cr3t",
            "sk_test_s3cr3t key",
            "sk_live_s3cr3t\n",
            "\"sk_live_s3cr3t",
            "\u{feff}sk_live_s3cr3t",
            "sk_live_s3cr3t\u{200b}",
            "sk_test_s3cr3t\u{e9}",
        ] {
            let error = text.parse::<SecretKey>().unwrap_err();
            assert_eq!(error.kind(), ConfigErrorKind::InvalidSecretKey);
            assert!(error.to_string().contains("copy"), "{error}");
            assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error:?}");
        }
        assert!("\u{feff}sk_test_x".parse::<SecretKey>().unwrap_err().to_string().contains("byte order mark"));
        assert_eq!("\"sk_test_x\"".parse::<SecretKey>().unwrap().expose(), "sk_test_x");
        assert_eq!("'ak_x'".parse::<MachineSecretKey>().unwrap().expose(), "ak_x");
        assert!("ak_".parse::<MachineSecretKey>().is_err());
        assert!("sk_test_x".parse::<MachineSecretKey>().is_err());
    }

    #[test]
    fn debug_is_redacted() {
        let secret: SecretKey = "sk_live_s3cr3t".parse().unwrap();
        let machine: MachineSecretKey = "ak_s3cr3t".parse().unwrap();
        assert!(!format!("{secret:?} {machine:?}").contains("s3cr3t"));
        assert_eq!(secret.expose(), "sk_live_s3cr3t");
        assert_eq!(machine.expose(), "ak_s3cr3t");
    }
}
