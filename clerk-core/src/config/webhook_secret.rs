//! [`WebhookSigningSecret`]: the secret that signs the webhooks of an endpoint.

use std::{fmt, str::FromStr};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use super::{ConfigError, ConfigErrorKind, pasted::unquote_key};
use crate::base::{
    crypto::{DIGEST, HmacKey, constant_time_eq},
    time::Timestamp,
};

/// Base64 of secrets: with or without padding.
const SECRET: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Base64 of signatures: with padding.
const SIGNATURE: GeneralPurpose = base64::engine::general_purpose::STANDARD;

/// The shortest key that Standard Webhooks allows (192 bits), in bytes.
const MIN_KEY: usize = 24;

/// The secret that signs the webhooks of one endpoint, `whsec_...`.
///
/// Each endpoint has its own: copy it from the endpoint's page in the Clerk dashboard. The prefix is optional. `Debug`
/// shows no part of the secret, and its text is wiped on drop.
///
/// ```
/// use clerk_core::config::WebhookSigningSecret;
///
/// let secret: WebhookSigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// assert_eq!(format!("{secret:?}"), "WebhookSigningSecret(whsec_***)");
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct WebhookSigningSecret {
    text: Zeroizing<String>,
    key: HmacKey,
}

impl WebhookSigningSecret {
    /// The secret in plain text, for the code that stores it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The signature that Clerk would send in `svix-signature`, to test your handlers.
    ///
    /// ```
    /// use clerk_core::{config::WebhookSigningSecret, time::Timestamp};
    ///
    /// let secret: WebhookSigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
    /// let sent_at = Timestamp::from_unix_seconds(1_614_265_330);
    /// let body = br#"{"test": 2432232314}"#;
    /// let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", sent_at, body);
    /// assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    /// # Ok::<(), clerk_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn sign(&self, id: &str, sent_at: Timestamp, payload: &[u8]) -> String {
        let tag = self.tag(id, &sent_at.unix_seconds().to_string(), payload);
        format!("v1,{}", SIGNATURE.encode(tag))
    }

    /// Whether one of the signatures is this secret's signature of the id, the timestamp and the raw payload, joined by full
    /// stops. Compares with all of them, so that the time it takes reveals nothing.
    #[must_use]
    pub fn matches<'s>(
        &self,
        id: &str,
        timestamp: &str,
        payload: &[u8],
        signatures: impl Iterator<Item = &'s [u8; 32]>,
    ) -> bool {
        let tag = self.tag(id, timestamp, payload);
        signatures.fold(false, |matches, given| matches | constant_time_eq(&tag, given))
    }

    fn tag(&self, id: &str, timestamp: &str, payload: &[u8]) -> [u8; DIGEST] {
        self.key.sign(&[id.as_bytes(), b".", timestamp.as_bytes(), b".", payload])
    }
}

impl FromStr for WebhookSigningSecret {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let text = unquote_key(text, ConfigErrorKind::InvalidSecretKey)?;
        let encoded = text.strip_prefix("whsec_").unwrap_or(text);
        let key = SECRET.decode(encoded).map(Zeroizing::new).map_err(|_| {
            invalid("not a webhook signing secret: it must begin with whsec_ and continue in base64; copy it from the endpoint's page in the Clerk dashboard")
        })?;
        if key.len() < MIN_KEY {
            return Err(invalid(
                "the webhook signing secret is too short; copy the whole secret from the endpoint's page in the Clerk dashboard",
            ));
        }
        Ok(Self { text: Zeroizing::new(text.to_owned()), key: HmacKey::new(&key) })
    }
}

impl fmt::Debug for WebhookSigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSigningSecret(whsec_***)")
    }
}

fn invalid(problem: &str) -> ConfigError {
    ConfigError::new(ConfigErrorKind::InvalidSecretKey, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_fix_and_no_part_of_the_secret() {
        for text in [
            "",
            "whsec_",
            "whsec_s3cr3t",
            "whsec_whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS_",
            " whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
            "sk_test_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            let error = text.parse::<WebhookSigningSecret>().expect_err(text);
            assert_eq!(error.kind(), ConfigErrorKind::InvalidSecretKey);
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("copy") && !shown.contains("s3cr3t") && !shown.contains("MfKQ"), "{shown}");
        }
    }

    #[test]
    fn a_pasted_secret_may_have_quotes_and_no_invisible_character() {
        let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        assert_eq!(format!("\"{text}\"").parse::<WebhookSigningSecret>().unwrap().expose(), text);
        let error = format!("\u{feff}{text}").parse::<WebhookSigningSecret>().unwrap_err().to_string();
        assert!(error.contains("byte order mark") && !error.contains("MfKQ"), "{error}");
    }
}
