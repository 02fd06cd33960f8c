//! [`SignIn`]: a sign-in in progress on a browser.

use std::time::Duration;

use clerk_core::time::Timestamp;

use super::{Profile, User, Verification};
use crate::keys::random_id;

/// How long a sign-in or a sign-up stays open.
pub(super) const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// A sign-in in progress on a browser.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    /// `sia_...`
    pub(crate) id: String,
    /// The identifier that the user typed.
    pub(crate) identifier: Option<String>,
    /// The user with this identifier.
    pub(crate) user_id: Option<String>,
    /// The enterprise connection of an address that no user has yet.
    pub(crate) connection_id: Option<String>,
    pub(crate) first: Option<Verification>,
    pub(crate) second: Option<Verification>,
    /// A provider's profile of a user whom the instance does not have.
    pub(crate) profile: Option<Profile>,
    /// The invitation to an organization that it accepts.
    pub(crate) invitation_id: Option<String>,
    /// The user who impersonates.
    pub(crate) actor: Option<String>,
    /// The organization to activate.
    pub(crate) organization_id: Option<String>,
    /// The longest duration of the session, in seconds.
    pub(crate) session_seconds: Option<u32>,
    password_is_new: bool,
    /// Whether the browser must be trusted first, because the user had no session in it.
    pub(crate) is_new_device: bool,
    pub(crate) created_session_id: Option<String>,
    pub(crate) abandon_at: Timestamp,
}

/// What is left to do, as Clerk names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInStatus {
    Complete,
    NeedsClientTrust,
    NeedsFirstFactor,
    NeedsIdentifier,
    NeedsNewPassword,
    NeedsSecondFactor,
}

impl SignInStatus {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NeedsClientTrust => "needs_client_trust",
            Self::NeedsFirstFactor => "needs_first_factor",
            Self::NeedsIdentifier => "needs_identifier",
            Self::NeedsNewPassword => "needs_new_password",
            Self::NeedsSecondFactor => "needs_second_factor",
        }
    }
}

impl SignIn {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            id: random_id("sia"),
            identifier: None,
            user_id: None,
            connection_id: None,
            first: None,
            second: None,
            profile: None,
            invitation_id: None,
            actor: None,
            organization_id: None,
            session_seconds: None,
            password_is_new: false,
            is_new_device: false,
            created_session_id: None,
            abandon_at: now + LIFETIME,
        }
    }

    /// What is left to do for this user.
    pub(crate) fn status(&self, user: Option<&User>) -> SignInStatus {
        if self.created_session_id.is_some() {
            return SignInStatus::Complete;
        }
        let Some(user) = user else {
            let named = self.connection_id.is_some();
            return if named { SignInStatus::NeedsFirstFactor } else { SignInStatus::NeedsIdentifier };
        };
        let Some(first) = self.first.as_ref().filter(|first| first.is_verified()) else {
            return SignInStatus::NeedsFirstFactor;
        };
        if self.resets_password() && !self.password_is_new {
            return SignInStatus::NeedsNewPassword;
        }
        // An enterprise provider checks second factors itself, and an impersonator does not have the user's.
        let trusted = first.strategy == "enterprise_sso" || self.actor.is_some();
        let second = self.second.as_ref().is_some_and(Verification::is_verified);
        if user.has_second_factor() && !second && !trusted {
            return SignInStatus::NeedsSecondFactor;
        }
        if self.is_new_device && !user.has_second_factor() && !second && !trusted {
            return SignInStatus::NeedsClientTrust;
        }
        SignInStatus::Complete
    }

    /// Whether the first factor was verified in order to choose a new password.
    pub(crate) fn resets_password(&self) -> bool {
        self.first.as_ref().is_some_and(|first| first.is_verified() && first.strategy.starts_with("reset_password_"))
    }

    pub(crate) fn finish_password_reset(&mut self) {
        self.password_is_new = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::totp::TotpSecret;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1000);

    #[test]
    fn factors_are_verified_one_after_the_other() {
        let mut user = User::new("user_1".to_owned(), NOW);
        let mut one = SignIn::new(NOW);
        assert_eq!(one.status(None), SignInStatus::NeedsIdentifier);
        assert_eq!(one.status(Some(&user)), SignInStatus::NeedsFirstFactor);
        one.first = Some(Verification::by_link("idn_1", NOW));
        assert_eq!(one.status(Some(&user)), SignInStatus::NeedsFirstFactor);
        one.first = Some(Verification::verified("password", NOW));
        assert_eq!(one.status(Some(&user)), SignInStatus::Complete);
        user.secrets.totp = Some((TotpSecret::generate().unwrap(), true));
        assert_eq!(one.status(Some(&user)), SignInStatus::NeedsSecondFactor);
        one.second = Some(Verification::verified("totp", NOW));
        assert_eq!(one.status(Some(&user)), SignInStatus::Complete);
    }

    #[test]
    fn a_forgotten_password_is_replaced_before_the_second_factor() {
        let mut user = User::new("user_1".to_owned(), NOW);
        user.secrets.totp = Some((TotpSecret::generate().unwrap(), true));
        let mut one = SignIn::new(NOW);
        one.first = Some(Verification::verified("reset_password_email_code", NOW));
        assert_eq!(one.status(Some(&user)), SignInStatus::NeedsNewPassword);
        one.finish_password_reset();
        assert_eq!(one.status(Some(&user)), SignInStatus::NeedsSecondFactor);
    }
}
