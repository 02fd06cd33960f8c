//! [`Revocation`]: what was revoked, when, and for how long it must be kept.

use super::rule::{RevocationKey, RevocationStatus, RevokedTokens, TokenInfo};
use crate::base::time::Timestamp;

/// What was revoked. Exhaustive, because a store that did not know a kind could not pass it on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Revoked {
    /// A user's membership in an organization.
    Membership {
        /// The user's id.
        user_id: Box<str>,
        /// The organization's id.
        org_id: Box<str>,
    },
    /// A session, by its id.
    Session(Box<str>),
    /// All sessions that a user has at that moment, by the user's id.
    User(Box<str>),
}

/// A revocation: what was revoked, and which of its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    revoked: Revoked,
    cutoff: Timestamp,
    until: Timestamp,
}

impl Revoked {
    /// A session.
    #[must_use]
    pub fn session(session_id: impl Into<Box<str>>) -> Self {
        Self::Session(session_id.into())
    }

    /// All sessions of a user.
    #[must_use]
    pub fn user(user_id: impl Into<Box<str>>) -> Self {
        Self::User(user_id.into())
    }

    /// A user's membership in an organization.
    #[must_use]
    pub fn membership(user_id: impl Into<Box<str>>, org_id: impl Into<Box<str>>) -> Self {
        Self::Membership { user_id: user_id.into(), org_id: org_id.into() }
    }

    pub(super) fn key(&self) -> RevocationKey<'_> {
        match self {
            Self::Membership { user_id, org_id } => RevocationKey::Membership(user_id, org_id),
            Self::Session(id) => RevocationKey::Session(id),
            Self::User(id) => RevocationKey::User(id),
        }
    }
}

impl Revocation {
    /// Revokes the tokens whose claims were read up to `cutoff`, or of a session all tokens. To be kept until `until`.
    #[must_use]
    pub const fn new(revoked: Revoked, cutoff: Timestamp, until: Timestamp) -> Self {
        Self { revoked, cutoff, until }
    }

    /// What was revoked.
    #[must_use]
    pub const fn revoked(&self) -> &Revoked {
        &self.revoked
    }

    /// Tokens whose [claims were read](crate::Session::claims_as_of) after this moment are not revoked, except those of a
    /// revoked session.
    #[must_use]
    pub const fn cutoff(&self) -> Timestamp {
        self.cutoff
    }

    /// When the store may drop it.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// Checks a token against this revocation alone: the rule that every store follows.
    ///
    /// ```
    /// use clerk_core::{revocation::{Revocation, Revoked, RevocationStatus, TokenInfo}, time::Timestamp};
    ///
    /// let second = Timestamp::from_unix_seconds;
    /// let revocation = Revocation::new(Revoked::user("user_1"), second(100), second(170));
    /// let token =
    ///     |at| TokenInfo { session_id: "sess_1", user_id: "user_1", org_id: None, claims_as_of: Some(second(at)) };
    /// assert_eq!(revocation.check(&token(100), second(110)), RevocationStatus::Revoked);
    /// assert_eq!(revocation.check(&token(101), second(110)), RevocationStatus::NotRevoked); // signed in again
    /// ```
    #[must_use]
    pub fn check(&self, token: &TokenInfo<'_>, now: Timestamp) -> RevocationStatus {
        super::rule::check(token, now, |key| (key == self.revoked.key()).then(|| self.revoked_tokens()))
    }

    pub(super) const fn revoked_tokens(&self) -> RevokedTokens {
        RevokedTokens { cutoff: self.cutoff, until: self.until }
    }
}
