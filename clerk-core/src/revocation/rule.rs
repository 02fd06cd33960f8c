//! The rule that decides whether a token is revoked, as plain functions of `now`.

use crate::{auth::Session, base::time::Timestamp};

/// The parts of a session token that decide whether it is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenInfo<'s> {
    /// The session's id.
    pub session_id: &'s str,
    /// The user's id.
    pub user_id: &'s str,
    /// The active organization's id.
    pub org_id: Option<&'s str>,
    /// When Clerk read the token's claims; see [`Session::claims_as_of`](crate::Session::claims_as_of). `None` counts as
    /// before every revocation.
    pub claims_as_of: Option<Timestamp>,
}

/// Whether a session is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationStatus {
    /// Not revoked.
    NotRevoked,
    /// The session is revoked: 401.
    Revoked,
    /// The store cannot tell, because it is full or stale: 503.
    Unknown,
    /// The session is valid, but its user is no longer a member of the active organization.
    WithoutOrganization,
}

/// What a revocation applies to: the key of its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum RevocationKey<'s> {
    Session(&'s str),
    User(&'s str),
    Membership(&'s str, &'s str),
}

/// Which tokens an entry revokes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RevokedTokens {
    /// Tokens whose claims were read at this moment or before.
    pub(super) cutoff: Timestamp,
    /// When the entry expires.
    pub(super) until: Timestamp,
}

impl RevokedTokens {
    pub(super) fn include(self, claims_as_of: Option<Timestamp>, now: Timestamp) -> bool {
        self.is_current(now) && claims_as_of.is_none_or(|as_of| as_of <= self.cutoff)
    }

    pub(super) fn is_current(self, now: Timestamp) -> bool {
        now < self.until
    }

    /// The union of two entries for the same key. The order does not matter.
    pub(super) fn union(self, other: Self) -> Self {
        Self { cutoff: self.cutoff.max(other.cutoff), until: self.until.max(other.until) }
    }
}

/// Applies the entries that `find` returns to a token.
pub(super) fn check(
    token: &TokenInfo<'_>,
    now: Timestamp,
    find: impl Fn(RevocationKey<'_>) -> Option<RevokedTokens>,
) -> RevocationStatus {
    let is_revoked = |key| find(key).is_some_and(|revoked| revoked.include(token.claims_as_of, now));
    // An ended session never continues, so all its tokens are revoked.
    let has_ended = find(RevocationKey::Session(token.session_id)).is_some_and(|revoked| revoked.is_current(now));
    if has_ended || is_revoked(RevocationKey::User(token.user_id)) {
        return RevocationStatus::Revoked;
    }
    match token.org_id {
        Some(org_id) if is_revoked(RevocationKey::Membership(token.user_id, org_id)) => {
            RevocationStatus::WithoutOrganization
        }
        _ => RevocationStatus::NotRevoked,
    }
}

impl<'s> From<&'s Session> for TokenInfo<'s> {
    fn from(session: &'s Session) -> Self {
        Self {
            session_id: session.session_id().as_str(),
            user_id: session.user_id().as_str(),
            org_id: session.org_id().map(|id| id.as_str()),
            claims_as_of: session.claims_as_of(),
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

    fn token(claims_as_of: Option<i64>) -> TokenInfo<'static> {
        let claims_as_of = claims_as_of.map(second);
        TokenInfo { session_id: "sess_1", user_id: "user_1", org_id: Some("org_1"), claims_as_of }
    }

    #[test]
    fn revocations_apply_to_claims_read_before_them() {
        use RevocationStatus as Status;
        let session = Revoked::session("sess_1");
        let user = Revoked::user("user_1");
        let membership = Revoked::membership("user_1", "org_1");
        // The revocation is of 100 and expires at 170. Columns: what is revoked, when the claims were read, now, result.
        for (revoked, as_of, now, expected) in [
            (&session, Some(90), 100, Status::Revoked),
            (&session, Some(150), 169, Status::Revoked),
            (&session, Some(90), 170, Status::NotRevoked),
            (&session, None, 100, Status::Revoked),
            (&user, Some(99), 100, Status::Revoked),
            (&user, Some(100), 169, Status::Revoked),
            (&user, Some(101), 110, Status::NotRevoked),
            (&user, None, 110, Status::Revoked),
            (&user, Some(100), 170, Status::NotRevoked),
            (&membership, Some(100), 110, Status::WithoutOrganization),
            (&membership, Some(101), 110, Status::NotRevoked),
            (&membership, None, 110, Status::WithoutOrganization),
            (&Revoked::session("user_1"), Some(90), 110, Status::NotRevoked),
            (&Revoked::user("sess_1"), Some(90), 110, Status::NotRevoked),
            (&Revoked::membership("user_1", "org_2"), Some(90), 110, Status::NotRevoked),
            (&Revoked::membership("user_2", "org_1"), Some(90), 110, Status::NotRevoked),
        ] {
            let revocation = Revocation::new(revoked.clone(), second(100), second(170));
            assert_eq!(revocation.check(&token(as_of), second(now)), expected, "{revoked:?} {as_of:?} {now}");
        }
    }

    #[test]
    fn the_order_of_revocations_does_not_matter() {
        let [early, late] =
            [(100, 170), (120, 190)].map(|(at, until)| RevokedTokens { cutoff: second(at), until: second(until) });
        assert_eq!(early.union(late), late);
        assert_eq!(late.union(early), late);
    }
}
