//! Events, in Clerk's form ([Clerk's page on webhooks](https://clerk.com/docs/guides/development/webhooks/overview)).

use std::sync::Arc;

use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use crate::{
    resource,
    settings::Settings,
    store::{Membership, Organization, Session, SessionEnd, User},
};

/// Something that happened in the instance.
#[derive(Debug)]
pub(crate) enum Event {
    MembershipCreated(Box<MembershipPayload>),
    MembershipDeleted(Box<MembershipPayload>),
    SessionCreated(SessionPayload),
    SessionEnded(SessionPayload, SessionEnd),
    /// With the settings at that time.
    UserCreated(User, Arc<Settings>),
    UserDeleted(String),
    UserUpdated(User, Arc<Settings>),
}

/// A session as webhooks show it.
#[derive(Debug)]
pub(crate) struct SessionPayload {
    pub(crate) id: String,
    /// `None` for the session of a hand-made token.
    pub(crate) session: Option<Session>,
}

/// A membership, as webhooks show it.
#[derive(Debug)]
pub(crate) struct MembershipPayload {
    pub(crate) user: User,
    pub(crate) organization: Organization,
    pub(crate) membership: Membership,
    /// The permissions of the membership: those of its role, and its own.
    pub(crate) permissions: Vec<String>,
}

impl Event {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::MembershipCreated(_) => "organizationMembership.created",
            Self::MembershipDeleted(_) => "organizationMembership.deleted",
            Self::SessionCreated(_) => "session.created",
            Self::SessionEnded(_, SessionEnd::Ended) => "session.ended",
            Self::SessionEnded(_, SessionEnd::Removed) => "session.removed",
            Self::SessionEnded(_, SessionEnd::Revoked) => "session.revoked",
            Self::UserCreated(..) => "user.created",
            Self::UserDeleted(_) => "user.deleted",
            Self::UserUpdated(..) => "user.updated",
        }
    }

    pub(super) fn data(&self, now: Timestamp) -> Value {
        match self {
            Self::MembershipCreated(one) | Self::MembershipDeleted(one) => {
                resource::membership(&one.membership, &one.user, &one.organization, &one.permissions)
            }
            Self::SessionCreated(one) => session(one, "active", now),
            Self::SessionEnded(one, end) => session(one, end.status(), now),
            Self::UserCreated(user, settings) | Self::UserUpdated(user, settings) => {
                resource::user(user, settings, now)
            }
            Self::UserDeleted(id) => json!({"deleted": true, "id": id, "object": "user"}),
        }
    }
}

/// The envelope of all events.
pub(super) fn envelope(event_type: &str, data: Value, now: Timestamp, instance_id: &str) -> String {
    json!({
        "data": data,
        "event_attributes": {"http_request": {"client_ip": "127.0.0.1", "user_agent": "clerk-local"}},
        "instance_id": instance_id,
        "object": "event",
        "timestamp": now.unix_millis(),
        "type": event_type,
    })
    .to_string()
}

fn session(one: &SessionPayload, status: &str, now: Timestamp) -> Value {
    if let Some(session) = &one.session {
        return resource::session(session, status, None);
    }
    const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;
    let now = now.unix_millis();
    json!({
        "abandon_at": now + 4 * WEEK,
        "actor": null,
        "client_id": one.id.replacen("sess_", "client_", 1),
        "created_at": now,
        "expire_at": now + WEEK,
        "id": one.id,
        "last_active_at": now,
        "last_active_organization_id": null,
        "object": "session",
        "status": status,
        "updated_at": now,
        // Must be a string; empty for a session that is not in the store.
        "user_id": "",
    })
}
