//! [`Verifications`]: proofs that an address or a number is its user's, while they are under way.

use std::{collections::BTreeMap, fmt, time::Duration};

use clerk_core::time::Timestamp;

use crate::{keys::random_id, verification_code::VerificationCode};

/// How long a code can be entered, as with Clerk.
const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// How often a code can be entered.
const MAX_ATTEMPTS: u32 = 3;

/// More than go on at once on any development machine; some other one makes room.
const MAX_VERIFICATIONS: usize = 1_000;

/// A proof that is under way.
#[derive(Debug, Clone)]
pub(crate) struct Verification {
    /// `ver_...`
    pub(crate) id: String,
    /// What is to be proved, `idn_...`.
    pub(crate) identifier_id: String,
    pub(crate) attempts: u32,
    pub(crate) expires_at: Timestamp,
    code: VerificationCode,
}

/// How an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    Expired,
    /// It is not the code.
    Incorrect,
    TooMany,
    Verified,
}

/// All that are under way. They live as long as the process does.
#[derive(Default)]
pub(crate) struct Verifications(BTreeMap<String, Verification>);

impl Verifications {
    /// Begins one, in the place of another of the same address or number.
    pub(crate) fn begin(&mut self, identifier_id: &str, code: VerificationCode, now: Timestamp) -> Verification {
        self.0.retain(|_, own| own.identifier_id != identifier_id && now < own.expires_at);
        if self.0.len() >= MAX_VERIFICATIONS {
            self.0.pop_first();
        }
        let verification = Verification {
            id: random_id("ver"),
            identifier_id: identifier_id.to_owned(),
            attempts: 0,
            expires_at: now + LIFETIME,
            code,
        };
        self.0.insert(verification.id.clone(), verification.clone());
        verification
    }

    /// Tries a code; nothing when there is no such verification of this address or number.
    pub(crate) fn attempt(
        &mut self,
        id: &str,
        identifier_id: &str,
        code: &str,
        now: Timestamp,
    ) -> Option<(Verification, Attempt)> {
        let own = self.0.get_mut(id).filter(|own| own.identifier_id == identifier_id)?;
        own.attempts = own.attempts.saturating_add(1);
        let attempt = match () {
            () if now >= own.expires_at => Attempt::Expired,
            () if own.attempts > MAX_ATTEMPTS => Attempt::TooMany,
            () if own.code.matches(code) => Attempt::Verified,
            () => Attempt::Incorrect,
        };
        let own = own.clone();
        if attempt == Attempt::Verified {
            self.0.remove(id);
        }
        Some((own, attempt))
    }
}

impl fmt::Debug for Verifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifications").field("count", &self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1000);

    /// The code of test addresses is 424242.
    fn code() -> VerificationCode {
        VerificationCode::for_identifier("ada+clerk_test@example.com")
    }

    #[test]
    fn a_code_is_good_for_a_while_and_a_few_attempts() {
        let mut all = Verifications::default();
        let own = all.begin("idn_1", code(), NOW).id;
        let mut attempt = |code: &str, now| all.attempt(&own, "idn_1", code, now).map(|(_, attempt)| attempt);
        assert_eq!(attempt("000000", NOW), Some(Attempt::Incorrect));
        assert_eq!(attempt("424242", NOW + LIFETIME), Some(Attempt::Expired));
        assert_eq!(attempt("424242", NOW), Some(Attempt::Verified));
        assert_eq!(attempt("424242", NOW), None, "it is good once");
        let own = all.begin("idn_1", code(), NOW).id;
        assert!(all.attempt(&own, "idn_2", "424242", NOW).is_none(), "of another address");
        for _ in 0..MAX_ATTEMPTS {
            all.attempt(&own, "idn_1", "000000", NOW);
        }
        assert_eq!(all.attempt(&own, "idn_1", "424242", NOW).unwrap().1, Attempt::TooMany);
        let again = all.begin("idn_1", code(), NOW).id;
        assert!(all.attempt(&own, "idn_1", "424242", NOW).is_none(), "a new one takes its place");
        assert_eq!(all.attempt(&again, "idn_1", "424242", NOW).unwrap().1, Attempt::Verified);
        for number in 0..2 * MAX_VERIFICATIONS {
            all.begin(&format!("idn_{number}"), code(), NOW);
        }
        assert_eq!(all.0.len(), MAX_VERIFICATIONS);
    }
}
