//! [`VerificationCode`]: the six digits that an e-mail or a text message carries.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;

/// The code of Clerk's test addresses and numbers.
const TEST_CODE: &str = "424242";

/// A six-digit code. `Verification` holds its expiry and the number of attempts.
#[derive(Clone)]
pub(crate) struct VerificationCode(String);

impl VerificationCode {
    /// A random code for this e-mail address or phone number; `424242` for a
    /// [test address or number](https://clerk.com/docs/guides/development/testing/test-emails-and-phones).
    pub(crate) fn for_identifier(identifier: &str) -> Self {
        if is_test_identifier(identifier) { Self(TEST_CODE.to_owned()) } else { Self::random() }
    }

    /// Without randomness, a code that nothing matches.
    fn random() -> Self {
        let mut bytes = [0; 8];
        let code = getrandom::fill(&mut bytes).map(|()| u64::from_ne_bytes(bytes) % 1_000_000);
        Self(code.map(|code| format!("{code:06}")).unwrap_or_default())
    }

    pub(crate) fn matches(&self, entered: &str) -> bool {
        !self.0.is_empty() && verify_slices_are_equal(self.0.as_bytes(), entered.trim().as_bytes()).is_ok()
    }

    /// The digits, for the message that carries them.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerificationCode")
    }
}

/// Whether it is an e-mail address with the subaddress `+clerk_test`, or one of the phone numbers that are reserved for
/// fiction, `+1 XXX 555-0100` to `-0199`.
pub(crate) fn is_test_identifier(identifier: &str) -> bool {
    if let Some((local, _)) = identifier.rsplit_once('@') {
        return local.to_ascii_lowercase().contains("+clerk_test");
    }
    let digits = identifier.strip_prefix("+1").unwrap_or_default();
    digits.len() == 10 && digits.bytes().all(|b| b.is_ascii_digit()) && &digits[3..8] == "55501"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_addresses_and_numbers_are_known() {
        for test in ["jane+clerk_test@example.com", "Jane+Clerk_Test@example.com", "+15555550100", "+12015550199"] {
            assert!(is_test_identifier(test), "{test}");
            assert!(VerificationCode::for_identifier(test).matches(TEST_CODE), "{test}");
        }
        for other in [
            "",
            "jane@example.com",
            "jane+clerk@example.com",
            "jane@+clerk_test",
            "clerk_test@example.com",
            "+15555550200",
            "+1555555010",
            "+155555501000",
            "15555550100",
            "+445555550100",
            "+1555555010\u{e9}",
            "+1\u{e9}55555010",
        ] {
            assert!(!is_test_identifier(other), "{other}");
        }
    }

    #[test]
    fn a_random_code_has_six_digits_and_matches_itself_alone() {
        let codes: Vec<_> = (0..200).map(|_| VerificationCode::for_identifier("ada@example.com")).collect();
        for code in &codes {
            assert!(code.expose().len() == 6 && code.expose().bytes().all(|b| b.is_ascii_digit()), "{}", code.0);
            assert!(code.matches(&code.0) && code.matches(&format!(" {} ", code.0)));
            assert!(!code.matches("") && !code.matches(&code.0[..5]) && !code.matches(&format!("{}0", code.0)));
        }
        let first: std::collections::BTreeSet<_> = codes.iter().map(|code| &code.0).collect();
        assert!(first.len() > 190, "{}", first.len());
        assert!(!format!("{:?}", codes[0]).contains(&codes[0].0));
    }

    #[test]
    fn a_code_without_randomness_matches_nothing() {
        assert!(!VerificationCode(String::new()).matches(""));
    }
}
