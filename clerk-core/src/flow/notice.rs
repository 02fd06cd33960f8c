//! [`Notice`]: what is logged or counted once for a request, and as a line at most once a minute.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use crate::{
    base::{log_limit::LogLimit, time::Timestamp},
    token::TokenErrorKind,
};

/// What is logged or counted once per request, however often the flow runs for it.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(crate) enum Notice {
    CacheLookup,
    ClientKeepsNoCookies,
    ClockOff,
    CookieLeftOut,
    CookieTooLarge,
    HandshakeFailed,
    HandshakeUnanswered,
    MachineTokenUnchecked,
    Misconfigured,
    OrganizationNotSwitched,
    RedirectsStopped,
    SatelliteUnknown,
    SettingsRefuse,
    /// The last one; see [`LogLimits`].
    SignInUnknown,
}

/// The notices that were given for a request.
#[derive(Debug, Default)]
pub(crate) struct Given(Cell<u16>);

/// The limits of all kinds of lines; one for each instance.
#[derive(Debug)]
pub(crate) struct LogLimits([LogLimit; Notice::SignInUnknown as usize + 1]);

/// How many tokens with a valid signature the settings of this service refused, by the settings that can do so.
#[derive(Debug, Default)]
pub(crate) struct SettingRefusals([AtomicU64; SETTINGS.len()]);

/// The errors that say that a setting refuses a token, all found after the signature is verified.
const SETTINGS: [TokenErrorKind; 4] = [
    TokenErrorKind::Audience,
    TokenErrorKind::AuthorizedParties,
    TokenErrorKind::AuthorizedPartyMissing,
    TokenErrorKind::Issuer,
];

impl SettingRefusals {
    pub(crate) fn add(&self, kind: TokenErrorKind) {
        if let Some(index) = SETTINGS.iter().position(|known| *known == kind) {
            self.0[index].fetch_add(1, Relaxed);
        }
    }

    /// How many were refused for each reason, if any were.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (TokenErrorKind, u64)> {
        let counts = SETTINGS.into_iter().zip(self.0.iter().map(|count| count.load(Relaxed)));
        counts.filter(|(_, count)| *count > 0)
    }
}

impl Given {
    /// Whether the notice is new for this request; marks it as given.
    pub(crate) fn is_first(&self, notice: Notice) -> bool {
        let (given, bit) = (self.0.get(), 1 << notice as u8);
        self.0.set(given | bit);
        given & bit == 0
    }
}

impl LogLimits {
    /// If a line may be written now: how many were left out since the last one.
    pub(crate) fn admit(&self, notice: Notice, now: Timestamp) -> Option<u64> {
        self.0[notice as usize].admit(now)
    }
}

impl Default for LogLimits {
    fn default() -> Self {
        Self(std::array::from_fn(|_| LogLimit::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_given_once() {
        let given = Given::default();
        let first = |notice| given.is_first(notice);
        assert!(first(Notice::ClockOff) && first(Notice::SignInUnknown));
        assert!(!first(Notice::ClockOff) && !first(Notice::SignInUnknown));
    }

    #[test]
    fn each_kind_of_line_has_its_own_limit() {
        let (limits, now) = (LogLimits::default(), Timestamp::from_unix_seconds(1000));
        assert_eq!(limits.admit(Notice::CacheLookup, now), Some(0));
        assert_eq!(
            (limits.admit(Notice::SignInUnknown, now), limits.admit(Notice::SignInUnknown, now)),
            (Some(0), None)
        );
    }
}
