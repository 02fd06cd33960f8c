//! [`TotpSecret`]: the codes of an authenticator app ([RFC 6238](https://www.rfc-editor.org/rfc/rfc6238)), six digits of
//! HMAC-SHA-1 for each half minute, as such apps generate them.

use std::fmt;

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use clerk_core::time::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How long each code is shown, in seconds.
const STEP_SECONDS: i64 = 30;

/// The alphabet of base32 ([RFC 4648, section 6](https://www.rfc-editor.org/rfc/rfc4648#section-6)).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Longer than any app accepts, in base32 digits.
const MAX_BASE32: usize = 256;

/// The code that an authenticator app with this secret shows at this time; `None` for a text that is no base32.
///
/// ```
/// use clerk_core::time::Timestamp;
///
/// // The example of RFC 6238, appendix B, whose secret is "12345678901234567890".
/// let code = clerk_local::totp_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Timestamp::from_unix_seconds(59));
/// assert_eq!(code.as_deref(), Some("287082"));
/// ```
#[must_use]
pub fn totp_code(secret: &str, at: Timestamp) -> Option<String> {
    Some(TotpSecret::from_base32(secret)?.code(at))
}

/// The secret that an authenticator app and the instance share. Serialized as base32, the form that users type.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TotpSecret(Vec<u8>);

impl TotpSecret {
    /// A secret of 160 bits, the length of the digest, as
    /// [RFC 4226, section 4](https://www.rfc-editor.org/rfc/rfc4226#section-4) recommends; `None` when the system's
    /// random source fails.
    pub(crate) fn generate() -> Option<Self> {
        let mut bytes = [0; 20];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(bytes.into()))
    }

    /// Parses a secret; spaces, hyphens, padding and case do not count.
    pub(crate) fn from_base32(text: &str) -> Option<Self> {
        let mut bytes = Vec::new();
        let (mut buffer, mut bits) = (0_u32, 0);
        let digits = text.trim_end_matches('=').bytes().filter(|byte| !matches!(byte, b' ' | b'-'));
        for (index, digit) in digits.enumerate() {
            let value = BASE32.iter().position(|known| *known == digit.to_ascii_uppercase())?;
            if index >= MAX_BASE32 {
                return None;
            }
            // At most 7 bits are left over from before.
            buffer = buffer << 5 | u32::try_from(value).ok()?;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from(buffer >> bits & 0xff).ok()?);
                buffer &= (1 << bits) - 1;
            }
        }
        (!bytes.is_empty()).then_some(Self(bytes))
    }

    /// The secret in base32, without padding.
    pub(crate) fn base32(&self) -> String {
        let digit = |start: usize| {
            let bit = |at: usize| self.0.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
            let value = (start..start + 5).fold(0, |value, at| value << 1 | bit(at));
            char::from(BASE32[usize::from(value)])
        };
        (0..self.0.len() * 8).step_by(5).map(digit).collect()
    }

    /// The address in a QR code for an app
    /// ([format](https://github.com/google/google-authenticator/wiki/Key-Uri-Format)).
    pub(crate) fn uri(&self, issuer: &str, account: &str) -> String {
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        format!(
            "otpauth://totp/{issuer}:{account}?algorithm=SHA1&digits=6&issuer={issuer}&period={STEP_SECONDS}&secret={secret}",
            issuer = encode(issuer),
            account = encode(account),
            secret = self.base32(),
        )
    }

    /// The code at this time.
    pub(crate) fn code(&self, at: Timestamp) -> String {
        self.code_of_step(step(at))
    }

    /// The time step of this code: the current one, the previous or the next, so that a clock may be half a minute off.
    /// A caller that stores the step can reject a used code, whose step is not later.
    pub(crate) fn verify(&self, code: &str, now: Timestamp) -> Option<i64> {
        let now = step(now);
        let fits =
            |step: &i64| verify_slices_are_equal(self.code_of_step(*step).as_bytes(), code.trim().as_bytes()).is_ok();
        [now, now.saturating_sub(1), now.saturating_add(1)].into_iter().find(fits)
    }

    /// [RFC 4226, section 5.3](https://www.rfc-editor.org/rfc/rfc4226#section-5.3).
    fn code_of_step(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let digest = hmac::sign(&key, &step.to_be_bytes());
        let digest = digest.as_ref();
        let offset = digest.last().map_or(0, |last| usize::from(last & 0xf));
        let truncated = digest[offset..].iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (truncated & 0x7fff_ffff) % 1_000_000)
    }
}

const fn step(at: Timestamp) -> i64 {
    at.unix_seconds().div_euclid(STEP_SECONDS)
}

impl Serialize for TotpSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.base32())
    }
}

impl<'de> Deserialize<'de> for TotpSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // The error must not contain the secret.
        Self::from_base32(&text).ok_or_else(|| de::Error::custom("not a secret in base32"))
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret(b"12345678901234567890".into())
    }

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    /// RFC 6238, appendix B; its codes have eight digits, of which the last six are ours.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(secret().code(at(seconds)), code[2..], "{seconds}");
        }
    }

    /// RFC 4226, appendix D.
    #[test]
    fn codes_of_steps_are_those_of_the_rfc() {
        let codes =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(secret().code_of_step(step), code, "{step}");
        }
    }

    #[test]
    fn a_clock_may_be_half_a_minute_off() {
        let code = secret().code(at(3000));
        for (now, step) in [(2970, Some(100)), (3000, Some(100)), (3029, Some(100)), (3059, Some(100))] {
            assert_eq!(secret().verify(&code, at(now)), step, "{now}");
        }
        for now in [2969, 3060, 0] {
            assert_eq!(secret().verify(&code, at(now)), None, "{now}");
        }
        assert_eq!(secret().verify(&format!(" {code} "), at(3000)), Some(100));
        for wrong in ["", "0", &code[1..], &format!("0{code}"), "\u{661}\u{661}\u{661}"] {
            assert_eq!(secret().verify(wrong, at(3000)), None, "{wrong}");
        }
        // No time causes a panic.
        for odd in [i64::MIN, i64::MAX] {
            let code = secret().code(Timestamp::from_unix_millis(odd));
            assert!(secret().verify(&code, Timestamp::from_unix_millis(odd)).is_some());
        }
    }

    /// RFC 4648, section 10.
    #[test]
    fn base32_is_that_of_the_rfc() {
        for (bytes, text) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            let secret = TotpSecret(bytes.into());
            assert_eq!(secret.base32(), text);
            assert!(TotpSecret::from_base32(text).unwrap() == secret);
            assert!(TotpSecret::from_base32(&format!("{}======", text.to_lowercase())).unwrap() == secret);
        }
        assert!(TotpSecret::from_base32("MZXW 6YTB-OI").unwrap() == TotpSecret(b"foobar".into()));
        for bad in ["", "=", "A", "MZ1W", "MZ=W", "\u{e9}", &"A".repeat(MAX_BASE32 + 1)] {
            assert!(TotpSecret::from_base32(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_address_has_all_that_an_app_needs() {
        assert_eq!(
            secret().uri("Acme & Co", "ada@example.com"),
            "otpauth://totp/Acme%20%26%20Co:ada%40example%2Ecom?algorithm=SHA1&digits=6&issuer=Acme%20%26%20Co\
             &period=30&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        );
    }

    #[test]
    fn secrets_differ_and_are_not_printed() {
        let (one, other) = (TotpSecret::generate().unwrap(), TotpSecret::generate().unwrap());
        assert!(one != other && one.base32().len() == 32);
        assert_eq!(format!("{one:?}"), "TotpSecret");
        let json = serde_json::to_string(&one).unwrap();
        assert!(serde_json::from_str::<TotpSecret>(&json).unwrap() == one);
        let error = serde_json::from_str::<TotpSecret>(r#""s3cret!""#).unwrap_err().to_string();
        assert!(!error.contains("s3cret"), "{error}");
    }
}
