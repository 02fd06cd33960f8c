//! [`Session`]: a sign-in of a user on a client, live or ended.

use std::{fmt, time::Duration};

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Record, Store};
use crate::keys::random_id;

/// Lifetime of a session, Clerk's default.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A sign-in of a user on a client, live or ended.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// `sess_...`
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) user_id: String,
    /// How it ended, if it has.
    pub(crate) end: Option<SessionEnd>,
    /// The token with which a backend refreshes the session.
    pub(crate) refresh_token: String,
    pub(crate) organization: ActiveOrganization,
    /// The user who impersonates the session's user.
    pub(crate) actor: Option<String>,
    /// Whether the user has to replace their password, which was compromised when the session began.
    #[serde(default)]
    pub(crate) resets_password: bool,
    pub(crate) first_factor_at: Timestamp,
    pub(crate) second_factor_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) last_active_at: Timestamp,
    pub(crate) expire_at: Timestamp,
}

/// Which organization is active.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ActiveOrganization {
    /// The user's first one.
    First,
    None,
    Id(String),
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SessionEnd {
    /// The user signed out.
    Ended,
    /// The user signed out, and the client forgot the session.
    Removed,
    /// A backend or an administrator revoked it.
    Revoked,
}

impl SessionEnd {
    /// The status of the ended session.
    pub(crate) const fn status(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Removed => "removed",
            Self::Revoked => "revoked",
        }
    }
}

impl Session {
    pub(super) fn new(client_id: &str, user_id: &str, now: Timestamp) -> Self {
        Self {
            id: random_id("sess"),
            client_id: client_id.to_owned(),
            user_id: user_id.to_owned(),
            end: None,
            refresh_token: random_id("rt"),
            organization: ActiveOrganization::First,
            actor: None,
            resets_password: false,
            first_factor_at: now,
            second_factor_at: None,
            created_at: now,
            updated_at: now,
            last_active_at: now,
            expire_at: now + LIFETIME,
        }
    }

    /// Minutes since each factor was proved, the `fva` claim; -1 for never.
    pub(crate) fn factor_ages(&self, now: Timestamp) -> [i64; 2] {
        let minutes = |at: Timestamp| i64::try_from(now.since(at).as_secs() / 60).unwrap_or(i64::MAX);
        [minutes(self.first_factor_at), self.second_factor_at.map_or(-1, minutes)]
    }

    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.end.is_none() && now < self.expire_at
    }

    /// When the session ends if it is not used.
    pub(crate) fn abandon_at(&self) -> Timestamp {
        self.last_active_at + 4 * LIFETIME
    }
}

impl Store {
    /// The session's status, as Clerk names it.
    pub(crate) fn status(&self, session: &Session, now: Timestamp) -> &'static str {
        match session.end {
            Some(end) => end.status(),
            None if !session.is_live(now) => "expired",
            None if self.is_pending(session) => "pending",
            None => "active",
        }
    }

    /// Whether a task is left to do in the session.
    pub(crate) fn is_pending(&self, session: &Session) -> bool {
        !self.tasks(session).is_empty()
    }

    /// The organization that is active in a session, if the user still belongs to it.
    pub(crate) fn active_organization(&self, session: &Session) -> Option<&str> {
        let mut memberships = self.memberships_of(&session.user_id);
        let membership = match &session.organization {
            ActiveOrganization::First => memberships.next(),
            ActiveOrganization::None => None,
            ActiveOrganization::Id(id) => memberships.find(|membership| membership.organization_id == *id),
        };
        membership.map(|membership| &*membership.organization_id)
    }

    /// Live sessions of a user.
    pub(crate) fn live_sessions_of(&self, user_id: &str, now: Timestamp) -> impl Iterator<Item = &Session> {
        self.sessions.iter().filter(move |one| one.user_id == user_id && one.is_live(now))
    }

    /// Live sessions on a client, the oldest first.
    pub(crate) fn live_sessions_on(&self, client_id: &str, now: Timestamp) -> impl Iterator<Item = &Session> {
        self.sessions.iter().filter(move |one| one.client_id == client_id && one.is_live(now))
    }
}

/// The `act` claim, which names the impersonator.
pub(crate) fn actor_claim(actor: &str) -> Value {
    json!({ "sub": actor })
}

impl Record for Session {
    const KIND: &'static str = "session";

    fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for Session {
    /// Leaves out the refresh token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factor_ages_are_whole_minutes() {
        let now = Timestamp::from_unix_seconds(1000);
        let mut session = Session::new("client_1", "user_1", now);
        assert_eq!(session.factor_ages(now + Duration::from_secs(119)), [1, -1]);
        session.second_factor_at = Some(now + Duration::from_secs(60));
        assert_eq!(session.factor_ages(now + Duration::from_secs(120)), [2, 1]);
    }
}
