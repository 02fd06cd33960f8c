//! The rule: what becomes of a session by what was revoked, as plain functions of `now`.

use crate::{auth::Session, base::time::Timestamp};

/// The session token that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'s> {
    /// The session's id.
    pub session_id: &'s str,
    /// The user's id.
    pub user_id: &'s str,
    /// The active organization's id.
    pub org_id: Option<&'s str>,
    /// The token's `iat`; a token without a readable one counts as issued before every revocation.
    pub issued_at: Option<Timestamp>,
}

/// What became of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Standing {
    /// Nothing of it was revoked.
    Good,
    /// It is over.
    Revoked,
    /// Nobody can tell, since more was revoked than could be remembered: refused with 503.
    Unknown,
    /// It goes on, and its user is no member of the active organization any more.
    WithoutOrganization,
}

/// What an entry is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key<'s> {
    Session(&'s str),
    User(&'s str),
    Membership(&'s str, &'s str),
}

/// Which tokens an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Those issued at this moment or before.
    pub(super) cutoff: Timestamp,
    /// When the entry is over: none of them is accepted any more.
    pub(super) until: Timestamp,
}

impl Mark {
    pub(super) fn holds(self, issued_at: Option<Timestamp>, now: Timestamp) -> bool {
        now < self.until && issued_at.is_none_or(|issued_at| issued_at <= self.cutoff)
    }

    /// Both at once, where something was revoked twice, in whatever order that was learned.
    pub(super) fn and(self, other: Self) -> Self {
        Self { cutoff: self.cutoff.max(other.cutoff), until: self.until.max(other.until) }
    }
}

/// What becomes of a session by the entries that are found.
pub(super) fn judge(subject: &Subject<'_>, now: Timestamp, find: impl Fn(Key<'_>) -> Option<Mark>) -> Standing {
    let holds = |key| find(key).is_some_and(|mark| mark.holds(subject.issued_at, now));
    if holds(Key::Session(subject.session_id)) || holds(Key::User(subject.user_id)) {
        return Standing::Revoked;
    }
    match subject.org_id {
        Some(org_id) if holds(Key::Membership(subject.user_id, org_id)) => Standing::WithoutOrganization,
        _ => Standing::Good,
    }
}

impl<'s> From<&'s Session> for Subject<'s> {
    fn from(session: &'s Session) -> Self {
        Self {
            session_id: session.session_id().as_str(),
            user_id: session.user_id().as_str(),
            org_id: session.org_id().map(|id| id.as_str()),
            issued_at: session.issued_at(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::{Revocation, Revoked};

    const fn second(second: i64) -> Timestamp {
        Timestamp::from_unix_seconds(second)
    }

    fn token(issued_at: Option<i64>) -> Subject<'static> {
        Subject { session_id: "sess_1", user_id: "user_1", org_id: Some("org_1"), issued_at: issued_at.map(second) }
    }

    #[test]
    fn the_table() {
        use Standing::{Good, Revoked as Over, WithoutOrganization};
        let session = Revoked::session("sess_1");
        let user = Revoked::user("user_1");
        let membership = Revoked::membership("user_1", "org_1");
        // What was revoked at 100 and is remembered until 170; `iat`, now, what becomes of the token.
        for (revoked, issued_at, now, expected) in [
            (&session, Some(90), 100, Over),
            (&session, Some(150), 169, Over),
            (&session, Some(90), 170, Good),
            (&session, None, 100, Over),
            (&user, Some(99), 100, Over),
            (&user, Some(100), 169, Over),
            (&user, Some(101), 110, Good),
            (&user, None, 110, Over),
            (&user, Some(100), 170, Good),
            (&membership, Some(100), 110, WithoutOrganization),
            (&membership, Some(101), 110, Good),
            (&membership, None, 110, WithoutOrganization),
            (&Revoked::session("user_1"), Some(90), 110, Good),
            (&Revoked::user("sess_1"), Some(90), 110, Good),
            (&Revoked::membership("user_1", "org_2"), Some(90), 110, Good),
            (&Revoked::membership("user_2", "org_1"), Some(90), 110, Good),
        ] {
            let revocation = Revocation::new(revoked.clone(), second(100), second(170));
            assert_eq!(revocation.judge(&token(issued_at), second(now)), expected, "{revoked:?} {issued_at:?} {now}");
        }
    }

    #[test]
    fn the_order_of_news_does_not_matter() {
        let [early, late] =
            [(100, 170), (120, 190)].map(|(at, until)| Mark { cutoff: second(at), until: second(until) });
        assert_eq!(early.and(late), late);
        assert_eq!(late.and(early), late);
    }
}
