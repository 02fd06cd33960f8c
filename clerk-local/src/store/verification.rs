//! [`Verification`]: open, successful or failed.

use std::time::Duration;

use clerk_core::time::Timestamp;

use crate::verification_code::VerificationCode;

/// Lifetime of a code, a link or a redirect to a provider.
pub(crate) const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// How often a code may be tried.
const MAX_ATTEMPTS: u32 = 3;

/// A verification of an identifier or a factor: open, successful or failed.
#[derive(Debug, Clone)]
pub(crate) struct Verification {
    pub(crate) strategy: String,
    outcome: Outcome,
    pub(crate) attempts: u32,
    pub(crate) expire_at: Timestamp,
    /// The code that was sent.
    code: Option<VerificationCode>,
    /// The id of the address or number that it was sent to.
    pub(crate) identification_id: Option<String>,
    /// The provider's page, for a verification there.
    pub(crate) redirect_url: Option<String>,
    /// Why it failed: code and message.
    pub(crate) error: Option<(&'static str, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Failed,
    Open,
    /// Verified, but a sign-in found no user, or a sign-up found one: can be transferred.
    Transferable,
    Verified,
}

/// Why a code is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeError {
    AlreadyVerified,
    Expired,
    Incorrect,
    NotPrepared,
    TooManyAttempts,
}

impl Verification {
    fn new(strategy: &str, now: Timestamp) -> Self {
        Self {
            strategy: strategy.to_owned(),
            outcome: Outcome::Open,
            attempts: 0,
            expire_at: now + LIFETIME,
            code: None,
            identification_id: None,
            redirect_url: None,
            error: None,
        }
    }

    /// By a code that was sent to this address or number.
    pub(crate) fn by_code(strategy: &str, code: VerificationCode, identification_id: &str, now: Timestamp) -> Self {
        let identification_id = Some(identification_id.to_owned());
        Self { code: Some(code), identification_id, ..Self::new(strategy, now) }
    }

    /// By a link that was sent to this address.
    pub(crate) fn by_link(identification_id: &str, now: Timestamp) -> Self {
        Self { identification_id: Some(identification_id.to_owned()), ..Self::new("email_link", now) }
    }

    /// A verification at a provider.
    pub(crate) fn at_provider(strategy: &str, redirect_url: String, now: Timestamp) -> Self {
        Self { redirect_url: Some(redirect_url), ..Self::new(strategy, now) }
    }

    /// A completed verification.
    pub(crate) fn verified(strategy: &str, now: Timestamp) -> Self {
        Self { outcome: Outcome::Verified, ..Self::new(strategy, now) }
    }

    pub(crate) fn is_verified(&self) -> bool {
        self.outcome == Outcome::Verified
    }

    /// Whether it takes place at a provider.
    pub(crate) fn is_at_provider(&self) -> bool {
        self.strategy.starts_with("oauth_") || self.strategy == "enterprise_sso"
    }

    pub(crate) fn is_transferable(&self) -> bool {
        self.outcome == Outcome::Transferable
    }

    /// Whether it can still succeed.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.outcome == Outcome::Open && now < self.expire_at
    }

    pub(crate) fn verify(&mut self) {
        self.outcome = Outcome::Verified;
        self.code = None;
    }

    pub(crate) fn transfer(&mut self, code: &'static str, message: &str) {
        self.outcome = Outcome::Transferable;
        self.error = Some((code, message.to_owned()));
    }

    pub(crate) fn fail(&mut self, code: &'static str, message: &str) {
        self.outcome = Outcome::Failed;
        self.error = Some((code, message.to_owned()));
    }

    /// The status, as Clerk names it.
    pub(crate) fn status(&self, now: Timestamp) -> &'static str {
        match self.outcome {
            Outcome::Failed => "failed",
            Outcome::Open if now >= self.expire_at => "expired",
            Outcome::Open => "unverified",
            Outcome::Transferable => "transferable",
            Outcome::Verified => "verified",
        }
    }

    /// Tries a code.
    pub(crate) fn try_code(&mut self, strategy: &str, entered: &str, now: Timestamp) -> Result<(), CodeError> {
        let code = match self.outcome {
            Outcome::Verified => return Err(CodeError::AlreadyVerified),
            Outcome::Failed => return Err(CodeError::TooManyAttempts),
            _ if self.strategy != strategy => return Err(CodeError::NotPrepared),
            _ => self.code.as_ref().ok_or(CodeError::NotPrepared)?,
        };
        if now >= self.expire_at {
            return Err(CodeError::Expired);
        }
        let right = code.matches(entered);
        self.attempts += 1;
        if right {
            self.verify();
            return Ok(());
        }
        if self.attempts >= MAX_ATTEMPTS {
            self.outcome = Outcome::Failed;
            return Err(CodeError::TooManyAttempts);
        }
        Err(CodeError::Incorrect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1000);

    fn by_code() -> Verification {
        Verification::by_code("email_code", VerificationCode::for_identifier("a+clerk_test@b.c"), "idn_1", NOW)
    }

    #[test]
    fn a_code_is_good_for_ten_minutes_and_three_attempts() {
        let mut one = by_code();
        assert_eq!(one.try_code("phone_code", "424242", NOW), Err(CodeError::NotPrepared));
        assert_eq!(one.try_code("email_code", "424241", NOW), Err(CodeError::Incorrect));
        assert_eq!(one.try_code("email_code", "424242", NOW + LIFETIME), Err(CodeError::Expired));
        assert_eq!(one.status(NOW + LIFETIME), "expired");
        assert_eq!(one.try_code("email_code", "424242", NOW), Ok(()));
        assert_eq!((one.status(NOW + LIFETIME), one.attempts), ("verified", 2));
        assert_eq!(one.try_code("email_code", "424242", NOW), Err(CodeError::AlreadyVerified));

        let mut other = by_code();
        for refused in
            [CodeError::Incorrect, CodeError::Incorrect, CodeError::TooManyAttempts, CodeError::TooManyAttempts]
        {
            assert_eq!(other.try_code("email_code", "1", NOW), Err(refused));
        }
        assert_eq!(
            other.try_code("email_code", "424242", NOW),
            Err(CodeError::TooManyAttempts),
            "the right one comes too late"
        );
        assert_eq!(other.status(NOW), "failed");
    }

    #[test]
    fn without_a_sent_code_none_is_accepted() {
        let mut link = Verification::by_link("idn_1", NOW);
        assert_eq!(link.try_code("email_link", "", NOW), Err(CodeError::NotPrepared));
        assert!(link.is_open(NOW) && !link.is_open(NOW + LIFETIME) && !link.is_verified());
    }
}
