//! What can happen, in the form that Clerk writes it
//! ([Clerk's page on webhooks](https://clerk.com/docs/guides/development/webhooks/overview)).

use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use crate::store::{End, Membership, Organization, User};

/// Something that happened in the instance.
#[derive(Debug)]
pub(crate) enum Event {
    MembershipCreated(Box<Member>),
    MembershipDeleted(Box<Member>),
    SessionCreated(SessionOf),
    SessionEnded(SessionOf, End),
    UserCreated(User),
    UserDeleted(String),
    UserUpdated(Account),
}

/// A user with what is not written in tokens.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) user: User,
    pub(crate) banned: bool,
    pub(crate) locked: bool,
}

/// A session and its user, who is unknown when the session's token was made by hand.
#[derive(Debug)]
pub(crate) struct SessionOf {
    pub(crate) id: String,
    pub(crate) user_id: Option<String>,
}

/// A user's place in an organization.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) user: User,
    pub(crate) organization: Organization,
    pub(crate) membership: Membership,
}

impl Event {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::MembershipCreated(_) => "organizationMembership.created",
            Self::MembershipDeleted(_) => "organizationMembership.deleted",
            Self::SessionCreated(_) => "session.created",
            Self::SessionEnded(_, End::Ended) => "session.ended",
            Self::SessionEnded(_, End::Revoked) => "session.revoked",
            Self::UserCreated(_) => "user.created",
            Self::UserDeleted(_) => "user.deleted",
            Self::UserUpdated(_) => "user.updated",
        }
    }

    pub(super) fn data(&self, now: Timestamp) -> Value {
        match self {
            Self::MembershipCreated(member) | Self::MembershipDeleted(member) => membership(member, now),
            Self::SessionCreated(one) => session(one, "active", now),
            Self::SessionEnded(one, end) => session(one, end.status(), now),
            Self::UserCreated(user) => account(user, false, false, now),
            Self::UserDeleted(id) => json!({"deleted": true, "id": id, "object": "user"}),
            Self::UserUpdated(Account { user, banned, locked }) => account(user, *banned, *locked, now),
        }
    }
}

/// What all events have in common.
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

fn session(session: &SessionOf, status: &str, now: Timestamp) -> Value {
    const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;
    let now = now.unix_millis();
    json!({
        "abandon_at": now + 4 * WEEK,
        "actor": null,
        // Not the browser's own, which signs in whoever has it.
        "client_id": session.id.replacen("sess_", "client_", 1),
        "created_at": now,
        "expire_at": now + WEEK,
        "id": session.id,
        "last_active_at": now,
        "last_active_organization_id": null,
        "latest_activity": null,
        "object": "session",
        "status": status,
        "updated_at": now,
        // A text also where nobody knows.
        "user_id": session.user_id.as_deref().unwrap_or_default(),
    })
}

fn account(user: &User, banned: bool, locked: bool, now: Timestamp) -> Value {
    let (first, last) = names(user);
    let now = now.unix_millis();
    json!({
        "backup_code_enabled": false,
        "banned": banned,
        "create_organization_enabled": true,
        "created_at": now,
        "delete_self_enabled": true,
        "email_addresses": [],
        "external_accounts": [],
        "external_id": null,
        "first_name": first,
        "has_image": false,
        "id": user.id,
        "image_url": "",
        "last_active_at": now,
        "last_name": last,
        "last_sign_in_at": null,
        "locked": locked,
        "lockout_expires_in_seconds": null,
        "object": "user",
        "passkeys": [],
        "password_enabled": false,
        "phone_numbers": [],
        "primary_email_address_id": null,
        "primary_phone_number_id": null,
        "primary_web3_wallet_id": null,
        "private_metadata": {},
        "public_metadata": {},
        "saml_accounts": [],
        "totp_enabled": false,
        "two_factor_enabled": false,
        "unsafe_metadata": {},
        "updated_at": now,
        "username": user.username,
        "web3_wallets": [],
    })
}

fn membership(member: &Member, now: Timestamp) -> Value {
    let Member { user, organization, membership } = member;
    let (first, last) = names(user);
    let now = now.unix_millis();
    json!({
        "created_at": now,
        // The same for the same two, though nobody keeps it.
        "id": format!("orgmem_{}_{}", organization.slug, user.username),
        "object": "organization_membership",
        "organization": {
            "admin_delete_enabled": true,
            "created_at": now,
            "created_by": null,
            "has_image": false,
            "id": organization.id,
            "image_url": "",
            "max_allowed_memberships": 5,
            "name": organization.name,
            "object": "organization",
            "private_metadata": {},
            "public_metadata": {},
            "slug": organization.slug,
            "updated_at": now,
        },
        "permissions": membership.permissions,
        "private_metadata": {},
        "public_metadata": {},
        "public_user_data": {
            "first_name": first,
            "has_image": false,
            "identifier": user.username,
            "image_url": "",
            "last_name": last,
            "user_id": user.id,
            "username": user.username,
        },
        "role": membership.role,
        "updated_at": now,
    })
}

/// The first name, and the rest.
fn names(user: &User) -> (&str, &str) {
    user.name.split_once(' ').unwrap_or((&user.name, ""))
}
