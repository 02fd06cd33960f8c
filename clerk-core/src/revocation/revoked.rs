//! [`Revocation`]: what was revoked, when, and how long that matters.

use super::rule::{Key, Mark, Standing, Subject};
use crate::base::time::Timestamp;

/// What was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Revoked {
    /// A user's place in an organization.
    Membership {
        /// The user's id.
        user_id: Box<str>,
        /// The organization's id.
        org_id: Box<str>,
    },
    /// A session, by its id.
    Session(Box<str>),
    /// All that a user was signed in with at that moment, by the user's id.
    User(Box<str>),
}

/// Something that was revoked at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    revoked: Revoked,
    at: Timestamp,
    until: Timestamp,
}

impl Revoked {
    /// A session.
    #[must_use]
    pub fn session(session_id: impl Into<Box<str>>) -> Self {
        Self::Session(session_id.into())
    }

    /// All that a user is signed in with.
    #[must_use]
    pub fn user(user_id: impl Into<Box<str>>) -> Self {
        Self::User(user_id.into())
    }

    /// A user's place in an organization.
    #[must_use]
    pub fn membership(user_id: impl Into<Box<str>>, org_id: impl Into<Box<str>>) -> Self {
        Self::Membership { user_id: user_id.into(), org_id: org_id.into() }
    }

    pub(super) fn key(&self) -> Key<'_> {
        match self {
            Self::Membership { user_id, org_id } => Key::Membership(user_id, org_id),
            Self::Session(id) => Key::Session(id),
            Self::User(id) => Key::User(id),
        }
    }
}

impl Revocation {
    /// What was revoked at `at`, to be remembered until `until`: when no token that was issued before is accepted any more.
    #[must_use]
    pub const fn new(revoked: Revoked, at: Timestamp, until: Timestamp) -> Self {
        Self { revoked, at, until }
    }

    /// What was revoked.
    #[must_use]
    pub const fn revoked(&self) -> &Revoked {
        &self.revoked
    }

    /// When it was revoked.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// When it can be forgotten.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// What became of a session by this revocation alone: the rule that every store follows.
    ///
    /// ```
    /// use clerk_core::{revocation::{Revocation, Revoked, Standing, Subject}, time::Timestamp};
    ///
    /// let second = Timestamp::from_unix_seconds;
    /// let revocation = Revocation::new(Revoked::user("user_1"), second(100), second(170));
    /// let token = |iat| Subject { session_id: "sess_1", user_id: "user_1", org_id: None, issued_at: Some(second(iat)) };
    /// assert_eq!(revocation.judge(&token(100), second(110)), Standing::Revoked);
    /// assert_eq!(revocation.judge(&token(101), second(110)), Standing::Good); // signed in again
    /// ```
    #[must_use]
    pub fn judge(&self, subject: &Subject<'_>, now: Timestamp) -> Standing {
        super::rule::judge(subject, now, |key| (key == self.revoked.key()).then(|| self.mark()))
    }

    pub(super) const fn mark(&self) -> Mark {
        Mark { cutoff: self.cutoff(), until: self.until }
    }

    /// The last moment of issue that it is about; a session's tokens are all meant.
    const fn cutoff(&self) -> Timestamp {
        match &self.revoked {
            Revoked::Session(_) => Timestamp::from_unix_millis(i64::MAX),
            Revoked::Membership { .. } | Revoked::User(_) => self.at,
        }
    }
}
